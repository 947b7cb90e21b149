"""What clients' records do about bookings and persons: a booking is a visit, copied names follow their owners."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from portal.domain.bookings.events import (
    BookingArrived,
    BookingBooked,
    BookingCancelled,
    BookingDone,
    BookingMissed,
    BookingMoved,
)
from portal.domain.bookings.models import Booking
from portal.domain.clients import actions
from portal.domain.clients.models import Client, ClientVisit
from portal.domain.clients.values import VisitState
from portal.domain.identity.events import PhoneChanged, Renamed
from portal.domain.identity.rules.names import masked_name
from portal.kernel import phones
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

Happened = BookingBooked | BookingMoved | BookingArrived | BookingDone | BookingMissed | BookingCancelled


def follow(work: Work, event: Happened) -> None:
    """The booking as a visit of its client; somebody with an account gets a record with his first booking."""
    with borrowed(work, Scope(Face.JOB)):
        booking = _booking(work, event.merchant_id, event.booking_id)
        client_id = _client(work, booking)
        if client_id is not None:
            visit = actions.visit_of(work, booking)
            if isinstance(event, BookingMissed) and event.unseen:
                visit["state"] = VisitState.CANCELLED.value  # a forgotten tap is no mark against anybody
            actions.tie(work, booking.merchant_id, client_id, visit)


def _client(work: Work, booking: Booking) -> UUID | None:
    if booking.person_id is not None:
        facts = {"name": booking.client_name, "phone_masked": booking.client_phone}
        return actions.record_of(work, booking.merchant_id, booking.store_id, booking.person_id, **facts)
    known = select(ClientVisit.client_id).where(ClientVisit.merchant_id == booking.merchant_id)
    return work.session.scalar(known.where(ClientVisit.booking_id == booking.id))


def _booking(work: Work, merchant_id: UUID, booking_id: UUID) -> Booking:
    query = select(Booking).where(Booking.merchant_id == merchant_id, Booking.id == booking_id)
    return work.session.scalars(query).one()


def rename(work: Work, event: Renamed) -> None:
    """The new name, masked, wherever he is a client; on the person's own face."""
    _copy(work, event.person_id, name=masked_name(event.name))


def rewrite_phone(work: Work, event: PhoneChanged) -> None:
    """The new phone, masked."""
    _copy(work, event.person_id, phone_masked=phones.mask(event.phone))


def _copy(work: Work, person_id: UUID, **values: str) -> None:
    work.session.execute(
        update(Client).where(Client.person_id == person_id).values(**values),
        execution_options={"synchronize_session": False},
    )


REACTIONS = (
    (BookingBooked, follow),
    (BookingMoved, follow),
    (BookingArrived, follow),
    (BookingDone, follow),
    (BookingMissed, follow),
    (BookingCancelled, follow),
    (Renamed, rename),
    (PhoneChanged, rewrite_phone),
)
"""Each of them runs in the transaction of the act itself."""
