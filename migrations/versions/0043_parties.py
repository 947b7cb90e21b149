"""Who else may pay: a guest of a sitting, who has no account."""

from __future__ import annotations

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("fk_payment_intents_person_id", "payment_intents", type_="foreignkey")


def downgrade() -> None:
    op.execute(
        "ALTER TABLE payment_intents ADD CONSTRAINT fk_payment_intents_person_id "
        "FOREIGN KEY (person_id) REFERENCES persons (id) NOT VALID"  # guests' payments stay what they were
    )
