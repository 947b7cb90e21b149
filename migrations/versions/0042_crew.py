"""Turns, clients' records, commissions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, fen, flags, ids, key, numbers, refers, times, words
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A parent of the same merchant."""
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def upgrade() -> None:
    _turns()
    _clients()
    _commissions()
    for table, columns in (
        ("turn_rules", "requested, declined, changed_at"),
        ("turn_places", "place, present, taken, requested, declined"),
    ):
        may = f"SELECT, INSERT, UPDATE ({columns})"
        wall(table, office=merchants_rows(may), job=all_rows(may))
    wall("turn_entries", office=merchants_rows("SELECT, INSERT"), job=all_rows("SELECT, INSERT"))
    kept = "allergies, preferences, note, changed_by, changed_at"
    wall(
        "clients",
        office=merchants_rows(f"SELECT, INSERT, UPDATE ({kept})"),
        person=persons_rows("SELECT (person_id), UPDATE (name, phone_masked)"),
        job=all_rows("SELECT, INSERT"),
    )
    visits = "SELECT, INSERT, UPDATE (client_id, at, what, technician, state)"
    wall("client_visits", office=merchants_rows(visits), job=all_rows(visits))
    wall("client_photos", office=merchants_rows("SELECT, INSERT, UPDATE (removed_at)"), job=all_rows("SELECT"))
    wall(
        "commission_rules",
        office=merchants_rows("SELECT, INSERT, UPDATE (ended_at)"),
        job=all_rows("SELECT"),
    )
    wall(
        "commission_entries",
        office=merchants_rows("SELECT"),
        job=all_rows("SELECT, INSERT, UPDATE (returned_fen, back_fen)"),
    )


def _turns() -> None:
    table = "turn_rules"
    op.create_table(
        table,
        *ids("merchant_id", "store_id"),
        *words("requested", "declined"),
        *times("changed_at"),
        key(table, "merchant_id", "store_id"),
        of(table, "store_id", "stores"),
        check(table, "requested", "requested IN ('keeps', 'end')"),
        check(table, "declined", "declined IN ('end', 'one', 'keeps')"),
    )
    table = "turn_places"
    op.create_table(
        table,
        *ids("merchant_id"),
        sa.Column("day", sa.Date(), nullable=False),
        *ids("resource_id", "store_id"),
        *numbers("place"),
        *flags("present"),
        *numbers("taken", "requested", "declined"),
        key(table, "merchant_id", "day", "resource_id"),
        of(table, "resource_id", "resources"),
        of(table, "store_id", "stores"),
        check(table, "counts", "taken >= 0 AND requested >= 0 AND declined >= 0"),
    )
    op.create_index("ix_turn_places_store_id", table, ["merchant_id", "store_id", "day", "place"])
    table = "turn_entries"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        sa.Column("day", sa.Date(), nullable=False),
        *ids("resource_id"),
        *words("kind"),
        *ids("booking_id", null=True),
        *words("note"),
        *times("at"),
        key(table, "merchant_id", "id"),
        of(table, "resource_id", "resources"),
        of(table, "store_id", "stores"),
        check(table, "kind", "kind IN ('joined', 'left', 'taken', 'requested', 'declined', 'moved')"),
    )
    op.create_index("ix_turn_entries_store_id", table, ["merchant_id", "store_id", "day", "id"])
    op.create_index("ix_turn_entries_booking_id", table, ["merchant_id", "booking_id", "resource_id"])


