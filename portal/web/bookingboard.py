"""Words of a store's board: states of visits, times, and what happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.domain.bookings.values import HAPPENINGS, STATES, TONES, BookingState, Happening
from portal.kernel.figures import SHANGHAI, say_day, say_time
from portal.web import locale


def clock(at: datetime) -> str:
    """14:30."""
    return f"{at.astimezone(SHANGHAI):%H:%M}"


def clock_of(at: datetime, day: date) -> str:
    """14:30; 次日 01:00 seen from the board's day."""
    return say_time(at, locale.current(), day=day)


def day_words(day: date) -> str:
    """7 月 5 日 周六."""
    return say_day(day, locale.current())


def mark(state: BookingState) -> tuple[str, str]:
    """The word and the tone of a state."""
    return locale.said(STATES[state]), TONES[state]


def happening(kind: Happening) -> str:
    """A line of the timeline."""
    return locale.said(HAPPENINGS[kind])


def local(at: datetime) -> str:
    """A moment for an address: the wall clock in Shanghai with its offset."""
    return at.astimezone(SHANGHAI).isoformat(timespec="minutes")


SHOWN: dict[str, Any] = {
    "clock": clock,
    "clock_of": clock_of,
    "day_words": day_words,
    "mark": mark,
    "happening": happening,
    "local": local,
}
