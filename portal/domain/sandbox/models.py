"""The pretend provider's tables. Whoever holds an address of its cashier may pay there, as at any provider."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id
from portal.kernel.scope import Face, everyone

SEEN = {Face.PROVIDER: everyone(), Face.JOB: everyone()}


class SandboxTrade(Base):
    """A trade it was asked to collect."""

    __tablename__ = "sandbox_trades"
    __sight__ = SEEN
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'paid', 'failed', 'closed')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        UniqueConstraint("number"),
    )

    id: Mapped[Id]
    number: Mapped[str]
    merchant_no: Mapped[str]
    amount_fen: Mapped[Fen]
    currency: Mapped[str]
    title: Mapped[str]
    notify_url: Mapped[str]
    return_url: Mapped[str]
    state: Mapped[str]
    plan: Mapped[str]
    hidden: Mapped[bool]  # it goes on saying that it waits
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class SandboxReturn(Base):
    """A refund it was asked for."""

    __tablename__ = "sandbox_returns"
    __sight__ = SEEN
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'failed')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        UniqueConstraint("number"),
        Index("ix_sandbox_returns_trade_id", "trade_id"),
    )

    id: Mapped[Id]
    number: Mapped[str]
    trade_id: Mapped[UUID] = mapped_column(ForeignKey("sandbox_trades.id"))
    amount_fen: Mapped[Fen]
    notify_url: Mapped[str]
    state: Mapped[str]
    plan: Mapped[str]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class SandboxTransfer(Base):
    """A bank transfer it was asked to make. `pays_at` and `returns_at` are when it will say so; of the account it
    keeps the last four digits.
    """

    __tablename__ = "sandbox_transfers"
    __sight__ = SEEN
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'paid', 'returned')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        UniqueConstraint("number"),
    )

    id: Mapped[Id]
    number: Mapped[str]
    amount_fen: Mapped[Fen]
    holder: Mapped[str]
    last4: Mapped[str]
    state: Mapped[str]
    plan: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    pays_at: Mapped[datetime | None]
    returns_at: Mapped[datetime | None]


class SandboxSwitch(Base):
    """One switch of its board."""

    __tablename__ = "sandbox_switches"
    __sight__ = SEEN
    __table_args__ = (CheckConstraint("name IN ('trades', 'refunds', 'transfers')", name="name"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[str]
