"""Tables that somebody sits at are his in the calendar too, for the usual stay: nobody reserves them meanwhile.

On the worker's face, within acts of `tabs` that have checked right and access. Who sits already is never sent away:
such an act gives a reason by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.calendar import actions as calendar
from portal.domain.calendar.access import hold
from portal.domain.calendar.queries import read
from portal.domain.calendar.values import Claim, Held, Holder
from portal.domain.floor import errors, rules
from portal.domain.floor.models import TableBooking, TableBookingTable
from portal.domain.floor.queries.plan import rules_of
from portal.domain.floor.values import BookingState
from portal.kernel import faults
from portal.kernel.work import Work


def occupy(
    work: Work, store_id: UUID, sitting_id: UUID, table_ids: Collection[UUID], *, people: int, over: str = ""
) -> None:
    """Reserve these tables from now on for as long as so many usually stay. `over` is the reason for sitting where
    somebody else is expected; without one refuses with TableExpected. The party whose reservation was seated is itself.
    """
    merchant_id, now = work.merchant_id, work.now()
    leaves, clear = rules.until(rules_of(work, merchant_id, store_id), people, now)
    hold(work, merchant_id, table_ids)
    mine = {sitting_id, *_seated(work, table_ids, now)}
    books = read(work, merchant_id, list(table_ids), now, clear)
    for book in books.values():
        first = _expected(book.held, mine, leaves)
        if first is not None and not over:
            raise errors.TableExpected(book.resource.name, first)
    faults.point(work, "floor.occupy.checked")
    calendar.reserve(work, [_claim(merchant_id, one, (now, clear), sitting_id, over) for one in sorted(table_ids)])


def _claim(merchant_id: UUID, table_id: UUID, stay: tuple[datetime, datetime], holder_id: UUID, over: str) -> Claim:
    """Over whatever lies there: it was looked at, under the lock."""
    return Claim(merchant_id, table_id, *stay, Holder.SITTING, holder_id, overrides=True, note=over or "已入座")


def vacate(work: Work, sitting_id: UUID, table_ids: Sequence[UUID]) -> None:
    """Give these tables back, with what is left of the reservation whose party sat there."""
    for holder_id in (sitting_id, *_seated(work, table_ids, work.now())):
        calendar.release(work, work.merchant_id, holder_id, table_ids)


def _expected(held: Sequence[Held], mine: Collection[UUID], leaves: datetime) -> datetime | None:
    """When the first comes who is expected within the stay."""
    others = [one.start for one in held if one.holder_id not in mine and one.start < leaves]
    return min(others, default=None)


def _seated(work: Work, table_ids: Collection[UUID], now: datetime) -> list[UUID]:
    """Reservations whose parties sit at these tables, and whose stay goes on."""
    at = TableBookingTable
    query = (
        select(TableBooking.id)
        .join(at, (at.merchant_id == TableBooking.merchant_id) & (at.booking_id == TableBooking.id))
        .where(TableBooking.merchant_id == work.merchant_id, at.table_id.in_(table_ids))
        .where(TableBooking.state == BookingState.SEATED.value, TableBooking.ends_at > now)
    )
    return list(work.session.scalars(query.distinct()))
