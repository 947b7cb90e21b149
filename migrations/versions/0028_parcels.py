"""Parcels, what is in them, where they are; asked changes of address, goods that are not there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, json, key, numbers, refers, times, unique, words
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PARCEL_STATES = "'sent', 'collected', 'moving', 'delivering', 'delivered', 'trouble', 'returned', 'undone'"
TABLES = (
    "parcels", "parcel_lines", "parcel_corrections", "parcel_events", "address_changes", "stock_reports",
)  # fmt: skip


def of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A parent of the same merchant."""
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def upgrade() -> None:
    _parcels()
    _contents()
    _tracks()
    _addresses()
    _shortages()
    op.create_index("ix_orders_open_cases", "orders", ["merchant_id", "id"], postgresql_where=sa.text("open_cases > 0"))
    op.create_index(
        "ix_orders_recipient", "orders", ["merchant_id", "recipient"], postgresql_ops={"recipient": "text_pattern_ops"}
    )
    op.create_index("ix_orders_phone", "orders", ["merchant_id", "phone"])
    op.create_index("ix_orders_phone_tail", "orders", ["merchant_id", sa.text('"right"(phone, 4)')])
    op.create_index("ix_order_marks_flag", "order_marks", ["merchant_id", "flag"], postgresql_where=sa.text("flag > 0"))
    may = {
        "parcels": "SELECT, INSERT, UPDATE",
        "parcel_lines": "SELECT, INSERT, UPDATE (pieces)",
        "parcel_corrections": "SELECT, INSERT",
        "parcel_events": "SELECT, INSERT",
        "address_changes": "SELECT, INSERT, UPDATE (state, reason, decided_at, decided_by)",
        "stock_reports": "SELECT, INSERT, UPDATE (answer, answered_at, ended_at)",
    }
    for table in TABLES:
        wall(
            table,
            person=persons_rows("SELECT"),
            office=merchants_rows("SELECT"),
            platform=all_rows("SELECT"),
            job=all_rows(may[table]),
        )


def _parcels() -> None:
    table = "parcels"
    op.create_table(
        table,
        *ids("merchant_id", "id", "person_id"),
        *words("carrier", "number", "phone_tail", "state"),
        *times("shipped_at"),
        *ids("shipped_by", null=True),
        *times("collected_at", "delivered_at", "undone_at", null=True),
        *ids("undone_by", null=True),
        *times("ask_at", null=True),
        *numbers("asked"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        check(table, "state", f"state IN ({PARCEL_STATES})"),
        check(table, "undone", "(state = 'undone') = (undone_at IS NOT NULL)"),
        check(table, "number", "carrier <> '' AND number <> ''"),
        check(table, "asked", "asked >= 0"),
    )
    op.create_index(
        "uq_parcels_living_number",
        table,
        ["merchant_id", "carrier", "number"],
        unique=True,
        postgresql_where=sa.text("state <> 'undone'"),
    )
    op.create_index("ix_parcels_number", table, ["merchant_id", "number"])
    op.create_index("ix_parcels_carrier", table, ["carrier", "number"])
    op.create_index("ix_parcels_shipped_at", table, ["merchant_id", "shipped_at"])
    op.create_index("ix_parcels_person_id", table, ["person_id", "id"])
    op.create_index("ix_parcels_ask_at", table, ["ask_at"], postgresql_where=sa.text("ask_at IS NOT NULL"))


def _contents() -> None:
    table = "parcel_lines"
    op.create_table(
        table,
        *ids("merchant_id", "parcel_id", "line_id", "order_id", "person_id"),
        *numbers("pieces"),
        key(table, "merchant_id", "parcel_id", "line_id"),
        of(table, "parcel_id", "parcels"),
        of(table, "order_id", "orders"),
        of(table, "line_id", "order_lines"),
        check(table, "pieces", "pieces > 0"),
    )
    op.create_index("ix_parcel_lines_order_id", table, ["merchant_id", "order_id"])


def _tracks() -> None:
    table = "parcel_corrections"
    op.create_table(
        table,
        *ids("merchant_id", "id", "parcel_id", "person_id"),
        *words("carrier", "number"),
        *times("at"),
        *ids("by", null=True),
        key(table, "merchant_id", "id"),
        of(table, "parcel_id", "parcels"),
    )
    op.create_index("ix_parcel_corrections_parcel_id", table, ["merchant_id", "parcel_id"])
    table = "parcel_events"
    op.create_table(
        table,
        *ids("merchant_id", "id", "parcel_id", "person_id"),
        *words("source_id"),
        *times("at"),
        *words("state", "text", "place"),
        *times("received_at"),
        key(table, "merchant_id", "id"),
        of(table, "parcel_id", "parcels"),
        check(table, "state", f"state IN ({PARCEL_STATES})"),
        unique(table, "merchant_id", "parcel_id", "source_id"),
    )
    op.create_index("ix_parcel_events_at", table, ["merchant_id", "parcel_id", "at"])


def _addresses() -> None:
    table = "address_changes"
    op.create_table(
        table,
        *ids("merchant_id", "id", "order_id", "person_id"),
        *words("state", "recipient", "phone", "region_code"),
        json("region_names"),
        *words("detail"),
        json("before"),
        *words("note", "reason"),
        *times("asked_at"),
        *times("decided_at", null=True),
        *ids("decided_by", null=True),
        key(table, "merchant_id", "id"),
        of(table, "order_id", "orders"),
        check(table, "state", "state IN ('asked', 'agreed', 'refused', 'withdrawn')"),
        check(table, "decided", "(state = 'asked') = (decided_at IS NULL)"),
    )
    op.create_index(
        "uq_address_changes_asked",
        table,
        ["merchant_id", "order_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index("ix_address_changes_order_id", table, ["merchant_id", "order_id", "id"])


def _shortages() -> None:
    table = "stock_reports"
    op.create_table(
        table,
        *ids("merchant_id", "id", "order_id", "line_id", "person_id"),
        *words("kind"),
        sa.Column("until", sa.Date(), nullable=True),
        *numbers("pieces"),
        *words("note"),
        *words("answer", null=True),
        *times("reported_at"),
        *ids("reported_by", null=True),
        *times("answered_at", "ended_at", null=True),
        key(table, "merchant_id", "id"),
        of(table, "order_id", "orders"),
        of(table, "line_id", "order_lines"),
        check(table, "kind", "kind IN ('later', 'never')"),
        check(table, "until", "(kind = 'later') = (until IS NOT NULL)"),
        check(table, "answer", "answer IN ('wait', 'refund')"),
        check(table, "answered", "(answer IS NULL) = (answered_at IS NULL)"),
        check(table, "pieces", "pieces > 0"),
    )
    living = sa.text("ended_at IS NULL")
    op.create_index("uq_stock_reports_open", table, ["merchant_id", "line_id"], unique=True, postgresql_where=living)
    op.create_index("ix_stock_reports_open", table, ["merchant_id", "order_id"], postgresql_where=living)
    op.create_index("ix_stock_reports_order_id", table, ["merchant_id", "order_id", "id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_order_marks_flag", "order_marks")
    for index in ("ix_orders_phone_tail", "ix_orders_phone", "ix_orders_recipient", "ix_orders_open_cases"):
        op.drop_index(index, "orders")
