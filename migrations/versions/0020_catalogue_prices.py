"""Goods: supply terms, price changes, sale prices, stock, and the cards of the street."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, wall

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_cards",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("merchant_name", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("category_id", sa.UUID(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("returnable", sa.Boolean(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pictures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("from_fen", sa.BigInteger(), nullable=False),
        sa.Column("to_fen", sa.BigInteger(), nullable=False),
        sa.Column("member_from_fen", sa.BigInteger(), nullable=True),
        sa.Column("search", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "product_id"],
            ["products.merchant_id", "products.id"],
            name=op.f("fk_product_cards_merchant_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "product_id", name=op.f("pk_product_cards")),
    )
    op.create_index("ix_product_cards_category_id", "product_cards", ["category_id", "listed_at"], unique=False)
    op.create_index("ix_product_cards_product_id", "product_cards", ["product_id"], unique=False)
    op.create_index("ix_product_cards_search", "product_cards", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "price_changes",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("sku_id", sa.UUID(), nullable=False),
        sa.Column("old_fen", sa.BigInteger(), nullable=False),
        sa.Column("new_fen", sa.BigInteger(), nullable=False),
        sa.Column("suggested_fen", sa.BigInteger(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'applied', 'approved', 'refused', 'withdrawn')", name=op.f("ck_price_changes_state")
        ),
        sa.CheckConstraint(
            "old_fen > 0 AND new_fen > 0 AND suggested_fen >= new_fen", name=op.f("ck_price_changes_prices")
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "sku_id"], ["skus.merchant_id", "skus.id"], name=op.f("fk_price_changes_merchant_id_sku_id")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_price_changes")),
    )
    op.create_index("ix_price_changes_id", "price_changes", ["id"], unique=False)
    op.create_index("ix_price_changes_sku_id", "price_changes", ["merchant_id", "sku_id", "id"], unique=False)
    op.create_index("ix_price_changes_state", "price_changes", ["state", "id"], unique=False)
    op.create_index(
        "uq_price_changes_one_waiting",
        "price_changes",
        ["merchant_id", "sku_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "sku_cards",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("sku_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("choice", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("suggested_fen", sa.BigInteger(), nullable=False),
        sa.Column("sale_fen", sa.BigInteger(), nullable=False),
        sa.Column("member_fen", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merchant_id", "sku_id"], ["skus.merchant_id", "skus.id"], name=op.f("fk_sku_cards_merchant_id_sku_id")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "sku_id", name=op.f("pk_sku_cards")),
    )
    op.create_index("ix_sku_cards_product_id", "sku_cards", ["product_id", "position"], unique=False)
    op.create_table(
        "sku_sales",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("sku_id", sa.UUID(), nullable=False),
        sa.Column("sale_fen", sa.BigInteger(), nullable=False),
        sa.Column("member_fen", sa.BigInteger(), nullable=True),
        sa.Column("below_supply", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "sale_fen > 0 AND (member_fen IS NULL OR member_fen BETWEEN 1 AND sale_fen)",
            name=op.f("ck_sku_sales_prices"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "sku_id"],
            ["skus.merchant_id", "skus.id"],
            name=op.f("fk_sku_sales_merchant_id_sku_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "sku_id", name=op.f("pk_sku_sales")),
    )
    op.create_table(
        "stock_holds",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("business_id", sa.UUID(), nullable=False),
        sa.Column("sku_id", sa.UUID(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('held', 'taken', 'released')", name=op.f("ck_stock_holds_state")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_holds_quantity")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "sku_id"], ["skus.merchant_id", "skus.id"], name=op.f("fk_stock_holds_merchant_id_sku_id")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_stock_holds")),
        sa.UniqueConstraint(
            "merchant_id",
            "business_id",
            "sku_id",
            "bucket",
            name=op.f("uq_stock_holds_merchant_id_business_id_sku_id_bucket"),
        ),
    )
    op.create_index("ix_stock_holds_business_id", "stock_holds", ["business_id"], unique=False)
    op.create_index(
        "ix_stock_holds_expires_at",
        "stock_holds",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_table(
        "stock_movements",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("sku_id", sa.UUID(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("held_change", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.UUID(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merchant_id", "sku_id"],
            ["skus.merchant_id", "skus.id"],
            name=op.f("fk_stock_movements_merchant_id_sku_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_stock_movements")),
    )
    op.create_index("ix_stock_movements_sku_id", "stock_movements", ["merchant_id", "sku_id", "id"], unique=False)
    op.create_table(
        "stocks",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("sku_id", sa.UUID(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_stocks_available")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_stocks_held")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "sku_id"],
            ["skus.merchant_id", "skus.id"],
            name=op.f("fk_stocks_merchant_id_sku_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "sku_id", "bucket", name=op.f("pk_stocks")),
    )
    op.create_table(
        "supply_terms",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("sku_id", sa.UUID(), nullable=False),
        sa.Column("supply_fen", sa.BigInteger(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.UUID(), nullable=True),
        sa.CheckConstraint("supply_fen > 0", name=op.f("ck_supply_terms_supply_fen")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "sku_id"], ["skus.merchant_id", "skus.id"], name=op.f("fk_supply_terms_merchant_id_sku_id")
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_supply_terms")),
    )
    op.create_index(
        "ix_supply_terms_sku_id", "supply_terms", ["merchant_id", "sku_id", "effective_at", "id"], unique=False
    )
    looks, writes = all_rows("SELECT"), all_rows("SELECT, INSERT")
    office = merchants_rows("SELECT")
    wall(
        "price_changes",
        office=merchants_rows("SELECT, INSERT, UPDATE (state, decided_at, decided_by)"),
        platform=all_rows("SELECT, UPDATE (state, decided_at, decided_by, reason)"),
        job=looks,
    )
    wall("sku_sales", office=office, platform=all_rows("SELECT, INSERT, UPDATE"), job=looks)
    # No office writes these itself: terms, stock and cards are made inside the acts that check, by the worker's face.
    wall("supply_terms", office=office, platform=looks, job=writes)
    wall("stocks", office=office, platform=looks, job=all_rows("SELECT, INSERT, UPDATE"))
    wall("stock_holds", office=office, platform=looks, job=all_rows("SELECT, INSERT, UPDATE (state, closed_at)"))
    wall("stock_movements", office=office, platform=looks, job=writes)
    street = {"shop": looks, "person": looks, "office": office, "platform": looks}
    wall("product_cards", **street, job=all_rows("SELECT, INSERT, UPDATE, DELETE"))
    wall("sku_cards", **street, job=all_rows("SELECT, INSERT, UPDATE, DELETE"))


def downgrade() -> None:
    op.drop_table("sku_cards")
    op.drop_table("product_cards")
    op.drop_table("stock_movements")
    op.drop_table("stock_holds")
    op.drop_table("stocks")
    op.drop_table("sku_sales")
    op.drop_table("price_changes")
    op.drop_table("supply_terms")
