"""Tables of visits. Written on the worker's face alone: no page may say that it has a time.

What was agreed is frozen into the booking and its lines. The client's name and number are masked copies.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

OWN = {Face.PERSON: by_person(), Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class Booking(Base):
    """One visit of one client, from its first service to its last. `sequence` counts its moves, for calendars;
    `link_version` makes former secret links worthless. A walk-in has no person.
    """

    __tablename__ = "bookings"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        UniqueConstraint("merchant_id", "number"),
        UniqueConstraint("merchant_id", "code"),
        UniqueConstraint("merchant_id", "secret"),
        CheckConstraint(
            "state IN ('asked', 'held', 'booked', 'arrived', 'done', 'cancelled', 'no_show')", name="state"
        ),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("code ~ '^[0-9]{12}$'", name="code"),
        CheckConstraint("octet_length(secret) = 10", name="secret"),
        CheckConstraint("price_fen >= 0 AND prepay_fen >= 0 AND prepay_fen <= price_fen", name="money"),
        CheckConstraint("keep_fen BETWEEN 0 AND prepay_fen", name="keep"),
        CheckConstraint("refunded_fen BETWEEN 0 AND prepay_fen", name="refunded"),
        CheckConstraint("NOT paid OR intent_id IS NOT NULL", name="paid"),
        CheckConstraint("(state IN ('asked', 'held')) = (held_until IS NOT NULL)", name="held_until"),
        CheckConstraint("state <> 'asked' OR person_id IS NOT NULL", name="asked_whom"),
        CheckConstraint("(state IN ('done', 'cancelled', 'no_show')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("source IN ('web', 'staff', 'walk_in', 'waiting')", name="source"),
        Index("ix_bookings_id", "id"),
        Index("ix_bookings_person_id", "person_id", "starts_at"),
        Index("ix_bookings_store_id", "merchant_id", "store_id", "starts_at"),
        Index("ix_bookings_ends_at", "ends_at", postgresql_where=text("state IN ('booked', 'arrived')")),
        Index("ix_bookings_held_until", "held_until", postgresql_where=text("state = 'asked'")),
        Index(
            "ix_bookings_remind_at",
            "remind_at",
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    number: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    client_name: Mapped[str]  # masked: 陈*
    client_phone: Mapped[str]  # masked: 138****8000
    source: Mapped[str]
    state: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    price_fen: Mapped[Fen]
    prepay_fen: Mapped[Fen]  # asked for in advance, all services together
    keep_fen: Mapped[Fen]  # what of it the store keeps after a no-show or a late cancellation
    refunded_fen: Mapped[Fen]
    paid: Mapped[bool]
    intent_id: Mapped[UUID | None]
    cancel_until: Mapped[datetime]  # free to cancel or move before
    code: Mapped[str]
    secret: Mapped[bytes] = mapped_column(BYTEA)
    link_version: Mapped[int] = mapped_column(SmallInteger)
    sequence: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str]


class BookingLine(Base):
    """One service of a visit as it was agreed: who does it, where, when (without buffers), for how much."""

    __tablename__ = "booking_lines"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "booking_id", "bookings"),
        belongs_to("merchant_id", "service_id", "services"),
        UniqueConstraint("merchant_id", "booking_id", "nth"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("price_fen >= 0", name="price"),
        CheckConstraint("pass_use_id IS NULL OR pass_id IS NOT NULL", name="pass_use"),
        Index("ix_booking_lines_technician_id", "merchant_id", "technician_id", "starts_at"),
        Index("ix_booking_lines_session_id", "merchant_id", "session_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    booking_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    nth: Mapped[int] = mapped_column(SmallInteger)
    service_id: Mapped[UUID]
    name: Mapped[str]
    technician_id: Mapped[UUID | None]
    technician: Mapped[str]
    requested: Mapped[bool]  # the client wanted this technician
    keeps: Mapped[bool]  # a late cancellation or a no-show costs what was prepaid of it, money or the use of a pass
    places: Mapped[list[Any]]  # [resource id, kind, name] of the room and the device
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    before_minutes: Mapped[int] = mapped_column(SmallInteger)
    after_minutes: Mapped[int] = mapped_column(SmallInteger)
    price_fen: Mapped[Fen]
    pass_id: Mapped[UUID | None]
    pass_use_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]


class BookingSession(Base):
    """A service that several clients share: it holds the resources once, and counts who has a seat in it."""

    __tablename__ = "booking_sessions"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "service_id", "services"),
        CheckConstraint("taken BETWEEN 0 AND seats", name="taken"),
        CheckConstraint("starts_at < ends_at", name="times"),
        Index("ix_booking_sessions_store_id", "merchant_id", "store_id", "starts_at"),
        Index(
            "uq_booking_sessions_one",
            "merchant_id",
            "service_id",
            "starts_at",
            "technician_id",
            unique=True,
            postgresql_where=text("taken > 0"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    service_id: Mapped[UUID]
    technician_id: Mapped[UUID | None]
    technician: Mapped[str]
    places: Mapped[list[Any]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int] = mapped_column(SmallInteger)
    taken: Mapped[int] = mapped_column(SmallInteger)


class BookingEvent(Base):
    """What happened to a booking, by whom and why. Added, never changed."""

    __tablename__ = "booking_events"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "booking_id", "bookings"),
        Index("ix_booking_events_booking_id", "merchant_id", "booking_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    booking_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    kind: Mapped[str]
    at: Mapped[datetime]
    by_kind: Mapped[str]
    by_id: Mapped[UUID | None]
    note: Mapped[str]
