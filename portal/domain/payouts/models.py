"""Tables of withdrawals, owned by the merchant. Only the worker's face writes: no office may say what a bank has paid.

The account is frozen into the withdrawal without its number, which stays where onboarding keeps it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

SEEN = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
STATES = "state IN ('asked', 'half', 'approved', 'ordered', 'paid', 'returned', 'refused', 'withdrawn')"


class WithdrawalRow(Base):
    """Money a merchant wants paid out; the amount lies frozen until it is decided."""

    __tablename__ = "withdrawals"
    __sight__ = SEEN
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        CheckConstraint("amount_fen > fee_fen AND fee_fen >= 0", name="amount"),
        CheckConstraint("second_by <> first_by", name="two_persons"),
        CheckConstraint("asked_by <> first_by AND asked_by <> second_by", name="not_his_own"),
        CheckConstraint("state <> 'half' OR first_by IS NOT NULL", name="half"),
        CheckConstraint(
            "state NOT IN ('approved', 'ordered', 'paid', 'returned') OR first_by IS NOT NULL "
            "AND (NOT second_needed OR second_by IS NOT NULL)",
            name="approved_by",
        ),
        Index("ix_withdrawals_id", "id"),
        Index("ix_withdrawals_state", "state", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    state: Mapped[str]
    amount_fen: Mapped[Fen]
    fee_fen: Mapped[Fen]
    bank_holder: Mapped[str]
    bank_name: Mapped[str]
    bank_last4: Mapped[str]
    account_since: Mapped[datetime]
    second_needed: Mapped[bool]
    hold_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    first_by: Mapped[UUID | None]
    second_by: Mapped[UUID | None]
    reason: Mapped[str]
    paid_transfer_id: Mapped[UUID | None]
    fee_transfer_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


class StepRow(Base):
    """What happened to a withdrawal, by whom and why. Added, never changed."""

    __tablename__ = "withdrawal_steps"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "withdrawal_id", "withdrawals"),
        Index("ix_withdrawal_steps_withdrawal_id", "merchant_id", "withdrawal_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    withdrawal_id: Mapped[UUID]
    kind: Mapped[str]
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    who: Mapped[str]
    note: Mapped[str]


class PayoutAttempt(Base):
    """One order at the bank; its number there is its id."""

    __tablename__ = "payout_attempts"
    __sight__ = SEEN
    __table_args__ = (
        belongs_to("merchant_id", "withdrawal_id", "withdrawals"),
        CheckConstraint("state IN ('new', 'waiting', 'unknown', 'paid', 'returned', 'refused')", name="state"),
        UniqueConstraint("merchant_id", "withdrawal_id", "nth"),
        Index("ix_payout_attempts_id", "id"),
        Index("ix_payout_attempts_ask_at", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    withdrawal_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    bank: Mapped[str]
    state: Mapped[str]
    bank_no: Mapped[str]
    asked: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    ask_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
