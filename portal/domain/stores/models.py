"""Tables of stores: the merchant's own row, its pictures, and the public card that the street reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZMULTIRANGE
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from portal.kernel.database import Base, Id, belongs_to, new_id
from portal.kernel.scope import Face, by_merchant, everyone


class Cube(UserDefinedType[Any]):
    """A point on the sphere of `earthdistance`; made by the database, compared with `<->`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The name of the type in PostgreSQL."""
        return "cube"


ischema_names["cube"] = Cube


class Store(Base):
    """A store as its merchant keeps it. `raw_*` is the position as it was given, with its datum."""

    __tablename__ = "stores"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'listed', 'closed')", name="state"),
        CheckConstraint("state <> 'listed' OR lat IS NOT NULL", name="listed_has_position"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180", name="position"),
        CheckConstraint("num_nulls(lat, lng, raw_lat, raw_lng, raw_datum) IN (0, 5)", name="whole_position"),
        CheckConstraint("raw_datum IN ('wgs84', 'gcj02', 'bd09')", name="raw_datum"),
        CheckConstraint("rating_count >= 0 AND rating_sum BETWEEN rating_count AND 5 * rating_count", name="rating"),
        UniqueConstraint("merchant_id", "import_key"),
        Index("ix_stores_merchant_id_state_name", "merchant_id", "state", "name"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    name: Mapped[str]
    brand: Mapped[str | None]
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    phone: Mapped[str | None]
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    address: Mapped[str] = mapped_column(default="")
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    raw_lat: Mapped[float | None]
    raw_lng: Mapped[float | None]
    raw_datum: Mapped[str | None]
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(default="draft")
    state_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    rating_sum: Mapped[int] = mapped_column(default=0)
    rating_count: Mapped[int] = mapped_column(default=0)
    month_sales: Mapped[int] = mapped_column(default=0)
    benefits: Mapped[list[Any]] = mapped_column(default=list)
    import_key: Mapped[str | None]
    import_print: Mapped[str | None]
    import_run: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class StorePicture(Base):
    """A picture of a store in three files: as large as pages need it, cut 3:2, and small and square."""

    __tablename__ = "store_pictures"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        Index("ix_store_pictures_merchant_id_store_id", "merchant_id", "store_id", "position"),
    )

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    store_id: Mapped[UUID]
    position: Mapped[int]
    full: Mapped[str]
    wide: Mapped[str]
    small: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    tone: Mapped[str]
    created_at: Mapped[datetime]


class StoreCard(Base):
    """What the street reads: one row for each listed store of an active merchant, written with the store's own row.

    `category_root` is the top of the category's tree (GiST cannot search a list of categories). `open_times` covers
    the coming weeks.
    `moved_from` is where it stood before `moved_at`: a list that began earlier goes on with the old place, so that it
    neither loses nor repeats a store.
    """

    __tablename__ = "store_cards"
    __sight__ = {
        Face.SHOP: everyone(),
        Face.PERSON: everyone(),
        Face.OFFICE: by_merchant(),
        Face.PLATFORM: everyone(),
        Face.JOB: everyone(),
    }
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        Index("ix_store_cards_category_root_earth", "category_root", "earth", postgresql_using="gist"),
        Index("ix_store_cards_earth", "earth", postgresql_using="gist"),
        Index(
            "ix_store_cards_benefits",
            "earth",
            postgresql_using="gist",
            postgresql_where=text("benefits_until IS NOT NULL"),
        ),
        Index("ix_store_cards_moved_at", "moved_at", postgresql_where=text("moved_at IS NOT NULL")),
        Index("ix_store_cards_region_code", "region_code"),
    )

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    brand: Mapped[str]
    category_id: Mapped[UUID | None]
    category_root: Mapped[UUID | None]
    phone: Mapped[str | None]
    region_code: Mapped[str | None] = mapped_column(Text(collation="C"))  # codes nest by prefix
    area: Mapped[str]
    address: Mapped[str]
    lat: Mapped[float]
    lng: Mapped[float]
    earth: Mapped[Any] = mapped_column(Cube, Computed("ll_to_earth(lat, lng)::cube", persisted=True))
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    open_times: Mapped[Any] = mapped_column(TSTZMULTIRANGE)
    rating_sum: Mapped[int]
    rating_count: Mapped[int]
    month_sales: Mapped[int]
    benefits: Mapped[list[Any]]
    benefits_until: Mapped[datetime | None]
    pictures: Mapped[list[Any]]
    search: Mapped[str]
    listed_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    moved_from: Mapped[Any | None] = mapped_column(Cube)
    refreshed_at: Mapped[datetime]
