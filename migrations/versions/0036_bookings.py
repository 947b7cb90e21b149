"""Services, who can do them, bookings and their waiting list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, fen, flags, ids, json, key, numbers, refers, small, times, unique, words
from sqlalchemy.dialects import postgresql
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

PREPAYS = "('none', 'deposit', 'earnest', 'full')"
SHOWN = ("state", ("offered", "stopped"))
SERVICE_RULES = {
    "state": "state IN ('draft', 'offered', 'stopped')",
    "minutes": "minutes BETWEEN 5 AND 720",
    "buffers": "before_minutes BETWEEN 0 AND 240 AND after_minutes BETWEEN 0 AND 240",
    "price": "price_fen BETWEEN 0 AND 100000000",
    "prepay": f"prepay IN {PREPAYS}",
    "prepay_fen": "(prepay = 'none') = (prepay_fen = 0) AND prepay_fen <= price_fen",
    "full": "prepay <> 'full' OR prepay_fen = price_fen",
    "cancel_minutes": "cancel_minutes BETWEEN 0 AND 20160",
    "missed": "missed IN ('keep', 'return')",
    "deposit_returns": "prepay <> 'deposit' OR missed = 'return'",
    "earnest_stays": "prepay <> 'earnest' OR missed = 'keep'",
    "group_size": "group_size BETWEEN 1 AND 200",
}
BOOKING_RULES = {
    "state": "state IN ('asked', 'held', 'booked', 'arrived', 'done', 'cancelled', 'no_show')",
    "times": "starts_at < ends_at",
    "code": "code ~ '^[0-9]{12}$'",
    "secret": "octet_length(secret) = 10",
    "money": "price_fen >= 0 AND prepay_fen >= 0 AND prepay_fen <= price_fen",
    "keep": "keep_fen BETWEEN 0 AND prepay_fen",
    "refunded": "refunded_fen BETWEEN 0 AND prepay_fen",
    "paid": "NOT paid OR intent_id IS NOT NULL",
    "held_until": "(state IN ('asked', 'held')) = (held_until IS NOT NULL)",
    "asked_whom": "state <> 'asked' OR person_id IS NOT NULL",
    "ended": "(state IN ('done', 'cancelled', 'no_show')) = (ended_at IS NOT NULL)",
    "source": "source IN ('web', 'staff', 'walk_in', 'waiting')",
}


def upgrade() -> None:
    _services()
    _bookings()
    _lines()
    _sessions()
    _events()
    _waiting()
    _feeds()
    everything, shown = all_rows("SELECT"), all_rows("SELECT", when=SHOWN)
    kept = merchants_rows("SELECT, INSERT, UPDATE, DELETE")
    wall("services", shop=shown, person=shown, office=kept, platform=everything, job=everything)
    for table in ("service_needs", "service_doers"):
        wall(table, shop=everything, person=everything, office=kept, platform=everything, job=everything)
    mine, office = persons_rows("SELECT"), merchants_rows("SELECT")
    for table, may in (
        ("bookings", "SELECT, INSERT, UPDATE"),
        ("booking_lines", "SELECT, INSERT, UPDATE, DELETE"),
        ("booking_events", "SELECT, INSERT"),
        ("waitlist", "SELECT, INSERT, UPDATE"),
    ):
        wall(table, person=mine, office=office, platform=everything, job=all_rows(may))
    wall("booking_sessions", office=office, platform=everything, job=all_rows("SELECT, INSERT, UPDATE"))
    wall("booking_feeds", person=persons_rows("SELECT, INSERT, UPDATE"), job=everything)


def _services() -> None:
    table = "services"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("state", "name", "category", "words"),
        *small("minutes", "before_minutes", "after_minutes"),
        *fen("price_fen"),
        *words("prepay"),
        *fen("prepay_fen"),
        *small("cancel_minutes"),
        *words("missed"),
        *small("group_size"),
        *numbers("position"),
        json("pictures"),
        *times("created_at", "changed_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        *(check(table, name, rule) for name, rule in SERVICE_RULES.items()),
    )
    op.create_index("ix_services_position", table, ["merchant_id", "position", "id"])
    table = "service_needs"
    op.create_table(
        table,
        *ids("merchant_id", "service_id"),
        *words("kind"),
        key(table, "merchant_id", "service_id", "kind"),
        _of(table, "service_id", "services", cascade=True),
        check(table, "kind", "kind IN ('technician', 'room', 'device')"),
    )
    table = "service_doers"
    op.create_table(
        table,
        *ids("merchant_id", "service_id", "resource_id"),
        key(table, "merchant_id", "service_id", "resource_id"),
        _of(table, "service_id", "services", cascade=True),
        _of(table, "resource_id", "resources", cascade=True),
    )
    op.create_index("ix_service_doers_resource_id", table, ["merchant_id", "resource_id"])


def _bookings() -> None:
    table = "bookings"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *words("number"),
        *ids("person_id", null=True),
        *words("client_name", "client_phone", "source", "state"),
        *times("starts_at", "ends_at"),
        *fen("price_fen", "prepay_fen", "keep_fen", "refunded_fen"),
        *flags("paid"),
        *ids("intent_id", null=True),
        *times("cancel_until"),
        *words("code"),
        sa.Column("secret", postgresql.BYTEA(), nullable=False),
        *small("link_version", "sequence"),
        *words("note"),
        *times("made_at", "changed_at"),
        *times("held_until", "remind_at", "arrived_at", "ended_at", null=True),
        *words("ended_why"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        refers(table, ["person_id"], ["persons.id"]),
        unique(table, "merchant_id", "number"),
        unique(table, "merchant_id", "code"),
        unique(table, "merchant_id", "secret"),
        *(check(table, name, rule) for name, rule in BOOKING_RULES.items()),
    )
    op.create_index("ix_bookings_id", table, ["id"])
    op.create_index("ix_bookings_person_id", table, ["person_id", "starts_at"])
    op.create_index("ix_bookings_store_id", table, ["merchant_id", "store_id", "starts_at"])
    living = sa.text("state IN ('booked', 'arrived')")
    op.create_index("ix_bookings_ends_at", table, ["ends_at"], postgresql_where=living)
    op.create_index("ix_bookings_held_until", table, ["held_until"], postgresql_where=sa.text("state = 'asked'"))
    op.create_index("ix_bookings_remind_at", table, ["remind_at"], postgresql_where=sa.text("remind_at IS NOT NULL"))


def _lines() -> None:
    table = "booking_lines"
    op.create_table(
        table,
        *ids("merchant_id", "id", "booking_id"),
        *ids("person_id", null=True),
        *small("nth"),
        *ids("service_id"),
        *words("name"),
        *ids("technician_id", null=True),
        *words("technician"),
        *flags("requested", "keeps"),
        json("places"),
        *times("starts_at", "ends_at"),
        *small("before_minutes", "after_minutes"),
        *fen("price_fen"),
        *ids("pass_id", "pass_use_id", "session_id", null=True),
        key(table, "merchant_id", "id"),
        _of(table, "booking_id", "bookings"),
        _of(table, "service_id", "services"),
        unique(table, "merchant_id", "booking_id", "nth"),
        check(table, "times", "starts_at < ends_at"),
        check(table, "price", "price_fen >= 0"),
        check(table, "pass_use", "pass_use_id IS NULL OR pass_id IS NOT NULL"),
    )
    op.create_index("ix_booking_lines_technician_id", table, ["merchant_id", "technician_id", "starts_at"])
    op.create_index("ix_booking_lines_session_id", table, ["merchant_id", "session_id"])


def _sessions() -> None:
    table = "booking_sessions"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "service_id"),
        *ids("technician_id", null=True),
        *words("technician"),
        json("places"),
        *times("starts_at", "ends_at"),
        *small("seats", "taken"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "service_id", "services"),
        check(table, "taken", "taken BETWEEN 0 AND seats"),
        check(table, "times", "starts_at < ends_at"),
    )
    op.create_index("ix_booking_sessions_store_id", table, ["merchant_id", "store_id", "starts_at"])
    op.create_index(
        "uq_booking_sessions_one",
        table,
        ["merchant_id", "service_id", "starts_at", "technician_id"],
        unique=True,
        postgresql_where=sa.text("taken > 0"),
    )


def _events() -> None:
    table = "booking_events"
    op.create_table(
        table,
        *ids("merchant_id", "id", "booking_id"),
        *ids("person_id", null=True),
        *words("kind"),
        *times("at"),
        *words("by_kind"),
        *ids("by_id", null=True),
        *words("note"),
        key(table, "merchant_id", "id"),
        _of(table, "booking_id", "bookings"),
    )
    op.create_index("ix_booking_events_booking_id", table, ["merchant_id", "booking_id"])


def _waiting() -> None:
    table = "waitlist"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "person_id"),
        *words("client_name"),
        json("service_ids"),
        *ids("technician_id", null=True),
        sa.Column("day", sa.Date(), nullable=False),
        *small("from_minute", "until_minute"),
        *words("state"),
        *ids("booking_id", null=True),
        *times("made_at", "changed_at"),
        key(table, "merchant_id", "id"),
        _of(table, "store_id", "stores"),
        _of(table, "booking_id", "bookings"),
        refers(table, ["person_id"], ["persons.id"]),
        check(table, "state", "state IN ('waiting', 'offered', 'taken', 'withdrawn', 'over')"),
        check(table, "offered", "state <> 'offered' OR booking_id IS NOT NULL"),
        check(table, "minutes", "from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1800"),
    )
    offered, living = sa.text("state = 'offered'"), sa.text("state IN ('waiting', 'offered')")
    op.create_index("ix_waitlist_store_id", table, ["merchant_id", "store_id", "day", "id"], postgresql_where=living)
    op.create_index("ix_waitlist_booking_id", table, ["merchant_id", "booking_id"], postgresql_where=offered)
    op.create_index(
        "uq_waitlist_once",
        table,
        ["person_id", "merchant_id", "store_id", "day"],
        unique=True,
        postgresql_where=living,
    )


def _feeds() -> None:
    table = "booking_feeds"
    op.create_table(
        table,
        *ids("person_id"),
        *small("version"),
        *times("changed_at"),
        key(table, "person_id"),
        refers(table, ["person_id"], ["persons.id"]),
    )


def _of(table: str, column: str, parent: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    found = refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])
    found.ondelete = "CASCADE" if cascade else None
    return found


def downgrade() -> None:
    tables = ("booking_feeds", "waitlist", "booking_events", "booking_sessions", "booking_lines", "bookings")
    for table in (*tables, "service_doers", "service_needs", "services"):
        op.drop_table(table)
