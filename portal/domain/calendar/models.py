"""Tables of resources, of the hours they work, and of what is reserved of them.

A resource for several at once has numbered cells; a reservation takes one, and the exclusion constraint keeps two from
overlapping in it. Buffers lie inside the reserved range.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PUBLIC = {
    Face.SHOP: everyone(),
    Face.PERSON: everyone(),
    Face.OFFICE: by_merchant(),
    Face.PLATFORM: everyone(),
    Face.JOB: everyone(),
}
OWN = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class Resource(Base):
    """Somebody or something whose time can be reserved. `capacity` is how many at once: its cells are 1 to that."""

    __tablename__ = "resources"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "membership_id", "memberships"),
        CheckConstraint("kind IN ('technician', 'room', 'device', 'table', 'pickup')", name="kind"),
        CheckConstraint("capacity BETWEEN 1 AND 200", name="capacity"),
        CheckConstraint("membership_id IS NULL OR kind = 'technician'", name="membership"),
        Index("ix_resources_store_id", "merchant_id", "store_id", "kind", "position"),
        Index(
            "ix_resources_membership_id",
            "merchant_id",
            "membership_id",
            postgresql_where=text("membership_id IS NOT NULL"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    capacity: Mapped[int] = mapped_column(SmallInteger)
    membership_id: Mapped[UUID | None]
    position: Mapped[int]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class Shift(Base):
    """Hours of a weekday (Monday is 0) that come again each week; past midnight they belong to the day they began."""

    __tablename__ = "shifts"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "resource_id", "resources", ondelete="CASCADE"),
        CheckConstraint("kind IN ('work', 'break')", name="kind"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("start_minute BETWEEN 0 AND CASE kind WHEN 'work' THEN 1439 ELSE 2879 END", name="start"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("until_day IS NULL OR from_day < until_day", name="days"),
        Index("ix_shifts_resource_id", "merchant_id", "resource_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    resource_id: Mapped[UUID]
    kind: Mapped[str]
    weekday: Mapped[int] = mapped_column(SmallInteger)
    start_minute: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    from_day: Mapped[date]
    until_day: Mapped[date | None]  # the first day it is no more


class ResourceDay(Base):
    """One date on which other hours hold: `spans` are [start_minute, minutes, kind]; none means off."""

    __tablename__ = "resource_days"
    __sight__ = OWN
    __table_args__ = (belongs_to("merchant_id", "resource_id", "resources", ondelete="CASCADE"),)

    merchant_id: Mapped[OwnerId]
    resource_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    spans: Mapped[list[Any]]
    reason: Mapped[str]
    changed_at: Mapped[datetime]


class HourChange(Base):
    """What one act did to dated days, for its undo: `days` are [resource, day, before, after], each [spans, reason] or
    null where the week holds.
    """

    __tablename__ = "hour_changes"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        Index("ix_hour_changes_store_id", "merchant_id", "store_id", "made_at"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    days: Mapped[list[Any]]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Reservation(Base):
    """A stretch of one cell of a resource, buffers included. What is released is deleted: its holder remembers."""

    __tablename__ = "reservations"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "resource_id", "resources"),
        CheckConstraint("cell BETWEEN 1 AND 200", name="cell"),
        CheckConstraint("NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name="during"),
        CheckConstraint("lower_inc(during) AND NOT upper_inc(during)", name="half_open"),
        CheckConstraint("upper(during) - lower(during) <= interval '24 hours'", name="length"),
        CheckConstraint("holder_type IN ('booking', 'table', 'block', 'sitting', 'order')", name="holder_type"),
        CheckConstraint("NOT overrides OR note <> ''", name="overrides"),
        ExcludeConstraint(
            ("merchant_id", "="),
            ("resource_id", "="),
            ("cell", "="),
            ("during", "&&"),
            where="NOT overrides",
            using="gist",
            name="ex_reservations_during",
        ),
        Index("ix_reservations_holder_id", "merchant_id", "holder_id"),
        Index("ix_reservations_start", "merchant_id", "resource_id", text("lower(during)")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    resource_id: Mapped[UUID]
    cell: Mapped[int] = mapped_column(SmallInteger)
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    holder_type: Mapped[str]
    holder_id: Mapped[UUID]
    overrides: Mapped[bool]  # put over what was there, knowingly and with a reason
    note: Mapped[str]
    made_at: Mapped[datetime]
