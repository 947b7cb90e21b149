"""Tables of passes: what is sold, what is held by whom, every use, every line of the log.

The merchant writes what he sells; passes and all that happens to them are written on the worker's face alone. What was
bought is frozen into the pass. Services are named by id only: they belong to a feature above.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, When, by_merchant, by_person, everyone

SHOWN = everyone(when=When("state", ("on_sale", "stopped")))
HOUSE = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class PassKind(Base):
    """What is sold: so many uses for a price."""

    __tablename__ = "pass_kinds"
    __sight__ = {Face.SHOP: SHOWN, Face.PERSON: SHOWN, **HOUSE}
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'on_sale', 'stopped')", name="state"),
        CheckConstraint("uses BETWEEN 1 AND 365", name="uses"),
        CheckConstraint("price_fen BETWEEN 1 AND 10000000", name="price"),
        CheckConstraint("worth_fen = 0 OR worth_fen >= price_fen", name="worth"),
        CheckConstraint("valid_days BETWEEN 1 AND 3650", name="valid_days"),
        CheckConstraint("per_person BETWEEN 0 AND 99", name="per_person"),
        Index("ix_pass_kinds_id", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    state: Mapped[str]
    name: Mapped[str]
    words: Mapped[str]
    uses: Mapped[int]
    price_fen: Mapped[Fen]
    worth_fen: Mapped[Fen]
    valid_days: Mapped[int | None]
    transferable: Mapped[bool]
    shared: Mapped[bool]
    per_person: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class PassService(Base):
    """A service that this kind pays for; none means every one."""

    __tablename__ = "pass_services"
    __sight__ = {Face.SHOP: everyone(), Face.PERSON: everyone(), **HOUSE}
    __table_args__ = (belongs_to("merchant_id", "kind_id", "pass_kinds", ondelete="CASCADE"),)

    merchant_id: Mapped[OwnerId]
    kind_id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)


class Pass(Base):
    """One that was bought, with its counters; its id is the escrow's. `nth` counts what was ever consumed."""

    __tablename__ = "passes"
    __sight__ = HOUSE
    __table_args__ = (
        belongs_to("merchant_id", "kind_id", "pass_kinds"),
        UniqueConstraint("merchant_id", "number"),
        UniqueConstraint("merchant_id", "code"),
        UniqueConstraint("merchant_id", "secret"),
        CheckConstraint("code ~ '^[0-9]{12}$'", name="code"),
        CheckConstraint("octet_length(secret) = 10", name="secret"),
        CheckConstraint("state IN ('unpaid', 'active', 'spent', 'expired', 'refunded', 'closed')", name="state"),
        CheckConstraint("used >= 0 AND held >= 0 AND back >= 0 AND lapsed >= 0", name="counters"),
        CheckConstraint("used + held + back + lapsed <= uses", name="uses"),
        CheckConstraint("earned_fen >= 0 AND refunded_fen >= 0", name="money"),
        CheckConstraint("earned_fen + refunded_fen <= price_fen", name="paid"),
        CheckConstraint("(state IN ('unpaid', 'closed')) = (paid_at IS NULL)", name="paid_at"),
        CheckConstraint("state NOT IN ('unpaid', 'closed') OR used + held + back + lapsed = 0", name="paid_first"),
        Index("ix_passes_id", "id"),
        Index("ix_passes_kind_id", "merchant_id", "kind_id", "buyer_id"),
        Index("ix_passes_expires_at", "expires_at", postgresql_where=text("state = 'active'")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    kind_id: Mapped[UUID]
    number: Mapped[str]
    code: Mapped[str]
    secret: Mapped[bytes] = mapped_column(BYTEA)
    state: Mapped[str]
    merchant_name: Mapped[str]
    name: Mapped[str]
    words: Mapped[str]
    services: Mapped[list[Any]]
    transferable: Mapped[bool]
    shared: Mapped[bool]
    valid_days: Mapped[int | None]
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    buyer: Mapped[str]  # masked: 陈**
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    holder: Mapped[str]  # masked
    intent_id: Mapped[UUID]
    uses: Mapped[int]
    used: Mapped[int]
    held: Mapped[int]
    back: Mapped[int]
    lapsed: Mapped[int]
    nth: Mapped[int]
    price_fen: Mapped[Fen]
    earned_fen: Mapped[Fen]
    refunded_fen: Mapped[Fen]
    bought_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    refund_until: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PassPerson(Base):
    """Who may use a pass: its holder, and who shares it; `until` when he no longer does."""

    __tablename__ = "pass_people"
    __sight__ = {Face.PERSON: by_person(), **HOUSE}
    __table_args__ = (
        belongs_to("merchant_id", "pass_id", "passes"),
        CheckConstraint("role IN ('holder', 'sharer')", name="role"),
        Index(
            "uq_pass_people_one_holder",
            "merchant_id",
            "pass_id",
            unique=True,
            postgresql_where=text("role = 'holder' AND until IS NULL"),
        ),
        Index("ix_pass_people_person_id", "person_id", "since"),
    )

    merchant_id: Mapped[OwnerId]
    pass_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    role: Mapped[str]
    name: Mapped[str]  # masked
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class PassGift(Base):
    """A link by which a pass, or a share in it, is offered; only the digest of its secret is kept."""

    __tablename__ = "pass_gifts"
    __sight__ = {Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "pass_id", "passes"),
        CheckConstraint("kind IN ('transfer', 'share')", name="kind"),
        CheckConstraint("(taken_at IS NULL) = (taken_by IS NULL)", name="taken"),
        CheckConstraint("taken_at IS NULL OR cancelled_at IS NULL", name="one_end"),
        UniqueConstraint("merchant_id", "digest"),
        Index("ix_pass_gifts_digest", "digest"),
        Index("ix_pass_gifts_pass_id", "merchant_id", "pass_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    pass_id: Mapped[UUID]
    kind: Mapped[str]
    digest: Mapped[bytes] = mapped_column(BYTEA)
    giver_id: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]


class PassUse(Base):
    """One use: held by a booking, consumed, given back. Consumed it has its `nth` and what of the price it earned."""

    __tablename__ = "pass_uses"
    __sight__ = HOUSE
    __table_args__ = (
        belongs_to("merchant_id", "pass_id", "passes"),
        CheckConstraint("state IN ('held', 'used', 'returned', 'undone')", name="state"),
        CheckConstraint("(state IN ('used', 'undone')) = (nth IS NOT NULL)", name="nth"),
        CheckConstraint("(nth IS NULL) = (used_at IS NULL)", name="used_at"),
        CheckConstraint("value_fen >= 0", name="value"),
        UniqueConstraint("merchant_id", "pass_id", "nth"),
        Index("ix_pass_uses_id", "id"),
        Index("ix_pass_uses_pass_id", "merchant_id", "pass_id", "id"),
        Index("ix_pass_uses_booking_id", "merchant_id", "booking_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    pass_id: Mapped[UUID]
    state: Mapped[str]
    nth: Mapped[int | None]
    person_id: Mapped[UUID | None]
    service_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    store: Mapped[str]
    clerk: Mapped[str]  # masked
    value_fen: Mapped[Fen]
    held_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PassEvent(Base):
    """A line of the log, added only; `left` is how many uses were left afterwards."""

    __tablename__ = "pass_events"
    __sight__ = HOUSE
    __table_args__ = (
        belongs_to("merchant_id", "pass_id", "passes"),
        Index("ix_pass_events_pass_id", "merchant_id", "pass_id", "id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    pass_id: Mapped[UUID]
    use_id: Mapped[UUID | None]
    kind: Mapped[str]
    note: Mapped[str]
    by_kind: Mapped[str]
    by_name: Mapped[str]
    amount_fen: Mapped[Fen]
    left: Mapped[int]
    at: Mapped[datetime]
