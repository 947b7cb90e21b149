"""Money parameters that two persons set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE = "parameter_values"
RULES = {
    "two_persons": "confirmed_by <> set_by",
    "confirmed": "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
    "second": "second OR confirmed_at IS NULL",
}


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("second", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column(TABLE, sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("confirmed_by", sa.UUID(), nullable=True))
    for name, rule in RULES.items():
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)
    op.execute(f"GRANT UPDATE (confirmed_at, confirmed_by) ON {TABLE} TO face_platform")
    waiting = sa.text("second AND confirmed_at IS NULL AND cancelled_at IS NULL")
    op.create_index("uq_parameter_values_one_proposed", TABLE, ["name"], unique=True, postgresql_where=waiting)


def downgrade() -> None:
    op.execute(f"REVOKE UPDATE (confirmed_at, confirmed_by) ON {TABLE} FROM face_platform")
    op.drop_index("uq_parameter_values_one_proposed", TABLE)
    for name in RULES:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
    for column in ("confirmed_by", "confirmed_at", "second"):
        op.drop_column(TABLE, column)
