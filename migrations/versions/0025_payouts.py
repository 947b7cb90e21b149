"""Withdrawals and what the bank says of them; the pretend bank's own rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, key, refers, times, unique, words
from walls import all_rows, merchants_rows, wall

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STATES = "state IN ('asked', 'half', 'approved', 'ordered', 'paid', 'returned', 'refused', 'withdrawn')"
CHANGES = "state, first_by, second_by, reason, paid_transfer_id, fee_transfer_id, ended_at"
SWITCHES = "name IN ('trades', 'refunds')"
MORE_SWITCHES = "name IN ('trades', 'refunds', 'transfers')"


def fen(*names: str) -> list[sa.Column[int]]:
    """Money."""
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    _withdrawals()
    _attempts()
    seen = {"office": merchants_rows("SELECT"), "platform": all_rows("SELECT")}
    wall("withdrawals", **seen, job=all_rows(f"SELECT, INSERT, UPDATE ({CHANGES})"))
    wall("withdrawal_steps", **seen, job=all_rows("SELECT, INSERT"))
    changes = "state, bank_no, asked, ask_at, told_at"
    wall("payout_attempts", **seen, job=all_rows(f"SELECT, INSERT, UPDATE ({changes})"))
    _pretend_bank()


def _withdrawals() -> None:
    table = "withdrawals"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("state"),
        *fen("amount_fen", "fee_fen"),
        *words("bank_holder", "bank_name", "bank_last4"),
        *times("account_since"),
        sa.Column("second_needed", sa.Boolean(), nullable=False),
        *ids("hold_id"),
        *times("asked_at"),
        *ids("asked_by"),
        *ids("first_by", "second_by", null=True),
        *words("reason"),
        *ids("paid_transfer_id", "fee_transfer_id", null=True),
        *times("ended_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        check(table, "state", STATES),
        check(table, "amount", "amount_fen > fee_fen AND fee_fen >= 0"),
        check(table, "two_persons", "second_by <> first_by"),
        check(table, "not_his_own", "asked_by <> first_by AND asked_by <> second_by"),
        check(table, "half", "state <> 'half' OR first_by IS NOT NULL"),
        check(
            table,
            "approved_by",
            "state NOT IN ('approved', 'ordered', 'paid', 'returned') OR first_by IS NOT NULL "
            "AND (NOT second_needed OR second_by IS NOT NULL)",
        ),
    )
    op.create_index("ix_withdrawals_id", table, ["id"])
    op.create_index("ix_withdrawals_state", table, ["state", "id"])


def _attempts() -> None:
    parent = ["withdrawals.merchant_id", "withdrawals.id"]
    table = "withdrawal_steps"
    op.create_table(
        table,
        *ids("merchant_id", "id", "withdrawal_id"),
        *words("kind"),
        *times("at"),
        *words("actor_kind"),
        *ids("actor_id", null=True),
        *words("who", "note"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "withdrawal_id"], parent),
    )
    op.create_index("ix_withdrawal_steps_withdrawal_id", table, ["merchant_id", "withdrawal_id"])
    table = "payout_attempts"
    op.create_table(
        table,
        *ids("merchant_id", "id", "withdrawal_id"),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        *words("bank", "state", "bank_no"),
        sa.Column("asked", sa.SmallInteger(), nullable=False),
        *times("created_at"),
        *times("ask_at", "told_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "withdrawal_id"], parent),
        unique(table, "merchant_id", "withdrawal_id", "nth"),
        check(table, "state", "state IN ('new', 'waiting', 'unknown', 'paid', 'returned', 'refused')"),
    )
    op.create_index("ix_payout_attempts_id", table, ["id"])
    op.create_index("ix_payout_attempts_ask_at", table, ["ask_at"], postgresql_where=sa.text("ask_at IS NOT NULL"))


def _pretend_bank() -> None:
    table = "sandbox_transfers"
    op.create_table(
        table,
        *ids("id"),
        *words("number"),
        *fen("amount_fen"),
        *words("holder", "last4", "state", "plan", "reason"),
        *times("created_at"),
        *times("pays_at", "returns_at", null=True),
        key(table, "id"),
        unique(table, "number"),
        check(table, "state", "state IN ('waiting', 'paid', 'returned')"),
        check(table, "amount", "amount_fen > 0"),
    )
    wall(table, provider=all_rows("SELECT, INSERT, UPDATE"), job=all_rows("SELECT, UPDATE"))
    _switches(MORE_SWITCHES)


def _switches(rule: str) -> None:
    name = op.f("ck_sandbox_switches_name")
    op.drop_constraint(name, "sandbox_switches")
    op.create_check_constraint(name, "sandbox_switches", rule)


def downgrade() -> None:
    op.execute("DELETE FROM sandbox_switches WHERE name = 'transfers'")
    _switches(SWITCHES)
    for table in ("sandbox_transfers", "payout_attempts", "withdrawal_steps", "withdrawals"):
        op.drop_table(table)
