"""Sign-ins begin and secrets change at the gate only: a person who speaks SQL could give himself a second factor."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("REVOKE INSERT, UPDATE (second_factor_at) ON sign_ins FROM face_person")
    op.execute("REVOKE INSERT, UPDATE ON credentials FROM face_person")


def downgrade() -> None:
    op.execute("GRANT INSERT, UPDATE ON credentials TO face_person")
    op.execute("GRANT INSERT, UPDATE (second_factor_at) ON sign_ins TO face_person")
