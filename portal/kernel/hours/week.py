"""The facts: spans, a week of them, dated exceptions, a zone; checked when made, kept as compact JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.kernel.figures import SHANGHAI
from portal.kernel.hours.problems import HoursProblem, HoursRefused

DAY: Final = 24 * 60
MOST_SPANS: Final = 6
MOST_EXCEPTIONS: Final = 120
VERSION: Final = 1
_DAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class Span(NamedTuple):
    """A stretch of opening: minutes after midnight of its own day, and how many it lasts (1440 at most)."""

    start: int
    length: int

    @property
    def end(self) -> int:
        """Minutes after midnight of the day it starts on; more than 1440 is the next day."""
        return self.start + self.length

    def __str__(self) -> str:
        """`17:00-02:00`, as people type it back; exactly a day long it is `17:00-次日17:00`."""
        end = self.end if self.end <= DAY else self.end - DAY
        next_day = "次日" if end == self.start else ""
        return f"{self.start // 60:02}:{self.start % 60:02}-{next_day}{end // 60:02}:{end % 60:02}"


WHOLE_DAY: Final = (Span(0, DAY),)
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class WeeklyHours:
    """When a store is open: seven days of spans (Monday first), exceptions by date, and the zone they mean.

    An exception replaces what starts on its date; what runs over from the day before stays. Spans are sorted
    here; overlapping ones are refused (`HoursRefused`), within a day and into the next.
    """

    week: tuple[Spans, ...] = ((),) * 7
    exceptions: tuple[tuple[date, Spans], ...] = ()
    zone: ZoneInfo = SHANGHAI

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        object.__setattr__(self, "week", tuple(checked(spans) for spans in self.week))
        object.__setattr__(self, "exceptions", _sorted(self.exceptions))
        for weekday, spans in enumerate(self.week):
            _check_midnight(weekday, spans, self.week[(weekday + 1) % 7])

    @classmethod
    def every_day(cls, spans: Sequence[Span]) -> WeeklyHours:
        """The same spans on all seven days."""
        return cls(week=(tuple(spans),) * 7)

    @classmethod
    def always(cls) -> WeeklyHours:
        """Round the clock."""
        return cls.every_day(WHOLE_DAY)

    @property
    def is_always(self) -> bool:
        """Whether every day is open round the clock and nothing excepted."""
        return not self.exceptions and all(spans == WHOLE_DAY for spans in self.week)

    @cached_property
    def by_date(self) -> Mapping[date, Spans]:
        """The exceptions, to look up."""
        return dict(self.exceptions)

    def starting_on(self, day: date) -> Spans:
        """What opens on that date."""
        return self.by_date.get(day, self.week[day.weekday()])


def checked(spans: Sequence[Span]) -> Spans:
    """The spans of one day in order. Refuses overlaps and too many; touching spans are two spans."""
    ordered = tuple(sorted(spans))
    if len(ordered) > MOST_SPANS:
        raise HoursRefused(HoursProblem.TOO_MANY, most=MOST_SPANS, dates=MOST_EXCEPTIONS)
    for span in ordered:
        if not (0 <= span.start < DAY and 0 < span.length <= DAY):
            raise ValueError(f"not a span of a day: {tuple(span)}")
    for one, other in pairwise(ordered):
        if one.end > other.start:
            raise HoursRefused(HoursProblem.OVERLAP, one=str(one), other=str(other))
    return ordered


def to_json(hours: WeeklyHours) -> dict[str, Any]:
    """A small, versioned value for a jsonb column."""
    stored: dict[str, Any] = {"v": VERSION, "week": [[list(span) for span in spans] for spans in hours.week]}
    if hours.exceptions:
        stored["dates"] = {day.isoformat(): [list(span) for span in spans] for day, spans in hours.exceptions}
    if hours.zone is not SHANGHAI:
        stored["zone"] = hours.zone.key
    return stored


def from_json(stored: Mapping[str, Any]) -> WeeklyHours:
    """What `to_json` wrote. ValueError for anything else."""
    try:
        if stored["v"] != VERSION:
            raise ValueError(f"hours of version {stored['v']!r} are not understood")
        return WeeklyHours(
            week=tuple(_spans(day) for day in stored["week"]),
            exceptions=tuple((date.fromisoformat(day), _spans(s)) for day, s in stored.get("dates", {}).items()),
            zone=ZoneInfo(stored["zone"]) if "zone" in stored else SHANGHAI,
        )
    except (KeyError, TypeError, AttributeError, HoursRefused, ZoneInfoNotFoundError) as broken:
        raise ValueError(f"not opening hours: {broken}") from broken


def _spans(stored: Sequence[Sequence[int]]) -> Spans:
    spans = tuple(Span(*pair) for pair in stored)
    if any(type(number) is not int for span in spans for number in span):
        raise ValueError("minutes are whole numbers")
    return spans


def _sorted(exceptions: Sequence[tuple[date, Spans]]) -> tuple[tuple[date, Spans], ...]:
    if len(exceptions) > MOST_EXCEPTIONS:
        raise HoursRefused(HoursProblem.TOO_MANY, most=MOST_SPANS, dates=MOST_EXCEPTIONS)
    ordered = tuple(sorted((day, checked(spans)) for day, spans in exceptions))
    for (one, _), (other, _) in pairwise(ordered):
        if one == other:
            raise HoursRefused(HoursProblem.TWICE, day=one.isoformat())
    return ordered


def _check_midnight(weekday: int, today: Spans, tomorrow: Spans) -> None:
    if today and tomorrow and today[-1].end - DAY > tomorrow[0].start:
        raise HoursRefused(
            HoursProblem.OVERLAP_NEXT_DAY, day=_DAYS[weekday], one=str(today[-1]), other=str(tomorrow[0])
        )
