"""Goods: brands, products with versions and pictures, SKUs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, reference, wall

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brands",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("name", name=op.f("uq_brands_name")),
    )
    op.create_table(
        "products",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_id", sa.UUID(), nullable=False),
        sa.Column("brand_id", sa.UUID(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("returnable", sa.Boolean(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("search", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("forced_off", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'review', 'on_sale', 'off_sale')", name=op.f("ck_products_state")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_products_brand_id")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_products_category_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_products_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_products")),
    )
    op.create_index("ix_products_id", "products", ["id"], unique=False)
    op.create_index("ix_products_merchant_id_state", "products", ["merchant_id", "state", "id"], unique=False)
    op.create_index("ix_products_search", "products", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "product_photos",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("full", sa.Text(), nullable=False),
        sa.Column("wide", sa.Text(), nullable=False),
        sa.Column("small", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_product_photos_merchant_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_product_photos")),
    )
    op.create_index(
        "ix_product_photos_product_id", "product_photos", ["merchant_id", "product_id", "position"], unique=False
    )
    op.create_table(
        "product_revisions",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(decision = 'waiting') = (decided_at IS NULL)", name=op.f("ck_product_revisions_decided")),
        sa.CheckConstraint(
            "decision IN ('waiting', 'approved', 'refused', 'withdrawn')", name=op.f("ck_product_revisions_decision")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_product_revisions_merchant_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_product_revisions")),
    )
    op.create_index("ix_product_revisions_decision", "product_revisions", ["decision", "id"], unique=False)
    op.create_index(
        "ix_product_revisions_product_id", "product_revisions", ["merchant_id", "product_id", "id"], unique=False
    )
    op.create_index(
        "uq_product_revisions_one_waiting",
        "product_revisions",
        ["merchant_id", "product_id"],
        unique=True,
        postgresql_where=sa.text("decision = 'waiting'"),
    )
    op.create_table(
        "skus",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("choice", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("barcode", sa.Text(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("supply_fen", sa.BigInteger(), nullable=False),
        sa.Column("suggested_fen", sa.BigInteger(), nullable=False),
        sa.Column("low_mark", sa.Integer(), nullable=False),
        sa.Column("low_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grams > 0", name=op.f("ck_skus_grams")),
        sa.CheckConstraint("low_mark >= 0", name=op.f("ck_skus_low_mark")),
        sa.CheckConstraint("supply_fen > 0 AND suggested_fen >= supply_fen", name=op.f("ck_skus_prices")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_skus_merchant_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_skus")),
    )
    op.create_index("ix_skus_id", "skus", ["id"], unique=False)
    op.create_index("ix_skus_product_id", "skus", ["merchant_id", "product_id", "position"], unique=False)
    op.create_index(
        "uq_skus_code",
        "skus",
        ["merchant_id", "code"],
        unique=True,
        postgresql_where=sa.text("code <> '' AND ended_at IS NULL"),
    )
    looks = all_rows("SELECT")
    reference("brands", writers=("platform",))
    wall(
        "products",
        office=merchants_rows("SELECT, INSERT, UPDATE"),
        platform=all_rows("SELECT, UPDATE"),
        job=looks,
    )
    wall(
        "product_revisions",
        office=merchants_rows("SELECT, INSERT, UPDATE (decision, decided_at, decided_by)"),
        platform=all_rows("SELECT, UPDATE (decision, decided_at, decided_by, reason)"),
        job=looks,
    )
    wall("product_photos", office=merchants_rows("SELECT, INSERT, UPDATE, DELETE"), platform=looks, job=looks)
    wall("skus", office=merchants_rows("SELECT, INSERT, UPDATE"), platform=looks, job=all_rows("SELECT, UPDATE"))


def downgrade() -> None:
    op.drop_table("skus")
    op.drop_table("product_photos")
    op.drop_table("product_revisions")
    op.drop_table("products")
    op.drop_table("brands")
