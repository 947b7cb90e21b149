"""Coupons, vouchers, redemptions; the stores' limits for undoing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coupons",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("pay_percent", sa.SmallInteger(), nullable=True),
        sa.Column("max_discount_fen", sa.BigInteger(), nullable=True),
        sa.Column("threshold_fen", sa.BigInteger(), nullable=False),
        sa.Column("collect_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collect_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("per_person", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'amount') = (amount_fen IS NOT NULL)", name=op.f("ck_coupons_amount")),
        sa.CheckConstraint("(kind = 'discount') = (pay_percent IS NOT NULL)", name=op.f("ck_coupons_discount")),
        sa.CheckConstraint("kind IN ('amount', 'discount')", name=op.f("ck_coupons_kind")),
        sa.CheckConstraint(
            "max_discount_fen IS NULL OR (max_discount_fen > 0 AND kind = 'discount')",
            name=op.f("ck_coupons_max_discount"),
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'paused', 'ended')", name=op.f("ck_coupons_state")),
        sa.CheckConstraint("(valid_days IS NULL) = (valid_from IS NOT NULL)", name=op.f("ck_coupons_valid_either")),
        sa.CheckConstraint("(valid_from IS NULL) = (valid_until IS NULL)", name=op.f("ck_coupons_valid_both")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_coupons_amount_positive")),
        sa.CheckConstraint("collect_from < collect_until", name=op.f("ck_coupons_collect_period")),
        sa.CheckConstraint("pay_percent BETWEEN 1 AND 99", name=op.f("ck_coupons_pay_percent")),
        sa.CheckConstraint("per_person BETWEEN 1 AND 99", name=op.f("ck_coupons_per_person")),
        sa.CheckConstraint("threshold_fen >= 0", name=op.f("ck_coupons_threshold")),
        sa.CheckConstraint("valid_days BETWEEN 1 AND 730", name=op.f("ck_coupons_valid_days")),
        sa.CheckConstraint("valid_from < valid_until", name=op.f("ck_coupons_valid_period")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_coupons_weekdays")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_coupons_merchant_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_coupons")),
    )
    op.create_index("ix_coupons_id", "coupons", ["id"], unique=False)
    op.create_table(
        "coupon_counters",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("coupon_id", sa.UUID(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.CheckConstraint("issued BETWEEN 0 AND total", name=op.f("ck_coupon_counters_issued")),
        sa.CheckConstraint("total BETWEEN 1 AND 1000000", name=op.f("ck_coupon_counters_total")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "coupon_id"],
            ["coupons.merchant_id", "coupons.id"],
            name=op.f("fk_coupon_counters_merchant_id_coupon_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "coupon_id", name=op.f("pk_coupon_counters")),
    )
    op.create_table(
        "coupon_stores",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("coupon_id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "coupon_id"],
            ["coupons.merchant_id", "coupons.id"],
            name=op.f("fk_coupon_stores_merchant_id_coupon_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "store_id"],
            ["stores.merchant_id", "stores.id"],
            name=op.f("fk_coupon_stores_merchant_id_store_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "coupon_id", "store_id", name=op.f("pk_coupon_stores")),
    )
    op.create_index("ix_coupon_stores_store_id", "coupon_stores", ["store_id"], unique=False)
    op.create_table(
        "vouchers",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("coupon_id", sa.UUID(), nullable=False),
        sa.Column("holder_id", sa.UUID(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("secret", postgresql.BYTEA(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]{12}$'", name=op.f("ck_vouchers_code")),
        sa.CheckConstraint("state IN ('usable', 'used')", name=op.f("ck_vouchers_state")),
        sa.CheckConstraint("nth >= 1", name=op.f("ck_vouchers_nth")),
        sa.CheckConstraint("octet_length(secret) = 10", name=op.f("ck_vouchers_secret")),
        sa.CheckConstraint("valid_from < expires_at", name=op.f("ck_vouchers_valid_period")),
        sa.ForeignKeyConstraint(["holder_id"], ["persons.id"], name=op.f("fk_vouchers_holder_id")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "coupon_id"],
            ["coupons.merchant_id", "coupons.id"],
            name=op.f("fk_vouchers_merchant_id_coupon_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_vouchers")),
        sa.UniqueConstraint("merchant_id", "code", name=op.f("uq_vouchers_merchant_id_code")),
        sa.UniqueConstraint(
            "merchant_id", "coupon_id", "holder_id", "nth", name=op.f("uq_vouchers_merchant_id_coupon_id_holder_id_nth")
        ),
        sa.UniqueConstraint("merchant_id", "secret", name=op.f("uq_vouchers_merchant_id_secret")),
    )
    op.create_index("ix_vouchers_holder_id_collected_at", "vouchers", ["holder_id", "collected_at"], unique=False)
    op.create_table(
        "redemptions",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("voucher_id", sa.UUID(), nullable=False),
        sa.Column("coupon_id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("holder_id", sa.UUID(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("clerk", sa.Text(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.UUID(), nullable=True),
        sa.Column("undo_reason", sa.Text(), nullable=True),
        sa.Column("undo_note", sa.Text(), nullable=True),
        sa.CheckConstraint("(undone_at IS NULL) = (undo_reason IS NULL)", name=op.f("ck_redemptions_undo_reason")),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_redemptions_undone_by")),
        sa.CheckConstraint("undone_at <= undo_until", name=op.f("ck_redemptions_undone_in_time")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "membership_id"],
            ["memberships.merchant_id", "memberships.id"],
            name=op.f("fk_redemptions_merchant_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "store_id"],
            ["stores.merchant_id", "stores.id"],
            name=op.f("fk_redemptions_merchant_id_store_id"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "undone_by"],
            ["memberships.merchant_id", "memberships.id"],
            name=op.f("fk_redemptions_merchant_id_undone_by"),
        ),
        sa.ForeignKeyConstraint(
            ["merchant_id", "voucher_id"],
            ["vouchers.merchant_id", "vouchers.id"],
            name=op.f("fk_redemptions_merchant_id_voucher_id"),
        ),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_redemptions")),
    )
    op.create_index("ix_redemptions_coupon_id", "redemptions", ["merchant_id", "coupon_id"], unique=False)
    op.create_index("ix_redemptions_holder_id", "redemptions", ["holder_id", "voucher_id"], unique=False)
    op.create_index(
        "ix_redemptions_store_id_redeemed_at", "redemptions", ["merchant_id", "store_id", "redeemed_at"], unique=False
    )
    op.create_index(
        "uq_redemptions_one_in_force",
        "redemptions",
        ["merchant_id", "voucher_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "counter_settings",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("undo_minutes", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("undo_minutes BETWEEN 0 AND 1440", name=op.f("ck_counter_settings_undo_minutes")),
        sa.ForeignKeyConstraint(
            ["merchant_id", "store_id"],
            ["stores.merchant_id", "stores.id"],
            name=op.f("fk_counter_settings_merchant_id_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "store_id", name=op.f("pk_counter_settings")),
    )
    public = {"shop": all_rows("SELECT"), "platform": all_rows("SELECT")}
    wall("coupons", **public, person=all_rows("SELECT"), office=merchants_rows("SELECT, INSERT, UPDATE, DELETE"))
    wall(
        "coupon_counters",
        **public,
        person=all_rows("SELECT, UPDATE (issued)"),  # collecting counts, and nothing else
        office=merchants_rows("SELECT, INSERT, UPDATE (total), DELETE"),
    )
    wall("coupon_stores", **public, person=all_rows("SELECT"), office=merchants_rows("SELECT, INSERT, DELETE"))
    # A voucher's terms never change; only its state does, at the counter.
    wall(
        "vouchers",
        person=persons_rows("SELECT, INSERT", "holder_id"),
        office=merchants_rows("SELECT, UPDATE (state)"),
    )
    wall(
        "redemptions",
        person=persons_rows("SELECT", "holder_id"),
        office=merchants_rows("SELECT, INSERT, UPDATE (undone_at, undone_by, undo_reason, undo_note)"),
    )
    wall("counter_settings", office=merchants_rows("SELECT, INSERT, UPDATE (undo_minutes)"))


def downgrade() -> None:
    op.drop_table("counter_settings")
    op.drop_table("redemptions")
    op.drop_table("vouchers")
    op.drop_table("coupon_stores")
    op.drop_table("coupon_counters")
    op.drop_table("coupons")
