"""Merchants and those who work for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merchants",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'active') = (state_reason IS NULL)", name=op.f("ck_merchants_state_has_reason")),
        sa.CheckConstraint("kind IN ('supplier', 'brand', 'alliance', 'region')", name=op.f("ck_merchants_kind")),
        sa.CheckConstraint("state IN ('active', 'suspended', 'closed')", name=op.f("ck_merchants_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchants")),
    )
    op.create_table(
        "memberships",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("all_stores", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone_masked", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_memberships_merchant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_memberships_person_id")),
        sa.PrimaryKeyConstraint("merchant_id", "id", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_person_id", "memberships", ["person_id"], unique=False)
    op.create_index(
        "uq_memberships_one_in_force",
        "memberships",
        ["merchant_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "membership_stores",
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id", "membership_id"],
            ["memberships.merchant_id", "memberships.id"],
            name=op.f("fk_membership_stores_merchant_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "membership_id", "store_id", name=op.f("pk_membership_stores")),
    )
    op.create_table(
        "platform_staff",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_platform_staff_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_platform_staff")),
    )
    op.create_table(
        "store_routes",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("merchant_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchants.id"], name=op.f("fk_store_routes_merchant_id")),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_store_routes")),
    )
    wall(
        "merchants",
        shop=all_rows("SELECT"),
        person=all_rows("SELECT"),
        office=merchants_rows("SELECT", "id"),
        platform=all_rows("SELECT, INSERT, UPDATE"),
        job=all_rows("SELECT"),
    )
    wall(
        "memberships",
        office=merchants_rows("SELECT, INSERT, UPDATE"),
        person=persons_rows("SELECT"),
        platform=all_rows("SELECT, INSERT, UPDATE (ended_at)"),
        job=all_rows("SELECT"),
    )
    wall(
        "membership_stores",
        office=merchants_rows("SELECT, INSERT, DELETE"),
        person=persons_rows("SELECT"),
        platform=all_rows("SELECT, INSERT"),
    )
    wall(
        "platform_staff",
        person=persons_rows("SELECT"),
        platform=all_rows("SELECT, INSERT, UPDATE"),
    )
    wall(
        "store_routes",
        shop=all_rows("SELECT"),
        person=all_rows("SELECT"),
        office=merchants_rows("SELECT, INSERT"),
        platform=all_rows("SELECT"),
        job=all_rows("SELECT"),
    )


def downgrade() -> None:
    op.drop_table("store_routes")
    op.drop_table("platform_staff")
    op.drop_table("membership_stores")
    op.drop_table("memberships")
    op.drop_table("merchants")
