"""Tables of the floor: what stands there, and who reserved it."""

from portal.domain.floor.models.bookings import TableBooking, TableBookingTable
from portal.domain.floor.models.places import FloorArea, FloorRules, FloorTable, TableJoin, TableJoinPart

__all__ = [
    "FloorArea",
    "FloorRules",
    "FloorTable",
    "TableBooking",
    "TableBookingTable",
    "TableJoin",
    "TableJoinPart",
]
