"""What a technician may do at his own bookings from his phone: say that the client is there, and that it is done."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from portal.domain.bookings import actions as bookings
from portal.domain.bookings.models import BookingLine
from portal.domain.calendar.models import Resource
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

DESK = frozenset({Permission.BOOKING_EDIT})


def arrive_own(work: Work, booking_id: UUID) -> None:
    """The client of one's own booking is there. NotFound for bookings of others."""
    _mine(work, booking_id)
    with borrowed(work, work.scope, work.permissions | DESK):
        bookings.arrive(work, booking_id)


def finish_own(work: Work, booking_id: UUID) -> None:
    """One's own booking is done. NotFound for bookings of others."""
    _mine(work, booking_id)
    with borrowed(work, work.scope, work.permissions | DESK):
        bookings.finish(work, booking_id)


def _mine(work: Work, booking_id: UUID) -> None:
    work.require(Permission.BOOKING_VIEW)
    mine = select(Resource.id).where(
        Resource.merchant_id == work.merchant_id,
        Resource.membership_id == work.actor.membership_id,
    )
    query = exists().where(
        BookingLine.merchant_id == work.merchant_id,
        BookingLine.booking_id == booking_id,
        BookingLine.technician_id.in_(mine),
    )
    if work.actor.membership_id is None or not work.session.scalar(select(query)):
        raise NotFound
