"""Dishes with options, combos, menus by time of day, what is sold out, import batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, fen, flags, ids, json, key, numbers, refers, small, times, words
from walls import all_rows, merchants_rows, wall

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

STORE = ["stores.merchant_id", "stores.id"]
DISH = ["dishes.merchant_id", "dishes.id"]
MENU = ["menus.merchant_id", "menus.id"]
MENUS = ("menus", "menu_stores", "menu_sections", "dishes", "dish_places")
STORES = ("dish_stores", "table_rules", "table_musts")
WHOLE = "00000000-0000-0000-0000-000000000000"
IMPORTS = ("menu_imports", "menu_import_rows")


def upgrade() -> None:
    _menus()
    _dishes()
    _choices()
    _changes()
    _rules()
    _imports()
    kept = merchants_rows("SELECT, INSERT, UPDATE, DELETE")
    seen = all_rows("SELECT")
    for table in (*MENUS, *STORES):
        wall(table, shop=seen, person=seen, guest=seen, office=kept, platform=seen, job=seen)
    told = all_rows("SELECT, UPDATE")  # rounds count pieces down
    wall("dish_repricings", office=merchants_rows("SELECT, INSERT, UPDATE"))
    wall("dish_stops", shop=seen, person=seen, guest=seen, office=kept, platform=seen, job=told)
    for table in IMPORTS:
        wall(table, office=kept, job=all_rows("SELECT, DELETE"))


def _to(table: str, columns: list[str], there: list[str]) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{'_'.join(columns)}")
    return sa.ForeignKeyConstraint(columns, there, name=name, ondelete="CASCADE")


def _menus() -> None:
    op.create_table(
        "menus",
        *ids("merchant_id", "id"),
        *words("name"),
        *numbers("position"),
        *flags("active", "everywhere"),
        json("hours", null=True),
        *times("created_at", "changed_at"),
        key("menus", "merchant_id", "id"),
        refers("menus", ["merchant_id"], ["merchants.id"]),
    )
    op.create_index("ix_menus_position", "menus", ["merchant_id", "position"])
    table = "menu_stores"
    op.create_table(
        table,
        *ids("merchant_id", "menu_id", "store_id"),
        key(table, "merchant_id", "menu_id", "store_id"),
        _to(table, ["merchant_id", "menu_id"], MENU),
        refers(table, ["merchant_id", "store_id"], STORE),
    )
    table = "menu_sections"
    op.create_table(
        table,
        *ids("merchant_id", "id", "menu_id"),
        *words("name"),
        *numbers("position"),
        key(table, "merchant_id", "id"),
        _to(table, ["merchant_id", "menu_id"], MENU),
    )
    op.create_index("ix_menu_sections_menu_id", table, ["merchant_id", "menu_id", "position"])


def _dishes() -> None:
    table = "dishes"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("name", "unit", "kind", "pricing"),
        *fen("price_fen"),
        *small("per_grams"),
        *words("station", "note"),
        json("groups"),
        json("picture", null=True),
        *words("state"),
        *numbers("version"),
        *times("created_at", "changed_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        check(table, "kind", "kind IN ('dish', 'combo')"),
        check(table, "pricing", "pricing IN ('fixed', 'market', 'weight')"),
        check(table, "state", "state IN ('on', 'off', 'gone')"),
        check(table, "price", "price_fen BETWEEN 0 AND 10000000"),
        check(table, "per_grams", "per_grams IN (50, 100, 500, 1000)"),
        check(table, "words", "name <> '' AND unit <> ''"),
        check(table, "groups", "jsonb_typeof(groups) = 'array'"),
        check(table, "version", "version >= 1"),
    )
    op.create_index("ix_dishes_state", table, ["merchant_id", "state", "id"])
    table = "dish_places"
    op.create_table(
        table,
        *ids("merchant_id", "section_id", "dish_id"),
        *numbers("position"),
        key(table, "merchant_id", "section_id", "dish_id"),
        _to(table, ["merchant_id", "section_id"], ["menu_sections.merchant_id", "menu_sections.id"]),
        _to(table, ["merchant_id", "dish_id"], DISH),
    )
    op.create_index("ix_dish_places_dish_id", table, ["merchant_id", "dish_id"])


def _choices() -> None:
    table = "dish_stores"
    op.create_table(
        table,
        *ids("merchant_id", "store_id", "dish_id"),
        *flags("offered"),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        *times("changed_at"),
        key(table, "merchant_id", "store_id", "dish_id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        _to(table, ["merchant_id", "dish_id"], DISH),
        check(table, "price", "price_fen BETWEEN 0 AND 10000000"),
    )
    table = "dish_stops"
    op.create_table(
        table,
        *ids("merchant_id", "store_id", "dish_id", "option_id"),
        sa.Column("pieces", sa.Integer(), nullable=True),
        *times("stopped_until", null=True),
        *times("stopped_at"),
        key(table, "merchant_id", "store_id", "dish_id", "option_id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        _to(table, ["merchant_id", "dish_id"], DISH),
        check(table, "until", "stopped_until > stopped_at"),
        check(table, "pieces", f"pieces BETWEEN 0 AND 9999 AND (pieces IS NULL OR option_id = '{WHOLE}')"),
    )


def _changes() -> None:
    table = "dish_repricings"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *fen("change_fen"),
        json("dishes"),
        *times("made_at"),
        *times("undone_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
    )


def _rules() -> None:
    table = "table_rules"
    op.create_table(
        table,
        *ids("merchant_id", "store_id"),
        *fen("cover_fen"),
        *words("cover_name", "pays", "opens"),
        *flags("shared"),
        *words("joins"),
        *numbers("order_minutes"),
        *times("changed_at"),
        key(table, "merchant_id", "store_id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        check(table, "cover", "cover_fen BETWEEN 0 AND 100000"),
        check(table, "pays", "pays IN ('before', 'after')"),
        check(table, "opens", "opens IN ('staff', 'guest')"),
        check(table, "joins", "joins IN ('open', 'asked')"),
        check(table, "order_minutes", "order_minutes BETWEEN 0 AND 240"),
    )
    table = "table_musts"
    op.create_table(
        table,
        *ids("merchant_id", "store_id", "dish_id"),
        *numbers("position"),
        key(table, "merchant_id", "store_id", "dish_id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        _to(table, ["merchant_id", "dish_id"], DISH),
    )


def _imports() -> None:
    table = "menu_imports"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("name", "file_name", "state"),
        *numbers("scale_bp", "scale_guess"),
        json("sections"),
        *ids("menu_id", null=True),
        *times("brought_at"),
        *times("applied_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        refers(table, ["merchant_id", "menu_id"], MENU),
        check(table, "state", "state IN ('ready', 'applied', 'discarded')"),
        check(table, "scale", "scale_bp IN (0, 1, 100, 10000)"),
        check(table, "applied", "(state = 'applied') = (applied_at IS NOT NULL)"),
    )
    op.create_index("ix_menu_imports_state", table, ["merchant_id", "state", "id"])
    table = "menu_import_rows"
    op.create_table(
        table,
        *ids("merchant_id", "id", "import_id"),
        *numbers("number"),
        json("captured"),
        json("facts"),
        json("troubles"),
        *flags("skipped"),
        *ids("dish_id", null=True),
        key(table, "merchant_id", "id"),
        _to(table, ["merchant_id", "import_id"], ["menu_imports.merchant_id", "menu_imports.id"]),
        check(table, "number", "number >= 1"),
    )
    op.create_index("uq_menu_import_rows_number", table, ["merchant_id", "import_id", "number"], unique=True)


def downgrade() -> None:
    for table in reversed((*MENUS, *STORES, "dish_stops", "dish_repricings", *IMPORTS)):
        op.drop_table(table)
