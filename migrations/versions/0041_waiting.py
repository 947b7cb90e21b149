"""Queue numbers of stores that are full."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, flags, ids, key, refers, small, times, unique, words
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

STORE = ["stores.merchant_id", "stores.id"]
CLASS = ["queue_classes.merchant_id", "queue_classes.id"]
LIVING = sa.text("state IN ('waiting', 'called') AND person_id IS NOT NULL")
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    _rules()
    _days()
    _numbers()
    kept, ours = merchants_rows("SELECT, INSERT, UPDATE, DELETE"), merchants_rows("SELECT")
    seen, written = all_rows("SELECT"), all_rows("SELECT, INSERT, UPDATE")
    for table in ("queue_rules", "queue_classes"):
        wall(table, office=kept, platform=seen, job=seen)
    wall("queue_days", office=ours, platform=seen, job=written)
    wall("queue_numbers", person=persons_rows("SELECT"), office=ours, platform=seen, job=written)


def _rules() -> None:
    table = "queue_rules"
    op.create_table(
        table,
        *ids("merchant_id", "store_id"),
        *flags("taking"),
        *small("back_by", "keep_minutes"),
        *words("note"),
        *times("changed_at"),
        key(table, "merchant_id", "store_id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        check(table, "back_by", "back_by BETWEEN 0 AND 20"),
        check(table, "keep", "keep_minutes BETWEEN 1 AND 60"),
    )
    table = "queue_classes"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("letter", "name"),
        *small("people_from", "people_to", "turn_minutes"),
        *flags("active"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        unique(table, "merchant_id", "store_id", "letter"),
        check(table, "letter", "letter ~ '^[A-Z]$'"),
        check(table, "people", "people_from BETWEEN 1 AND people_to AND people_to <= 200"),
        check(table, "turn", "turn_minutes BETWEEN 1 AND 240"),
    )


def _days() -> None:
    table = "queue_days"
    op.create_table(
        table,
        *ids("merchant_id", "class_id"),
        sa.Column("day", sa.Date(), nullable=False),
        *small("last"),
        key(table, "merchant_id", "class_id", "day"),
        refers(table, ["merchant_id", "class_id"], CLASS),
        check(table, "last", "last BETWEEN 0 AND 9999"),
    )


def _numbers() -> None:
    table = "queue_numbers"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "class_id"),
        sa.Column("day", sa.Date(), nullable=False),
        *small("nth"),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        *small("people"),
        *ids("person_id", null=True),
        *words("name", "state"),
        *small("calls"),
        sa.Column("link", postgresql.BYTEA(), nullable=False),
        *flags("soon_told"),
        *times("took_at"),
        *times("called_at", "ended_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "store_id"], STORE),
        refers(table, ["merchant_id", "class_id"], CLASS),
        refers(table, ["person_id"], ["persons.id"]),
        unique(table, "merchant_id", "class_id", "day", "nth"),
        unique(table, "merchant_id", "link"),
        check(table, "state", "state IN ('waiting', 'called', 'skipped', 'seated', 'left', 'closed')"),
        check(table, "ended", "(state IN ('seated', 'left', 'closed')) = (ended_at IS NOT NULL)"),
        check(table, "people", "people BETWEEN 1 AND 200"),
        check(table, "counts", "nth >= 1 AND calls >= 0"),
        check(table, "link", "octet_length(link) = 32"),
    )
    one = "uq_queue_numbers_one_living"
    op.create_index(one, table, ["merchant_id", "store_id", "person_id"], unique=True, postgresql_where=LIVING)
    op.create_index("ix_queue_numbers_store_id", table, ["merchant_id", "store_id", "day", "rank"])
    op.create_index("ix_queue_numbers_link", table, ["link"])
    op.create_index("ix_queue_numbers_person_id", table, ["person_id", "took_at"])
    op.create_index("ix_queue_numbers_open", table, ["day"], postgresql_where=OPEN)


def downgrade() -> None:
    for table in ("queue_numbers", "queue_days", "queue_classes", "queue_rules"):
        op.drop_table(table)
