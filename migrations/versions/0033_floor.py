"""Areas and tables, their codes, joined tables, table reservations."""

from __future__ import annotations

from alembic import op
from columns import check, flags, ids, key, numbers, refers, small, times, unique, words
from walls import all_rows, merchants_rows, wall

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STORE = ["stores.merchant_id", "stores.id"]


def upgrade() -> None:
    _areas()
    _tables()
    kept = merchants_rows("SELECT, INSERT, UPDATE, DELETE")
    for table in ("floor_areas", "floor_tables"):
        wall(table, office=kept, platform=all_rows("SELECT"), job=all_rows("SELECT"))


def _areas() -> None:
    table = "floor_areas"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("name"),
        *numbers("position"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        unique(table, "merchant_id", "store_id", "name"),
    )


def _tables() -> None:
    table = "floor_tables"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "area_id"),
        *words("name", "code"),
        *small("seats_min", "seats_max", "seats_extra", "plan_x", "plan_y"),
        *words("shape"),
        *flags("active"),
        *times("created_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "id"], ["resources.merchant_id", "resources.id"]),
        refers(table, ["merchant_id", "store_id"], STORE),
        refers(table, ["merchant_id", "area_id"], ["floor_areas.merchant_id", "floor_areas.id"]),
        unique(table, "merchant_id", "store_id", "name"),
        unique(table, "merchant_id", "code"),
        check(table, "code", "code ~ '^[A-Za-z0-9_-]{22}$'"),
        check(table, "seats", "seats_min BETWEEN 1 AND seats_max"),
        check(table, "seats_extra", "seats_extra BETWEEN 0 AND 20"),
        check(table, "place", "plan_x BETWEEN 0 AND 1000 AND plan_y BETWEEN 0 AND 1000"),
        check(table, "shape", "shape IN ('round', 'square', 'long')"),
    )
    op.create_index("ix_floor_tables_store_id", table, ["merchant_id", "store_id", "area_id"])


def downgrade() -> None:
    for table in ("floor_tables", "floor_areas"):
        op.drop_table(table)
