"""Tables of a store's floor: areas, and tables, each of which is also a resource of the calendar with the same id."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId, belongs_to
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
