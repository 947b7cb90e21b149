"""Tables of sittings: at which tables, who joined, rounds, and lines.

Everything is the merchant's, and a guest sees what is of his sitting. Only the worker's face writes: no guest can write
down a price. Keys that guests carry are in a table of their own that no guest reads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_sitting, everyone

HOUSE = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone(), Face.JOB: by_merchant()}
"""The worker acts at a table for one merchant at a time; keys are found before it is known whose they are."""
SHARED = {**HOUSE, Face.GUEST: by_sitting()}


class Sitting(Base):
    """From opening a table (开台) to clearing it (清台). `code` rotates: who has an old one does not come in."""

    __tablename__ = "sittings"
    __sight__ = {**HOUSE, Face.GUEST: by_sitting("id")}
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores"),
        UniqueConstraint("merchant_id", "number"),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("pays IN ('before', 'after')", name="pays"),
        CheckConstraint("people BETWEEN 1 AND 99", name="people"),
        CheckConstraint("opened_by IN ('staff', 'guest')", name="opened_by"),
        Index("ix_sittings_store_id", "merchant_id", "store_id", "id"),
        Index("ix_sittings_open", "merchant_id", "store_id", postgresql_where=text("state = 'open'")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    store_id: Mapped[UUID]
    number: Mapped[str]
    state: Mapped[str]
    pays: Mapped[str]  # 先付 or 后付
    shared: Mapped[bool]  # one tab for all, or each guest his own bill
    people: Mapped[int] = mapped_column(SmallInteger)
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # since when nothing is due of what was ordered
    closed_at: Mapped[datetime | None]
    close_note: Mapped[str]
    changed_at: Mapped[datetime]
    version: Mapped[int]  # counts whatever changed of it: what screens ask for


class SittingTable(Base):
    """A table that a sitting occupies, or did: one open sitting for each table."""

    __tablename__ = "sitting_tables"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "sitting_id", "sittings"),
        belongs_to("merchant_id", "table_id", "floor_tables"),
        Index(
            "uq_sitting_tables_live", "merchant_id", "table_id", unique=True, postgresql_where=text("left_at IS NULL")
        ),
        Index("ix_sitting_tables_sitting_id", "merchant_id", "sitting_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sitting_id: Mapped[UUID]
    table_id: Mapped[UUID]
    taken_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Guest(Base):
    """A phone at the table: a name and a colour; an account only when he is signed in."""

    __tablename__ = "guests"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "sitting_id", "sittings"),
        CheckConstraint("nth BETWEEN 1 AND 99", name="nth"),
        CheckConstraint("state IN ('asked', 'in', 'out')", name="state"),
        Index(
            "uq_guests_nth",
            *("merchant_id", "sitting_id", "nth"),
            unique=True,
            postgresql_where=text("state <> 'out'"),
        ),
        Index("ix_guests_sitting_id", "merchant_id", "sitting_id", "nth"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sitting_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    colour: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str]  # a stranger with the printed code asks; somebody at the table or the staff lets him in
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    joined_at: Mapped[datetime]


class GuestKey(Base):
    """What a guest's cookie is compared with: digests only, void once the sitting is closed or the key is turned."""

    __tablename__ = "guest_keys"
    __sight__ = {Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "guest_id", "guests"),
        CheckConstraint("octet_length(digest) = 32", name="digest"),
    )

    merchant_id: Mapped[OwnerId]
    guest_id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID]
    digest: Mapped[bytes] = mapped_column(BYTEA)
    made_at: Mapped[datetime]


class SittingKey(Base):
    """The rotating secret of a sitting: what the slip's code and a friend's link carry."""

    __tablename__ = "sitting_keys"
    __sight__ = {Face.OFFICE: by_merchant(), Face.JOB: everyone(), Face.GUEST: by_sitting()}
    __table_args__ = (
        belongs_to("merchant_id", "sitting_id", "sittings"),
        CheckConstraint("code ~ '^[A-Za-z0-9_-]{22}$'", name="code"),
        Index("ix_sitting_keys_sitting_id", "sitting_id"),
    )

    merchant_id: Mapped[OwnerId]
    sitting_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    turned_at: Mapped[datetime]


