"""What is left of rights a tenant's face has no need of, for whoever speaks SQL through it.

A person renewed or revived his own recovery codes, took any free phone and named any referrer; a store's office read
who contested its code, and why. The office may write what its store's code shows, which follows the store's name.
"""

from __future__ import annotations

from alembic import op
from walls import all_rows, let_in, unwall

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SHOWN = "referrer_merchant_id, referrer_store_id, person_name, bound_at, state"


def upgrade() -> None:
    op.execute("REVOKE INSERT, UPDATE (used_at), DELETE ON recovery_codes FROM face_person")
    op.execute("GRANT INSERT, UPDATE (used_at) ON recovery_codes TO face_gate")
    op.execute("REVOKE UPDATE (phone) ON persons FROM face_person")
    op.execute("GRANT UPDATE (phone) ON persons TO face_gate")
    op.execute("REVOKE INSERT ON referrals FROM face_person")
    let_in("referrals", gate=all_rows("INSERT"))
    op.execute("REVOKE SELECT ON referrals FROM face_office")
    op.execute(f"GRANT SELECT ({SHOWN}) ON referrals TO face_office")
    op.execute("GRANT UPDATE (shown_name) ON referral_links TO face_office")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (shown_name) ON referral_links FROM face_office")
    op.execute("GRANT SELECT ON referrals TO face_office")
    unwall("referrals", "gate")
    op.execute("GRANT INSERT ON referrals TO face_person")
    op.execute("REVOKE UPDATE (phone) ON persons FROM face_gate")
    op.execute("GRANT UPDATE (phone) ON persons TO face_person")
    op.execute("REVOKE INSERT, UPDATE (used_at) ON recovery_codes FROM face_gate")
    op.execute("GRANT INSERT, UPDATE (used_at), DELETE ON recovery_codes TO face_person")
