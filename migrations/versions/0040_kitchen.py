"""Stations, tickets, printers and print jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, flags, ids, json, key, refers, small, times, unique, words
from walls import all_rows, merchants_rows, wall

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

JOB_STATES = "'queued', 'sending', 'submitted', 'printed', 'refused', 'uncertain', 'dropped'"


def upgrade() -> None:
    _printers()
    _stations()
    _jobs()
    _tickets()
    kept, ours = merchants_rows("SELECT, INSERT, UPDATE, DELETE"), merchants_rows("SELECT")
    seen, written = all_rows("SELECT"), all_rows("SELECT, INSERT, UPDATE")
    for table in ("printers", "kitchen_stations", "station_makes"):
        wall(table, office=kept, job=seen)
    for table in ("print_jobs", "kitchen_tickets", "kitchen_pulses", "printer_states"):
        wall(table, office=ours, job=written)


def _of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def _printers() -> None:
    table = "printers"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("name", "vendor", "account", "secret", "address"),
        *small("width_mm"),
        *words("slips"),
        *flags("buzzer", "receipts", "active"),
        *times("changed_at"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        check(table, "vendor", "vendor IN ('escpos', 'feie', 'yilianyun', 'sandbox')"),
        check(table, "width_mm", "width_mm IN (58, 80)"),
        check(table, "slips", "slips IN ('round', 'dish')"),
    )
    states = "printer_states"
    op.create_table(
        states,
        *ids("merchant_id", "printer_id", "store_id"),
        *words("health"),
        *times("asked_at", "since"),
        key(states, "merchant_id", "printer_id"),
        _of(states, "printer_id", table),
        check(states, "health", "health IN ('well', 'offline', 'no_paper', 'unknown')"),
    )
    op.create_index(
        "uq_printers_name", table, ["merchant_id", "store_id", "name"], unique=True, postgresql_where=sa.text("active")
    )


def _stations() -> None:
    table = "kitchen_stations"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("name"),
        *small("position"),
        *flags("catch_all"),
        *ids("printer_id", "spare_id", null=True),
        *small("amber_minutes", "red_minutes"),
        *flags("active"),
        *times("changed_at"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "printer_id", "printers"),
        _of(table, "spare_id", "printers"),
        check(table, "spare", "spare_id <> printer_id"),
        check(table, "ages", "amber_minutes BETWEEN 1 AND 240 AND red_minutes BETWEEN amber_minutes AND 240"),
    )
    op.create_index(
        "uq_kitchen_stations_name",
        table,
        ["merchant_id", "store_id", "name"],
        unique=True,
        postgresql_where=sa.text("active"),
    )
    op.create_index(
        "uq_kitchen_stations_catch_all",
        table,
        ["merchant_id", "store_id"],
        unique=True,
        postgresql_where=sa.text("catch_all AND active"),
    )
    table = "station_makes"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "station_id"),
        *ids("dish_id", null=True),
        *words("tag"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "station_id", "kitchen_stations"),
        _of(table, "dish_id", "dishes"),
        check(table, "what", "(dish_id IS NULL) = (tag <> '')"),
        unique(table, "merchant_id", "store_id", "dish_id"),
    )
    op.create_index(
        "uq_station_makes_tag",
        table,
        ["merchant_id", "store_id", "tag"],
        unique=True,
        postgresql_where=sa.text("tag <> ''"),
    )


def _jobs() -> None:
    table = "print_jobs"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "printer_id"),
        *words("kind", "title"),
        json("lines"),
        *words("about_type"),
        *ids("about_id", "copy_of", "spare_id", null=True),
        *words("state", "why", "vendor_no"),
        *small("tried", "asked"),
        *times("made_at"),
        *ids("made_by", null=True),
        *times("sent_at", "ask_at", null=True),
        *ids("settled_by", null=True),
        *times("changed_at"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "printer_id", "printers"),
        _of(table, "copy_of", table),
        _of(table, "spare_id", "printers"),
        check(table, "state", f"state IN ({JOB_STATES})"),
        check(table, "kind", "kind IN ('slip', 'paper', 'test')"),
        check(table, "counts", "tried >= 0 AND asked >= 0"),
        check(table, "about", "(about_type = '') = (about_id IS NULL)"),
    )
    trouble, asked = sa.text("state IN ('uncertain', 'refused')"), sa.text("ask_at IS NOT NULL")
    op.create_index("ix_print_jobs_id", table, ["id"])
    op.create_index("ix_print_jobs_made_at", table, ["merchant_id", "store_id", "made_at"])
    op.create_index("ix_print_jobs_trouble", table, ["merchant_id", "store_id"], postgresql_where=trouble)
    op.create_index("ix_print_jobs_ask_at", table, ["ask_at"], postgresql_where=asked)


def _tickets() -> None:
    table = "kitchen_tickets"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *ids("station_id", null=True),
        *ids("sitting_id", "round_id", "line_id"),
        *small("version", "part"),
        *words("kind", "state", "place"),
        *small("nth"),
        *ids("dish_id", null=True),
        *words("name", "choice", "note", "unit"),
        *small("quantity"),
        sa.Column("grams", sa.Integer(), nullable=True),
        *times("placed_at"),
        *times("seen_at", "done_at", null=True),
        *ids("done_by", null=True),
        *times("ended_at", null=True),
        *ids("job_id", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "station_id", "kitchen_stations"),
        _of(table, "sitting_id", "sittings"),
        _of(table, "round_id", "rounds"),
        _of(table, "line_id", "tab_lines"),
        _of(table, "job_id", "print_jobs"),
        unique(table, "merchant_id", "line_id", "version", "part"),
        check(table, "kind", "kind IN ('make', 'change', 'cancel')"),
        check(table, "state", "state IN ('new', 'done', 'served', 'cancelled')"),
        check(table, "version", "version >= 1"),
        check(table, "part", "part BETWEEN 0 AND 99"),
        check(table, "quantity", "quantity BETWEEN 0 AND 999"),
        check(table, "done", "(state = 'done') <= (done_at IS NOT NULL)"),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index("ix_kitchen_tickets_open", table, ["merchant_id", "store_id", "placed_at"], postgresql_where=live)
    op.create_index("ix_kitchen_tickets_sitting_id", table, ["merchant_id", "sitting_id"])
    op.create_index("ix_kitchen_tickets_job_id", table, ["merchant_id", "job_id"])
    table = "kitchen_pulses"
    op.create_table(
        table,
        *ids("merchant_id", "store_id"),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        *times("beaten_at"),
        key(table, "merchant_id", "store_id"),
        _of(table, "store_id", "stores"),
        check(table, "beat", "beat >= 1"),
    )


def downgrade() -> None:
    for table in (
        *("kitchen_pulses", "kitchen_tickets", "print_jobs"),
        *("station_makes", "kitchen_stations", "printer_states", "printers"),
    ):
        op.drop_table(table)
