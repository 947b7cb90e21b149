"""Only the gate writes that a referral is contested: on SQL, a person put himself back to `bound` or `upheld`."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CONTEST = "UPDATE (state, contested_at, contest_reason)"


def upgrade() -> None:
    op.execute(f"REVOKE {CONTEST} ON referrals FROM face_person")
    op.execute(f"GRANT SELECT, {CONTEST} ON referrals TO face_gate")


def downgrade() -> None:
    op.execute(f"REVOKE SELECT, {CONTEST} ON referrals FROM face_gate")
    op.execute(f"GRANT {CONTEST} ON referrals TO face_person")
