"""Resources, their shifts, leave and dated exceptions, and what is reserved of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, flags, ids, json, key, numbers, refers, small, times, words
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, wall

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _resources()
    _hours()
    _changes()
    _reservations()
    everything = all_rows("SELECT")
    kept = merchants_rows("SELECT, INSERT, UPDATE, DELETE")
    resources = "SELECT, INSERT, UPDATE (name, capacity, membership_id, position, active)"
    wall(
        "resources", shop=everything, person=everything, office=merchants_rows(resources), platform=everything,
        job=all_rows("SELECT, UPDATE (position)"),  # to hold a row is a right to change something of it
    )  # fmt: skip
    wall("shifts", office=kept, platform=everything, job=everything)
    wall("resource_days", office=kept, platform=everything, job=everything)
    wall(
        "hour_changes", office=merchants_rows("SELECT, INSERT, UPDATE (undone_at)"),
        platform=everything, job=all_rows("SELECT"),
    )  # fmt: skip
    wall("reservations", office=merchants_rows("SELECT"), platform=everything, job=all_rows("SELECT, INSERT, DELETE"))


def _resources() -> None:
    table = "resources"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("kind", "name"),
        *small("capacity"),
        *ids("membership_id", null=True),
        *numbers("position"),
        *flags("active"),
        *times("created_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "store_id"], ["stores.merchant_id", "stores.id"]),
        refers(table, ["merchant_id", "membership_id"], ["memberships.merchant_id", "memberships.id"]),
        check(table, "kind", "kind IN ('technician', 'room', 'device', 'table', 'pickup')"),
        check(table, "capacity", "capacity BETWEEN 1 AND 200"),
        check(table, "membership", "membership_id IS NULL OR kind = 'technician'"),
    )
    op.create_index("ix_resources_store_id", table, ["merchant_id", "store_id", "kind", "position"])
    somebody, columns = sa.text("membership_id IS NOT NULL"), ["merchant_id", "membership_id"]
    op.create_index("ix_resources_membership_id", table, columns, postgresql_where=somebody)


def _hours() -> None:
    table = "shifts"
    op.create_table(
        table,
        *ids("merchant_id", "id", "resource_id"),
        *words("kind"),
        *small("weekday", "start_minute", "minutes"),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        key(table, "merchant_id", "id"),
        _of(table, cascade=True),
        check(table, "kind", "kind IN ('work', 'break')"),
        check(table, "weekday", "weekday BETWEEN 0 AND 6"),
        check(table, "start", "start_minute BETWEEN 0 AND CASE kind WHEN 'work' THEN 1439 ELSE 2879 END"),
        check(table, "minutes", "minutes BETWEEN 1 AND 1440"),
        check(table, "days", "until_day IS NULL OR from_day < until_day"),
    )
    op.create_index("ix_shifts_resource_id", table, ["merchant_id", "resource_id"])
    table = "resource_days"
    op.create_table(
        table,
        *ids("merchant_id", "resource_id"),
        sa.Column("day", sa.Date(), nullable=False),
        json("spans"),
        *words("reason"),
        *times("changed_at"),
        key(table, "merchant_id", "resource_id", "day"),
        _of(table, cascade=True),
    )


def _changes() -> None:
    table = "hour_changes"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        json("days"),
        *times("made_at"),
        *times("undone_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "store_id"], ["stores.merchant_id", "stores.id"]),
    )
    op.create_index("ix_hour_changes_store_id", table, ["merchant_id", "store_id", "made_at"])


def _reservations() -> None:
    table = "reservations"
    op.create_table(
        table,
        *ids("merchant_id", "id", "resource_id"),
        *small("cell"),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        *words("holder_type"),
        *ids("holder_id"),
        *flags("overrides"),
        *words("note"),
        *times("made_at"),
        key(table, "merchant_id", "id"),
        _of(table),
        check(table, "cell", "cell BETWEEN 1 AND 200"),
        check(table, "during", "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)"),
        check(table, "half_open", "lower_inc(during) AND NOT upper_inc(during)"),
        check(table, "length", "upper(during) - lower(during) <= interval '24 hours'"),
        check(table, "holder_type", "holder_type IN ('booking', 'table', 'block', 'sitting', 'order')"),
        check(table, "overrides", "NOT overrides OR note <> ''"),
        postgresql.ExcludeConstraint(
            ("merchant_id", "="),
            ("resource_id", "="),
            ("cell", "="),
            ("during", "&&"),
            where=sa.text("NOT overrides"),
            using="gist",
            name="ex_reservations_during",
        ),
    )
    op.create_index("ix_reservations_holder_id", table, ["merchant_id", "holder_id"])
    op.create_index("ix_reservations_start", table, ["merchant_id", "resource_id", sa.text("lower(during)")])


def _of(table: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    found = refers(table, ["merchant_id", "resource_id"], ["resources.merchant_id", "resources.id"])
    found.ondelete = "CASCADE" if cascade else None
    return found


def downgrade() -> None:
    for table in ("reservations", "hour_changes", "resource_days", "shifts", "resources"):
        op.drop_table(table)
