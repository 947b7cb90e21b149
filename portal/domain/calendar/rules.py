"""Pure algebra of time: hours of work, what is reserved, what is left. Reading and writing both decide by it.

All intervals are half open, aware and in UTC; lists of them are sorted and neither touch nor overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.calendar.values import Interval, Kind, Pattern, Span

ZONE: Final = ZoneInfo("Asia/Shanghai")
ALWAYS: Final = frozenset({Kind.ROOM.value, Kind.DEVICE.value, Kind.TABLE.value})
"""Kinds that may be had at any time for as long as they have no week of their own."""
LONGEST: Final = timedelta(hours=24)
"""No row of a reservation is longer; the index by start relies on it. Longer claims are several rows."""
_ONE_DAY: Final = timedelta(days=1)


def merged(intervals: Iterable[tuple[datetime, datetime]]) -> tuple[Interval, ...]:
    """Sorted, joined where they touch or overlap; empty ones dropped."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if found and start <= found[-1].end:
            if end > found[-1].end:
                found[-1] = Interval(found[-1].start, end)
        else:
            found.append(Interval(start, end))
    return tuple(found)


def without(intervals: Sequence[Interval], taken: Sequence[Interval]) -> tuple[Interval, ...]:
    """What of `intervals` no `taken` covers; both as `merged` makes them."""
    found, at = [], 0
    for start, end in intervals:
        while at < len(taken) and taken[at].end <= start:
            at += 1
        next_one = at
        while next_one < len(taken) and taken[next_one].start < end:
            if taken[next_one].start > start:
                found.append(Interval(start, taken[next_one].start))
            start = max(start, taken[next_one].end)
            next_one += 1
        if start < end:
            found.append(Interval(start, end))
    return tuple(found)


def clipped(intervals: Iterable[Interval], start: datetime, end: datetime) -> tuple[Interval, ...]:
    """The parts within [start, end)."""
    return tuple(
        one if one.start >= start and one.end <= end else Interval(max(one.start, start), min(one.end, end))
        for one in intervals
        if one.start < end and one.end > start
    )


def covers(intervals: Sequence[Interval], start: datetime, end: datetime) -> bool:
    """True when one interval holds the whole stretch."""
    return any(a <= start and end <= b for a, b in intervals)


def days_around(start: datetime, end: datetime) -> tuple[date, ...]:
    """The local days whose spans may reach into [start, end): one more before, as a night runs over."""
    day, last = start.astimezone(ZONE).date() - _ONE_DAY, (end - timedelta(microseconds=1)).astimezone(ZONE).date()
    return tuple(day + timedelta(days=n) for n in range((last - day).days + 1))


@lru_cache(maxsize=1024)
def midnight(day: date) -> datetime:
    """The beginning of a local day, in UTC."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def hours_of(day: date, spans: Iterable[Span]) -> tuple[Interval, ...]:
    """When somebody works whose day has these spans: work without its breaks. A break cuts its own day only."""
    start = midnight(day)
    parts: dict[str, list[tuple[datetime, datetime]]] = {"work": [], "break": []}
    for span in spans:
        begins = start + timedelta(minutes=span.start)
        parts[span.kind].append((begins, begins + timedelta(minutes=span.minutes)))
    return without(merged(parts["work"]), merged(parts["break"]))


def spans_on(day: date, kind: str, week: Sequence[Pattern], days: Mapping[date, Sequence[Span]]) -> Sequence[Span]:
    """What holds on one date: its exception, else the week in force. A room without any week is there all day."""
    if day in days:
        return days[day]
    force = [one.span for one in week if one.since <= day and (one.until is None or day < one.until)]
    if not force and kind in ALWAYS:
        return (Span(0, 1440),)
    weekday = day.weekday()
    return [Span(one.start, one.minutes, one.kind) for one in force if one.weekday == weekday]


def working(
    start: datetime, end: datetime, kind: str, week: Sequence[Pattern], days: Mapping[date, Sequence[Span]]
) -> tuple[Interval, ...]:
    """When a resource works within [start, end)."""
    own = tuple(sorted((day, tuple(spans)) for day, spans in days.items())) if days else ()
    around = days_around(start, end)
    return clipped(_whole_days(around[0], len(around), kind, tuple(week), own), start, end)


@lru_cache(maxsize=512)
def _whole_days(
    first: date, count: int, kind: str, week: tuple[Pattern, ...], own: tuple[tuple[date, tuple[Span, ...]], ...]
) -> tuple[Interval, ...]:
    """When somebody with this week and these days of his own works; colleagues share a week, and pages ask again."""
    days, found = dict(own), list[Interval]()
    for day in (first + timedelta(days=n) for n in range(count)):
        found.extend(hours_of(day, spans_on(day, kind, week, days)))
    return merged(found)


def full(capacity: int, taken: Iterable[tuple[int, datetime, datetime]]) -> tuple[Interval, ...]:
    """When no cell is left: as many different cells as there are, or more, are taken. `taken` is (cell, start, end)."""
    cells: dict[int, list[tuple[datetime, datetime]]] = {}
    for cell, start, end in taken:
        cells.setdefault(cell, []).append((start, end))
    if len(cells) < capacity:
        return ()
    if capacity == 1:
        return merged(one for busy in cells.values() for one in busy)
    steps = [step for busy in cells.values() for a, b in merged(busy) for step in ((a, 1), (b, -1))]
    found, count, since = [], 0, None
    for at, step in sorted(steps):  # an end before a start of the same moment: back to back is free
        before, count = count, count + step
        if before < capacity <= count:
            since = at
        elif count < capacity <= before and since is not None:
            found.append((since, at))
    return merged(found)


def free(
    hours: Sequence[Interval], capacity: int, taken: Iterable[tuple[int, datetime, datetime]]
) -> tuple[Interval, ...]:
    """What is left of the hours: where at least one cell is not taken. THE rule of the calendar, for pages and acts."""
    return without(hours, full(capacity, taken))


def full_within(capacity: int, taken: Iterable[tuple[int, datetime, datetime]], start: datetime, end: datetime) -> bool:
    """True when at some moment of [start, end) no cell is left, whatever the hours."""
    return free((Interval(start, end),), capacity, taken) != (Interval(start, end),)


def cells_for(
    start: datetime, end: datetime, capacity: int, taken: Iterable[tuple[int, datetime, datetime]]
) -> list[tuple[int, datetime, datetime]]:
    """Where a stretch that is `free` goes: the lowest cell that has all of it, else from cell to cell as they are free.

    Nobody cares which cell he has, so that what is free at every moment can always be had as a whole. Pieces are
    `LONGEST` at most. ValueError when it is not free.
    """
    busy: dict[int, list[tuple[datetime, datetime]]] = {}
    for cell, a, b in taken:
        if a < end and b > start:
            busy.setdefault(cell, []).append((a, b))
    whole = Interval(start, end)
    room = {cell: without((whole,), merged(busy.get(cell, ()))) for cell in range(1, capacity + 1)}
    found: list[tuple[int, datetime, datetime]] = []
    at = start
    while at < end:
        until, cell = max(((b, -cell) for cell, gaps in room.items() for a, b in gaps if a <= at < b), default=(at, 0))
        if until == at:
            raise ValueError("not free")
        until = min(until, at + LONGEST)
        found.append((-cell, at, until))
        at = until
    return found


def pieces(start: datetime, end: datetime) -> list[Interval]:
    """A stretch in rows of `LONGEST` at most."""
    found = []
    while start < end:
        found.append(Interval(start, min(end, start + LONGEST)))
        start = found[-1].end
    return found
