"""What a floor is made of, frozen: areas, tables, joins, the rules of reserving, and reservations with their states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

MOST_TABLES: Final = 400
MOST_AT_ONCE: Final = 60
REMIND_BEFORE: Final = timedelta(hours=3)
HOLD_FOR: Final = timedelta(minutes=15)
MOVED_FREE: Final = timedelta(hours=24)
"""So long a guest may say no, for nothing, to a time that the store has given him."""
MOST_MOVES: Final = 20
"""How often a guest moves one reservation by himself."""


class Shape(StrEnum):
    """How a table stands on the plan."""

    ROUND = "round"
    SQUARE = "square"
    LONG = "long"


class BookingState(StrEnum):
    """`held` waits for its deposit; everything from `seated` on is an end."""

    HELD = "held"
    BOOKED = "booked"
    SEATED = "seated"
    MISSED = "missed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class DepositKind(StrEnum):
    """订金 goes back whatever happens in time; 定金 is kept when nobody comes or somebody cancels too late."""

    NONE = "none"
    BACK = "back"
    KEPT = "kept"


LIVING: Final = frozenset({BookingState.HELD.value, BookingState.BOOKED.value})
MOVES: Final = {
    BookingState.HELD: frozenset({BookingState.BOOKED, BookingState.CANCELLED, BookingState.EXPIRED}),
    BookingState.BOOKED: frozenset({BookingState.SEATED, BookingState.MISSED, BookingState.CANCELLED}),
    BookingState.SEATED: frozenset({BookingState.BOOKED}),  # undone
    BookingState.MISSED: frozenset({BookingState.BOOKED, BookingState.SEATED}),  # he came after all
    BookingState.CANCELLED: frozenset(),
    BookingState.EXPIRED: frozenset(),
}


def may_move(one: BookingState, other: BookingState) -> bool:
    """True when a reservation may go from one state to the other."""
    return other in MOVES[one]


@dataclass(frozen=True)
class TableFound:
    """The table of a printed card that is still good."""

    merchant_id: UUID
    store_id: UUID
    table_id: UUID
    name: str
    area: str
    seats_max: int


@dataclass(frozen=True)
class Area:
    """A part of the store."""

    id: UUID
    name: str
    position: int


@dataclass(frozen=True)
class TableFacts:
    """What the office says about a table. `x` and `y` are thousandths of the plan, None where there is room."""

    name: str
    area_id: UUID
    seats_min: int
    seats_max: int
    seats_extra: int = 0
    shape: Shape = Shape.SQUARE
    x: int | None = None
    y: int | None = None


@dataclass(frozen=True)
class Table:
    """A table as the plan shows it."""

    id: UUID
    name: str
    area_id: UUID
    area: str
    seats_min: int
    seats_max: int
    seats_extra: int
    shape: Shape
    x: int
    y: int
    active: bool
    code: str

    @property
    def most(self) -> int:
        """Seats with every chair that can be added."""
        return self.seats_max + self.seats_extra


@dataclass(frozen=True)
class Join:
    """Tables that make one."""

    id: UUID
    name: str
    seats_min: int
    seats_max: int
    table_ids: tuple[UUID, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """How a store reserves tables; minutes and days. `stays` are (people up to, minutes), ascending."""

    online: bool = False
    stays: tuple[tuple[int, int], ...] = ((2, 90), (4, 120), (200, 150))
    step_minutes: int = 30
    clear_minutes: int = 10
    ahead_days: int = 14
    notice_minutes: int = 60
    last_minutes: int = 60
    late_minutes: int = 15
    free_minutes: int = 120
    most_people: int = 12
    deposit_kind: DepositKind = DepositKind.NONE
    deposit_fen: int = 0
    deposit_each: bool = True
    deposit_from: int = 1
    note: str = ""

    def stay(self, people: int) -> timedelta:
        """How long a party of this size keeps its table."""
        minutes = next((minutes for most, minutes in self.stays if people <= most), self.stays[-1][1])
        return timedelta(minutes=minutes)

    def deposit(self, people: int) -> int:
        """What such a party pays before, in fen."""
        if self.deposit_kind is DepositKind.NONE or people < self.deposit_from:
            return 0
        return self.deposit_fen * (people if self.deposit_each else 1)


@dataclass(frozen=True)
class Slot:
    """A time at which a party can come; `free` False when no table is left."""

    at: datetime
    free: bool


@dataclass(frozen=True)
class Day:
    """A day to choose; `slots` counts the times that are left on it."""

    day: date
    slots: int


@dataclass(frozen=True)
class Made:
    """A reservation that was just made. `link` opens it without signing in and is never told again."""

    booking_id: UUID
    link: str
    intent_id: UUID | None


@dataclass(frozen=True)
class Booking:
    """A reservation as pages show it."""

    id: UUID
    merchant_id: UUID
    store_id: UUID
    store: str
    number: str
    state: BookingState
    source: str
    name: str
    phone: str
    people: int
    starts_at: datetime
    ends_at: datetime
    tables: tuple[str, ...]
    table_ids: tuple[UUID, ...]
    deposit_kind: DepositKind
    deposit_fen: int
    intent_id: UUID | None
    held_until: datetime | None
    free_until: datetime
    note: str
    reason: str
    sequence: int
    person_id: UUID | None
    kept_fen: int = 0

    @property
    def living(self) -> bool:
        """True while it takes a table that nobody sits at."""
        return self.state.value in LIVING