def _clients() -> None:
    table = "clients"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id"),
        *ids("person_id", null=True),
        *words("name", "phone_masked", "allergies", "preferences", "note", "changed_by"),
        *times("changed_at", "created_at"),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        of(table, "store_id", "stores"),
    )
    known = sa.text("person_id IS NOT NULL")
    op.create_index("uq_clients_person_id", table, ["merchant_id", "person_id"], unique=True, postgresql_where=known)
    op.create_index("ix_clients_person_id", table, ["person_id"])
    table = "client_visits"
    op.create_table(
        table,
        *ids("merchant_id", "booking_id", "client_id", "store_id"),
        *times("at"),
        *words("what", "technician", "state"),
        key(table, "merchant_id", "booking_id"),
        of(table, "client_id", "clients"),
        of(table, "store_id", "stores"),
        check(table, "state", "state IN ('ahead', 'arrived', 'done', 'missed', 'cancelled')"),
    )
    op.create_index("ix_client_visits_client_id", table, ["merchant_id", "client_id", "at"])
    op.create_index("ix_client_visits_store_id", table, ["merchant_id", "store_id", "client_id"])
    table = "client_photos"
    op.create_table(
        table,
        *ids("merchant_id", "id", "client_id", "store_id"),
        *words("caption", "stored", "by"),
        *times("at"),
        *times("removed_at", null=True),
        key(table, "merchant_id", "id"),
        of(table, "client_id", "clients"),
        of(table, "store_id", "stores"),
    )
    op.create_index("ix_client_photos_client_id", table, ["merchant_id", "client_id", "id"])


def _commissions() -> None:
    table, kinds = "commission_rules", "kind IN ('work', 'card_use', 'card_sale')"
    op.create_table(
        table,
        *ids("merchant_id", "id"),
        *words("kind"),
        *ids("store_id", "subject_id", null=True),
        *words("turn"),
        sa.Column("percent_bp", sa.Integer(), nullable=True),
        sa.Column("fixed_fen", sa.BigInteger(), nullable=True),
        *times("made_at"),
        *times("ended_at", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        of(table, "store_id", "stores"),
        check(table, "kind", kinds),
        check(table, "turn", "turn IN ('any', 'requested', 'rotated')"),
        check(table, "sale_has_no_turn", "turn = 'any' OR kind <> 'card_sale'"),
        check(table, "percent_or_fixed", "(percent_bp IS NULL) <> (fixed_fen IS NULL)"),
        check(table, "percent", "percent_bp BETWEEN 0 AND 10000"),
        check(table, "fixed", "fixed_fen BETWEEN 0 AND 10000000"),
    )
    op.create_index(
        "uq_commission_rules_in_force",
        table,
        ["merchant_id", "kind", "turn", "store_id", "subject_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    table = "commission_entries"
    op.create_table(
        table,
        *ids("merchant_id", "id", "store_id", "resource_id"),
        *words("technician"),
        *ids("rule_id"),
        *words("kind"),
        *ids("subject_id", "group_id"),
        *words("title", "client"),
        *flags("requested"),
        *fen("base_fen", "amount_fen", "returned_fen", "back_fen"),
        *ids("reverses", null=True),
        sa.Column("day", sa.Date(), nullable=False),
        *times("at"),
        key(table, "merchant_id", "id"),
        of(table, "store_id", "stores"),
        of(table, "resource_id", "resources"),
        of(table, "rule_id", "commission_rules"),
        of(table, "reverses", "commission_entries"),
        check(table, "kind", kinds),
        check(table, "sign", "(reverses IS NULL) = (amount_fen >= 0)"),
        check(table, "back", "back_fen >= 0 AND (back_fen = 0 OR back_fen <= amount_fen)"),
    )
    first = sa.text("reverses IS NULL")
    once = ["merchant_id", "subject_id", "kind", "resource_id"]
    op.create_index("uq_commission_entries_once", table, once, unique=True, postgresql_where=first)
    sold = sa.text("kind = 'card_sale' AND reverses IS NULL")
    one_seller = ["merchant_id", "subject_id"]
    op.create_index("uq_commission_entries_sale", table, one_seller, unique=True, postgresql_where=sold)
    op.create_index("ix_commission_entries_day", table, ["merchant_id", "day", "id"])
    op.create_index("ix_commission_entries_resource_id", table, ["merchant_id", "resource_id", "day"])
    op.create_index("ix_commission_entries_group_id", table, ["merchant_id", "group_id"])


def downgrade() -> None:
    for table in (
        *("commission_entries", "commission_rules"),
        *("client_photos", "client_visits", "clients"),
        *("turn_entries", "turn_places", "turn_rules"),
    ):
        op.drop_table(table)
