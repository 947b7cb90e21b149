"""Who works when: a store's week, and the hours of one resource. Needs CALENDAR_VIEW."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.calendar import rules
from portal.domain.calendar.access import access_resource
from portal.domain.calendar.models import HourChange
from portal.domain.calendar.queries.books import HOUSE, Book, card_of, read
from portal.domain.calendar.values import (
    UNDO_WITHIN,
    Change,
    DayCell,
    Held,
    Holder,
    Hours,
    ResourceCard,
    WeekRow,
    WeekSpan,
)
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.spoken import local_day
from portal.kernel.work import Work

AHEAD: Final = 92
"""How many days ahead a resource's page tells dated days and blocks."""
_DAY: Final = timedelta(days=1)


def week(work: Work, resources: Sequence[ResourceCard], monday: date) -> tuple[WeekRow, ...]:
    """The week of these resources, in the order given."""
    work.require(Permission.CALENDAR_VIEW)
    if not resources:
        return ()
    start, end = rules.midnight(monday), rules.midnight(monday + 7 * _DAY)
    with borrowed(work, HOUSE):
        books = read(work, resources[0].merchant_id, [one.id for one in resources], start, end)
    days = [monday + n * _DAY for n in range(7)]
    return tuple(WeekRow(one, tuple(_cell(books[one.id], day) for day in days)) for one in resources)


def hours(work: Work, resource_id: UUID) -> Hours:
    """The hours of one resource from today on. Raises NotFound."""
    card = card_of(access_resource(work, resource_id))
    today = local_day(work.now())
    start, end = rules.midnight(today), rules.midnight(today + AHEAD * _DAY)
    with borrowed(work, HOUSE):
        book = read(work, card.merchant_id, [card.id], start, end)[card.id]
    days = tuple((day, book.days[day], book.reasons[day]) for day in sorted(book.days) if day >= today)
    held = sorted(book.held, key=lambda one: one.start)
    blocks = {one.holder_id: one for one in reversed(held) if one.holder_type == Holder.BLOCK}
    booked = {one.holder_id for one in held if one.holder_type != Holder.BLOCK and one.end > work.now()}
    whole = tuple(_whole(one, held) for one in sorted(blocks.values(), key=lambda one: one.start))
    return Hours(card, _weeks(book, today), days, whole, len(booked))


def last_change(work: Work, store_id: UUID) -> Change | None:
    """The latest act on dated days of a store, while it can be taken back."""
    work.require(Permission.CALENDAR_VIEW)
    mine = (HourChange.merchant_id == work.merchant_id, HourChange.store_id == store_id)
    query = select(HourChange).where(*mine, HourChange.made_at >= work.now() - UNDO_WITHIN)
    row = work.session.scalars(query.order_by(HourChange.made_at.desc(), HourChange.id.desc()).limit(1)).one_or_none()
    if row is None or row.undone_at is not None:
        return None
    days = [date.fromisoformat(one[1]) for one in row.days]
    return Change(row.id, len({one[0] for one in row.days}), min(days), max(days), row.made_at)


def _cell(book: Book, day: date) -> DayCell:
    start, end = rules.midnight(day), rules.midnight(day + _DAY)
    spans = tuple(rules.spans_on(day, book.resource.kind, book.week, book.days))
    working = book.working(start - _DAY, end + _DAY)
    here = [one for one in book.held if one.start < end and one.end > start]
    booked = {one.holder_id: one for one in here if one.holder_type != Holder.BLOCK and one.start >= start}
    outside = sum(1 for one in booked.values() if not rules.covers(working, one.start, one.end))
    minutes = sum(int((b - a).total_seconds() // 60) for a, b in rules.hours_of(day, spans))
    blocked = any(one.holder_type == Holder.BLOCK for one in here)
    own = day in book.days
    return DayCell(day, spans, own, book.reasons.get(day, ""), len(booked), outside, blocked, minutes)


def _weeks(book: Book, today: date) -> tuple[tuple[date, tuple[WeekSpan, ...]], ...]:
    """The week in force and those that are set for later, each by the day it begins."""
    starts = sorted({one.since for one in book.week if one.until is None or one.until > today})
    ends = {one.until for one in book.week if one.until is not None and one.until > today}
    firsts = sorted({*starts, *ends})
    found = []
    for first in firsts:
        force = [one.span for one in book.week if one.since <= first and (one.until is None or first < one.until)]
        found.append((first, tuple(sorted(force))))
    return tuple(found)


def _whole(first: Held, held: Sequence[Held]) -> Held:
    """A block as one stretch, however many rows and cells it takes."""
    rows = [one for one in held if one.holder_id == first.holder_id]
    return Held(
        *(first.id, first.resource_id, first.cell, min(one.start for one in rows), max(one.end for one in rows)),
        *(first.holder_type, first.holder_id, first.overrides, first.note),
    )
