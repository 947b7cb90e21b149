"""Completed orders and what was posted of their lines; statements with what both sides said, never with totals.

Only the worker's face writes. Figures of a statement are entries of the ledger; `settled_transfers` says which order
line a transfer of theirs is about.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PARTIES = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class Settlement(Base):
    """An order whose time for claims is over; its row is the lock between settling it and late refunds."""

    __tablename__ = "settlements"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "order_id", "orders"),
        Index("ix_settlements_waiting", "completed_at", postgresql_where=text("settled_at IS NULL")),
    )

    merchant_id: Mapped[OwnerId]
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    completed_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class LineSettlement(Base):
    """What was posted of one line, and what of it went back since. A margin below zero is a subsidy."""

    __tablename__ = "line_settlements"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "line_id", "order_lines"),
        CheckConstraint("supplier_back_fen BETWEEN 0 AND supplier_fen", name="supplier_back"),
        CheckConstraint(
            "margin_back_fen BETWEEN least(margin_fen, 0) AND greatest(margin_fen, 0)",
            name="margin_back",
        ),
        CheckConstraint("(supplier_fen = 0) = (supplier_transfer_id IS NULL)", name="supplier_transfer"),
        CheckConstraint("(margin_fen = 0) = (margin_transfer_id IS NULL)", name="margin_transfer"),
        Index("ix_line_settlements_order_id", "merchant_id", "order_id"),
    )

    merchant_id: Mapped[OwnerId]
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    settled_at: Mapped[datetime]
    goods_back_fen: Mapped[Fen]
    freight_back_fen: Mapped[Fen]
    supplier_fen: Mapped[Fen]
    supplier_back_fen: Mapped[Fen]
    margin_fen: Mapped[Fen]
    margin_back_fen: Mapped[Fen]
    supplier_transfer_id: Mapped[UUID | None]
    margin_transfer_id: Mapped[UUID | None]
    returns: Mapped[int] = mapped_column(SmallInteger)


class SettledTransfer(Base):
    """Which line a transfer of the ledger is about."""

    __tablename__ = "settled_transfers"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "line_id", "order_lines"),
        Index("ix_settled_transfers_transfer_id", "transfer_id"),
        Index("ix_settled_transfers_line_id", "merchant_id", "line_id"),
    )

    merchant_id: Mapped[OwnerId]
    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID]
    order_id: Mapped[UUID]


class StatementTerms(Base):
    """From a day on a merchant gets its statements in this cycle."""

    __tablename__ = "statement_terms"
    __sight__ = PARTIES
    __table_args__ = (CheckConstraint("cycle IN ('monthly', 'half_monthly', 'weekly')", name="cycle"),)

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    cycle: Mapped[str]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None]


class Statement(Base):
    """A period that is over, put before its merchant."""

    __tablename__ = "statements"
    __sight__ = PARTIES
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("cycle IN ('monthly', 'half_monthly', 'weekly')", name="cycle"),
        CheckConstraint("state IN ('issued', 'confirmed', 'disputed', 'answered')", name="state"),
        CheckConstraint("(state = 'confirmed') = (ended_at IS NOT NULL)", name="ended"),
        UniqueConstraint("merchant_id", "first_day"),
        UniqueConstraint("merchant_id", "last_day"),
        Index("ix_statements_id", "id"),
        Index("ix_statements_state", "state", "id"),
        Index("ix_statements_confirm_by", "confirm_by", postgresql_where=text("state IN ('issued', 'answered')")),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    first_day: Mapped[date]
    last_day: Mapped[date]
    cycle: Mapped[str]
    state: Mapped[str]
    issued_at: Mapped[datetime]
    confirm_by: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class StatementWord(Base):
    """What one side said about a statement, with the transfers it names and what was given to make good."""

    __tablename__ = "statement_words"
    __sight__ = PARTIES
    __table_args__ = (
        belongs_to("merchant_id", "statement_id", "statements"),
        CheckConstraint("kind IN ('disputed', 'answered', 'confirmed', 'lapsed')", name="kind"),
        CheckConstraint("given_fen >= 0", name="given"),
        Index("ix_statement_words_statement_id", "merchant_id", "statement_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    statement_id: Mapped[UUID]
    kind: Mapped[str]
    by_kind: Mapped[str]
    by_id: Mapped[UUID | None]
    note: Mapped[str]
    refs: Mapped[list[Any]]
    given_fen: Mapped[Fen]
    at: Mapped[datetime]
