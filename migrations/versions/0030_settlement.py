"""Lines that were settled, statements and what both sides said of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, json, key, refers, times, unique, words
from walls import all_rows, merchants_rows, wall

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CYCLES = "cycle IN ('monthly', 'half_monthly', 'weekly')"


def fen(*names: str) -> list[sa.Column[int]]:
    """Money."""
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def days(*names: str) -> list[sa.Column[object]]:
    """Days."""
    return [sa.Column(name, sa.Date(), nullable=False) for name in names]


def of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A parent of the same merchant."""
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def upgrade() -> None:
    _settled()
    _statements()
    read = {"office": merchants_rows("SELECT"), "platform": all_rows("SELECT")}
    wall("settlements", **read, job=all_rows("SELECT, INSERT, UPDATE (settled_at)"))
    changed = "goods_back_fen, freight_back_fen, supplier_back_fen, margin_back_fen, returns"
    wall("line_settlements", **read, job=all_rows(f"SELECT, INSERT, UPDATE ({changed})"))
    wall("settled_transfers", **read, job=all_rows("SELECT, INSERT"))
    wall("statement_terms", **read, job=all_rows("SELECT, INSERT, UPDATE (cycle, set_at, set_by), DELETE"))
    wall("statements", **read, job=all_rows("SELECT, INSERT, UPDATE (state, confirm_by, ended_at)"))
    wall("statement_words", **read, job=all_rows("SELECT, INSERT"))


def _settled() -> None:
    table = "settlements"
    op.create_table(
        table,
        *ids("merchant_id", "order_id"),
        *times("completed_at"),
        *times("settled_at", null=True),
        key(table, "merchant_id", "order_id"),
        of(table, "order_id", "orders"),
    )
    waiting = sa.text("settled_at IS NULL")
    op.create_index("ix_settlements_waiting", table, ["completed_at"], postgresql_where=waiting)
    table = "line_settlements"
    op.create_table(
        table,
        *ids("merchant_id", "line_id", "order_id"),
        *times("settled_at"),
        *fen("goods_back_fen", "freight_back_fen", "supplier_fen", "supplier_back_fen", "margin_fen"),
        *fen("margin_back_fen"),
        *ids("supplier_transfer_id", "margin_transfer_id", null=True),
        sa.Column("returns", sa.SmallInteger(), nullable=False),
        key(table, "merchant_id", "line_id"),
        of(table, "line_id", "order_lines"),
        check(table, "supplier_back", "supplier_back_fen BETWEEN 0 AND supplier_fen"),
        check(table, "margin_back", "margin_back_fen BETWEEN least(margin_fen, 0) AND greatest(margin_fen, 0)"),
        check(table, "supplier_transfer", "(supplier_fen = 0) = (supplier_transfer_id IS NULL)"),
        check(table, "margin_transfer", "(margin_fen = 0) = (margin_transfer_id IS NULL)"),
    )
    op.create_index("ix_line_settlements_order_id", table, ["merchant_id", "order_id"])
    table = "settled_transfers"
    op.create_table(
        table,
        *ids("merchant_id", "transfer_id", "line_id", "order_id"),
        key(table, "merchant_id", "transfer_id"),
        of(table, "line_id", "order_lines"),
    )
    op.create_index("ix_settled_transfers_transfer_id", table, ["transfer_id"])
    op.create_index("ix_settled_transfers_line_id", table, ["merchant_id", "line_id"])


def _statements() -> None:
    table = "statement_terms"
    op.create_table(
        table,
        *ids("merchant_id"),
        *days("from_day"),
        *words("cycle"),
        *times("set_at"),
        *ids("set_by", null=True),
        key(table, "merchant_id", "from_day"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        check(table, "cycle", CYCLES),
    )
    table = "statements"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *days("first_day", "last_day"),
        *words("cycle", "state"),
        *times("issued_at", "confirm_by"),
        *times("ended_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        unique(table, "merchant_id", "first_day"),
        unique(table, "merchant_id", "last_day"),
        check(table, "days", "first_day <= last_day"),
        check(table, "cycle", CYCLES),
        check(table, "state", "state IN ('issued', 'confirmed', 'disputed', 'answered')"),
        check(table, "ended", "(state = 'confirmed') = (ended_at IS NOT NULL)"),
    )
    op.create_index("ix_statements_id", table, ["id"])
    op.create_index("ix_statements_state", table, ["state", "id"])
    open_ = sa.text("state IN ('issued', 'answered')")
    op.create_index("ix_statements_confirm_by", table, ["confirm_by"], postgresql_where=open_)
    table = "statement_words"
    op.create_table(
        table,
        *ids("merchant_id", "id", "statement_id"),
        *words("kind", "by_kind"),
        *ids("by_id", null=True),
        *words("note"),
        json("refs"),
        *fen("given_fen"),
        *times("at"),
        key(table, "merchant_id", "id"),
        of(table, "statement_id", "statements"),
        check(table, "kind", "kind IN ('disputed', 'answered', 'confirmed', 'lapsed')"),
        check(table, "given", "given_fen >= 0"),
    )
    op.create_index("ix_statement_words_statement_id", table, ["merchant_id", "statement_id", "id"])


def downgrade() -> None:
    for table in ("statement_words", "statements", "statement_terms"):
        op.drop_table(table)
    for table in ("settled_transfers", "line_settlements", "settlements"):
        op.drop_table(table)
