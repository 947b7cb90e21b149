"""Tables of bills at tables: the lines they hold, who pays which share, refunds, corrections, managers' PINs.

Everything is the merchant's, guests see the bills of their sitting; only the worker's face writes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_sitting, everyone

HOUSE = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
SHARED = {**HOUSE, Face.GUEST: by_sitting()}


class Bill(Base):
    """A snapshot of lines that is paid as one; its id is the escrow of what is paid online."""

    __tablename__ = "bills"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "sitting_id", "sittings"),
        UniqueConstraint("merchant_id", "number"),
        CheckConstraint("division IN ('whole', 'person', 'lines')", name="division"),
        CheckConstraint("state IN ('open', 'paid', 'void')", name="state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("paid_fen BETWEEN 0 AND total_fen", name="paid"),
        CheckConstraint("state <> 'paid' OR paid_fen = total_fen", name="paid_in_full"),
        CheckConstraint("state <> 'void' OR paid_fen = 0", name="void_unpaid"),
        CheckConstraint("refunded_fen BETWEEN 0 AND paid_fen", name="refunded"),
        Index("ix_bills_sitting_id", "merchant_id", "sitting_id", "id"),
        Index("ix_bills_ended_at", "merchant_id", "store_id", "ended_at", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    sitting_id: Mapped[UUID]
    number: Mapped[str]
    division: Mapped[str]
    state: Mapped[str]
    total_fen: Mapped[Fen]
    paid_fen: Mapped[Fen]
    refunded_fen: Mapped[Fen]
    printed: Mapped[int] = mapped_column(SmallInteger)
    guest_id: Mapped[UUID | None]  # who raised it; None: the staff
    raised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BillLine(Base):
    """A line as the bill found it, and what went back of it. Of a bill that was given up its line may be gone."""

    __tablename__ = "bill_lines"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "bill_id", "bills"),
        CheckConstraint("quantity >= 1 AND amount_fen >= 0", name="amount"),
        CheckConstraint("back_quantity BETWEEN 0 AND quantity AND back_fen BETWEEN 0 AND amount_fen", name="back"),
    )

    merchant_id: Mapped[OwnerId]
    bill_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    choice: Mapped[str]
    unit: Mapped[str]
    quantity: Mapped[int] = mapped_column(SmallInteger)
    amount_fen: Mapped[Fen]
    guest_id: Mapped[UUID | None]
    back_quantity: Mapped[int] = mapped_column(SmallInteger)
    back_fen: Mapped[Fen]


class BillShare(Base):
    """What one payer pays of a bill. Cash and the store's own terminal are paid at once; a phone takes its time."""

    __tablename__ = "bill_shares"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "bill_id", "bills"),
        CheckConstraint("how IN ('online', 'cash', 'other')", name="how"),
        CheckConstraint("state IN ('open', 'paid', 'void')", name="state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(how = 'online') = (payer_id IS NOT NULL)", name="payer"),
        CheckConstraint("how = 'online' OR state <> 'open'", name="at_once"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("tendered_fen IS NULL OR (how = 'cash' AND tendered_fen >= amount_fen)", name="tendered"),
        CheckConstraint("refunded_fen = 0 OR (state = 'paid' AND refunded_fen <= amount_fen)", name="refunded"),
        Index("ix_bill_shares_bill_id", "merchant_id", "bill_id", "id"),
        Index("ix_bill_shares_id", "id"),
        Index("ix_bill_shares_ended_at", "merchant_id", "ended_at", postgresql_where=text("state = 'paid'")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    bill_id: Mapped[UUID]
    sitting_id: Mapped[UUID]
    how: Mapped[str]
    state: Mapped[str]
    amount_fen: Mapped[Fen]
    tendered_fen: Mapped[Fen | None]
    payer: Mapped[str]  # what he is called at the table, or by the cashier
    payer_id: Mapped[UUID | None]  # a person, or a guest without an account
    intent_id: Mapped[UUID | None]
    refunded_fen: Mapped[Fen]
    member_id: Mapped[UUID | None]  # who took the cash
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BillRefund(Base):
    """What went back: of which lines how many pieces, by which shares how much."""

    __tablename__ = "bill_refunds"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "bill_id", "bills"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_bill_refunds_bill_id", "merchant_id", "bill_id", "id"),
        Index("ix_bill_refunds_sitting_id", "merchant_id", "sitting_id"),
        Index("ix_bill_refunds_made_at", "merchant_id", "made_at"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    bill_id: Mapped[UUID]
    sitting_id: Mapped[UUID]
    amount_fen: Mapped[Fen]
    pieces: Mapped[dict[str, Any]]
    by_share: Mapped[dict[str, Any]]
    reason: Mapped[str]
    member_id: Mapped[UUID | None]
    approved_by: Mapped[UUID | None]
    made_at: Mapped[datetime]


class Adjustment(Base):
    """The log of 退菜, 赠菜 and 改价: who did it, and which manager let him."""

    __tablename__ = "adjustments"
    __sight__ = HOUSE
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "sitting_id", "sittings"),
        CheckConstraint("kind IN ('cancel', 'gift', 'reprice')", name="kind"),
        CheckConstraint("after_fen >= 0 AND (before_fen >= after_fen OR kind = 'reprice')", name="fen"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_adjustments_made_at", "merchant_id", "store_id", "made_at", "id"),
        Index("ix_adjustments_sitting_id", "merchant_id", "sitting_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    sitting_id: Mapped[UUID]
    line_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int] = mapped_column(SmallInteger)
    before_fen: Mapped[Fen]
    after_fen: Mapped[Fen]
    reason: Mapped[str]
    member_id: Mapped[UUID | None]
    approved_by: Mapped[UUID | None]
    made_at: Mapped[datetime]


class BillRules(Base):
    """A store's rules of paying."""

    __tablename__ = "bill_rules"
    __sight__ = HOUSE
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("free_fen BETWEEN 0 AND 1000000", name="free"),
        CheckConstraint("paper_mm IN (58, 80)", name="paper"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    free_fen: Mapped[Fen]
    paper_mm: Mapped[int] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime]


class ManagerPin(Base):
    """Six digits that a manager types on somebody else's phone: argon2id, read by the worker's face alone."""

    __tablename__ = "manager_pins"
    __sight__ = {Face.JOB: everyone()}
    __table_args__ = (belongs_to("merchant_id", "membership_id", "memberships"),)

    merchant_id: Mapped[OwnerId]
    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str]
    set_at: Mapped[datetime]
