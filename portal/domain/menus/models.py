"""Tables of menus: what is served when and where, dishes with their options, each store's choice, and what is sold out.

All of it but imports is public. A dish carries its option groups in one column: they are read, priced and changed only
with it, so a whole menu is one statement.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, everyone

PUBLIC = {
    Face.SHOP: everyone(),
    Face.PERSON: everyone(),
    Face.GUEST: everyone(),
    Face.OFFICE: by_merchant(),
    Face.PLATFORM: everyone(),
    Face.JOB: everyone(),
}
WHOLE = UUID(int=0)
"""The dish itself, where one of its options could be named."""
OWN = {Face.OFFICE: by_merchant(), Face.JOB: everyone()}


class MenuBook(Base):
    """A menu: its sections are served while its `hours` say so (none: always), in all stores or in those listed."""

    __tablename__ = "menus"
    __sight__ = PUBLIC
    __table_args__ = (Index("ix_menus_position", "merchant_id", "position"),)

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    name: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool]
    everywhere: Mapped[bool]
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class MenuStore(Base):
    """A store that serves a menu which is not served everywhere."""

    __tablename__ = "menu_stores"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "menu_id", "menus", ondelete="CASCADE"),
        belongs_to("merchant_id", "store_id", "stores"),
    )

    merchant_id: Mapped[OwnerId]
    menu_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)


class MenuSection(Base):
    """招牌, 凉菜, 酒水: a heading of one menu."""

    __tablename__ = "menu_sections"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "menu_id", "menus", ondelete="CASCADE"),
        Index("ix_menu_sections_menu_id", "merchant_id", "menu_id", "position"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    menu_id: Mapped[UUID]
    name: Mapped[str]
    position: Mapped[int]


class DishRow(Base):
    """A dish or a combo. `groups` is what `rules.groups` reads; a combo's options name the dishes they are made of.

    `price_fen` is for one `unit`, of weighed dishes for `per_grams`; of 时价 it is 0 and means nothing.
    """

    __tablename__ = "dishes"
    __sight__ = PUBLIC
    __table_args__ = (
        CheckConstraint("kind IN ('dish', 'combo')", name="kind"),
        CheckConstraint("pricing IN ('fixed', 'market', 'weight')", name="pricing"),
        CheckConstraint("state IN ('on', 'off', 'gone')", name="state"),
        CheckConstraint("price_fen BETWEEN 0 AND 10000000", name="price"),
        CheckConstraint("per_grams IN (50, 100, 500, 1000)", name="per_grams"),
        CheckConstraint("name <> '' AND unit <> ''", name="words"),
        CheckConstraint("jsonb_typeof(groups) = 'array'", name="groups"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_dishes_state", "merchant_id", "state", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    name: Mapped[str]
    unit: Mapped[str]
    kind: Mapped[str]
    pricing: Mapped[str]
    price_fen: Mapped[Fen]
    per_grams: Mapped[int] = mapped_column(SmallInteger)
    station: Mapped[str]  # 档口, a word the kitchen sorts by
    note: Mapped[str]
    groups: Mapped[list[Any]]
    picture: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DishPlace(Base):
    """Where a dish stands: the same dish may stand in several sections and is stopped in all of them at once."""

    __tablename__ = "dish_places"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "section_id", "menu_sections", ondelete="CASCADE"),
        belongs_to("merchant_id", "dish_id", "dishes", ondelete="CASCADE"),
        Index("ix_dish_places_dish_id", "merchant_id", "dish_id"),
    )

    merchant_id: Mapped[OwnerId]
    section_id: Mapped[UUID] = mapped_column(primary_key=True)
    dish_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]


class DishStore(Base):
    """What one store does otherwise: does not offer a dish, or asks another price."""

    __tablename__ = "dish_stores"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "dish_id", "dishes", ondelete="CASCADE"),
        CheckConstraint("price_fen BETWEEN 0 AND 10000000", name="price"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    dish_id: Mapped[UUID] = mapped_column(primary_key=True)
    offered: Mapped[bool]
    price_fen: Mapped[Fen | None]
    changed_at: Mapped[datetime]


class DishStop(Base):
    """沽清 in one store, until a moment or until somebody brings it back: a dish, one of its options, or (`pieces`) so
    many of it that are left. Rounds count the pieces down; none left is sold out.
    """

    __tablename__ = "dish_stops"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "dish_id", "dishes", ondelete="CASCADE"),
        CheckConstraint("stopped_until > stopped_at", name="until"),
        CheckConstraint(
            f"pieces BETWEEN 0 AND 9999 AND (pieces IS NULL OR option_id = '{WHOLE}')",
            name="pieces",
        ),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    dish_id: Mapped[UUID] = mapped_column(primary_key=True)
    option_id: Mapped[UUID] = mapped_column(primary_key=True)  # WHOLE: the dish itself
    pieces: Mapped[int | None]
    stopped_until: Mapped[datetime | None]
    stopped_at: Mapped[datetime]


class DishRepricing(Base):
    """A change of many prices at once: by dish the version it had afterwards, so that it can be taken back."""

    __tablename__ = "dish_repricings"
    __sight__ = {Face.OFFICE: by_merchant()}

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    change_fen: Mapped[Fen]
    dishes: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class TableRule(Base):
    """How a store keeps its tables: 茶位费, 先付 or 后付, who opens, one bill or several, how strangers join."""

    __tablename__ = "table_rules"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        CheckConstraint("cover_fen BETWEEN 0 AND 100000", name="cover"),
        CheckConstraint("pays IN ('before', 'after')", name="pays"),
        CheckConstraint("opens IN ('staff', 'guest')", name="opens"),
        CheckConstraint("joins IN ('open', 'asked')", name="joins"),
        CheckConstraint("order_minutes BETWEEN 0 AND 240", name="order_minutes"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    cover_fen: Mapped[Fen]
    cover_name: Mapped[str]
    pays: Mapped[str]
    opens: Mapped[str]
    shared: Mapped[bool]
    joins: Mapped[str]
    order_minutes: Mapped[int]
    changed_at: Mapped[datetime]


class TableMust(Base):
    """必点: a dish that every table of the store takes once."""

    __tablename__ = "table_musts"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "dish_id", "dishes", ondelete="CASCADE"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    dish_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]


class MenuImport(Base):
    """A menu that somebody brought, with its rows to be mended before anything is served. `scale_bp` turns what
    stands in the file into yuan, in hundredths: 100 as written, 1 for fen, 10000 for hundredths of a yuan; 0 is open.
    """

    __tablename__ = "menu_imports"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "menu_id", "menus"),
        CheckConstraint("state IN ('ready', 'applied', 'discarded')", name="state"),
        CheckConstraint("scale_bp IN (0, 1, 100, 10000)", name="scale"),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied"),
        Index("ix_menu_imports_state", "merchant_id", "state", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    name: Mapped[str]
    file_name: Mapped[str]
    state: Mapped[str]
    scale_bp: Mapped[int]
    scale_guess: Mapped[int]
    sections: Mapped[list[Any]]  # in the file's order, those without dishes too
    menu_id: Mapped[UUID | None]
    brought_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


class MenuImportRow(Base):
    """One dish of a file: `captured` as it came, `facts` as it is to be, `troubles` what keeps it from being served."""

    __tablename__ = "menu_import_rows"
    __sight__ = OWN
    __table_args__ = (
        belongs_to("merchant_id", "import_id", "menu_imports", ondelete="CASCADE"),
        CheckConstraint("number >= 1", name="number"),
        Index("uq_menu_import_rows_number", "merchant_id", "import_id", "number", unique=True),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    import_id: Mapped[UUID]
    number: Mapped[int]
    captured: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    troubles: Mapped[list[Any]]
    skipped: Mapped[bool]
    dish_id: Mapped[UUID | None]
