"""The ledger: accounts, journals, transfers, entries, reversals and holds, written by one face.

What is written once cannot be changed or removed by anybody: nobody has the grant, and a trigger refuses the owner.
Needs the role `face_ledger`: run `flask database bootstrap` before (docs/operate.md).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from moves import allow
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, reference, wall

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("ledger_journals", "ledger_transfers", "ledger_entries")
TABLES = (
    *("ledger_holds", "ledger_reversals", "ledger_entries", "ledger_transfers"),
    *("ledger_kinds", "ledger_journals", "ledger_balances", "ledger_accounts"),
)
MOVES = (
    ("capture", "clearing", "escrow", "CNY", None),
    ("clear", "pending", "available", "CNY", None),
    ("compensation", "revenue", "available", "CNY", None),
    ("hold", "available", "frozen", "CNY", None),
    ("margin", "escrow", "revenue", "CNY", None),
    ("payout", "frozen", "payout", "CNY", None),
    ("payout_paid", "payout", "bank", "CNY", None),
    ("payout_returned", "payout", "available", "CNY", None),
    ("provider_fee", "fees", "clearing", "CNY", None),
    ("provider_settled", "bank", "clearing", "CNY", None),
    ("release", "frozen", "available", "CNY", None),
    ("service_fee", "escrow", "fees", "CNY", None),
    ("settle", "escrow", "pending", "CNY", None),
    ("settle_now", "escrow", "available", "CNY", None),
    ("shortfall", "receivable", "escrow", "CNY", None),
    ("shortfall_repaid", "available", "receivable", "CNY", None),
    ("stray", "clearing", "stray", "CNY", None),
    ("stray_matched", "stray", "escrow", "CNY", None),
    ("subsidy", "revenue", "escrow", "CNY", None),
    ("withdrawal_fee", "available", "fees", "CNY", None),
    ("capture_reversed", "escrow", "clearing", "CNY", "capture"),
    ("clear_reversed", "available", "pending", "CNY", "clear"),
    ("compensation_reversed", "available", "revenue", "CNY", "compensation"),
    ("margin_reversed", "revenue", "escrow", "CNY", "margin"),
    ("payout_paid_reversed", "bank", "payout", "CNY", "payout_paid"),
    ("provider_fee_reversed", "clearing", "fees", "CNY", "provider_fee"),
    ("provider_settled_reversed", "clearing", "bank", "CNY", "provider_settled"),
    ("service_fee_reversed", "fees", "escrow", "CNY", "service_fee"),
    ("settle_reversed", "pending", "escrow", "CNY", "settle"),
    ("settle_now_reversed", "available", "escrow", "CNY", "settle_now"),
    ("stray_reversed", "stray", "clearing", "CNY", "stray"),
    ("subsidy_reversed", "escrow", "revenue", "CNY", "subsidy"),
    ("withdrawal_fee_reversed", "fees", "available", "CNY", "withdrawal_fee"),
)
REFUSE = """
CREATE FUNCTION ledger_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once: write a reversing transfer', TG_TABLE_NAME USING ERRCODE = '42501';
END $$
"""


def upgrade() -> None:
    _accounts()
    _journals()
    _transfers()
    _entries()
    allow(*MOVES)
    _walls()
    _triggers()


def _accounts() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asset", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=True),
        sa.Column("guarded", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("owner_id", "id", "kind", "asset", name=op.f("uq_ledger_accounts_owner_id_id_kind_asset")),
        sa.UniqueConstraint(
            "owner_id",
            "kind",
            "asset",
            "subject_id",
            name=op.f("uq_ledger_accounts_owner_id_kind_asset_subject_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_ledger_accounts_id", "ledger_accounts", ["id"], unique=False)
    op.create_index("ix_ledger_accounts_kind_id", "ledger_accounts", ["kind", "id"], unique=False)
    op.create_table(
        "ledger_balances",
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asset", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_ledger_balances_not_below_zero")),
        sa.ForeignKeyConstraint(
            ["owner_id", "account_id", "kind", "asset"],
            ["ledger_accounts.owner_id", "ledger_accounts.id", "ledger_accounts.kind", "ledger_accounts.asset"],
            name=op.f("fk_ledger_balances_owner_id_account_id_kind_asset"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "account_id", name=op.f("pk_ledger_balances")),
    )


def _journals() -> None:
    op.create_table(
        "ledger_kinds",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("debit_kind", sa.Text(), nullable=False),
        sa.Column("credit_kind", sa.Text(), nullable=False),
        sa.Column("asset", sa.Text(), nullable=False),
        sa.Column("reverses", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["reverses"], ["ledger_kinds.kind"], name=op.f("fk_ledger_kinds_reverses")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_ledger_kinds")),
    )
    op.create_table(
        "ledger_journals",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", postgresql.BYTEA(), nullable=False),
        sa.Column("business_type", sa.Text(), nullable=False),
        sa.Column("business_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_journals")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_journals_key")),
    )
    op.create_index(
        "ix_ledger_journals_business_type_business_id",
        "ledger_journals",
        ["business_type", "business_id"],
        unique=False,
    )


def _transfers() -> None:
    op.create_table(
        "ledger_transfers",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("journal_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asset", sa.Text(), nullable=False),
        sa.Column("debit_owner_id", sa.UUID(), nullable=False),
        sa.Column("debit_account_id", sa.UUID(), nullable=False),
        sa.Column("debit_kind", sa.Text(), nullable=False),
        sa.Column("credit_owner_id", sa.UUID(), nullable=False),
        sa.Column("credit_account_id", sa.UUID(), nullable=False),
        sa.Column("credit_kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.UUID(), nullable=True),
        sa.Column("line_id", sa.UUID(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_transfers_amount")),
        sa.CheckConstraint("debit_account_id <> credit_account_id", name=op.f("ck_ledger_transfers_two_accounts")),
        sa.ForeignKeyConstraint(
            ["credit_owner_id", "credit_account_id", "credit_kind", "asset"],
            ["ledger_accounts.owner_id", "ledger_accounts.id", "ledger_accounts.kind", "ledger_accounts.asset"],
            name="fk_ledger_transfers_credit",
        ),
        sa.ForeignKeyConstraint(
            ["debit_owner_id", "debit_account_id", "debit_kind", "asset"],
            ["ledger_accounts.owner_id", "ledger_accounts.id", "ledger_accounts.kind", "ledger_accounts.asset"],
            name="fk_ledger_transfers_debit",
        ),
        sa.ForeignKeyConstraint(["journal_id"], ["ledger_journals.id"], name=op.f("fk_ledger_transfers_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transfers")),
        sa.UniqueConstraint("day", "id", name=op.f("uq_ledger_transfers_day_id")),
    )
    op.create_index("ix_ledger_transfers_journal_id", "ledger_transfers", ["journal_id"], unique=False)
    op.create_index(
        "ix_ledger_transfers_line_id",
        "ledger_transfers",
        ["line_id"],
        unique=False,
        postgresql_where=sa.text("line_id IS NOT NULL"),
    )
    op.create_index(
        "ix_ledger_transfers_reverses_id",
        "ledger_transfers",
        ["reverses_id"],
        unique=False,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )


def _entries() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("transfer_id", sa.UUID(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_type", sa.Text(), nullable=False),
        sa.Column("business_id", sa.UUID(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(
            ["day", "transfer_id"],
            ["ledger_transfers.day", "ledger_transfers.id"],
            name=op.f("fk_ledger_entries_day_transfer_id"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "account_id", "day", "transfer_id", name=op.f("pk_ledger_entries")),
    )
    op.create_index(
        "ix_ledger_entries_owner_id_day_transfer_id", "ledger_entries", ["owner_id", "day", "transfer_id"], unique=False
    )
    op.create_table(
        "ledger_reversals",
        sa.Column("transfer_id", sa.UUID(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reversed", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("reversed BETWEEN 1 AND amount", name=op.f("ck_ledger_reversals_not_more_than_moved")),
        sa.ForeignKeyConstraint(["transfer_id"], ["ledger_transfers.id"], name=op.f("fk_ledger_reversals_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_ledger_reversals")),
    )
    op.create_table(
        "ledger_holds",
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("business_type", sa.Text(), nullable=False),
        sa.Column("business_id", sa.UUID(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("released", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_holds_amount")),
        sa.CheckConstraint(
            "taken >= 0 AND released >= 0 AND taken + released <= amount",
            name=op.f("ck_ledger_holds_not_more_than_held"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "account_id"],
            ["ledger_accounts.owner_id", "ledger_accounts.id"],
            name=op.f("fk_ledger_holds_owner_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_ledger_holds")),
    )


def _walls() -> None:
    owners = {"office": merchants_rows("SELECT", "owner_id"), "person": persons_rows("SELECT", "owner_id")}
    house = {"platform": all_rows("SELECT")}
    added = all_rows("SELECT, INSERT")
    reference("ledger_kinds")
    op.execute("GRANT SELECT ON ledger_kinds TO face_ledger")
    for table in ("ledger_accounts", "ledger_entries"):
        wall(table, **owners, **house, ledger=added)
    wall("ledger_balances", **owners, **house, ledger=all_rows("SELECT, INSERT, UPDATE (balance)"))
    wall("ledger_holds", **owners, **house, ledger=all_rows("SELECT, INSERT, UPDATE (taken, released)"))
    wall("ledger_reversals", **house, ledger=all_rows("SELECT, INSERT, UPDATE (reversed)"))
    for table in ("ledger_journals", "ledger_transfers"):
        wall(table, **house, ledger=added)


def _triggers() -> None:
    op.execute(REFUSE)
    for table in WRITTEN_ONCE:
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_written_once()"
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION ledger_is_written_once()")
