"""Dated exceptions as people write them, one a line: `2026-02-16 10:00-14:00`, `2026-02-17 休息`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from portal.kernel.hours.problems import HoursProblem, HoursRefused
from portal.kernel.hours.text import format_spans, parse_spans
from portal.kernel.hours.week import Spans
from portal.kernel.typed import half_width

_MOST_TEXT: Final = 10_000
_LINE: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?[\s:]+(.+)")

Dated = tuple[date, Spans]


def parse_dates(text: str, *, field: str | None = None) -> tuple[Dated, ...]:
    """The exceptions of a text, one a line, for `WeeklyHours(exceptions=…)`. An empty text has none.

    Refuses a line it cannot read, a date that does not exist or stands twice, and what `parse_spans` refuses.
    """
    found: dict[date, Spans] = {}
    for line in half_width(text[:_MOST_TEXT]).splitlines():
        if not line.strip():
            continue
        read = _LINE.fullmatch(line.strip())
        try:
            day = date(int(read[1]), int(read[2]), int(read[3])) if read else None
        except ValueError:
            day = None
        if read is None or day is None:
            raise HoursRefused(HoursProblem.UNREADABLE_DATE, field=field, text=line.strip()[:40])
        if day in found:
            raise HoursRefused(HoursProblem.TWICE, field=field, day=day.isoformat())
        found[day] = parse_spans(read[4], field=field)
    return tuple(sorted(found.items()))


def format_dates(exceptions: Sequence[Dated]) -> str:
    """The exceptions as `parse_dates` reads them back."""
    return "\n".join(f"{day.isoformat()} {format_spans(spans)}" for day, spans in exceptions)
