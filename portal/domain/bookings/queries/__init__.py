"""What pages and features above ask about services, times and visits."""

from portal.domain.bookings.queries.desk import able_resources, service, service_names, services
from portal.domain.bookings.queries.offers import chosen_of, offers, starts, takes_bookings
from portal.domain.bookings.queries.visits import (
    booking,
    bookings_between,
    fed,
    linked,
    my_bookings,
    my_feed,
    of_house,
    times_to_move,
    waiting,
    waiting_in,
)

__all__ = [
    "able_resources",
    "booking",
    "bookings_between",
    "chosen_of",
    "fed",
    "linked",
    "my_bookings",
    "my_feed",
    "of_house",
    "offers",
    "service",
    "service_names",
    "services",
    "starts",
    "takes_bookings",
    "times_to_move",
    "waiting",
    "waiting_in",
]
