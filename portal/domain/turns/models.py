"""Tables of the turn list: the store's rule, each day's places, and the log of what was given to whom.

The rule's row is the lock: whoever changes a store's list holds it, so two desks never give out the same turn.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

OWN = {Face.OFFICE: by_merchant(), Face.JOB: everyone()}


class TurnRuleRow(Base):
    """How a store treats turns that were asked for by name or declined."""

    __tablename__ = "turn_rules"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("requested IN ('keeps', 'end')", name="requested"),
        CheckConstraint("declined IN ('end', 'one', 'keeps')", name="declined"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    requested: Mapped[str]
    declined: Mapped[str]
    changed_at: Mapped[datetime]


class TurnPlace(Base):
    """Somebody's place on one day; the smallest place of those who are there is next."""

    __tablename__ = "turn_places"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "resource_id", "resources"),
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("taken >= 0 AND requested >= 0 AND declined >= 0", name="counts"),
        Index("ix_turn_places_store_id", "merchant_id", "store_id", "day", "place"),
    )

    merchant_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    resource_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    place: Mapped[int]
    present: Mapped[bool]
    taken: Mapped[int]
    requested: Mapped[int]
    declined: Mapped[int]


class TurnEntry(Base):
    """What happened to a turn. Added, never changed."""

    __tablename__ = "turn_entries"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "resource_id", "resources"),
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("kind IN ('joined', 'left', 'taken', 'requested', 'declined', 'moved')", name="kind"),
        Index("ix_turn_entries_store_id", "merchant_id", "store_id", "day", "id"),
        Index("ix_turn_entries_booking_id", "merchant_id", "booking_id", "resource_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    day: Mapped[date]
    resource_id: Mapped[UUID]
    kind: Mapped[str]
    booking_id: Mapped[UUID | None]
    note: Mapped[str]
    at: Mapped[datetime]
