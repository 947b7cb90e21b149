"""Past orders for the office's page: lines by day, found by number, code or customer, and totals by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_

from portal.domain.archive.actions import past
from portal.domain.archive.models import ArchiveLine, ArchiveMonth
from portal.domain.archive.values import LineShown, Mark, Month
from portal.domain.vouchers.rules.periods import day_begins
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

PAGE = 50
MONTHS = 60


@dataclass(frozen=True)
class Asked:
    """Which lines. `after` is the last line of the page before: (import, line)."""

    words: str = ""
    month: date | None = None
    after: tuple[UUID, int] | None = None


def lines(work: Work, asked: Asked) -> tuple[tuple[LineShown, ...], bool]:
    """A page of lines, the latest first; and whether there is more. Words are the beginning of an order's number, or a
    whole code or customer.
    """
    work.require(Permission.ORDER_VIEW)
    query = select(ArchiveLine).where(ArchiveLine.merchant_id == work.merchant_id)
    if asked.words:
        begins = ArchiveLine.order_number.startswith(asked.words, autoescape=True)
        query = query.where(or_(begins, ArchiveLine.code == asked.words, ArchiveLine.customer == asked.words))
    if asked.month is not None:
        after = asked.month.replace(year=asked.month.year + asked.month.month // 12, month=asked.month.month % 12 + 1)
        query = query.where(ArchiveLine.placed_at >= day_begins(asked.month), ArchiveLine.placed_at < day_begins(after))
    here = tuple_(ArchiveLine.placed_at, ArchiveLine.batch_id, ArchiveLine.number)
    if asked.after is not None:
        batch_id, number = asked.after
        of = (ArchiveLine.merchant_id == work.merchant_id, ArchiveLine.batch_id == batch_id)
        last = select(ArchiveLine.placed_at, ArchiveLine.batch_id, ArchiveLine.number)
        query = query.where(here < last.where(*of, ArchiveLine.number == number).scalar_subquery())
    order = (ArchiveLine.placed_at.desc(), ArchiveLine.batch_id.desc(), ArchiveLine.number.desc())
    rows = list(work.session.execute(query.order_by(*order).limit(PAGE + 1)).scalars())
    return tuple(LineShown(row.batch_id, past(row)) for row in rows[:PAGE]), len(rows) > PAGE


def months(work: Work) -> tuple[Month, ...]:
    """Totals by month and currency, the latest first; at most five years of them."""
    work.require(Permission.ORDER_VIEW)
    query = select(ArchiveMonth).where(ArchiveMonth.merchant_id == work.merchant_id)
    rows = work.session.execute(
        query.order_by(ArchiveMonth.month.desc(), ArchiveMonth.currency).limit(MONTHS)
    ).scalars()
    return tuple(Month(row.month, row.currency, row.orders, row.lines, row.amount, row.cancelled) for row in rows)


def marked(work: Work) -> dict[Mark, int]:
    """How many lines carry each mark; reads all of them, so it is for proofs and not for pages."""
    work.require(Permission.ORDER_VIEW)
    mark = func.unnest(ArchiveLine.marks).label("mark")
    each = select(mark).where(ArchiveLine.merchant_id == work.merchant_id).subquery()
    query = select(each.c.mark, func.count()).group_by(each.c.mark)
    return {Mark(row[0]): row[1] for row in work.session.execute(query)}
