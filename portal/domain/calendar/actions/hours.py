"""When resources work: weeks that come again, dated days (leave is a day without spans), and weeks copied to others.

Hours never touch what is reserved already: boards show what lies outside of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select

from portal.domain.calendar import errors, rules
from portal.domain.calendar.access import access_to_change
from portal.domain.calendar.actions.undoing import remembered
from portal.domain.calendar.models import Resource, ResourceDay, Shift
from portal.domain.calendar.queries import HOUSE, read
from portal.domain.calendar.values import DAY_MINUTES, MOST_REASON, Key, Span, WeekSpan
from portal.kernel import hours
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

MOST_DAYS: Final = 92
MOST_WEEKS: Final = 12
_WEEK: Final = 7


def set_week(work: Work, resource_id: UUID, spans: Sequence[WeekSpan], *, since: date) -> None:
    """These hours each week from `since` on, until others are set. Refuses overlaps and breaks outside of a shift."""
    row = access_to_change(work, resource_id)
    by_day: dict[int, list[Span]] = defaultdict(list)
    for one in spans:
        by_day[one.weekday].append(Span(one.start, one.minutes, one.kind))
    tidy = {weekday: checked(day, field=f"day{weekday}") for weekday, day in by_day.items()}
    mine = (Shift.merchant_id == row.merchant_id, Shift.resource_id == row.id)
    work.session.execute(delete(Shift).where(*mine, Shift.from_day >= since))
    lasting = select(Shift).where(*mine, or_(Shift.until_day.is_(None), Shift.until_day > since))
    for shift in work.session.scalars(lasting):
        shift.until_day = since
    for weekday, day in tidy.items():
        work.session.add_all(_shift(row, weekday, span, since) for span in day)
    work.audit("resource.week_set", "resource", row.id, since=since)


def set_day(work: Work, resource_id: UUID, day: date, spans: Sequence[Span], *, reason: str = "") -> None:
    """Other hours on one date; no spans: off."""
    work.require(Permission.CALENDAR_EDIT)
    set_days(work, [resource_id], day, day, spans, reason=reason)


def set_days(
    work: Work, resource_ids: Sequence[UUID], first: date, last: date, spans: Sequence[Span], *, reason: str = ""
) -> None:
    """Other hours on each date from `first` to `last`, both included; leave is this without spans."""
    work.require(Permission.CALENDAR_EDIT)
    _check_days(first, last)
    tidy = checked(spans, field="hours")
    reason = clean_line(reason, field="reason", most=MOST_REASON, required=False)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows = [access_to_change(work, one) for one in sorted(set(resource_ids))]
    written = {(row.id, day): (tidy, reason) for row in rows for day in days}
    with _undoable(work, rows, written):
        _write(work, written)
    for row in rows:
        work.audit("resource.days_set", "resource", row.id, first=first, last=last)


def clear_day(work: Work, resource_id: UUID, day: date) -> None:
    """The week's hours again on this date."""
    clear_days(work, [resource_id], day, day)


