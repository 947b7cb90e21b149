"""Payments: what is asked, tried, captured, refunded; the inbox of providers' notices.

Needs the role `face_provider`: run `flask database bootstrap` before (docs/operate.md).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, key, refers, times, unique, words
from walls import all_rows, persons_rows, wall

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def fen(*names: str) -> list[sa.Column[int]]:
    """Money."""
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def small(*names: str) -> list[sa.Column[int]]:
    """Small whole numbers."""
    return [sa.Column(name, sa.SmallInteger(), nullable=False) for name in names]


def of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A parent of the same payer."""
    return refers(table, ["person_id", column], [f"{parent}.person_id", f"{parent}.id"])


def upgrade() -> None:
    op.execute("GRANT USAGE ON SCHEMA jobs TO face_provider")  # a stored notice is applied by the worker
    _asked()
    _arrived()
    _notices()
    seen = {"person": persons_rows("SELECT"), "platform": all_rows("SELECT")}
    wall(
        "payment_intents",
        **seen,
        job=all_rows("SELECT, INSERT, UPDATE (state, ended_at)"),
    )
    wall("payment_parts", **seen, job=all_rows("SELECT, INSERT, UPDATE (refunded_fen, transfer_id)"))
    wall(
        "payment_attempts",
        **seen,
        job=all_rows("SELECT, INSERT, UPDATE (state, url, provider_no, asked, ask_at, told_at)"),
    )
    wall("payment_captures", **seen, job=all_rows("SELECT, INSERT"))
    wall(
        "payment_refunds",
        **seen,
        job=all_rows("SELECT, INSERT, UPDATE (state, provider_no, tries, try_at, done_at)"),
    )
    wall(
        "payment_callbacks",
        provider=all_rows("SELECT, INSERT"),
        platform=all_rows("SELECT"),
        job=all_rows("SELECT, UPDATE (state, why, settled_at, seen_at, seen_by)"),
    )


def _asked() -> None:
    table = "payment_intents"
    op.create_table(
        table,
        *ids("person_id", "id"),
        *words("business_type"),
        *ids("business_id"),
        *words("title"),
        *fen("amount_fen"),
        *words("currency", "state", "return_path"),
        *times("created_at", "expires_at"),
        *times("ended_at", null=True),
        key(table, "person_id", "id"),
        refers(table, ["person_id"], ["persons.id"]),
        check(table, "state", "state IN ('open', 'paid', 'cancelled', 'expired')"),
        check(table, "ended", "(state = 'open') = (ended_at IS NULL)"),
        check(table, "amount", "amount_fen > 0"),
        check(table, "currency", "currency = 'CNY'"),
    )
    living = sa.text("state IN ('open', 'paid')")
    columns = ["person_id", "business_type", "business_id"]
    op.create_index("uq_payment_intents_living", table, columns, unique=True, postgresql_where=living)
    op.create_index("ix_payment_intents_id", table, ["id"])
    op.create_index("ix_payment_intents_expires_at", table, ["expires_at"], postgresql_where=sa.text("state = 'open'"))
    table = "payment_parts"
    op.create_table(
        table,
        *ids("person_id", "intent_id", "subject_id", "owner_id"),
        *fen("amount_fen", "refunded_fen"),
        *ids("transfer_id", null=True),
        key(table, "person_id", "intent_id", "subject_id"),
        of(table, "intent_id", "payment_intents"),
        check(table, "amount", "amount_fen > 0"),
        check(table, "refunded", "refunded_fen BETWEEN 0 AND amount_fen"),
        check(table, "captured_first", "refunded_fen = 0 OR transfer_id IS NOT NULL"),
    )
    table = "payment_attempts"
    op.create_table(
        table,
        *ids("person_id", "id", "intent_id"),
        *small("nth"),
        *words("provider", "merchant_no", "state"),
        *words("url", null=True),
        *words("provider_no"),
        *small("asked"),
        *times("created_at"),
        *times("ask_at", "told_at", null=True),
        key(table, "person_id", "id"),
        of(table, "intent_id", "payment_intents"),
        unique(table, "person_id", "intent_id", "nth"),
        check(table, "state", "state IN ('new', 'waiting', 'unknown', 'failed', 'closed', 'paid')"),
    )
    op.create_index("ix_payment_attempts_id", table, ["id"])
    op.create_index("ix_payment_attempts_ask_at", table, ["ask_at"], postgresql_where=sa.text("ask_at IS NOT NULL"))


def _arrived() -> None:
    table = "payment_captures"
    op.create_table(
        table,
        *ids("person_id", "id", "intent_id", "attempt_id"),
        *fen("amount_fen"),
        sa.Column("stray", sa.Boolean(), nullable=False),
        *times("captured_at"),
        key(table, "person_id", "id"),
        of(table, "intent_id", "payment_intents"),
        of(table, "attempt_id", "payment_attempts"),
        unique(table, "person_id", "attempt_id"),
        check(table, "amount", "amount_fen > 0"),
    )
    kept = sa.text("NOT stray")
    op.create_index(
        "uq_payment_captures_one_kept", table, ["person_id", "intent_id"], unique=True, postgresql_where=kept
    )
    table = "payment_refunds"
    op.create_table(
        table,
        *ids("person_id", "id", "intent_id", "capture_id"),
        *ids("subject_id", null=True),
        *ids("key"),
        *fen("amount_fen"),
        *words("reason", "state", "provider_no"),
        *small("tries"),
        *times("created_at"),
        *times("try_at", "done_at", null=True),
        key(table, "person_id", "id"),
        of(table, "intent_id", "payment_intents"),
        of(table, "capture_id", "payment_captures"),
        unique(table, "person_id", "key"),
        check(table, "state", "state IN ('queued', 'pending', 'failed', 'done')"),
        check(table, "reason", "reason IN ('asked', 'second', 'late')"),
        check(table, "subject", "(reason = 'asked') = (subject_id IS NOT NULL)"),
        check(table, "done", "(state = 'done') = (done_at IS NOT NULL)"),
        check(table, "amount", "amount_fen > 0"),
    )
    op.create_index("ix_payment_refunds_id", table, ["id"])
    op.create_index("ix_payment_refunds_intent_id", table, ["person_id", "intent_id"])
    op.create_index("ix_payment_refunds_try_at", table, ["try_at"], postgresql_where=sa.text("try_at IS NOT NULL"))
    op.create_index("ix_payment_refunds_state", table, ["state"], postgresql_where=sa.text("state <> 'done'"))


def _notices() -> None:
    table = "payment_callbacks"
    op.create_table(
        table,
        *ids("id"),
        *words("provider", "notice_id", "kind", "number", "said"),
        *fen("amount_fen"),
        *words("currency", "merchant_no", "provider_no", "body", "state"),
        *words("why", null=True),
        *times("received_at"),
        *times("settled_at", "seen_at", null=True),
        *ids("seen_by", null=True),
        key(table, "id"),
        unique(table, "provider", "notice_id"),
        check(table, "state", "state IN ('stored', 'applied', 'waiting', 'quarantined')"),
        check(table, "kind", "kind IN ('trade', 'refund')"),
        check(table, "why", "(state = 'quarantined') = (why IS NOT NULL)"),
    )
    op.create_index("ix_payment_callbacks_number", table, ["number"])
    op.create_index("ix_payment_callbacks_state", table, ["state"], postgresql_where=sa.text("state <> 'applied'"))


def downgrade() -> None:
    for table in ("callbacks", "refunds", "captures", "attempts", "parts", "intents"):
        op.drop_table(f"payment_{table}")
    op.execute("REVOKE USAGE ON SCHEMA jobs FROM face_provider")
