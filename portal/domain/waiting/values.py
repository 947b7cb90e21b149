"""What a queue is made of, frozen: classes by party size, numbers with their states, what a page tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

SOON: Final = 3
RANK: Final = 1_000_000
MOST_CLASSES: Final = 6
SEEN_TURNS: Final = 8


class NumberState(StrEnum):
    """`called` is asked to come now; `skipped` did not, and may come back by the store's rule."""

    WAITING = "waiting"
    CALLED = "called"
    SKIPPED = "skipped"
    SEATED = "seated"
    LEFT = "left"
    CLOSED = "closed"


LIVING: Final = frozenset({NumberState.WAITING.value, NumberState.CALLED.value})
OPEN: Final = LIVING | {NumberState.SKIPPED.value}
MOVES: Final = {
    NumberState.WAITING: frozenset({NumberState.CALLED, NumberState.SEATED, NumberState.LEFT, NumberState.CLOSED}),
    NumberState.CALLED: frozenset(
        {NumberState.CALLED, NumberState.SKIPPED, NumberState.SEATED, NumberState.LEFT, NumberState.CLOSED}
    ),
    NumberState.SKIPPED: frozenset({NumberState.WAITING, NumberState.SEATED, NumberState.LEFT, NumberState.CLOSED}),
    NumberState.SEATED: frozenset({NumberState.CALLED}),  # undone
    NumberState.LEFT: frozenset(),
    NumberState.CLOSED: frozenset(),
}


def may_move(one: NumberState, other: NumberState) -> bool:
    """True when a number may go from one state to the other."""
    return other in MOVES[one]


@dataclass(frozen=True)
class Rules:
    """Whether numbers are given now, and what becomes of who does not come. `back_by` 0: he takes a new number."""

    taking: bool = False
    back_by: int = 3
    keep_minutes: int = 5
    note: str = ""


@dataclass(frozen=True)
class Class:
    """A queue for parties of these sizes."""

    id: UUID
    letter: str
    name: str
    people_from: int
    people_to: int
    turn_minutes: int
    active: bool


USUAL: Final = (("A", "小桌", 1, 2, 8), ("B", "中桌", 3, 4, 12), ("C", "大桌", 5, 12, 20))
"""What a store begins with: letter, name, people from and to, minutes between two tables."""


@dataclass(frozen=True)
class Number:
    """A number as pages show it; `ahead` counts the parties before it, None when it does not wait."""

    id: UUID
    merchant_id: UUID
    store_id: UUID
    class_id: UUID
    day: date
    letter: str
    nth: int
    class_name: str
    state: NumberState
    people: int
    name: str
    person_id: UUID | None
    calls: int
    took_at: datetime
    called_at: datetime | None
    ended_at: datetime | None
    ahead: int | None = None
    minutes: int | None = None

    @property
    def text(self) -> str:
        """A012."""
        return f"{self.letter}{self.nth:03}"


@dataclass(frozen=True)
class Line:
    """One class at this moment: who waits, who is called, who was skipped, and how long a new one would wait."""

    known: Class
    waiting: tuple[Number, ...]
    called: tuple[Number, ...]
    skipped: tuple[Number, ...]
    turn_minutes: int
    minutes: int

    @property
    def next_up(self) -> Number | None:
        """Who is called next."""
        return self.waiting[0] if self.waiting else None


@dataclass(frozen=True)
class Queue:
    """A store's queue today."""

    rules: Rules
    lines: tuple[Line, ...]

    @property
    def waiting(self) -> int:
        """Parties that wait."""
        return sum(len(line.waiting) for line in self.lines)

    @property
    def called(self) -> tuple[Number, ...]:
        """Who is asked to come, the latest first."""
        found = [one for line in self.lines for one in line.called if one.called_at]
        return tuple(sorted(found, key=lambda one: str(one.called_at), reverse=True))

    def line_of(self, number_id: UUID) -> Number | None:
        """A number with its place."""
        for line in self.lines:
            for one in (*line.waiting, *line.called, *line.skipped):
                if one.id == number_id:
                    return one
        return None


@dataclass(frozen=True)
class Taken:
    """A number that was just taken; `link` follows it without signing in and is never told again."""

    number_id: UUID
    text: str
    link: str
