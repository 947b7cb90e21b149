"""Tables of services, bookings, sessions that several share, the waiting list and calendar feeds."""

from portal.domain.bookings.models.services import Service, ServiceDoer, ServiceNeed
from portal.domain.bookings.models.visits import Booking, BookingEvent, BookingLine, BookingSession
from portal.domain.bookings.models.waiting import BookingFeed, Waiting

__all__ = [
    "Booking",
    "BookingEvent",
    "BookingFeed",
    "BookingLine",
    "BookingSession",
    "Service",
    "ServiceDoer",
    "ServiceNeed",
    "Waiting",
]