class Round(Base):
    """What was sent to the kitchen at once (加菜)."""

    __tablename__ = "rounds"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "sitting_id", "sittings"),
        UniqueConstraint("merchant_id", "sitting_id", "nth"),
        CheckConstraint("nth >= 1", name="nth"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sitting_id: Mapped[UUID]
    nth: Mapped[int] = mapped_column(SmallInteger)
    guest_id: Mapped[UUID | None]  # None: the staff
    note: Mapped[str]
    placed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]  # the kitchen knows; None: waits to be paid (先付)


class TabLine(Base):
    """A dish on the tab with its price frozen. `version` counts what the kitchen has to be told anew."""

    __tablename__ = "tab_lines"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "sitting_id", "sittings"),
        belongs_to("merchant_id", "round_id", "rounds"),
        belongs_to("merchant_id", "guest_id", "guests"),
        CheckConstraint("kind IN ('dish', 'cover', 'must')", name="kind"),
        CheckConstraint("state IN ('draft', 'placed', 'served', 'cancelled')", name="state"),
        CheckConstraint("(state = 'draft') <= (round_id IS NULL)", name="round"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity"),
        CheckConstraint("grams IS NULL OR grams BETWEEN 1 AND 1000000", name="grams"),
        CheckConstraint("unit_fen >= 0 AND total_fen >= 0 AND due_fen BETWEEN 0 AND total_fen", name="money"),
        CheckConstraint("version >= 1", name="version"),
        Index("ix_tab_lines_sitting_id", "merchant_id", "sitting_id", "id"),
        Index("ix_tab_lines_from_id", "merchant_id", "from_id", postgresql_where=text("from_id IS NOT NULL")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sitting_id: Mapped[UUID]
    round_id: Mapped[UUID | None]
    guest_id: Mapped[UUID | None]  # whose it is; None: the table's
    kind: Mapped[str]  # a dish, 茶位费, 必点
    dish_id: Mapped[UUID | None]
    name: Mapped[str]
    choice: Mapped[str]  # what was picked, in words
    picks: Mapped[dict[str, Any]]
    unit: Mapped[str]
    quantity: Mapped[int] = mapped_column(SmallInteger)
    grams: Mapped[int | None]
    unit_fen: Mapped[Fen]
    total_fen: Mapped[Fen]  # as the menu says
    due_fen: Mapped[Fen]  # after 退菜, 赠菜 and 改价
    price: Mapped[list[Any]]  # how it came about, line by line
    note: Mapped[str]
    station: Mapped[str]  # 档口, as the menu says
    state: Mapped[str]
    reason: Mapped[str]  # why it was cancelled, given or repriced
    from_id: Mapped[UUID | None]  # the line it was split off
    bill_id: Mapped[UUID | None]  # the bill that holds it: nothing of it changes meanwhile
    version: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[datetime]
    placed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class WaiterCall(Base):
    """Somebody at the table calls (呼叫服务员); the same wish waits once."""

    __tablename__ = "waiter_calls"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "sitting_id", "sittings"),
        belongs_to("merchant_id", "guest_id", "guests"),
        CheckConstraint("wish IN ('service', 'water', 'cutlery', 'bill', 'clear')", name="wish"),
        Index(
            "uq_waiter_calls_waiting",
            *("merchant_id", "sitting_id", "wish"),
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sitting_id: Mapped[UUID]
    guest_id: Mapped[UUID | None]
    wish: Mapped[str]
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class TabMove(Base):
    """转台, 并台, 拆单: what went where, enough to take it back."""

    __tablename__ = "tab_moves"
    __sight__ = SHARED
    __table_args__ = (
        belongs_to("merchant_id", "sitting_id", "sittings"),
        belongs_to("merchant_id", "other_id", "sittings"),
        CheckConstraint("kind IN ('tables', 'merge', 'lines')", name="kind"),
        Index("ix_tab_moves_sitting_id", "merchant_id", "sitting_id", "id"),
        Index("ix_tab_moves_other_id", "merchant_id", "other_id", postgresql_where=text("other_id IS NOT NULL")),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    sitting_id: Mapped[UUID]
    other_id: Mapped[UUID | None]  # where lines went
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
