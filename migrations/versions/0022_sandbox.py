"""The pretend payment provider's own rows; empty outside demo and test."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, key, refers, times, unique, words
from walls import all_rows, wall

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "sandbox_trades"
    op.create_table(
        table,
        *ids("id"),
        *words("number", "merchant_no"),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        *words("currency", "title", "notify_url", "return_url", "state", "plan"),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        *times("created_at", "expires_at"),
        *times("settled_at", null=True),
        key(table, "id"),
        unique(table, "number"),
        check(table, "state", "state IN ('waiting', 'paid', 'failed', 'closed')"),
        check(table, "amount", "amount_fen > 0"),
    )
    table = "sandbox_returns"
    op.create_table(
        table,
        *ids("id"),
        *words("number"),
        *ids("trade_id"),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        *words("notify_url", "state", "plan"),
        *times("created_at"),
        *times("settled_at", null=True),
        key(table, "id"),
        unique(table, "number"),
        refers(table, ["trade_id"], ["sandbox_trades.id"]),
        check(table, "state", "state IN ('pending', 'done', 'failed')"),
        check(table, "amount", "amount_fen > 0"),
    )
    op.create_index("ix_sandbox_returns_trade_id", table, ["trade_id"])
    table = "sandbox_switches"
    op.create_table(
        table,
        *words("name", "plan"),
        key(table, "name"),
        check(table, "name", "name IN ('trades', 'refunds')"),
    )
    both = {"provider": all_rows("SELECT, INSERT, UPDATE"), "job": all_rows("SELECT, UPDATE")}
    for table in ("sandbox_trades", "sandbox_returns", "sandbox_switches"):
        wall(table, **both)


def downgrade() -> None:
    for table in ("sandbox_switches", "sandbox_returns", "sandbox_trades"):
        op.drop_table(table)
