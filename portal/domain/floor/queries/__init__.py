"""What pages and the features above ask of the floor."""

from portal.domain.floor.queries.cards import table_by_code
from portal.domain.floor.queries.lists import booking, coming, linked, mine, on_day
from portal.domain.floor.queries.plan import Plan, counts, floor_of, plan, rules
from portal.domain.floor.queries.slots import Offer, free_now, offer, takes_online

__all__ = [
    "Offer",
    "Plan",
    "booking",
    "coming",
    "counts",
    "floor_of",
    "free_now",
    "linked",
    "mine",
    "offer",
    "on_day",
    "plan",
    "rules",
    "table_by_code",
    "takes_online",
]
