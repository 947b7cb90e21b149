"""What stores have earned and what went back."""

from __future__ import annotations

from alembic import op
from columns import check, fen, ids, key, numbers, refers, small, times, unique, words
from walls import all_rows, merchants_rows, wall

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "earnings"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *ids("store_id", null=True),
        *words("business_type"),
        *ids("business_id"),
        *numbers("nth"),
        *ids("subject_id"),
        *words("title", "number"),
        *fen("gross_fen", "amount_fen", "fee_fen"),
        *numbers("rate"),
        *fen("back_fen", "fee_back_fen"),
        *small("returns"),
        *ids("net_transfer_id", "fee_transfer_id", null=True),
        *times("earned_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        unique(table, "merchant_id", "business_type", "business_id", "nth"),
        check(table, "nth", "nth >= 1"),
        check(table, "amount", "amount_fen > 0 AND gross_fen >= amount_fen"),
        check(table, "fee", "fee_fen BETWEEN 0 AND amount_fen"),
        check(table, "rate", "rate BETWEEN 0 AND 10000"),
        check(table, "back", "back_fen BETWEEN 0 AND amount_fen"),
        check(table, "fee_back", "fee_back_fen BETWEEN 0 AND fee_fen AND fee_back_fen <= back_fen"),
        check(table, "net_transfer", "(fee_fen = amount_fen) = (net_transfer_id IS NULL)"),
        check(table, "fee_transfer", "(fee_fen = 0) = (fee_transfer_id IS NULL)"),
    )
    op.create_index("ix_earnings_subject_id", table, ["merchant_id", "subject_id"])
    op.create_index("ix_earnings_earned_at", table, ["merchant_id", "earned_at"])
    changed = "SELECT, INSERT, UPDATE (back_fen, fee_back_fen, returns)"
    wall(table, office=merchants_rows("SELECT"), platform=all_rows("SELECT"), job=all_rows(changed))
    table = "earned_transfers"
    op.create_table(
        table,
        *ids("merchant_id", "transfer_id", "earning_id"),
        key(table, "merchant_id", "transfer_id"),
        refers(table, ["merchant_id", "earning_id"], ["earnings.merchant_id", "earnings.id"]),
    )
    op.create_index("ix_earned_transfers_transfer_id", table, ["transfer_id"])
    op.create_index("ix_earned_transfers_earning_id", table, ["merchant_id", "earning_id"])
    wall(table, office=merchants_rows("SELECT"), platform=all_rows("SELECT"), job=all_rows("SELECT, INSERT"))


def downgrade() -> None:
    op.drop_table("earned_transfers")
    op.drop_table("earnings")
