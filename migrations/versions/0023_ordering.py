"""Carts, checkouts, orders with their lines, costs, marks and timelines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, json, key, numbers, refers, times, unique, words
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ORDER_STATES = "'unpaid', 'paid', 'partly', 'shipped', 'received', 'completed', 'closed'"


def fen(*names: str) -> list[sa.Column[int]]:
    """Money."""
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def small(*names: str) -> list[sa.Column[int]]:
    """Small whole numbers."""
    return [sa.Column(name, sa.SmallInteger(), nullable=False) for name in names]


def of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A parent of the same merchant."""
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def upgrade() -> None:
    _baskets()
    _orders()
    _lines()
    _beside()
    mine = persons_rows("SELECT")
    ours = merchants_rows("SELECT")
    all_read = all_rows("SELECT")
    wall("cart_items", person=persons_rows("SELECT, INSERT, UPDATE, DELETE"), job=all_rows("SELECT, DELETE"))
    wall(
        "checkouts",
        person=mine,
        platform=all_read,
        job=all_rows("SELECT, INSERT, UPDATE (intent_id, state, ended_at)"),
    )
    wall("orders", person=mine, office=ours, platform=all_read, job=all_rows("SELECT, INSERT, UPDATE"))
    wall("order_lines", person=mine, office=ours, platform=all_read, job=all_rows("SELECT, INSERT, UPDATE"))
    wall("order_costs", office=ours, platform=all_read, job=all_rows("SELECT, INSERT"))
    wall(
        "order_marks",
        office=merchants_rows("SELECT, INSERT, UPDATE"),
        platform=all_read,
        job=all_rows("SELECT, INSERT, UPDATE"),
    )
    wall("order_events", person=mine, office=ours, platform=all_read, job=all_rows("SELECT, INSERT"))


def _baskets() -> None:
    table = "cart_items"
    op.create_table(
        table,
        *ids("person_id", "sku_id", "merchant_id", "product_id"),
        *words("merchant_name", "name", "choice", "picture"),
        *numbers("quantity"),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        *fen("seen_fen"),
        *times("added_at"),
        *times("removed_at", null=True),
        key(table, "person_id", "sku_id"),
        refers(table, ["person_id"], ["persons.id"]),
        check(table, "quantity", "quantity BETWEEN 1 AND 9999"),
    )
    table = "checkouts"
    op.create_table(
        table,
        *ids("person_id", "id"),
        *ids("intent_id", null=True),
        *words("state"),
        *fen("amount_fen"),
        *times("created_at", "expires_at"),
        *times("ended_at", null=True),
        key(table, "person_id", "id"),
        refers(table, ["person_id"], ["persons.id"]),
        check(table, "state", "state IN ('open', 'paid', 'cancelled', 'expired')"),
        check(table, "ended", "(state = 'open') = (ended_at IS NULL)"),
        check(table, "amount", "amount_fen > 0"),
    )
    op.create_index("ix_checkouts_id", table, ["id"])


def _orders() -> None:
    table = "orders"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("number"),
        *ids("person_id", "checkout_id"),
        *words("merchant_name", "state"),
        *words("close_reason", null=True),
        *fen("goods_fen", "freight_fen", "total_fen", "refunded_fen"),
        *numbers("pieces"),
        *words("recipient", "phone", "region_code"),
        json("region_names"),
        *words("detail", "buyer_note"),
        *small("open_cases"),
        *times("placed_at"),
        *times("paid_at", "ship_by", "shipped_at", "receive_by", null=True),
        *times("received_at", "claim_until", "completed_at", "closed_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        unique(table, "merchant_id", "number"),
        check(table, "state", f"state IN ({ORDER_STATES})"),
        check(table, "total", "goods_fen > 0 AND freight_fen >= 0 AND total_fen = goods_fen + freight_fen"),
        check(table, "refunded", "refunded_fen BETWEEN 0 AND total_fen"),
        check(table, "closed", "(state = 'closed') = (closed_at IS NOT NULL)"),
        check(table, "close_reason", "(state = 'closed') = (close_reason IS NOT NULL)"),
        check(table, "why_closed", "close_reason IN ('cancelled', 'expired', 'refunded')"),
        check(table, "open_cases", "open_cases >= 0"),
    )
    op.create_index("ix_orders_person_id", table, ["person_id", "id"])
    op.create_index("ix_orders_checkout_id", table, ["checkout_id"])
    to_ship = sa.text("state IN ('paid', 'partly')")
    op.create_index("ix_orders_to_ship", table, ["merchant_id", "ship_by", "id"], postgresql_where=to_ship)
    op.create_index("ix_orders_state", table, ["merchant_id", "state", "id"])
    op.create_index("ix_orders_receive_by", table, ["receive_by"], postgresql_where=sa.text("state = 'shipped'"))
    op.create_index("ix_orders_claim_until", table, ["claim_until"], postgresql_where=sa.text("state = 'received'"))


