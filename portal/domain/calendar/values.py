"""Kinds of resources, who holds what, hours as they are entered, and what others are told about free time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

DAY_MINUTES: Final = 1440
MOST_NAME: Final = 40
UNDO_WITHIN: Final = timedelta(hours=1)
"""How long a leave or a copied week can be taken back with one tap."""
MOST_REASON: Final = 100


Key = tuple[UUID, date]
"""A resource on one date."""


class Kind(StrEnum):
    """What a resource is."""

    TECHNICIAN = "technician"
    ROOM = "room"
    DEVICE = "device"
    TABLE = "table"
    PICKUP = "pickup"


class Holder(StrEnum):
    """What a reservation is for."""

    BOOKING = "booking"
    TABLE = "table"
    BLOCK = "block"
    SITTING = "sitting"
    ORDER = "order"


class Interval(NamedTuple):
    """From `start` until before `end`, aware, in UTC."""

    start: datetime
    end: datetime


class Span(NamedTuple):
    """Minutes after midnight of its day, how many, and whether it is `work` or `break`.

    What runs past midnight belongs to the day it began; a break after midnight in a night's shift begins past 1440.
    """

    start: int
    minutes: int
    kind: str = "work"


class WeekSpan(NamedTuple):
    """A span that comes again on a weekday (Monday is 0)."""

    weekday: int
    start: int
    minutes: int
    kind: str = "work"


@dataclass(frozen=True)
class Claim:
    """A stretch of one resource that somebody wants, buffers inside; times aware, of whatever zone.

    `unbound` asks for it outside of hours as well; `overrides` also over what is reserved, with a reason in `note`.
    """

    merchant_id: UUID
    resource_id: UUID
    start: datetime
    end: datetime
    holder_type: str
    holder_id: UUID
    overrides: bool = False
    note: str = ""
    unbound: bool = False


@dataclass(frozen=True)
class ResourceCard:
    """A resource as pages and the features above know it."""

    merchant_id: UUID
    id: UUID
    store_id: UUID
    kind: str
    name: str
    capacity: int
    membership_id: UUID | None
    position: int
    active: bool


class Pattern(NamedTuple):
    """A weekly span and the days it is in force: from `since`, until before `until`."""

    span: WeekSpan
    since: date
    until: date | None


class Held(NamedTuple):
    """One reservation; a long one, or one that changes cells, is several with the same holder."""

    id: UUID
    resource_id: UUID
    cell: int
    start: datetime
    end: datetime
    holder_type: str
    holder_id: UUID
    overrides: bool
    note: str


@dataclass(frozen=True)
class Plan:
    """A resource in a window: when it works, what is reserved of it, what is left; when he is in another store."""

    resource: ResourceCard
    working: tuple[Interval, ...]
    held: tuple[Held, ...]
    free: tuple[Interval, ...]
    reasons: tuple[tuple[date, str], ...] = ()
    elsewhere: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Change:
    """The latest act on dated days of a store that can still be taken back."""

    id: UUID
    people: int
    first: date
    last: date
    made_at: datetime


@dataclass(frozen=True)
class DayCell:
    """A resource on one date: its spans, whether they are the date's own, and what is reserved that day.

    `outside` is how many of the `booked` lie outside of the hours, `minutes` how long it works.
    """

    day: date
    spans: tuple[Span, ...]
    own: bool
    reason: str
    booked: int
    outside: int
    blocked: bool
    minutes: int


@dataclass(frozen=True)
class WeekRow:
    """A resource and its seven days."""

    resource: ResourceCard
    days: tuple[DayCell, ...]

    @property
    def minutes(self) -> int:
        """How long it works in the week."""
        return sum(one.minutes for one in self.days)


@dataclass(frozen=True)
class Hours:
    """The hours of one resource as its page shows them: weeks by their first day, dated days and blocks to come."""

    resource: ResourceCard
    weeks: tuple[tuple[date, tuple[WeekSpan, ...]], ...]
    days: tuple[tuple[date, tuple[Span, ...], str], ...]
    blocks: tuple[Held, ...]
    booked: int
