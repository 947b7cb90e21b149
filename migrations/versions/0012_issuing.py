"""Vouchers are issued and counted on the worker's face alone: a person who speaks SQL could issue any, to himself."""

from __future__ import annotations

from alembic import op
from walls import all_rows, let_in, unwall

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("REVOKE INSERT ON vouchers FROM face_person")
    op.execute("REVOKE UPDATE (issued) ON coupon_counters FROM face_person")
    let_in("vouchers", job=all_rows("SELECT (merchant_id, id, coupon_id, holder_id), INSERT"))
    let_in("coupon_counters", job=all_rows("SELECT, UPDATE (issued)"))


def downgrade() -> None:
    unwall("coupon_counters", "job")
    unwall("vouchers", "job")
    op.execute("GRANT UPDATE (issued) ON coupon_counters TO face_person")
    op.execute("GRANT INSERT ON vouchers TO face_person")
