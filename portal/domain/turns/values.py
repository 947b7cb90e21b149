"""Words of the turn list, and what pages read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Requested(StrEnum):
    """What becomes of somebody's place when a client asked for him by name (点钟)."""

    KEEPS = "keeps"
    END = "end"


class Declined(StrEnum):
    """What becomes of somebody's place when he gives a turn away (弃牌)."""

    END = "end"
    ONE = "one"  # the next one goes before him
    KEEPS = "keeps"


class Turn(StrEnum):
    """A line of the day's log."""

    JOINED = "joined"
    LEFT = "left"
    TAKEN = "taken"
    REQUESTED = "requested"
    DECLINED = "declined"
    MOVED = "moved"


@dataclass(frozen=True)
class TurnRule:
    """The store's rule. A store that never chose has this one."""

    requested: Requested = Requested.KEEPS
    declined: Declined = Declined.END


@dataclass(frozen=True)
class Place:
    """A technician in today's list; `nth` counts from 1 among those who are there, 0 for who is not."""

    resource_id: UUID
    name: str
    nth: int
    present: bool
    busy: bool
    taken: int
    requested: int
    declined: int


@dataclass(frozen=True)
class Logged:
    """What happened to a turn, in the words it was given."""

    id: UUID
    name: str
    kind: Turn
    note: str
    at: datetime


@dataclass(frozen=True)
class TurnBoard:
    """Today's list of a store, in its order; `next_id` is the first one who is there and free."""

    day: date
    rule: TurnRule
    places: tuple[Place, ...]
    next_id: UUID | None
    log: tuple[Logged, ...]
