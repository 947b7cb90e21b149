"""From hours to moments: intervals in UTC, open or closed now, until when, and what a search index stores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from portal.kernel.hours.week import WeeklyHours

Interval = tuple[datetime, datetime]

_HORIZON: Final = timedelta(days=8)
"""Open longer than this from now on is told as open without an end."""

_REOPENS_WITHIN: Final = 62
"""Days that are searched for the next opening."""

CLOSING_SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class Open:
    """Open now; `until` is None when no end is near (round the clock)."""

    until: datetime | None
    closing_soon: bool


@dataclass(frozen=True)
class Closed:
    """Closed now; `opens_at` is None when no opening is in sight."""

    opens_at: datetime | None


def intervals(hours: WeeklyHours, start: datetime, end: datetime) -> list[Interval]:
    """The stretches of opening within [start, end), in UTC, merged where they touch and cut at both ends."""
    found = []
    for opens, closes in _merged(_from(hours, start, days=(end - start).days + 4)):
        if opens >= end:
            break
        if closes > start:
            found.append((max(opens, start), min(closes, end)))
    return found


def open_times(hours: WeeklyHours, now: datetime, days: int) -> list[Interval]:
    """The stretches of the coming days for a `tstzmultirange` column; the running one begins now."""
    return intervals(hours, now, now + timedelta(days=days))


def state_at(hours: WeeklyHours, now: datetime, *, soon: timedelta = CLOSING_SOON) -> Open | Closed:
    """Open or closed at this moment and what comes next; `closing_soon` when at most `soon` is left."""
    if hours.is_always:
        return Open(until=None, closing_soon=False)
    until: datetime | None = None
    for opens, closes in _from(hours, now, days=_REOPENS_WITHIN):
        if until is None and opens > now:
            return Closed(opens_at=opens)
        if until is not None and opens > until:
            break
        if closes > now:
            until = max(closes, until or closes)
        if until is not None and until - now > _HORIZON:
            return Open(until=None, closing_soon=False)
    if until is None:
        return Closed(opens_at=None)
    return Open(until=until, closing_soon=until - now <= soon)


def _from(hours: WeeklyHours, moment: datetime, *, days: int) -> Iterator[Interval]:
    """Every span that starts on the day before `moment` or in the `days` after it, in order of starting."""
    first = moment.astimezone(hours.zone).date() - timedelta(days=1)
    for offset in range(days + 1):
        yield from _on(hours, first + timedelta(days=offset))


def _on(hours: WeeklyHours, day: date) -> Iterator[Interval]:
    """The spans of one date in UTC, by the wall clock: what a change of clock swallows is dropped."""
    midnight = datetime.combine(day, time())
    for span in hours.starting_on(day):
        opens = _utc(midnight + timedelta(minutes=span.start), hours)
        closes = _utc(midnight + timedelta(minutes=span.end), hours)
        if opens < closes:
            yield opens, closes


def _utc(wall: datetime, hours: WeeklyHours) -> datetime:
    return wall.replace(tzinfo=hours.zone).astimezone(UTC)


def _merged(spans: Iterator[Interval]) -> Iterator[Interval]:
    """Spans in order of starting, joined where they touch or overlap."""
    run: Interval | None = None
    for opens, closes in spans:
        if run is not None and opens <= run[1]:
            run = (run[0], max(run[1], closes))
            continue
        if run is not None:
            yield run
        run = (opens, closes)
    if run is not None:
        yield run
