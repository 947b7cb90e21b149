"""Sittings, their guests, rounds and lines.

Needs the role `face_guest`: run `flask database bootstrap` before (docs/operate.md).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, fen, flags, ids, json, key, numbers, refers, small, times, unique, words
from sqlalchemy.dialects import postgresql
from walls import actors_rows, all_rows, let_in, merchants_rows, sittings_rows, unwall, wall

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
WAITING = sa.text("answered_at IS NULL")
LIVE = sa.text("left_at IS NULL")
PARTS = sa.text("from_id IS NOT NULL")
HERE = sa.text("state <> 'out'")
OTHER = sa.text("other_id IS NOT NULL")


def upgrade() -> None:
    op.execute("GRANT USAGE ON SCHEMA public TO face_guest")
    _sittings()
    _guests()
    _lines()
    _beside()
    ours, all_read = merchants_rows("SELECT"), all_rows("SELECT")
    written = merchants_rows("SELECT, INSERT, UPDATE")
    wall("sittings", guest=sittings_rows("SELECT", "id"), office=ours, platform=all_read, job=written)
    for table in ("sitting_tables", "guests"):
        wall(table, guest=sittings_rows("SELECT"), office=ours, platform=all_read, job=written)
    for table in ("rounds", "tab_lines"):
        changed = merchants_rows("SELECT, INSERT, UPDATE, DELETE")
        wall(table, guest=sittings_rows("SELECT"), office=ours, platform=all_read, job=changed)
    wall("guest_keys", job=all_rows("SELECT, INSERT, UPDATE, DELETE"))
    for table in ("waiter_calls", "tab_moves"):
        wall(table, guest=sittings_rows("SELECT"), office=ours, platform=all_read, job=written)
    let_in("stored_answers", guest=actors_rows("SELECT, INSERT, UPDATE (answer)"))
    wall("sitting_keys", guest=sittings_rows("SELECT"), office=ours, job=all_rows("SELECT, INSERT, UPDATE, DELETE"))


def _of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def _sittings() -> None:
    table = "sittings"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("number", "state", "pays"),
        *flags("shared"),
        *small("people"),
        *words("opened_by"),
        *times("opened_at"),
        *times("settled_at", "closed_at", null=True),
        *words("close_note"),
        *times("changed_at"),
        *numbers("version"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        unique(table, "merchant_id", "number"),
        check(table, "state", "state IN ('open', 'closed')"),
        check(table, "closed", "(state = 'closed') = (closed_at IS NOT NULL)"),
        check(table, "pays", "pays IN ('before', 'after')"),
        check(table, "people", "people BETWEEN 1 AND 99"),
        check(table, "opened_by", "opened_by IN ('staff', 'guest')"),
    )
    op.create_index("ix_sittings_store_id", table, ["merchant_id", "store_id", "id"])
    op.create_index("ix_sittings_open", table, ["merchant_id", "store_id"], postgresql_where=OPEN)
    table = "sitting_tables"
    op.create_table(
        table,
        *ids("merchant_id", "id", "sitting_id", "table_id"),
        *times("taken_at"),
        *times("left_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "sitting_id", "sittings"),
        _of(table, "table_id", "floor_tables"),
    )
    op.create_index("uq_sitting_tables_live", table, ["merchant_id", "table_id"], unique=True, postgresql_where=LIVE)
    op.create_index("ix_sitting_tables_sitting_id", table, ["merchant_id", "sitting_id"])
    table = "sitting_keys"
    op.create_table(
        table,
        *ids("merchant_id", "sitting_id"),
        *words("code"),
        *times("turned_at"),
        key(table, "merchant_id", "sitting_id"),
        _of(table, "sitting_id", "sittings"),
        check(table, "code", "code ~ '^[A-Za-z0-9_-]{22}$'"),
    )
    op.create_index("ix_sitting_keys_sitting_id", table, ["sitting_id"])


def _guests() -> None:
    table = "guests"
    op.create_table(
        table,
        *ids("merchant_id", "id", "sitting_id"),
        *small("nth"),
        *words("name"),
        *small("colour"),
        *words("state"),
        *ids("person_id", null=True),
        *times("joined_at"),
        key(table, "merchant_id", "id"),
        _of(table, "sitting_id", "sittings"),
        refers(table, ["person_id"], ["persons.id"]),
        check(table, "nth", "nth BETWEEN 1 AND 99"),
        check(table, "state", "state IN ('asked', 'in', 'out')"),
    )
    number = ["merchant_id", "sitting_id", "nth"]
    op.create_index("uq_guests_nth", table, number, unique=True, postgresql_where=HERE)
    op.create_index("ix_guests_sitting_id", table, number)
    table = "guest_keys"
    op.create_table(
        table,
        *ids("merchant_id", "guest_id", "sitting_id"),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        *times("made_at"),
        key(table, "merchant_id", "guest_id"),
        _of(table, "guest_id", "guests"),
        check(table, "digest", "octet_length(digest) = 32"),
    )


def _lines() -> None:
    table = "rounds"
    op.create_table(
        table,
        *ids("merchant_id", "id", "sitting_id"),
        *small("nth"),
        *ids("guest_id", null=True),
        *words("note"),
        *times("placed_at"),
        *times("released_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "sitting_id", "sittings"),
        unique(table, "merchant_id", "sitting_id", "nth"),
        check(table, "nth", "nth >= 1"),
    )
    table = "tab_lines"
    op.create_table(
        table,
        *ids("merchant_id", "id", "sitting_id"),
        *ids("round_id", "guest_id", null=True),
        *words("kind"),
        *ids("dish_id", null=True),
        *words("name", "choice"),
        json("picks"),
        *words("unit"),
        *small("quantity"),
        sa.Column("grams", sa.Integer(), nullable=True),
        *fen("unit_fen", "total_fen", "due_fen"),
        json("price"),
        *words("note", "station", "state", "reason"),
        *ids("from_id", "bill_id", null=True),
        *small("version"),
        *times("made_at"),
        *times("placed_at", null=True),
        *times("changed_at"),
        key(table, "merchant_id", "id"),
        _of(table, "sitting_id", "sittings"),
        _of(table, "round_id", "rounds"),
        _of(table, "guest_id", "guests"),
        check(table, "kind", "kind IN ('dish', 'cover', 'must')"),
        check(table, "state", "state IN ('draft', 'placed', 'served', 'cancelled')"),
        check(table, "round", "(state = 'draft') <= (round_id IS NULL)"),
        check(table, "quantity", "quantity BETWEEN 1 AND 999"),
        check(table, "grams", "grams IS NULL OR grams BETWEEN 1 AND 1000000"),
        check(table, "money", "unit_fen >= 0 AND total_fen >= 0 AND due_fen BETWEEN 0 AND total_fen"),
        check(table, "version", "version >= 1"),
    )
    op.create_index("ix_tab_lines_sitting_id", table, ["merchant_id", "sitting_id", "id"])
    op.create_index("ix_tab_lines_from_id", table, ["merchant_id", "from_id"], postgresql_where=PARTS)


def _beside() -> None:
    table = "waiter_calls"
    op.create_table(
        table,
        *ids("merchant_id", "id", "sitting_id"),
        *ids("guest_id", null=True),
        *words("wish"),
        *times("made_at"),
        *times("answered_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "sitting_id", "sittings"),
        _of(table, "guest_id", "guests"),
        check(table, "wish", "wish IN ('service', 'water', 'cutlery', 'bill', 'clear')"),
    )
    op.create_index(
        "uq_waiter_calls_waiting", table, ["merchant_id", "sitting_id", "wish"], unique=True,
        postgresql_where=WAITING,
    )  # fmt: skip
    table = "tab_moves"
    op.create_table(
        table,
        *ids("merchant_id", "id", "sitting_id"),
        *ids("other_id", null=True),
        *words("kind"),
        json("facts"),
        *times("made_at"),
        *times("undone_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "sitting_id", "sittings"),
        _of(table, "other_id", "sittings"),
        check(table, "kind", "kind IN ('tables', 'merge', 'lines')"),
    )
    op.create_index("ix_tab_moves_sitting_id", table, ["merchant_id", "sitting_id", "id"])
    op.create_index("ix_tab_moves_other_id", table, ["merchant_id", "other_id"], postgresql_where=OTHER)


def downgrade() -> None:
    unwall("stored_answers", "guest")
    for table in (
        "tab_moves",
        "waiter_calls",
        "tab_lines",
        "rounds",
        "guest_keys",
        "guests",
        "sitting_keys",
        "sitting_tables",
        "sittings",
    ):
        op.drop_table(table)
    op.execute("REVOKE USAGE ON SCHEMA public FROM face_guest")
