"""What the street needs to turn the pages of goods in order, and what became of each sale price."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, key, refers, times
from walls import all_rows, wall

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ORDERS = {
    "ix_product_cards_listed_at": ["listed_at", "product_id"],
    "ix_product_cards_from_fen": ["from_fen", "product_id"],
    "ix_product_cards_merchant_id": ["merchant_id", "listed_at", "product_id"],
}


def upgrade() -> None:
    for name, columns in ORDERS.items():
        op.create_index(name, "product_cards", columns)
    table = "sale_changes"
    op.create_table(
        table,
        *ids("merchant_id", "id", "sku_id", "batch_id"),
        *ids("undoes", null=True),
        *_fen("old_sale_fen", "old_member_fen", null=True),
        *_fen("sale_fen"),
        *_fen("member_fen", null=True),
        *_fen("supply_fen"),
        *times("made_at"),
        *ids("made_by", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "sku_id"], ["skus.merchant_id", "skus.id"]),
        check(table, "prices", "sale_fen > 0 AND supply_fen > 0"),
    )
    op.create_index("ix_sale_changes_sku_id", table, ["merchant_id", "sku_id", "id"])
    op.create_index("ix_sale_changes_batch_id", table, ["batch_id", "id"])
    op.create_index("uq_sale_changes_undoes", table, ["merchant_id", "undoes"], unique=True)
    wall(table, platform=all_rows("SELECT, INSERT"), job=all_rows("SELECT, INSERT"))


def _fen(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=null) for name in names]


def downgrade() -> None:
    op.drop_table("sale_changes")
    for name in ORDERS:
        op.drop_index(name, "product_cards")
