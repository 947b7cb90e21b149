"""Areas and tables, their codes, joined tables, table reservations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, fen, flags, ids, json, key, numbers, refers, small, times, unique, words
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STORE = ["stores.merchant_id", "stores.id"]
TABLE = ["floor_tables.merchant_id", "floor_tables.id"]


def upgrade() -> None:
    _areas()
    _tables()
    _joins()
    _rules()
    _bookings()
    kept, ours = merchants_rows("SELECT, INSERT, UPDATE, DELETE"), merchants_rows("SELECT")
    seen, written = all_rows("SELECT"), all_rows("SELECT, INSERT, UPDATE")
    for table in ("floor_areas", "floor_tables", "table_joins", "table_join_parts", "floor_rules"):
        wall(table, office=kept, platform=seen, job=seen)
    wall("table_bookings", person=persons_rows("SELECT"), office=ours, platform=seen, job=written)
    wall("table_booking_tables", office=ours, platform=seen, job=all_rows("SELECT, INSERT, DELETE"))


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


def _joins() -> None:
    table = "table_joins"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("name"),
        *small("seats_min", "seats_max"),
        *flags("active"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        unique(table, "merchant_id", "store_id", "name"),
        check(table, "seats", "seats_min BETWEEN 1 AND seats_max"),
        check(table, "seats_max", "seats_max <= 200"),
    )
    table = "table_join_parts"
    joins = refers(table, ["merchant_id", "join_id"], ["table_joins.merchant_id", "table_joins.id"])
    joins.ondelete = "CASCADE"
    op.create_table(
        table,
        *ids("merchant_id", "join_id", "table_id"),
        key(table, "merchant_id", "join_id", "table_id"),
        joins,
        refers(table, ["merchant_id", "table_id"], TABLE),
    )


def _rules() -> None:
    table = "floor_rules"
    op.create_table(
        table,
        *ids("merchant_id", "store_id"),
        *flags("online"),
        json("stays"),
        *small("step_minutes", "clear_minutes", "ahead_days", "notice_minutes", "last_minutes", "late_minutes"),
        *small("free_minutes", "most_people"),
        *words("deposit_kind"),
        *fen("deposit_fen"),
        *flags("deposit_each"),
        *small("deposit_from"),
        *words("note"),
        *times("changed_at"),
        key(table, "merchant_id", "store_id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        check(table, "step", "step_minutes IN (15, 30, 60)"),
        check(table, "clear", "clear_minutes BETWEEN 0 AND 120"),
        check(table, "ahead", "ahead_days BETWEEN 1 AND 90"),
        check(table, "notice", "notice_minutes BETWEEN 0 AND 10080"),
        check(table, "last", "last_minutes BETWEEN 0 AND 480"),
        check(table, "late", "late_minutes BETWEEN 5 AND 240"),
        check(table, "free", "free_minutes BETWEEN 0 AND 20160"),
        check(table, "most_people", "most_people BETWEEN 1 AND 200"),
        check(table, "deposit_kind", "deposit_kind IN ('none', 'back', 'kept')"),
        check(table, "deposit", "(deposit_kind = 'none') = (deposit_fen = 0)"),
        check(table, "deposit_fen", "deposit_fen BETWEEN 0 AND 1000000 AND deposit_from >= 1"),
    )


def _bookings() -> None:
    table = "table_bookings"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("number"),
        *ids("person_id", null=True),
        *words("source", "state", "name", "phone"),
        *small("people"),
        *times("starts_at", "ends_at"),
        *words("deposit_kind"),
        *fen("deposit_fen", "kept_fen"),
        *ids("intent_id", null=True),
        *times("held_until", null=True),
        *times("free_until"),
        *times("remind_at", null=True),
        *words("note", "reason"),
        sa.Column("link", postgresql.BYTEA(), nullable=False),
        *small("sequence"),
        *times("made_at", "changed_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        refers(table, ["person_id"], ["persons.id"]),
        unique(table, "merchant_id", "number"),
        unique(table, "merchant_id", "link"),
        check(table, "state", "state IN ('held', 'booked', 'seated', 'missed', 'cancelled', 'expired')"),
        check(table, "source", "source IN ('online', 'staff')"),
        check(table, "people", "people BETWEEN 1 AND 200"),
        check(table, "times", "starts_at < ends_at"),
        check(table, "held", "(state = 'held') = (held_until IS NOT NULL)"),
        check(table, "deposit_kind", "deposit_kind IN ('none', 'back', 'kept')"),
        check(table, "deposit", "(deposit_kind = 'none') = (deposit_fen = 0) AND deposit_fen >= 0"),
        check(table, "kept", "kept_fen IN (0, deposit_fen)"),
        check(table, "link", "octet_length(link) = 32"),
    )
    op.create_index("ix_table_bookings_store_id", table, ["merchant_id", "store_id", "starts_at"])
    op.create_index("ix_table_bookings_link", table, ["link"])
    op.create_index("ix_table_bookings_person_id", table, ["person_id", "starts_at"])
    held, due = sa.text("state = 'held'"), sa.text("state = 'booked' AND remind_at IS NOT NULL")
    op.create_index("ix_table_bookings_held_until", table, ["held_until"], postgresql_where=held)
    op.create_index("ix_table_bookings_remind_at", table, ["remind_at"], postgresql_where=due)
    booked = sa.text("state = 'booked'")
    op.create_index("ix_table_bookings_ends_at", table, ["ends_at"], postgresql_where=booked)
    seated = sa.text("state = 'seated'")
    op.create_index("ix_table_bookings_seated", table, ["merchant_id", "ends_at"], postgresql_where=seated)
    table = "table_booking_tables"
    op.create_table(
        table,
        *ids("merchant_id", "booking_id", "table_id"),
        key(table, "merchant_id", "booking_id", "table_id"),
        refers(table, ["merchant_id", "booking_id"], ["table_bookings.merchant_id", "table_bookings.id"]),
        refers(table, ["merchant_id", "table_id"], TABLE),
    )
    op.create_index("ix_table_booking_tables_table_id", table, ["merchant_id", "table_id"])


TABLES = (
    *("table_booking_tables", "table_bookings", "floor_rules", "table_join_parts", "table_joins"),
    *("floor_tables", "floor_areas"),
)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
