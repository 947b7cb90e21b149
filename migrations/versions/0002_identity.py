"""Persons, their secrets and their sign-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, persons_rows, wall

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'erased') = (phone IS NULL)", name=op.f("ck_persons_erased_has_no_phone")),
        sa.CheckConstraint("locale IN ('zh', 'en')", name=op.f("ck_persons_locale")),
        sa.CheckConstraint("state IN ('active', 'blocked', 'erased')", name=op.f("ck_persons_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("phone", name=op.f("uq_persons_phone")),
    )
    op.create_table(
        "credentials",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_credentials_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("device_label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_sign_ins_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("person_id", "token_hash", name=op.f("uq_sign_ins_person_id_token_hash")),
    )
    wall(
        "persons",
        person=persons_rows("SELECT, UPDATE (name, locale, phone)", "id"),
        platform=all_rows("SELECT, UPDATE (state)"),
        gate=all_rows("SELECT, INSERT"),
        job=all_rows("SELECT"),
    )
    wall(
        "credentials",
        person=persons_rows("SELECT, INSERT, UPDATE"),
        gate=all_rows("SELECT, INSERT, UPDATE"),
    )
    wall(
        "sign_ins",
        person=persons_rows("SELECT, INSERT, UPDATE (seen_at, ended_at, second_factor_at)"),
        platform=all_rows(
            "SELECT (person_id, id, device_label, created_at, seen_at, expires_at, ended_at), UPDATE (ended_at)"
        ),
        gate=all_rows("SELECT, INSERT, UPDATE (ended_at)"),
        job=all_rows("SELECT, DELETE"),
    )


def downgrade() -> None:
    op.drop_table("sign_ins")
    op.drop_table("credentials")
    op.drop_table("persons")
