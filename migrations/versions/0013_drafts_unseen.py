"""Drafts of coupons are seen by their merchant and the operator only, not by whoever speaks SQL on the street."""

from __future__ import annotations

from alembic import op
from walls import all_rows

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STREET = ("shop", "person")


def upgrade() -> None:
    shown = all_rows("SELECT", when=("state", ("published", "paused", "ended")))
    for face in STREET:
        op.execute(f"ALTER POLICY coupons_{face} ON coupons USING ({shown.condition}) WITH CHECK ({shown.condition})")


def downgrade() -> None:
    for face in STREET:
        op.execute(f"ALTER POLICY coupons_{face} ON coupons USING (true) WITH CHECK (true)")
