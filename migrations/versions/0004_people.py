"""Codes, recovery codes, consents, addresses, referrals, letters and texts of persons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "text_messages",
    "notifications",
    "referrals",
    "referral_links",
    "addresses",
    "consents",
    "codes",
    "recovery_codes",
)


def _time(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _words(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=null)


def _uuid(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.UUID(), nullable=null)


def _json(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=null)


def _of_person(table: str, *, cascade: bool = True) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"],
        ["persons.id"],
        name=op.f(f"fk_{table}_person_id"),
        ondelete="CASCADE" if cascade else None,
    )


def upgrade() -> None:
    _ways_in()
    _own_things()
    _referrals()
    _messages()
    _walls()


def _ways_in() -> None:
    op.create_table(
        "recovery_codes",
        _uuid("person_id"),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        _time("used_at", null=True),
        _of_person("recovery_codes"),
        sa.PrimaryKeyConstraint("person_id", "digest", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "codes",
        _uuid("id"),
        _words("phone"),
        _words("purpose"),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("expires_at"),
        _time("used_at", null=True),
        _time("registered_at", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    op.create_index("ix_codes_phone_created_at", "codes", ["phone", "created_at"])


def _own_things() -> None:
    op.create_table(
        "consents",
        _uuid("person_id"),
        _uuid("id"),
        _words("kind"),
        _words("version"),
        _time("given_at"),
        _time("withdrawn_at", null=True),
        sa.CheckConstraint("kind IN ('terms', 'privacy', 'marketing')", name=op.f("ck_consents_kind")),
        _of_person("consents"),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_consents")),
    )
    op.create_table(
        "addresses",
        _uuid("person_id"),
        _uuid("id"),
        _words("recipient"),
        _words("phone"),
        _words("region_code"),
        _json("region_names"),
        _words("detail"),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        _time("created_at"),
        _of_person("addresses"),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_addresses")),
    )
    op.create_index(
        "uq_addresses_one_default",
        "addresses",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )


def _referrals() -> None:
    op.create_table(
        "referral_links",
        _words("token"),
        _uuid("person_id", null=True),
        _uuid("merchant_id", null=True),
        _uuid("store_id", null=True),
        _words("shown_name"),
        _time("created_at"),
        sa.CheckConstraint("num_nonnulls(person_id, store_id) = 1", name=op.f("ck_referral_links_one_owner")),
        sa.CheckConstraint("num_nulls(merchant_id, store_id) <> 1", name=op.f("ck_referral_links_store_has_merchant")),
        _of_person("referral_links", cascade=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_referral_links")),
        sa.UniqueConstraint("person_id", name=op.f("uq_referral_links_person_id")),
        sa.UniqueConstraint("merchant_id", "store_id", name=op.f("uq_referral_links_merchant_id_store_id")),
    )
    op.create_table(
        "referrals",
        _uuid("person_id"),
        _words("token"),
        _uuid("referrer_person_id", null=True),
        _uuid("referrer_merchant_id", null=True),
        _uuid("referrer_store_id", null=True),
        _words("shown_name"),
        _time("bound_at"),
        _words("state"),
        _time("contested_at", null=True),
        _words("contest_reason", null=True),
        sa.CheckConstraint("referrer_person_id < person_id", name=op.f("ck_referrals_referrer_came_before")),
        sa.CheckConstraint("state IN ('bound', 'contested', 'upheld', 'removed')", name=op.f("ck_referrals_state")),
        sa.CheckConstraint("(state = 'bound') = (contested_at IS NULL)", name=op.f("ck_referrals_contested_has_time")),
        _of_person("referrals"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_referrals")),
    )


def _messages() -> None:
    op.create_table(
        "notifications",
        _uuid("person_id"),
        _uuid("id"),
        _words("kind"),
        _json("words"),
        _words("link"),
        _time("created_at"),
        _time("read_at", null=True),
        _of_person("notifications"),
        sa.PrimaryKeyConstraint("person_id", "id", name=op.f("pk_notifications")),
    )
    op.create_index(
        "ix_notifications_unread", "notifications", ["person_id"], postgresql_where=sa.text("read_at IS NULL")
    )
    op.create_table(
        "text_messages",
        _uuid("id"),
        _words("kind"),
        _words("phone", null=True),
        _uuid("person_id", null=True),
        _json("words", null=True),
        _words("state"),
        _time("created_at"),
        _time("expires_at", null=True),
        _time("sent_at", null=True),
        _words("receipt", null=True),
        sa.CheckConstraint("state IN ('queued', 'sent', 'late')", name=op.f("ck_text_messages_state")),
        sa.CheckConstraint("num_nonnulls(phone, person_id) = 1", name=op.f("ck_text_messages_one_recipient")),
        _of_person("text_messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
    )
    op.create_index("ix_text_messages_created_at", "text_messages", ["created_at"])


def _walls() -> None:
    wall(
        "recovery_codes",
        person=persons_rows("SELECT, INSERT, UPDATE (used_at), DELETE"),
        gate=all_rows("SELECT, DELETE"),
    )
    wall("codes", gate=all_rows("SELECT, INSERT, UPDATE"), job=all_rows("SELECT, DELETE"))
    wall(
        "consents",
        person=persons_rows("SELECT, INSERT, UPDATE (withdrawn_at)"),
        platform=all_rows("SELECT"),
    )
    wall("addresses", person=persons_rows("SELECT, INSERT, UPDATE, DELETE"))
    wall(
        "referral_links",
        gate=all_rows("SELECT"),
        person=persons_rows("SELECT, INSERT"),
        office=merchants_rows("SELECT, INSERT"),
    )
    wall(
        "referrals",
        person=persons_rows("SELECT, INSERT, UPDATE (state, contested_at, contest_reason)"),
        platform=all_rows("SELECT, UPDATE (state)"),
        job=all_rows("SELECT"),
    )
    wall(
        "notifications",
        person=persons_rows("SELECT, INSERT, UPDATE (read_at)"),
        gate=all_rows("INSERT"),
        office=all_rows("INSERT"),
        platform=all_rows("INSERT"),
        job=all_rows("SELECT, INSERT, DELETE"),
    )
    wall(
        "text_messages",
        gate=all_rows("INSERT"),
        office=all_rows("INSERT"),
        platform=all_rows("INSERT"),
        job=all_rows("SELECT, INSERT, UPDATE, DELETE"),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
