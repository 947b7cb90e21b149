"""Letters and texts are written at the gate: an office that speaks SQL could write to anybody, in anybody's name.

The person's own right to write letters goes as well.
"""

from __future__ import annotations

from alembic import op
from walls import all_rows, let_in, unwall

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("notifications", "text_messages")


def upgrade() -> None:
    for table in TABLES:
        unwall(table, "office", "platform")
    op.execute("REVOKE INSERT ON notifications FROM face_person")


def downgrade() -> None:
    op.execute("GRANT INSERT ON notifications TO face_person")
    for table in TABLES:
        let_in(table, office=all_rows("INSERT"), platform=all_rows("INSERT"))
