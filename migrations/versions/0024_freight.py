"""Freight templates of suppliers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, wall

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "freight_templates",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unserved", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("free_over_fen", sa.BigInteger(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("unit IN ('piece', 'weight')", name=op.f("ck_freight_templates_unit")),
        sa.CheckConstraint("free_over_fen > 0", name=op.f("ck_freight_templates_free_over")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_freight_templates_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_freight_templates")),
    )
    op.create_index("ix_freight_templates_id", "freight_templates", ["id"], unique=False)
    op.create_index(
        "uq_freight_templates_default",
        "freight_templates",
        ["merchant_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "freight_zones",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("template_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_units", sa.Integer(), nullable=False),
        sa.Column("first_fen", sa.BigInteger(), nullable=False),
        sa.Column("next_units", sa.Integer(), nullable=False),
        sa.Column("next_fen", sa.BigInteger(), nullable=False),
        sa.Column("free_over_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(position = 0) = (cardinality(codes) = 0)", name=op.f("ck_freight_zones_rest")),
        sa.CheckConstraint("first_units > 0 AND next_units > 0", name=op.f("ck_freight_zones_units")),
        sa.CheckConstraint("first_fen >= 0 AND next_fen >= 0", name=op.f("ck_freight_zones_prices")),
        sa.CheckConstraint("free_over_fen > 0", name=op.f("ck_freight_zones_free_over")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "template_id"],
            ["freight_templates.merchant_id", "freight_templates.id"],
            name=op.f("fk_freight_zones_merchant_id_template_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "template_id", "position", name=op.f("pk_freight_zones")),
    )
    op.create_table(
        "freight_goods",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("template_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_freight_goods_merchant_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "template_id"],
            ["freight_templates.merchant_id", "freight_templates.id"],
            name=op.f("fk_freight_goods_merchant_id_template_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "product_id", name=op.f("pk_freight_goods")),
    )
    op.create_index("ix_freight_goods_template_id", "freight_goods", ["merchant_id", "template_id"], unique=False)
    looks = all_rows("SELECT")
    for table in ("freight_templates", "freight_zones", "freight_goods"):
        office = merchants_rows("SELECT, INSERT, UPDATE, DELETE")
        wall(table, shop=looks, person=looks, office=office, platform=looks, job=looks)


def downgrade() -> None:
    op.drop_table("freight_goods")
    op.drop_table("freight_zones")
    op.drop_table("freight_templates")
