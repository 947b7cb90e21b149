"""What others are told about resources and time. `free` is for anybody; plans and weeks need CALENDAR_VIEW."""

from portal.domain.calendar.queries.books import HOUSE, Book, card_of, read
from portal.domain.calendar.queries.told import day_plan, free, resources
from portal.domain.calendar.queries.weeks import hours, last_change, week

__all__ = ["HOUSE", "Book", "card_of", "day_plan", "free", "hours", "last_change", "read", "resources", "week"]
