"""Who changes his name or phone changes the copies that others keep of them."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COPIES = {"memberships": "name, phone_masked", "vouchers": "holder", "referral_links": "shown_name"}


def upgrade() -> None:
    for table, columns in COPIES.items():
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO face_person")


def downgrade() -> None:
    for table, columns in COPIES.items():
        op.execute(f"REVOKE UPDATE ({columns}) ON {table} FROM face_person")
