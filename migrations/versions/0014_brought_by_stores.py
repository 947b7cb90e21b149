"""A store sees whom its code brought: masked names beside the bond, and the office's view of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from walls import let_in, merchants_rows, unwall

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("referrals", sa.Column("person_name", sa.Text(), server_default="", nullable=False))
    op.alter_column("referrals", "person_name", server_default=None)
    op.create_index(
        "ix_referrals_referrer_store",
        "referrals",
        ["referrer_merchant_id", "referrer_store_id"],
        postgresql_where=sa.text("referrer_store_id IS NOT NULL"),
    )
    let_in("referrals", office=merchants_rows("SELECT", "referrer_merchant_id"))


def downgrade() -> None:
    unwall("referrals", "office")
    op.drop_index("ix_referrals_referrer_store", "referrals")
    op.drop_column("referrals", "person_name")
