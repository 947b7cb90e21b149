"""Tables of a store's floor: areas; tables, each of which is also a resource of the calendar with the same id; joins.

A store's rules of reserving stand here as well. An office keeps them; the worker reads them for whoever is outside.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

OWN = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}


class FloorArea(Base):
    """A hall, a terrace, the first floor."""

    __tablename__ = "floor_areas"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        UniqueConstraint("merchant_id", "store_id", "name"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    name: Mapped[str]
    position: Mapped[int]


class FloorTable(Base):
    """A table: its `id` is that of its resource, its `code` is what the printed card says (22 letters, 128 bits)."""

    __tablename__ = "floor_tables"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "id", "resources"),
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "area_id", "floor_areas"),
        UniqueConstraint("merchant_id", "store_id", "name"),
        UniqueConstraint("merchant_id", "code"),
        CheckConstraint("code ~ '^[A-Za-z0-9_-]{22}$'", name="code"),
        CheckConstraint("seats_min BETWEEN 1 AND seats_max", name="seats"),
        CheckConstraint("seats_extra BETWEEN 0 AND 20", name="seats_extra"),
        CheckConstraint("plan_x BETWEEN 0 AND 1000 AND plan_y BETWEEN 0 AND 1000", name="place"),
        CheckConstraint("shape IN ('round', 'square', 'long')", name="shape"),
        Index("ix_floor_tables_store_id", "merchant_id", "store_id", "area_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    area_id: Mapped[UUID]
    name: Mapped[str]
    code: Mapped[str]
    seats_min: Mapped[int] = mapped_column(SmallInteger)
    seats_max: Mapped[int] = mapped_column(SmallInteger)
    seats_extra: Mapped[int] = mapped_column(SmallInteger)  # chairs that can be added
    plan_x: Mapped[int] = mapped_column(SmallInteger)  # thousandths of the plan's width
    plan_y: Mapped[int] = mapped_column(SmallInteger)
    shape: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class TableJoin(Base):
    """Tables that can be put together for one party, with the seats they then have."""

    __tablename__ = "table_joins"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        UniqueConstraint("merchant_id", "store_id", "name"),
        CheckConstraint("seats_min BETWEEN 1 AND seats_max", name="seats"),
        CheckConstraint("seats_max <= 200", name="seats_max"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    name: Mapped[str]
    seats_min: Mapped[int] = mapped_column(SmallInteger)
    seats_max: Mapped[int] = mapped_column(SmallInteger)
    active: Mapped[bool]


class TableJoinPart(Base):
    """One of the tables of a join."""

    __tablename__ = "table_join_parts"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "join_id", "table_joins", ondelete="CASCADE"),
        belongs_to("merchant_id", "table_id", "floor_tables"),
    )

    merchant_id: Mapped[OwnerId]
    join_id: Mapped[UUID] = mapped_column(primary_key=True)
    table_id: Mapped[UUID] = mapped_column(primary_key=True)


class FloorRules(Base):
    """How a store takes table reservations; without a row it takes none online.

    `stays` are [people up to, minutes], ascending: how long a party of that size keeps its table.
    """

    __tablename__ = "floor_rules"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("step_minutes IN (15, 30, 60)", name="step"),
        CheckConstraint("clear_minutes BETWEEN 0 AND 120", name="clear"),
        CheckConstraint("ahead_days BETWEEN 1 AND 90", name="ahead"),
        CheckConstraint("notice_minutes BETWEEN 0 AND 10080", name="notice"),
        CheckConstraint("last_minutes BETWEEN 0 AND 480", name="last"),
        CheckConstraint("late_minutes BETWEEN 5 AND 240", name="late"),
        CheckConstraint("free_minutes BETWEEN 0 AND 20160", name="free"),
        CheckConstraint("most_people BETWEEN 1 AND 200", name="most_people"),
        CheckConstraint("deposit_kind IN ('none', 'back', 'kept')", name="deposit_kind"),
        CheckConstraint("(deposit_kind = 'none') = (deposit_fen = 0)", name="deposit"),
        CheckConstraint("deposit_fen BETWEEN 0 AND 1000000 AND deposit_from >= 1", name="deposit_fen"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    online: Mapped[bool]
    stays: Mapped[list[Any]]
    step_minutes: Mapped[int] = mapped_column(SmallInteger)
    clear_minutes: Mapped[int] = mapped_column(SmallInteger)  # after each party, inside the reserved range
    ahead_days: Mapped[int] = mapped_column(SmallInteger)
    notice_minutes: Mapped[int] = mapped_column(SmallInteger)
    last_minutes: Mapped[int] = mapped_column(SmallInteger)  # the last arrival before closing
    late_minutes: Mapped[int] = mapped_column(SmallInteger)  # how long a table is kept for who is late
    free_minutes: Mapped[int] = mapped_column(SmallInteger)  # before arrival, cancelling costs nothing until then
    most_people: Mapped[int] = mapped_column(SmallInteger)
    deposit_kind: Mapped[str]  # none, 订金 that goes back, 定金 that is kept when nobody comes
    deposit_fen: Mapped[Fen]
    deposit_each: Mapped[bool]  # for each head, or for the table
    deposit_from: Mapped[int] = mapped_column(SmallInteger)  # parties of this size and above
    note: Mapped[str]
    changed_at: Mapped[datetime]
