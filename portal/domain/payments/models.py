"""Tables of payments, owned by who pays; the inbox of providers' notices, owned by nobody.

Only the worker's face writes: no payer's face may say that he has paid. A capture and its escrow transfers are written
in one transaction; two indexes make a second one impossible.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_person, everyone

PAYERS = {Face.PERSON: by_person(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class PaymentIntent(Base):
    """What one person is asked to pay for one business row; the amount never changes."""

    __tablename__ = "payment_intents"
    __sight__ = PAYERS
    __table_args__ = (
        CheckConstraint("state IN ('open', 'paid', 'cancelled', 'expired')", name="state"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("currency = 'CNY'", name="currency"),
        Index(
            "uq_payment_intents_living",
            "person_id",
            "business_type",
            "business_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'paid')"),
        ),
        Index("ix_payment_intents_id", "id"),
        Index("ix_payment_intents_expires_at", "expires_at", postgresql_where=text("state = 'open'")),
    )

    person_id: Mapped[OwnerId]  # who is asked to pay: a person, or a guest at a table without an account
    id: Mapped[Id]
    business_type: Mapped[str]
    business_id: Mapped[UUID]
    title: Mapped[str]
    amount_fen: Mapped[Fen]
    currency: Mapped[str]
    state: Mapped[str]
    return_path: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PaymentPart(Base):
    """The share of one escrow; what went back of it is counted here and never passes it."""

    __tablename__ = "payment_parts"
    __sight__ = PAYERS
    __table_args__ = (
        belongs_to("person_id", "intent_id", "payment_intents"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("refunded_fen BETWEEN 0 AND amount_fen", name="refunded"),
        CheckConstraint("refunded_fen = 0 OR transfer_id IS NOT NULL", name="captured_first"),
    )

    person_id: Mapped[OwnerId]
    intent_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    amount_fen: Mapped[Fen]
    refunded_fen: Mapped[Fen]
    transfer_id: Mapped[UUID | None]


class PaymentAttempt(Base):
    """One try with one provider; its number there is its id."""

    __tablename__ = "payment_attempts"
    __sight__ = PAYERS
    __table_args__ = (
        belongs_to("person_id", "intent_id", "payment_intents"),
        CheckConstraint("state IN ('new', 'waiting', 'unknown', 'failed', 'closed', 'paid')", name="state"),
        UniqueConstraint("person_id", "intent_id", "nth"),
        Index("ix_payment_attempts_id", "id"),
        Index("ix_payment_attempts_ask_at", "ask_at", postgresql_where=text("ask_at IS NOT NULL")),
    )

    person_id: Mapped[OwnerId]
    id: Mapped[Id]
    intent_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    provider: Mapped[str]
    merchant_no: Mapped[str]
    state: Mapped[str]
    url: Mapped[str | None]
    provider_no: Mapped[str]
    asked: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    ask_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class PaymentCapture(Base):
    """Money that arrived at a provider; `stray` when nobody waited for it. One for each attempt."""

    __tablename__ = "payment_captures"
    __sight__ = PAYERS
    __table_args__ = (
        belongs_to("person_id", "intent_id", "payment_intents"),
        belongs_to("person_id", "attempt_id", "payment_attempts"),
        UniqueConstraint("person_id", "attempt_id"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(
            "uq_payment_captures_one_kept", "person_id", "intent_id", unique=True, postgresql_where=text("NOT stray")
        ),
    )

    person_id: Mapped[OwnerId]
    id: Mapped[Id]
    intent_id: Mapped[UUID]
    attempt_id: Mapped[UUID]
    amount_fen: Mapped[Fen]
    stray: Mapped[bool]
    captured_at: Mapped[datetime]


class PaymentRefund(Base):
    """Money that goes back by the way it came; its number at the provider is its id."""

    __tablename__ = "payment_refunds"
    __sight__ = PAYERS
    __table_args__ = (
        belongs_to("person_id", "intent_id", "payment_intents"),
        belongs_to("person_id", "capture_id", "payment_captures"),
        CheckConstraint("state IN ('queued', 'pending', 'failed', 'done')", name="state"),
        CheckConstraint("reason IN ('asked', 'second', 'late')", name="reason"),
        CheckConstraint("(reason = 'asked') = (subject_id IS NOT NULL)", name="subject"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
        CheckConstraint("amount_fen > 0", name="amount"),
        UniqueConstraint("person_id", "key"),
        Index("ix_payment_refunds_id", "id"),
        Index("ix_payment_refunds_intent_id", "person_id", "intent_id"),
        Index("ix_payment_refunds_try_at", "try_at", postgresql_where=text("try_at IS NOT NULL")),
        Index("ix_payment_refunds_state", "state", postgresql_where=text("state <> 'done'")),
    )

    person_id: Mapped[OwnerId]
    id: Mapped[Id]
    intent_id: Mapped[UUID]
    capture_id: Mapped[UUID]
    subject_id: Mapped[UUID | None]
    key: Mapped[UUID]
    amount_fen: Mapped[Fen]
    reason: Mapped[str]
    state: Mapped[str]
    provider_no: Mapped[str]
    tries: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    try_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class PaymentCallback(Base):
    """A signed notice as it came. Stored first, applied by the worker; the provider's face adds and never changes."""

    __tablename__ = "payment_callbacks"
    __sight__ = {Face.PROVIDER: everyone(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        CheckConstraint("state IN ('stored', 'applied', 'waiting', 'quarantined')", name="state"),
        CheckConstraint("kind IN ('trade', 'refund')", name="kind"),
        CheckConstraint("(state = 'quarantined') = (why IS NOT NULL)", name="why"),
        UniqueConstraint("provider", "notice_id"),
        Index("ix_payment_callbacks_number", "number"),
        Index("ix_payment_callbacks_state", "state", postgresql_where=text("state <> 'applied'")),
    )

    id: Mapped[Id]
    provider: Mapped[str]
    notice_id: Mapped[str]
    kind: Mapped[str]
    number: Mapped[str]
    said: Mapped[str]
    amount_fen: Mapped[Fen]
    currency: Mapped[str]
    merchant_no: Mapped[str]
    provider_no: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    why: Mapped[str | None]
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None]
