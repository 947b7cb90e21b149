"""What becomes of a held table when the payment of its deposit ends, and the reminders of the day."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.floor.access import access_held
from portal.domain.floor.actions.changing import step
from portal.domain.floor.actions.placing import free_place
from portal.domain.floor.actions.telling import told
from portal.domain.floor.events import TableBooked, TableSoon
from portal.domain.floor.models import TableBooking
from portal.domain.floor.values import BookingState
from portal.domain.payments.values import IntentState
from portal.kernel.work import Work

MOST_REMINDED = 200


def paid(work: Work, booking_id: UUID) -> None:
    """The deposit is there: the table is sure. Reactions call it on the worker's face, once for each payment."""
    row = _held(work, booking_id)
    if row is None or row.state != BookingState.HELD:
        return
    step(work, row, BookingState.BOOKED)
    work.publish(TableBooked(**told(work, row)))


def released(work: Work, booking_id: UUID, how: IntentState) -> None:
    """Nobody pays it any more: the table is free again."""
    row = _held(work, booking_id)
    if row is None or row.state != BookingState.HELD:
        return
    step(work, row, BookingState.EXPIRED if how is IntentState.EXPIRED else BookingState.CANCELLED)
    free_place(work, row)


def _held(work: Work, booking_id: UUID) -> TableBooking | None:
    query = select(TableBooking.merchant_id).where(TableBooking.id == booking_id)
    merchant_id = work.session.scalar(query)
    return access_held(work, merchant_id, booking_id) if merchant_id is not None else None


def remind(work: Work) -> int:
    """Tell those whose table begins soon; how many. For the worker; each is told once."""
    due = select(TableBooking).where(
        TableBooking.state == BookingState.BOOKED.value, TableBooking.remind_at <= work.now()
    )
    rows = work.session.scalars(due.limit(MOST_REMINDED).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.remind_at = None
        if row.starts_at > work.now():
            work.publish(TableSoon(**told(work, row)))
    work.session.flush()
    return len(rows)
