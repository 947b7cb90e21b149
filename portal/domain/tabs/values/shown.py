"""Frozen facts of sittings: guests, lines, rounds, totals. Amounts in fen, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.domain.tabs.values.kinds import GuestState, LineKind, LineState, MoveKind, Opens, Pays, SittingState, Wish


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
    store_name: str
    id: UUID
    number: str
    state: SittingState
    pays: Pays
    shared: bool
    people: int
    opened_by: Opens
    opened_at: datetime
    settled_at: datetime | None
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
class Entrance:
    """What a printed code leads to: the sitting that a new phone joins, with how many people; None while nobody sits
    there, or those who do have paid. `own_id` is the one whose own guests are led back.
    """

    merchant_id: UUID
    store_id: UUID
    store_name: str
    table: TableAt
    seats: int
    sitting_id: UUID | None
    own_id: UUID | None
    people: int
    guest_opens: bool
    asks: bool


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
