"""Tables of those who wait for a freed time, and of calendar feeds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

OWN = {Face.PERSON: by_person(), Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class Waiting(Base):
    """Somebody who wants a time of a day that is full. What is offered to him is a booking in state asked."""

    __tablename__ = "waitlist"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "booking_id", "bookings"),
        CheckConstraint("state IN ('waiting', 'offered', 'taken', 'withdrawn', 'over')", name="state"),
        CheckConstraint("state <> 'offered' OR booking_id IS NOT NULL", name="offered"),
        CheckConstraint("from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1800", name="minutes"),
        Index(
            "ix_waitlist_store_id",
            "merchant_id",
            "store_id",
            "day",
            "id",
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
        Index("ix_waitlist_booking_id", "merchant_id", "booking_id", postgresql_where=text("state = 'offered'")),
        Index(
            "uq_waitlist_once",
            "person_id",
            "merchant_id",
            "store_id",
            "day",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    client_name: Mapped[str]
    service_ids: Mapped[list[Any]]
    technician_id: Mapped[UUID | None]
    day: Mapped[date]
    from_minute: Mapped[int] = mapped_column(SmallInteger)
    until_minute: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]
    booking_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class BookingFeed(Base):
    """A person's calendar feed; another version makes the former address worthless."""

    __tablename__ = "booking_feeds"
    __sight__ = {Face.PERSON: by_person(), Face.JOB: everyone()}

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime]
