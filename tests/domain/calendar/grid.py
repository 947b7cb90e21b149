"""The same calendar in the most stupid way: one cell for each minute. It knows nothing of intervals or cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from portal.domain.calendar.values import Span, WeekSpan

FIRST = date(2026, 7, 4)  # Saturday
BEGIN = datetime(2026, 7, 3, 16, 0, tzinfo=UTC)  # midnight of FIRST in Shanghai
DAYS = 3
MINUTES = DAYS * 1440


def at(minute: int) -> datetime:
    """The moment of a minute of the grid."""
    return BEGIN + timedelta(minutes=minute)


@dataclass
class Grid:
    """One resource for three days, and who is in it each minute."""

    capacity: int
    week: Sequence[WeekSpan]
    always: bool = False
    days: dict[int, Sequence[Span]] = field(default_factory=dict)
    holders: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    def works(self, minute: int) -> bool:
        """Whether a span of this day or of the one before holds this minute, outside of that day's breaks."""
        for day in (minute // 1440, minute // 1440 - 1):
            spans = self._spans(day)
            since = minute - day * 1440
            inside = {kind for start, minutes, kind in spans if start <= since < start + minutes}
            if inside == {"work"}:
                return True
        return False

    def free(self, minute: int) -> bool:
        """Whether one more may be there."""
        busy = sum(1 for start, end in self.holders.values() if start <= minute < end)
        return self.works(minute) and busy < self.capacity

    def free_for(self, start: int, end: int) -> bool:
        """Whether one more may be there all the time."""
        return all(self.free(minute) for minute in range(start, end))

    def runs(self) -> list[tuple[datetime, datetime]]:
        """The free minutes as stretches."""
        found: list[tuple[datetime, datetime]] = []
        since: int | None = None
        for minute in range(MINUTES + 1):
            free = minute < MINUTES and self.free(minute)
            if free and since is None:
                since = minute
            elif not free and since is not None:
                found.append((at(since), at(minute)))
                since = None
        return found

    def _spans(self, day: int) -> Sequence[tuple[int, int, str]]:
        if day in self.days:
            return self.days[day]
        if self.always and not self.week:
            return [(0, 1440, "work")]
        weekday = (FIRST + timedelta(days=day)).weekday()
        return [one[1:] for one in self.week if one.weekday == weekday]
