"""Cases: money and goods that go back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from columns import check, ids, key, numbers, refers, times, unique, words
from walls import all_rows, merchants_rows, persons_rows, wall

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATES = (
    *("asked", "offered", "refused", "disputed", "returning", "sent"),
    *("refunding", "refunded", "withdrawn", "closed"),
)
NEVER_DUE = "state IN ('refunding', 'refunded', 'withdrawn', 'closed')"
CHANGES = (
    *("kind", "state", "goods_fen", "freight_fen", "offer_fen", "round"),
    *("return_name", "return_phone", "return_detail", "carrier", "tracking"),
    *("changed_at", "due_at", "sent_at", "arrived_at", "stuck_at", "ended_at", "refund_id"),
)


def fen(*names: str, null: bool = False) -> list[sa.Column[int]]:
    """Money."""
    return [sa.Column(name, sa.BigInteger(), nullable=null) for name in names]


def of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A parent of the same merchant."""
    return refers(table, ["merchant_id", column], [f"{parent}.merchant_id", f"{parent}.id"])


def upgrade() -> None:
    _cases()
    _parts()
    read = {"person": persons_rows("SELECT"), "office": merchants_rows("SELECT"), "platform": all_rows("SELECT")}
    wall("cases", **read, job=all_rows(f"SELECT, INSERT, UPDATE ({', '.join(CHANGES)})"))
    columns = "pieces, goods_fen, freight_fen, restocked"
    wall("case_lines", **read, job=all_rows(f"SELECT, INSERT, UPDATE ({columns})"))
    wall("case_events", **read, job=all_rows("SELECT, INSERT"))
    wall("case_pictures", **read, job=all_rows("SELECT, INSERT"))
    wall(
        "return_addresses",
        office=merchants_rows("SELECT, INSERT, UPDATE (name, phone, detail, changed_at)"),
        platform=all_rows("SELECT"),
        job=all_rows("SELECT"),
    )


def _cases() -> None:
    table, states = "cases", ", ".join(f"'{state}'" for state in STATES)
    op.create_table(
        table,
        *ids("merchant_id", "id", "order_id", "person_id"),
        *words("number", "order_number", "merchant_name", "buyer", "title", "picture"),
        *numbers("pieces"),
        *words("kind", "state", "origin", "reason"),
        sa.Column("fault", sa.Boolean(), nullable=False),
        *fen("goods_fen", "freight_fen", "asked_fen"),
        *fen("offer_fen", null=True),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("printed", sa.Boolean(), nullable=False),
        *words("return_name", "return_phone", "return_detail", "carrier", "tracking"),
        *times("asked_at", "changed_at"),
        *times("due_at", "sent_at", "arrived_at", "stuck_at", "ended_at", null=True),
        *ids("refund_id", null=True),
        key(table, "merchant_id", "id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
        of(table, "order_id", "orders"),
        unique(table, "merchant_id", "number"),
        check(table, "kind", "kind IN ('unshipped', 'money', 'return')"),
        check(table, "state", f"state IN ({states})"),
        check(table, "origin", "origin IN ('buyer', 'merchant', 'platform')"),
        check(table, "sums", "goods_fen >= 0 AND freight_fen >= 0"),
        check(table, "asked", "goods_fen + freight_fen <= asked_fen"),
        check(table, "offer", "offer_fen > 0 AND offer_fen < asked_fen"),
        check(table, "round", "round BETWEEN 1 AND 2"),
        check(table, "ended", "(ended_at IS NOT NULL) = (state IN ('refunded', 'withdrawn', 'closed'))"),
        check(table, "due", f"(due_at IS NULL) = ({NEVER_DUE})"),
        check(
            table,
            "refund",
            "refund_id IS NOT NULL OR state NOT IN ('refunding', 'refunded') OR goods_fen + freight_fen = 0",
        ),
        check(table, "sent", "(sent_at IS NULL) = (tracking = '')"),
    )
    op.create_index("ix_cases_id", table, ["id"])
    op.create_index("ix_cases_order_id", table, ["merchant_id", "order_id"])
    op.create_index("ix_cases_person_id", table, ["person_id", "id"])
    op.create_index("ix_cases_state", table, ["merchant_id", "state", "due_at"])
    op.create_index("ix_cases_due_at", table, ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    watched = sa.text("state IN ('disputed', 'refunding')")
    op.create_index("ix_cases_disputed", table, ["state", "id"], postgresql_where=watched)
    op.create_index("ix_cases_refund_id", table, ["refund_id"], postgresql_where=sa.text("refund_id IS NOT NULL"))


def _parts() -> None:
    table = "case_lines"
    op.create_table(
        table,
        *ids("merchant_id", "case_id", "line_id", "person_id"),
        *numbers("pieces"),
        *fen("goods_fen", "freight_fen"),
        *numbers("restocked"),
        key(table, "merchant_id", "case_id", "line_id"),
        of(table, "case_id", "cases"),
        of(table, "line_id", "order_lines"),
        check(table, "pieces", "pieces >= 0"),
        check(table, "sums", "goods_fen >= 0 AND freight_fen >= 0"),
        check(table, "restocked", "restocked BETWEEN 0 AND pieces"),
    )
    op.create_index("ix_case_lines_line_id", table, ["merchant_id", "line_id"])
    table = "case_events"
    op.create_table(
        table,
        *ids("merchant_id", "id", "case_id", "person_id"),
        *words("step", "side", "note"),
        *fen("amount_fen"),
        *times("at"),
        key(table, "merchant_id", "id"),
        of(table, "case_id", "cases"),
    )
    op.create_index("ix_case_events_case_id", table, ["merchant_id", "case_id", "id"])
    table = "case_pictures"
    op.create_table(
        table,
        *ids("merchant_id", "id", "case_id", "event_id", "person_id"),
        *words("stored"),
        *times("at"),
        key(table, "merchant_id", "id"),
        of(table, "case_id", "cases"),
        of(table, "event_id", "case_events"),
    )
    op.create_index("ix_case_pictures_id", table, ["id"])
    op.create_index("ix_case_pictures_case_id", table, ["merchant_id", "case_id"])
    table = "return_addresses"
    op.create_table(
        table,
        *ids("merchant_id"),
        *words("name", "phone", "detail"),
        *times("changed_at"),
        key(table, "merchant_id"),
        refers(table, ["merchant_id"], ["merchants.id"]),
    )


def downgrade() -> None:
    for table in ("return_addresses", "case_pictures", "case_events", "case_lines", "cases"):
        op.drop_table(table)
