"""What happens by itself: offers lapse, waiting ends, clients are reminded. Each may be missed or run twice."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from portal.domain.bookings.access import access_held
from portal.domain.bookings.actions import waiting
from portal.domain.bookings.actions.paying import end
from portal.domain.bookings.actions.telling import HOUSE, RIGHTS, tell
from portal.domain.bookings.events import BookingReminded
from portal.domain.bookings.models import Booking, Waiting
from portal.domain.bookings.values import BookingState, Happening, WaitState
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def expire_offer(work: Work) -> bool:
    """End one offer nobody took in time, and offer its time to the next; False when there is none."""
    work.require(Permission.BOOKING_EDIT)
    with borrowed(work, HOUSE, RIGHTS):
        query = select(Booking.merchant_id, Booking.id).where(
            Booking.state == BookingState.ASKED.value, Booking.held_until <= work.now()
        )
        found = work.session.execute(query.order_by(Booking.held_until).limit(1)).one_or_none()
        if found is None:
            return False
        row, lines = access_held(work, found.merchant_id, found.id)
        if row.state == BookingState.ASKED:
            waiting.close(work, row, WaitState.OVER)
            end(work, row, lines, Happening.EXPIRED, held=True)
        return True


def end_waiting(work: Work) -> int:
    """Days that are over are waited for no more; how many."""
    work.require(Permission.BOOKING_EDIT)
    yesterday = work.now().astimezone(SHANGHAI).date() - timedelta(days=1)
    with borrowed(work, HOUSE):
        over = update(Waiting).where(Waiting.state == WaitState.WAITING.value, Waiting.day < yesterday)
        found = work.session.execute(
            over.values(state=WaitState.OVER.value, changed_at=work.now()).returning(Waiting.id),
            execution_options={"synchronize_session": False},
        )
        return len(found.all())


def look_again(work: Work) -> bool:
    """Look for a time for one who waits; False when nobody is due."""
    work.require(Permission.BOOKING_EDIT)
    with borrowed(work, HOUSE, RIGHTS):
        return waiting.look_again(work)


def remind(work: Work) -> bool:
    """Remind one client of his visit; False when nobody is left."""
    work.require(Permission.BOOKING_EDIT)
    with borrowed(work, HOUSE, RIGHTS):
        query = select(Booking.merchant_id, Booking.id).where(Booking.remind_at <= work.now())
        found = work.session.execute(query.order_by(Booking.remind_at).limit(1)).one_or_none()
        if found is None:
            return False
        row, _lines = access_held(work, found.merchant_id, found.id)
        due = row.remind_at is not None and row.remind_at <= work.now()
        row.remind_at = None
        if due and row.state == BookingState.BOOKED and row.person_id is not None and work.now() < row.starts_at:
            tell(work, row, Happening.REMINDED)
            work.session.flush()
            work.publish(BookingReminded(row.merchant_id, row.id, row.person_id))
        work.session.flush()
        return True
