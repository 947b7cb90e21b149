"""Days of the ledger: sealed, then counted and chained; balances at their end; and what recounts found.

A day is closed when nothing can still be posted into it: a posting holds a shared lock until it commits, sealing takes
the exclusive one, and the database itself moves a posting on to the open day.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("ledger_seals", "ledger_days")
OPEN_DAY = """
CREATE FUNCTION ledger_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE sealed date;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(727020);
    SELECT max(day) INTO sealed FROM ledger_seals;
    IF NEW.day <= sealed THEN
        NEW.day := sealed + 1;
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    _days()
    _walls()
    _triggers()


def _days() -> None:
    op.create_table(
        "ledger_seals",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_seals")),
    )
    op.create_table(
        "ledger_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("transfers", sa.BigInteger(), nullable=False),
        sa.Column("sums", postgresql.JSONB(), nullable=False),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("chain", postgresql.BYTEA(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["day"], ["ledger_seals.day"], name=op.f("fk_ledger_days_day")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_days")),
    )
    op.create_table(
        "ledger_snapshots",
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "account_id"],
            ["ledger_accounts.owner_id", "ledger_accounts.id"],
            name=op.f("fk_ledger_snapshots_owner_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "account_id", "day", name=op.f("pk_ledger_snapshots")),
    )
    op.create_table(
        "ledger_proofs",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transfers", sa.BigInteger(), nullable=False),
        sa.Column("differences", sa.BigInteger(), nullable=False),
        sa.Column("checks", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_proofs")),
    )


def _walls() -> None:
    owners = {"office": merchants_rows("SELECT", "owner_id"), "person": persons_rows("SELECT", "owner_id")}
    house = {"platform": all_rows("SELECT")}
    public = {"shop": all_rows("SELECT"), "person": all_rows("SELECT")}
    added = all_rows("SELECT, INSERT")
    wall("ledger_seals", **house, ledger=added)
    wall("ledger_snapshots", **owners, **house, ledger=added)
    for table in ("ledger_days", "ledger_proofs"):
        wall(table, **public, **house, ledger=added)


def _triggers() -> None:
    for table in WRITTEN_ONCE:
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_written_once()"
        )
    op.execute(OPEN_DAY)
    op.execute(
        "CREATE TRIGGER open_day BEFORE INSERT ON ledger_journals FOR EACH ROW EXECUTE FUNCTION ledger_open_day()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER open_day ON ledger_journals")
    op.execute("DROP FUNCTION ledger_open_day()")
    for table in ("ledger_proofs", "ledger_snapshots", "ledger_days", "ledger_seals"):
        op.drop_table(table)
