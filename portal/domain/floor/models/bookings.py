"""Tables of table reservations (订座), the merchant's; the person who made one sees it. Only the worker's face writes.

Which stretch of which table it takes, the calendar keeps; the tables are remembered here when that is released.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

STATES = "state IN ('held', 'booked', 'seated', 'missed', 'cancelled', 'expired')"


class TableBooking(Base):
    """A party that comes. `person_id` is None when the staff took it by phone; names and numbers are own copies."""

    __tablename__ = "table_bookings"
    __sight__ = {
        Face.PERSON: by_person(),
        Face.OFFICE: by_merchant(),
        Face.PLATFORM: everyone(),
        Face.JOB: everyone(),
    }
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        UniqueConstraint("merchant_id", "number"),
        UniqueConstraint("merchant_id", "link"),
        CheckConstraint(STATES, name="state"),
        CheckConstraint("source IN ('online', 'staff')", name="source"),
        CheckConstraint("people BETWEEN 1 AND 200", name="people"),
        CheckConstraint("starts_at < ends_at", name="times"),
        CheckConstraint("(state = 'held') = (held_until IS NOT NULL)", name="held"),
        CheckConstraint("deposit_kind IN ('none', 'back', 'kept')", name="deposit_kind"),
        CheckConstraint("(deposit_kind = 'none') = (deposit_fen = 0) AND deposit_fen >= 0", name="deposit"),
        CheckConstraint("kept_fen IN (0, deposit_fen)", name="kept"),
        CheckConstraint("octet_length(link) = 32", name="link"),
        Index("ix_table_bookings_store_id", "merchant_id", "store_id", "starts_at"),
        Index("ix_table_bookings_link", "link"),
        Index("ix_table_bookings_person_id", "person_id", "starts_at"),
        Index("ix_table_bookings_held_until", "held_until", postgresql_where=text("state = 'held'")),
        Index("ix_table_bookings_ends_at", "ends_at", postgresql_where=text("state = 'booked'")),
        Index("ix_table_bookings_seated", "merchant_id", "ends_at", postgresql_where=text("state = 'seated'")),
        Index(
            "ix_table_bookings_remind_at",
            "remind_at",
            postgresql_where=text("state = 'booked' AND remind_at IS NOT NULL"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    number: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    source: Mapped[str]
    state: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    people: Mapped[int] = mapped_column(SmallInteger)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # of the stay, without clearing the table
    deposit_kind: Mapped[str]
    deposit_fen: Mapped[Fen]
    kept_fen: Mapped[Fen]  # what of it is the store's
    intent_id: Mapped[UUID | None]
    held_until: Mapped[datetime | None]
    free_until: Mapped[datetime]  # cancelling is free until then
    remind_at: Mapped[datetime | None]
    note: Mapped[str]
    reason: Mapped[str]
    link: Mapped[bytes] = mapped_column(BYTEA)  # SHA-256 of what the link carries
    sequence: Mapped[int] = mapped_column(SmallInteger)  # how often it was moved
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class TableBookingTable(Base):
    """One of the tables of a reservation."""

    __tablename__ = "table_booking_tables"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "booking_id", "table_bookings"),
        belongs_to("merchant_id", "table_id", "floor_tables"),
        Index("ix_table_booking_tables_table_id", "merchant_id", "table_id"),
    )

    merchant_id: Mapped[OwnerId]
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    table_id: Mapped[UUID] = mapped_column(primary_key=True)