def clear_days(work: Work, resource_ids: Sequence[UUID], first: date, last: date) -> None:
    """The week's hours again from `first` to `last`, both included."""
    work.require(Permission.CALENDAR_EDIT)
    _check_days(first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows = [access_to_change(work, one) for one in sorted(set(resource_ids))]
    keys = [(row.id, day) for row in rows for day in days]
    with _undoable(work, rows, keys):
        _drop(work, keys)
    for row in rows:
        work.audit("resource.days_cleared", "resource", row.id, first=first, last=last)


def _undoable(work: Work, rows: Sequence[Resource], keys: Collection[Key]) -> AbstractContextManager[None]:
    """What is done to these days of a store's resources can be taken back; with nobody it is nothing."""
    return remembered(work, rows[0].store_id, set(keys)) if rows else nullcontext()


def copy_week(work: Work, store_id: UUID, resource_ids: Sequence[UUID], monday: date, to: Sequence[date]) -> int:
    """The hours of the week of `monday`, as they really are, for the weeks of `to`; returns how many days differ now.

    What equals the weekly hours is left to them. Refuses more than `MOST_WEEKS`; NotFound for others' resources.
    """
    work.require(Permission.CALENDAR_EDIT, store_id=store_id)
    if len(to) > MOST_WEEKS:
        raise errors.TooLong(MOST_WEEKS * _WEEK, field="weeks")
    weeks = [one for one in dict.fromkeys(rules.monday_of(day) for day in to) if one != rules.monday_of(monday)]
    held = [access_to_change(work, one) for one in sorted(set(resource_ids))]
    if any(row.store_id != store_id for row in held):
        raise NotFound
    written, cleared = _copies(work, held, rules.monday_of(monday), weeks)
    with _undoable(work, held, [*written, *cleared]):
        _drop(work, cleared)
        _write(work, {key: (spans, "") for key, spans in written.items()})
    work.audit("calendar.week_copied", "store", store_id, monday=monday, weeks=len(weeks))
    return len(written)


def _copies(
    work: Work, rows: Sequence[Resource], monday: date, weeks: Sequence[date]
) -> tuple[dict[Key, tuple[Span, ...]], list[Key]]:
    """The days that get hours of their own, and those that are as their week is anyway."""
    written: dict[Key, tuple[Span, ...]] = {}
    same: list[Key] = []
    days = [monday + timedelta(days=n) for n in range(_WEEK)]
    first, last = min([monday, *weeks]), max([monday, *weeks]) + timedelta(days=_WEEK)
    merchant_id, ids = work.merchant_id, [row.id for row in rows]
    with borrowed(work, HOUSE):
        books = read(work, merchant_id, ids, rules.midnight(first), rules.midnight(last)) if rows else {}
    for resource_id, book in books.items():
        for week in weeks:
            for day in days:
                target, kind = week + (day - monday), book.resource.kind
                spans = tuple(rules.spans_on(day, kind, book.week, book.days))
                if sorted(spans) == sorted(rules.spans_on(target, kind, book.week, {})):
                    same.append((resource_id, target))
                else:
                    written[resource_id, target] = spans
    return written, same


def _drop(work: Work, keys: Sequence[Key]) -> None:
    days: dict[UUID, list[date]] = defaultdict(list)
    for resource_id, day in keys:
        days[resource_id].append(day)
    for resource_id, which in days.items():
        mine = (ResourceDay.merchant_id == work.merchant_id, ResourceDay.resource_id == resource_id)
        work.session.execute(delete(ResourceDay).where(*mine, ResourceDay.day.in_(which)))


def _write(work: Work, days: Mapping[Key, tuple[tuple[Span, ...], str]]) -> None:
    ids = {resource_id for resource_id, _day in days}
    mine = (ResourceDay.merchant_id == work.merchant_id, ResourceDay.resource_id.in_(ids))
    query = select(ResourceDay).where(*mine, ResourceDay.day.in_({day for _id, day in days}))
    known = {(row.resource_id, row.day): row for row in work.session.scalars(query)}
    for (resource_id, day), (spans, reason) in days.items():
        row = known.get((resource_id, day))
        if row is None:
            row = ResourceDay(merchant_id=work.merchant_id, resource_id=resource_id, day=day)
            work.session.add(row)
        row.spans, row.reason, row.changed_at = [list(span) for span in spans], reason, work.now()
    work.session.flush()


def checked(spans: Sequence[Span], *, field: str | None = None) -> tuple[Span, ...]:
    """One day's spans in order. Refuses overlapping shifts, and breaks that are not within one shift or overlap."""
    shifts = sorted(one for one in spans if one.kind == "work")
    breaks = sorted(one for one in spans if one.kind == "break")
    try:
        hours.week.checked([hours.Span(one.start, one.minutes) for one in shifts])
    except hours.HoursRefused as refused:
        refused.field = field
        raise
    for one in breaks:
        end = one.start + one.minutes
        if one.minutes < 1 or not any(s.start <= one.start and end <= s.start + s.minutes for s in shifts):
            raise errors.WrongBreak(field=field)
    if any(one.start + one.minutes > other.start for one, other in pairwise(breaks)):
        raise errors.WrongBreak(field=field)
    return (*shifts, *breaks)


def break_in(shifts: Sequence[Span], start: int, minutes: int) -> Span:
    """A break typed as a time of day: after midnight when that is where the shift is."""
    later = start + DAY_MINUTES
    inside = [one for one in shifts if one.start <= start < one.start + one.minutes]
    over = [one for one in shifts if one.start <= later < one.start + one.minutes]
    return Span(later if over and not inside else start, minutes, "break")


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise errors.WrongTime(field="last")
    if (last - first).days >= MOST_DAYS:
        raise errors.TooLong(MOST_DAYS, field="last")


def _shift(row: Resource, weekday: int, span: Span, since: date) -> Shift:
    return Shift(
        merchant_id=row.merchant_id,
        id=new_id(),
        resource_id=row.id,
        kind=span.kind,
        weekday=weekday,
        start_minute=span.start,
        minutes=span.minutes,
        from_day=since,
        until_day=None,
    )
