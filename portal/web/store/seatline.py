"""The evening as a drawing: a line for each table, time from left to right, a bar for each party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.domain.floor.values import Booking, BookingState, Table
from portal.kernel.figures import SHANGHAI

LEFT, ROW, HOUR = 70, 34, 90
SHOWN = (BookingState.HELD, BookingState.BOOKED, BookingState.SEATED)


@dataclass(frozen=True)
class Bar:
    """One party at one table, in units of the drawing."""

    booking_id: UUID
    x: int
    y: int
    wide: int
    tone: str
    text: str


@dataclass(frozen=True)
class Line:
    """The drawing: names of tables with their heights, hours with their places, bars, and where now is."""

    wide: int
    high: int
    tables: tuple[tuple[str, int], ...]
    hours: tuple[tuple[str, int], ...]
    bars: tuple[Bar, ...]
    now: int | None


def draw(tables: Sequence[Table], found: Sequence[Booking], now: datetime, *, late: timedelta) -> Line | None:
    """Only the tables that somebody reserved; None when nobody did."""
    shown = [one for one in found if one.state in SHOWN]
    used = {table for one in shown for table in one.table_ids}
    rows = [table for table in tables if table.id in used]
    if not rows:
        return None
    first = min(one.starts_at for one in shown).replace(minute=0, second=0, microsecond=0)
    last = max(one.ends_at for one in shown)
    hours = int(-(-(last - first).total_seconds() // 3600))
    heights = {table.id: at * ROW + 24 for at, table in enumerate(rows)}

    def x(at: datetime) -> int:
        return LEFT + round((at - first).total_seconds() / 3600 * HOUR)

    bars = tuple(
        Bar(
            one.id,
            x(one.starts_at),
            heights[table],
            x(one.ends_at) - x(one.starts_at),
            _tone(one, now, late),
            _text(one),
        )
        for one in shown
        for table in one.table_ids
        if table in heights
    )
    marks = tuple(
        (f"{(first + timedelta(hours=n)).astimezone(SHANGHAI):%H:00}", LEFT + n * HOUR) for n in range(hours + 1)
    )
    names = tuple((table.name, heights[table.id]) for table in rows)
    here = x(now) if first <= now <= last else None
    return Line(LEFT + hours * HOUR + 20, len(rows) * ROW + 30, names, marks, bars, here)


def _tone(one: Booking, now: datetime, late: timedelta) -> str:
    if one.state is BookingState.SEATED:
        return "seated"
    return "late" if now > one.starts_at + late else ""


def _text(one: Booking) -> str:
    return f"{one.name[:6]} {one.people}"
