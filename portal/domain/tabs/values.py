"""Words and frozen facts of sittings: guests, lines, rounds, totals. Amounts in fen, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from portal.kernel.words import Text, say

COLOURS: Final = 8
"""Guests wear colours 0 to 7, in the order they came; from the ninth on they come again."""
MOST_GUESTS: Final = 99
MOST_PEOPLE: Final = 99
MOST_LINES: Final = 400
MOST_OF_ONE: Final = 99
NAME_MOST: Final = 12
NOTE_MOST: Final = 60
REASON_MOST: Final = 60
INVITE_MINUTES: Final = 30
"""How long a friend's link lets in before it has to be turned."""
UNDO_WITHIN: Final = timedelta(minutes=60)


class SittingState(StrEnum):
    """From 开台 to 清台."""

    OPEN = "open"
    CLOSED = "closed"


class Pays(StrEnum):
    """先付 or 后付."""

    BEFORE = "before"
    AFTER = "after"


class Opens(StrEnum):
    """Who opens a sitting."""

    STAFF = "staff"
    GUEST = "guest"


class GuestState(StrEnum):
    """A phone at the table."""

    ASKED = "asked"  # scanned the printed code and waits for somebody to let him in
    IN = "in"
    OUT = "out"


class LineKind(StrEnum):
    """What a line is for."""

    DISH = "dish"
    COVER = "cover"  # 茶位费
    MUST = "must"  # 必点, put on by the house


class LineState(StrEnum):
    """Where a line stands."""

    DRAFT = "draft"
    PLACED = "placed"
    SERVED = "served"
    CANCELLED = "cancelled"


class Wish(StrEnum):
    """What a waiter is called for."""

    SERVICE = "service"
    WATER = "water"
    CUTLERY = "cutlery"
    BILL = "bill"
    CLEAR = "clear"


WISHES: Final[Mapping[Wish, Text]] = MappingProxyType(
    {
        Wish.SERVICE: say("叫服务员"),
        Wish.WATER: say("加水"),
        Wish.CUTLERY: say("加餐具"),
        Wish.BILL: say("结账"),
        Wish.CLEAR: say("收拾桌面"),
    }
)


class MoveKind(StrEnum):
    """What was moved."""

    TABLES = "tables"  # 转台
    MERGE = "merge"  # 并台
    LINES = "lines"  # 拆单


@dataclass(frozen=True)
class Wanted:
    """A dish with its options as somebody picked it. `grams` and `price_fen` (称重, 时价) are the staff's alone."""

    dish_id: UUID
    options: Mapping[UUID, tuple[UUID, ...]]
    quantity: int = 1
    note: str = ""
    grams: int | None = None
    price_fen: int | None = None


@dataclass(frozen=True)
class Seen:
    """What a page showed of a draft."""

    quantity: int
    total_fen: int


@dataclass(frozen=True)
class Joined:
    """A phone has joined, or asks to: `key` is its secret, told once; `guest_id` and `merchant_id` say whose it is."""

    merchant_id: UUID
    sitting_id: UUID
    guest_id: UUID
    key: str
    state: GuestState


@dataclass(frozen=True)
class Seat:
    """What a guest's cookie turned out to be worth; `version` is that of the sitting."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    guest_id: UUID
    state: GuestState
    version: int


@dataclass(frozen=True)
class GuestShown:
    """A phone at the table. An empty name is shown as its number."""

    id: UUID
    nth: int
    name: str
    colour: int
    state: GuestState
    person_id: UUID | None


@dataclass(frozen=True)
class LineShown:
    """A line of a tab. `due_fen` is what is to be paid of it, `waits` that its round is not paid yet (先付)."""

    id: UUID
    sitting_id: UUID
    round_id: UUID | None
    guest_id: UUID | None
    kind: LineKind
    dish_id: UUID | None
    name: str
    choice: str
    picks: Mapping[str, Any]
    unit: str
    quantity: int
    grams: int | None
    unit_fen: int
    total_fen: int
    due_fen: int
    price: tuple[Any, ...]
    note: str
    station: str
    state: LineState
    reason: str
    from_id: UUID | None
    bill_id: UUID | None
    version: int
    made_at: datetime
    placed_at: datetime | None

    @property
    def counts(self) -> bool:
        """It is on the bill."""
        return self.state in (LineState.PLACED, LineState.SERVED)


@dataclass(frozen=True)
class RoundShown:
    """What was sent to the kitchen at once; `released_at` None while it waits to be paid."""

    id: UUID
    nth: int
    guest_id: UUID | None
    note: str
    placed_at: datetime
    released_at: datetime | None


@dataclass(frozen=True)
class CallShown:
    """Somebody waits for a waiter."""

    id: UUID
    sitting_id: UUID
    guest_id: UUID | None
    wish: Wish
    made_at: datetime


@dataclass(frozen=True)
class TableAt:
    """A table of the floor."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Tab:
    """A sitting with all that is at it. `total_fen` is what the menu says of what was ordered, `due_fen` what is to
    be paid, `draft_fen` what is only thought of.
    """

    merchant_id: UUID
    store_id: UUID
    id: UUID
    number: str
    state: SittingState
    pays: Pays
    shared: bool
    people: int
    opened_by: Opens
    opened_at: datetime
    closed_at: datetime | None
    version: int
    tables: tuple[TableAt, ...]
    guests: tuple[GuestShown, ...]
    rounds: tuple[RoundShown, ...]
    lines: tuple[LineShown, ...]
    calls: tuple[CallShown, ...]

    @property
    def drafts(self) -> tuple[LineShown, ...]:
        """What is thought of."""
        return tuple(line for line in self.lines if line.state is LineState.DRAFT)

    @property
    def ordered(self) -> tuple[LineShown, ...]:
        """What was placed, the cancelled as well."""
        return tuple(line for line in self.lines if line.state is not LineState.DRAFT)

    @property
    def draft_fen(self) -> int:
        """What is thought of."""
        return sum(line.total_fen for line in self.drafts)

    @property
    def total_fen(self) -> int:
        """By the menu, without what was cancelled."""
        return sum(line.total_fen for line in self.lines if line.counts)

    @property
    def due_fen(self) -> int:
        """To be paid, what is paid already included."""
        return sum(line.due_fen for line in self.lines if line.counts)

    def guest(self, guest_id: UUID | None) -> GuestShown | None:
        """Whose a line is; None: the table's, or the staff's."""
        return next((one for one in self.guests if one.id == guest_id), None)


@dataclass(frozen=True)
class MoveShown:
    """Something that was moved; `undone_at` when it was taken back."""

    id: UUID
    kind: MoveKind
    sitting_id: UUID
    other_id: UUID | None
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True)
class SittingOnFloor:
    """An open sitting as the floor board shows it; `calls` and `asking` are how many wait."""

    id: UUID
    number: str
    table_ids: tuple[UUID, ...]
    people: int
    pays: Pays
    opened_at: datetime
    version: int
    due_fen: int
    drafts: int
    cooking: int
    served: int
    unpaid_rounds: int
    asking: int
    calls: int
