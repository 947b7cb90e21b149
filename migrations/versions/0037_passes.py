"""Passes: what is sold, what is held, every use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, fen, flags, ids, json, key, numbers, refers, times, unique, words
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLES = ("pass_events", "pass_uses", "pass_gifts", "pass_people", "passes", "pass_services", "pass_kinds")


def upgrade() -> None:
    _kinds()
    _passes()
    _people()
    _uses()
    _walls()


def _walls() -> None:
    shown = all_rows("SELECT", when=("state", ("on_sale", "stopped")))
    everything = all_rows("SELECT")
    read = {"office": merchants_rows("SELECT"), "platform": everything}
    kinds = "SELECT, INSERT, UPDATE (state, name, words, uses, price_fen, worth_fen, valid_days, transferable, shared, "
    wall(
        "pass_kinds",
        shop=shown,
        person=shown,
        office=merchants_rows(f"{kinds}per_person, changed_at)"),
        platform=everything,
        job=everything,
    )
    wall(
        "pass_services",
        shop=everything,
        person=everything,
        office=merchants_rows("SELECT, INSERT, DELETE"),
        platform=everything,
        job=everything,
    )
    changed = (
        "code, secret, state, holder_id, holder, used, held, back, lapsed, nth, earned_fen, refunded_fen, paid_at, "
        "refund_until, expires_at, ended_at"
    )
    wall("passes", **read, job=all_rows(f"SELECT, INSERT, UPDATE ({changed})"))
    people = all_rows("SELECT, INSERT, UPDATE (role, name, since, until)")
    wall("pass_people", **read, person=persons_rows("SELECT"), job=people)
    wall("pass_gifts", job=all_rows("SELECT, INSERT, UPDATE (taken_at, taken_by, cancelled_at)"))
    used = "state, nth, store_id, store, clerk, value_fen, used_at, undo_until, ended_at"
    wall("pass_uses", **read, job=all_rows(f"SELECT, INSERT, UPDATE ({used})"))
    wall("pass_events", **read, job=all_rows("SELECT, INSERT"))


def _kinds() -> None:
    table = "pass_kinds"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("state", "name", "words"),
        *numbers("uses"),
        *fen("price_fen", "worth_fen"),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        *flags("transferable", "shared"),
        *numbers("per_person"),
        *times("created_at", "changed_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        check(table, "state", "state IN ('draft', 'on_sale', 'stopped')"),
        check(table, "uses", "uses BETWEEN 1 AND 365"),
        check(table, "price", "price_fen BETWEEN 1 AND 10000000"),
        check(table, "worth", "worth_fen = 0 OR worth_fen >= price_fen"),
        check(table, "valid_days", "valid_days BETWEEN 1 AND 3650"),
        check(table, "per_person", "per_person BETWEEN 0 AND 99"),
    )
    op.create_index("ix_pass_kinds_id", table, ["id"])
    table = "pass_services"
    kind = refers(table, ["merchant_id", "kind_id"], ["pass_kinds.merchant_id", "pass_kinds.id"])
    kind.ondelete = "CASCADE"
    op.create_table(
        table,
        *ids("merchant_id", "kind_id", "service_id"),
        key(table, "merchant_id", "kind_id", "service_id"),
        kind,
    )


def _passes() -> None:
    table = "passes"
    op.create_table(
        table,
        *ids("merchant_id", "id", "kind_id"),
        *words("number", "code"),
        sa.Column("secret", postgresql.BYTEA(), nullable=False),
        *words("state", "merchant_name", "name", "words"),
        json("services"),
        *flags("transferable", "shared"),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        *ids("buyer_id"),
        *words("buyer"),
        *ids("holder_id"),
        *words("holder"),
        *ids("intent_id"),
        *numbers("uses", "used", "held", "back", "lapsed", "nth"),
        *fen("price_fen", "earned_fen", "refunded_fen"),
        *times("bought_at"),
        *times("paid_at", "refund_until", "expires_at", "ended_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id", "kind_id"], ["pass_kinds.merchant_id", "pass_kinds.id"]),
        refers(table, ["buyer_id"], ["persons.id"]),
        refers(table, ["holder_id"], ["persons.id"]),
        unique(table, "merchant_id", "number"),
        unique(table, "merchant_id", "code"),
        unique(table, "merchant_id", "secret"),
        check(table, "code", "code ~ '^[0-9]{12}$'"),
        check(table, "secret", "octet_length(secret) = 10"),
        check(table, "state", "state IN ('unpaid', 'active', 'spent', 'expired', 'refunded', 'closed')"),
        check(table, "counters", "used >= 0 AND held >= 0 AND back >= 0 AND lapsed >= 0"),
        check(table, "uses", "used + held + back + lapsed <= uses"),
        check(table, "money", "earned_fen >= 0 AND refunded_fen >= 0"),
        check(table, "paid", "earned_fen + refunded_fen <= price_fen"),
        check(table, "paid_at", "(state IN ('unpaid', 'closed')) = (paid_at IS NULL)"),
        check(table, "paid_first", "state NOT IN ('unpaid', 'closed') OR used + held + back + lapsed = 0"),
    )
    op.create_index("ix_passes_id", table, ["id"])
    op.create_index("ix_passes_kind_id", table, ["merchant_id", "kind_id", "buyer_id"])
    active = sa.text("state = 'active'")
    op.create_index("ix_passes_expires_at", table, ["expires_at"], postgresql_where=active)


def _people() -> None:
    table = "pass_people"
    op.create_table(
        table,
        *ids("merchant_id", "pass_id", "person_id"),
        *words("role", "name"),
        *times("since"),
        *times("until", null=True),
        key(table, "merchant_id", "pass_id", "person_id"),
        _of(table),
        refers(table, ["person_id"], ["persons.id"]),
        check(table, "role", "role IN ('holder', 'sharer')"),
    )
    op.create_index(
        "uq_pass_people_one_holder",
        table,
        ["merchant_id", "pass_id"],
        unique=True,
        postgresql_where=sa.text("role = 'holder' AND until IS NULL"),
    )
    op.create_index("ix_pass_people_person_id", table, ["person_id", "since"])
    table = "pass_gifts"
    op.create_table(
        table,
        *ids("merchant_id", "id", "pass_id"),
        *words("kind"),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        *ids("giver_id"),
        *times("made_at", "expires_at"),
        *times("taken_at", null=True),
        *ids("taken_by", null=True),
        *times("cancelled_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table),
        unique(table, "merchant_id", "digest"),
        check(table, "kind", "kind IN ('transfer', 'share')"),
        check(table, "taken", "(taken_at IS NULL) = (taken_by IS NULL)"),
        check(table, "one_end", "taken_at IS NULL OR cancelled_at IS NULL"),
    )
    op.create_index("ix_pass_gifts_digest", table, ["digest"])
    op.create_index("ix_pass_gifts_pass_id", table, ["merchant_id", "pass_id"])


def _uses() -> None:
    table = "pass_uses"
    op.create_table(
        table,
        *ids("merchant_id", "id", "pass_id"),
        *words("state"),
        sa.Column("nth", sa.Integer(), nullable=True),
        *ids("person_id", "service_id", "booking_id", "store_id", null=True),
        *words("store", "clerk"),
        *fen("value_fen"),
        *times("held_at"),
        *times("used_at", "undo_until", "ended_at", null=True),
        key(table, "merchant_id", "id"),
        _of(table),
        unique(table, "merchant_id", "pass_id", "nth"),
        check(table, "state", "state IN ('held', 'used', 'returned', 'undone')"),
        check(table, "nth", "(state IN ('used', 'undone')) = (nth IS NOT NULL)"),
        check(table, "used_at", "(nth IS NULL) = (used_at IS NULL)"),
        check(table, "value", "value_fen >= 0"),
    )
    op.create_index("ix_pass_uses_id", table, ["id"])
    op.create_index("ix_pass_uses_pass_id", table, ["merchant_id", "pass_id", "id"])
    op.create_index("ix_pass_uses_booking_id", table, ["merchant_id", "booking_id"])
    table = "pass_events"
    op.create_table(
        table,
        *ids("merchant_id", "id", "pass_id"),
        *ids("use_id", null=True),
        *words("kind", "note", "by_kind", "by_name"),
        *fen("amount_fen"),
        *numbers("left"),
        *times("at"),
        key(table, "merchant_id", "id"),
        _of(table),
    )
    op.create_index("ix_pass_events_pass_id", table, ["merchant_id", "pass_id", "id"])


def _of(table: str) -> sa.ForeignKeyConstraint:
    return refers(table, ["merchant_id", "pass_id"], ["passes.merchant_id", "passes.id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
