"""A day as a table: technicians side by side, quarters of an hour below each other. Pure; it knows no requests.

A cell is a stretch of rows of one column: visits that overlap (an override, a shared session) lie in one cell together,
free time is cut at half hours so that each piece can be chosen, what is not worked is one quiet stretch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from portal.domain.bookings.values import BookingShown, BookingState, LineShown
from portal.domain.calendar.values import Plan
from portal.domain.clients.values import Care
from portal.kernel.figures import SHANGHAI

STEP = timedelta(minutes=15)
NIGHT = timedelta(hours=5)
FREE_ROWS = 2
LATE = timedelta(minutes=5)
SHOWN = frozenset({BookingState.ASKED, BookingState.HELD, BookingState.BOOKED, BookingState.ARRIVED, BookingState.DONE})


@dataclass(frozen=True)
class Card:
    """A visit's service, or time that is kept free (`booking` None), or spent in another store (`away`).

    Rows count from the top of the table.
    """

    id: UUID
    first: int
    last: int
    starts_at: datetime
    ends_at: datetime
    booking: BookingShown | None = None
    line: LineShown | None = None
    care: Care | None = None
    note: str = ""
    overrides: bool = False
    late: int = 0
    away: bool = False


@dataclass(frozen=True)
class Cell:
    """Rows of one column; `kind` is cards, free or off."""

    kind: str
    rows: int
    at: datetime
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True)
class Column:
    """One technician; `minutes` he works and `taken` of them."""

    id: UUID | None
    name: str
    minutes: int
    taken: int
    visits: int
    reason: str
    cells: Mapping[int, Cell]


@dataclass(frozen=True)
class Day:
    """The table of a day."""

    day: date
    rows: tuple[datetime, ...]
    columns: tuple[Column, ...]
    now_row: int

    @property
    def empty(self) -> bool:
        """True when nobody works and nothing is there."""
        return not self.columns


def window(day: date) -> tuple[datetime, datetime]:
    """A board's day runs from five to five, so that a night stays in one piece."""
    start = datetime.combine(day, time(), SHANGHAI) + NIGHT
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


def board_day(now: datetime) -> date:
    """The day whose board holds now."""
    return (now.astimezone(SHANGHAI) - NIGHT).date()


