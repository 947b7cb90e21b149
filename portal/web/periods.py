"""A stretch of local days from the address: `since` and `until` (inclusive), today by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import request

from portal.domain.vouchers.rules import periods
from portal.kernel.spoken import local_day

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Period:
    """Local days, both included, and the same as moments; `after` is where a list goes on."""

    first: date
    last: date
    is_today: bool
    after: UUID | None

    @property
    def since(self) -> datetime:
        """The first moment."""
        return periods.day_begins(self.first)

    @property
    def until(self) -> datetime:
        """The first moment that is too late."""
        return periods.day_ends(self.last)

    @property
    def name(self) -> str:
        """For a file: 2026-07-01 or 2026-07-01_2026-07-31."""
        return str(self.first) if self.first == self.last else f"{self.first}_{self.last}"


def asked_period(now: datetime) -> Period:
    """What the address asks for; nonsense is today, reversed days are turned round, at most a year is shown."""
    today = local_day(now)
    first, last = _day("since") or _day("until") or today, _day("until") or today
    first, last = min(first, last), max(first, last)
    first = max(first, last - LONGEST)
    return Period(first, last, first == last == today, asked_after())


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def asked_after() -> UUID | None:
    """Where a list goes on, or None for its beginning."""
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None
