"""What is paid at a table: bills, their lines, payments, corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, fen, ids, json, key, refers, small, times, unique, words
from walls import all_rows, merchants_rows, sittings_rows, wall

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

PAID = sa.text("state = 'paid'")
TABLES = ("bills", "bill_lines", "bill_shares", "bill_refunds", "adjustments", "bill_rules", "manager_pins")


def upgrade() -> None:
    _bills()
    _shares()
    _refunds()
    _beside()
    ours, all_read, written = merchants_rows("SELECT"), all_rows("SELECT"), all_rows("SELECT, INSERT, UPDATE")
    for table in TABLES[:4]:
        wall(table, guest=sittings_rows("SELECT"), office=ours, platform=all_read, job=written)
    wall("adjustments", office=ours, platform=all_read, job=all_rows("SELECT, INSERT"))
    wall("bill_rules", office=ours, platform=all_read, job=written)
    wall("manager_pins", job=all_rows("SELECT, INSERT, UPDATE, DELETE"))


def _of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def _bills() -> None:
    table = "bills"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "sitting_id"),
        *words("number", "division", "state"),
        *fen("total_fen", "paid_fen", "refunded_fen"),
        *small("printed"),
        *ids("guest_id", null=True),
        *times("raised_at"),
        *times("ended_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "sitting_id", "sittings"),
        unique(table, "merchant_id", "number"),
        check(table, "division", "division IN ('whole', 'person', 'lines')"),
        check(table, "state", "state IN ('open', 'paid', 'void')"),
        check(table, "ended", "(state = 'open') = (ended_at IS NULL)"),
        check(table, "paid", "paid_fen BETWEEN 0 AND total_fen"),
        check(table, "paid_in_full", "state <> 'paid' OR paid_fen = total_fen"),
        check(table, "void_unpaid", "state <> 'void' OR paid_fen = 0"),
        check(table, "refunded", "refunded_fen BETWEEN 0 AND paid_fen"),
    )
    op.create_index("ix_bills_sitting_id", table, ["merchant_id", "sitting_id", "id"])
    op.create_index("ix_bills_ended_at", table, ["merchant_id", "store_id", "ended_at", "id"])
    table = "bill_lines"
    op.create_table(
        table,
        *ids("merchant_id", "bill_id", "line_id", "sitting_id"),
        *small("nth"),
        *words("name", "choice", "unit"),
        *small("quantity"),
        *fen("amount_fen"),
        *ids("guest_id", null=True),
        *small("back_quantity"),
        *fen("back_fen"),
        key(table, "merchant_id", "bill_id", "line_id"),
        _of(table, "bill_id", "bills"),
        check(table, "amount", "quantity >= 1 AND amount_fen >= 0"),
        check(table, "back", "back_quantity BETWEEN 0 AND quantity AND back_fen BETWEEN 0 AND amount_fen"),
    )


def _shares() -> None:
    table = "bill_shares"
    op.create_table(
        table,
        *ids("merchant_id", "id", "bill_id", "sitting_id"),
        *words("how", "state"),
        *fen("amount_fen"),
        sa.Column("tendered_fen", sa.BigInteger(), nullable=True),
        *words("payer"),
        *ids("payer_id", "intent_id", null=True),
        *fen("refunded_fen"),
        *ids("member_id", null=True),
        *times("made_at"),
        *times("ended_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "bill_id", "bills"),
        check(table, "how", "how IN ('online', 'cash', 'other')"),
        check(table, "state", "state IN ('open', 'paid', 'void')"),
        check(table, "ended", "(state = 'open') = (ended_at IS NULL)"),
        check(table, "payer", "(how = 'online') = (payer_id IS NOT NULL)"),
        check(table, "at_once", "how = 'online' OR state <> 'open'"),
        check(table, "amount", "amount_fen > 0"),
        check(table, "tendered", "tendered_fen IS NULL OR (how = 'cash' AND tendered_fen >= amount_fen)"),
        check(table, "refunded", "refunded_fen = 0 OR (state = 'paid' AND refunded_fen <= amount_fen)"),
    )
    op.create_index("ix_bill_shares_bill_id", table, ["merchant_id", "bill_id", "id"])
    op.create_index("ix_bill_shares_id", table, ["id"])
    op.create_index("ix_bill_shares_ended_at", table, ["merchant_id", "ended_at"], postgresql_where=PAID)


def _refunds() -> None:
    table = "bill_refunds"
    op.create_table(
        table,
        *ids("merchant_id", "id", "bill_id", "sitting_id"),
        *fen("amount_fen"),
        json("pieces"),
        json("by_share"),
        *words("reason"),
        *ids("member_id", "approved_by", null=True),
        *times("made_at"),
        key(table, "merchant_id", "id"),
        _of(table, "bill_id", "bills"),
        check(table, "amount", "amount_fen > 0"),
    )
    op.create_index("ix_bill_refunds_bill_id", table, ["merchant_id", "bill_id", "id"])
    op.create_index("ix_bill_refunds_sitting_id", table, ["merchant_id", "sitting_id"])
    op.create_index("ix_bill_refunds_made_at", table, ["merchant_id", "made_at"])


def _beside() -> None:
    table = "adjustments"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "sitting_id", "line_id"),
        *words("kind", "name"),
        *small("quantity"),
        *fen("before_fen", "after_fen"),
        *words("reason"),
        *ids("member_id", "approved_by", null=True),
        *times("made_at"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "sitting_id", "sittings"),
        check(table, "kind", "kind IN ('cancel', 'gift', 'reprice')"),
        check(table, "fen", "after_fen >= 0 AND (before_fen >= after_fen OR kind = 'reprice')"),
        check(table, "reason", "reason <> ''"),
    )
    op.create_index("ix_adjustments_made_at", table, ["merchant_id", "store_id", "made_at", "id"])
    op.create_index("ix_adjustments_sitting_id", table, ["merchant_id", "sitting_id"])
    table = "bill_rules"
    op.create_table(
        table,
        *ids("merchant_id", "store_id"),
        *fen("free_fen"),
        *small("paper_mm"),
        *times("changed_at"),
        key(table, "merchant_id", "store_id"),
        _of(table, "store_id", "stores"),
        check(table, "free", "free_fen BETWEEN 0 AND 1000000"),
        check(table, "paper", "paper_mm IN (58, 80)"),
    )
    table = "manager_pins"
    op.create_table(
        table,
        *ids("merchant_id", "membership_id"),
        *words("digest"),
        *times("set_at"),
        key(table, "merchant_id", "membership_id"),
        _of(table, "membership_id", "memberships"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