def lay_out(
    day: date, plans: Sequence[Plan], bookings: Iterable[BookingShown], cares: Mapping[UUID, Care], now: datetime
) -> Day:
    """The table. Visits without technician get a column of their own at the end."""
    lines = [(one, line) for one in bookings if one.state in SHOWN for line in one.lines]
    top, bottom = _frame(day, plans, lines)
    rows = tuple(top + n * STEP for n in range((bottom - top) // STEP))
    columns = [_column(plan, lines, cares, rows, now) for plan in plans]
    loose = [pair for pair in lines if pair[1].technician_id is None]
    if loose:
        cards = [_card(one, line, cares, top, now) for one, line in loose]
        columns.append(Column(None, "", 0, 0, len({one.id for one, _line in loose}), "", _cells(cards, [], rows)))
    now_row = (now - top) // STEP if top <= now < bottom else -1
    return Day(day, rows, tuple(columns), now_row)


def late_minutes(booking: BookingShown, now: datetime) -> int:
    """How long a client keeps us waiting; nought while it is not worth a word."""
    if booking.state is not BookingState.BOOKED or now < booking.starts_at + LATE:
        return 0
    return int((now - booking.starts_at) / timedelta(minutes=1))


Pair = tuple[BookingShown, LineShown]


def _frame(day: date, plans: Sequence[Plan], lines: Sequence[Pair]) -> tuple[datetime, datetime]:
    start, end = window(day)
    edges = [edge for plan in plans for span in plan.working for edge in span]
    edges += [edge for plan in plans for held in plan.held for edge in (held.start, held.end)]
    edges += [edge for _one, line in lines for edge in _span(line)]
    inside = [min(max(edge, start), end) for edge in edges] or [start + timedelta(hours=4), start + timedelta(hours=16)]
    top, bottom = min(inside), max(inside)
    return top - _past_hour(top), bottom + (-_past_hour(bottom)) % timedelta(hours=1)


def _past_hour(at: datetime) -> timedelta:
    return timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _span(line: LineShown) -> tuple[datetime, datetime]:
    """With the minutes before and after, which are the technician's as well."""
    return (
        line.starts_at - timedelta(minutes=line.before_minutes),
        line.ends_at + timedelta(minutes=line.after_minutes),
    )


def _column(
    plan: Plan, lines: Sequence[Pair], cares: Mapping[UUID, Care], rows: Sequence[datetime], now: datetime
) -> Column:
    top = rows[0]
    mine = [(one, line) for one, line in lines if line.technician_id == plan.resource.id]
    cards = [_card(one, line, cares, top, now) for one, line in mine]
    blocks = {held.holder_id: held for held in plan.held if held.holder_type == "block"}
    for held in blocks.values():
        first, last = _rows(held.start, held.end, top)
        cards.append(Card(held.holder_id, first, last, held.start, held.end, note=held.note))
    for start, end in plan.elsewhere:
        cards.append(Card(plan.resource.id, *_rows(start, end, top), start, end, away=True))
    over = {held.holder_id: held.note for held in plan.held if held.overrides}
    cards = [_marked(card, over) for card in cards]
    worked = [_rows(span.start, span.end, top) for span in plan.working]
    minutes = sum(int((span.end - span.start) / timedelta(minutes=1)) for span in plan.working)
    taken = sum(int((line.ends_at - line.starts_at) / timedelta(minutes=1)) for _one, line in mine)
    visits, reason = len({one.id for one, _line in mine}), dict(plan.reasons).get(board_day(top), "")
    cells = _cells(cards, worked, rows)
    return Column(plan.resource.id, plan.resource.name, minutes, taken, visits, reason, cells)


def _marked(card: Card, over: Mapping[UUID, str]) -> Card:
    if card.booking is None or card.booking.id not in over:
        return card
    return Card(**{**card.__dict__, "overrides": True, "note": over[card.booking.id]})


def _card(one: BookingShown, line: LineShown, cares: Mapping[UUID, Care], top: datetime, now: datetime) -> Card:
    first, last = _rows(*_span(line), top)
    return Card(
        id=line.id,
        first=first,
        last=last,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        booking=one,
        line=line,
        care=cares.get(one.id),
        note=one.note,
        late=late_minutes(one, now),
    )


def _rows(start: datetime, end: datetime, top: datetime) -> tuple[int, int]:
    """The rows touched, the last one excluded."""
    return max(0, (start - top) // STEP), max(1, -((top - end) // STEP))


def _cells(cards: Sequence[Card], worked: Sequence[tuple[int, int]], rows: Sequence[datetime]) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    at = 0
    for first, last, group in _groups(cards, len(rows)):
        _fill(cells, at, first, worked, rows)
        cells[first] = Cell("cards", last - first, rows[first], group)
        at = last
    _fill(cells, at, len(rows), worked, rows)
    return cells


def _groups(cards: Sequence[Card], rows: int) -> list[tuple[int, int, tuple[Card, ...]]]:
    """Cards that overlap lie together."""
    found: list[tuple[int, int, tuple[Card, ...]]] = []
    for card in sorted(cards, key=lambda one: (one.first, one.last)):
        first, last = min(card.first, rows - 1), min(max(card.last, card.first + 1), rows)
        if found and first < found[-1][1]:
            before = found.pop()
            found.append((before[0], max(before[1], last), (*before[2], card)))
        else:
            found.append((first, last, (card,)))
    return found


def _fill(
    cells: dict[int, Cell], first: int, last: int, worked: Sequence[tuple[int, int]], rows: Sequence[datetime]
) -> None:
    at = first
    while at < last:
        free = _works(at, worked)
        end = at + 1
        while end < last and _works(end, worked) == free and not (free and end % FREE_ROWS == 0):
            end += 1
        cells[at] = Cell("free" if free else "off", end - at, rows[at])
        at = end


def _works(row: int, worked: Sequence[tuple[int, int]]) -> bool:
    return any(first <= row < last for first, last in worked)


@dataclass(frozen=True)
class WeekCell:
    """A technician's day in the week: how much he works, how much of it is booked."""

    day: date
    minutes: int
    taken: int
    visits: int
    reason: str

    @property
    def share(self) -> int:
        """Booked, in tenths of what is worked, 0 to 10."""
        return min(10, round(10 * self.taken / self.minutes)) if self.minutes else 0


@dataclass(frozen=True)
class WeekRow:
    """A technician's week."""

    id: UUID
    name: str
    cells: tuple[WeekCell, ...]


def lay_out_week(monday: date, plans: Sequence[Plan], bookings: Sequence[BookingShown]) -> tuple[WeekRow, ...]:
    """A row for each technician, a cell for each day."""
    days = [monday + timedelta(days=n) for n in range(7)]
    lines = [(one, line) for one in bookings if one.state in SHOWN for line in one.lines]
    return tuple(
        WeekRow(plan.resource.id, plan.resource.name, tuple(_week_cell(day, plan, lines) for day in days))
        for plan in plans
    )


def _week_cell(day: date, plan: Plan, lines: Sequence[Pair]) -> WeekCell:
    start, end = window(day)
    minute = timedelta(minutes=1)
    worked = sum(max(timedelta(), min(span.end, end) - max(span.start, start)) // minute for span in plan.working)
    mine = [
        (one, line) for one, line in lines if line.technician_id == plan.resource.id and start <= line.starts_at < end
    ]
    taken = sum((line.ends_at - line.starts_at) // minute for _one, line in mine)
    return WeekCell(day, worked, taken, len({one.id for one, _line in mine}), dict(plan.reasons).get(day, ""))