def _lines() -> None:
    table = "order_lines"
    op.create_table(
        table,
        *ids("merchant_id", "id", "order_id", "person_id"),
        *small("nth"),
        *ids("product_id", "sku_id"),
        *words("name", "choice", "picture", "code"),
        *numbers("grams"),
        sa.Column("returnable", sa.Boolean(), nullable=False),
        *numbers("quantity"),
        *fen("unit_fen", "goods_fen", "freight_fen"),
        *numbers("shipped", "cancelled", "returned", "blocked"),
        *fen("refunded_goods_fen", "refunded_freight_fen"),
        key(table, "merchant_id", "id"),
        of(table, "order_id", "orders"),
        unique(table, "merchant_id", "order_id", "nth"),
        check(table, "goods", "quantity > 0 AND unit_fen >= 0 AND goods_fen = unit_fen * quantity"),
        check(table, "freight", "freight_fen >= 0"),
        check(table, "counters", "shipped >= 0 AND cancelled >= 0 AND blocked >= 0 AND returned >= 0"),
        check(table, "pieces", "shipped + cancelled + blocked <= quantity"),
        check(table, "returned", "returned <= shipped"),
        check(table, "refunded_goods", "refunded_goods_fen BETWEEN 0 AND goods_fen"),
        check(table, "refunded_freight", "refunded_freight_fen BETWEEN 0 AND freight_fen"),
    )
    op.create_index("ix_order_lines_sku_id", table, ["merchant_id", "sku_id"])


def _beside() -> None:
    table = "order_costs"
    op.create_table(
        table,
        *ids("merchant_id", "line_id", "order_id", "terms_id"),
        *fen("supply_fen"),
        key(table, "merchant_id", "line_id"),
        of(table, "line_id", "order_lines"),
        check(table, "supply", "supply_fen >= 0"),
    )
    op.create_index("ix_order_costs_order_id", table, ["merchant_id", "order_id"])
    table = "order_marks"
    op.create_table(
        table,
        *ids("merchant_id", "order_id"),
        *small("flag"),
        *words("note"),
        *times("picked_at", "printed_at", null=True),
        *small("prints"),
        *times("changed_at"),
        *ids("changed_by", null=True),
        key(table, "merchant_id", "order_id"),
        of(table, "order_id", "orders"),
        check(table, "flag", "flag BETWEEN 0 AND 5"),
        check(table, "prints", "prints >= 0"),
    )
    table = "order_events"
    op.create_table(
        table,
        *ids("merchant_id", "id", "order_id", "person_id"),
        *words("kind", "note"),
        *times("at"),
        *words("by_kind"),
        key(table, "merchant_id", "id"),
        of(table, "order_id", "orders"),
    )
    op.create_index("ix_order_events_order_id", table, ["merchant_id", "order_id", "id"])


def downgrade() -> None:
    for table in (
        "order_events", "order_marks", "order_costs", "order_lines", "orders", "checkouts", "cart_items",
    ):  # fmt: skip
        op.drop_table(table)
