"""Pure rules of a floor: which tables fit a party, when one may come, what is free, names and places of many tables.

Times are aware; stretches are half open. Pages and acts decide by the same functions.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import count
from typing import Final
from uuid import UUID

from portal.domain.floor.errors import WrongNames
from portal.domain.floor.values import MOST_AT_ONCE, DepositKind, Join, Rules, Table
from portal.kernel.figures import SHANGHAI
from portal.kernel.hours import WeeklyHours
from portal.kernel.hours.week import DAY

_RANGE: Final = re.compile(r"(?P<head>[^\d\s]*?)(?P<first>\d{1,4})\s*[-–—~至]\s*(?P<again>[^\d\s]*?)(?P<last>\d{1,4})")
_BREAK: Final = re.compile(r"[\s,，、;；]+")
NAME_MOST: Final = 12
GRID, LINES = 6, 4
_TEN: Final = 10**10


@dataclass(frozen=True)
class Choice:
    """A table, or tables together, that a party fits at. `rank` orders them: smallest first, joined ones last."""

    table_ids: tuple[UUID, ...]
    names: tuple[str, ...]
    seats: int
    rank: tuple[int, int, str]


def fitting(tables: Iterable[Table], joins: Iterable[Join], people: int) -> tuple[Choice, ...]:
    """Where a party fits, best first: the smallest table, then one with chairs added, then the smallest join."""
    found = []
    known = {table.id: table for table in tables if table.active}
    for table in known.values():
        if table.seats_min <= people <= table.most:
            extra = int(people > table.seats_max)
            found.append(Choice((table.id,), (table.name,), table.most, (extra, table.seats_max, table.name)))
    found.extend(
        Choice(join.table_ids, join.names, join.seats_max, (2, join.seats_max, join.name))
        for join in joins
        if join.seats_min <= people <= join.seats_max and all(one in known for one in join.table_ids)
    )
    return tuple(sorted(found, key=lambda one: one.rank))


Stretches = Mapping[UUID, Sequence[tuple[datetime, datetime]]]


def first_free(choices: Iterable[Choice], free: Stretches, start: datetime, end: datetime) -> Choice | None:
    """The best choice of which every table is free in all of [start, end)."""
    for choice in choices:
        if all(any(a <= start and end <= b for a, b in free.get(one, ())) for one in choice.table_ids):
            return choice
    return None


def arrivals(hours: WeeklyHours | None, rules: Rules, day: date, now: datetime) -> tuple[datetime, ...]:
    """The times at which a party may come on a day, in UTC; those past midnight belong to the day that opened.

    From opening until `last_minutes` before closing, every `step_minutes` by the wall clock, not before the notice
    and not beyond the days ahead.
    """
    today = now.astimezone(SHANGHAI).date()
    if hours is None or not today <= day < today + timedelta(days=rules.ahead_days):
        return ()
    midnight = datetime.combine(day, time(), hours.zone)
    goes_on = {span.start + DAY for span in hours.starting_on(day + timedelta(days=1))}
    earliest, found = now + timedelta(minutes=rules.notice_minutes), set[datetime]()
    for span in hours.starting_on(day):
        last = span.end - (1 if span.end in goes_on else rules.last_minutes)
        first = -(-span.start // rules.step_minutes) * rules.step_minutes
        for minute in range(first, last + 1, rules.step_minutes):
            at = (midnight + timedelta(minutes=minute)).astimezone(UTC)
            if at >= earliest:
                found.add(at)
    return tuple(sorted(found))


def offered(hours: WeeklyHours | None, rules: Rules, at: datetime, now: datetime) -> bool:
    """True when a party may come at that time: on its own day, or late in the night of the day before."""
    day = at.astimezone(SHANGHAI).date()
    return any(at in arrivals(hours, rules, one, now) for one in (day, day - timedelta(days=1)))


def until(rules: Rules, people: int, at: datetime) -> tuple[datetime, datetime]:
    """When the party leaves, and when the table is clear again."""
    leaves = at + rules.stay(people)
    return leaves, leaves + timedelta(minutes=rules.clear_minutes)


def names_of(said: str) -> tuple[str, ...]:
    """Names of many tables: "A1–A12, 包间1-3, 露台" is sixteen. Refuses doubles, long ones and too many."""
    found: list[str] = []
    text = re.sub(r"\s*([-–—~至])\s*", r"\1", said.strip())
    for part in filter(None, _BREAK.split(text)):
        found.extend(_range(part))
        if len(found) > MOST_AT_ONCE:
            raise WrongNames.too_many(MOST_AT_ONCE)
    if not found:
        raise WrongNames.none()
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        raise WrongNames.twice(twice)
    long = next((name for name in found if len(name) > NAME_MOST), None)
    if long is not None:
        raise WrongNames.too_long(long, NAME_MOST)
    return tuple(found)


def _range(part: str) -> list[str]:
    match = _RANGE.fullmatch(part)
    if match is None:
        return [part]
    head, first, last = match["head"], int(match["first"]), int(match["last"])
    if match["again"] not in ("", head) or last < first:
        raise WrongNames.range(part)
    if last - first >= MOST_AT_ONCE:
        raise WrongNames.too_many(MOST_AT_ONCE)
    wide = len(match["first"]) if match["first"].startswith("0") else 0
    return [f"{head}{number:0{wide}}" if wide else f"{head}{number}" for number in range(first, last + 1)]


def places(taken: Iterable[tuple[int, int]], wanted: int) -> list[tuple[int, int]]:
    """Where `wanted` new tables stand on the plan, in thousandths: the first free fields of a grid, row by row."""
    wide, high = 1000 // GRID, 1000 // LINES
    used, found = {(round(x), round(y)) for x, y in taken}, list[tuple[int, int]]()
    for field in count():
        if len(found) == wanted:
            break
        x, y = wide // 2 + field % GRID * wide, high // 2 + field // GRID * high
        if y >= 1000:
            found.append((x, 1000 - high // 2))  # no room left: they are moved by hand
        elif all(abs(x - a) >= wide // 2 or abs(y - b) >= high // 2 for a, b in used):
            found.append((x, y))
    return found


def cancelling_costs(kind: DepositKind, deposit_fen: int, free_until: datetime, now: datetime) -> int:
    """What the store keeps of a paid deposit when who made the reservation cancels it now, in fen."""
    return deposit_fen if kind is DepositKind.KEPT and now > free_until else 0


def new_code() -> str:
    """What a printed card or a link carries: 22 letters, 128 random bits."""
    return secrets.token_urlsafe(16)


def digest(link: str) -> bytes:
    """What is kept of a link."""
    return sha256(link.encode()).digest()


def new_number(at: datetime) -> str:
    """Sixteen digits, the day in Shanghai first; how many there are cannot be told from it."""
    return f"{at.astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(_TEN):010}"
