"""Counts of shut doors by person and hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from walls import all_rows, wall

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "denied_accesses",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "began_at", name=op.f("pk_denied_accesses")),
    )
    wall("denied_accesses", job=all_rows("SELECT, INSERT, UPDATE (times), DELETE"))


def downgrade() -> None:
    op.drop_table("denied_accesses")
