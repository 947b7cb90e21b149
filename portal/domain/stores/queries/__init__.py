"""What pages read about stores: names for the offices, lists for the desk, cards for the street."""

from portal.domain.stores.queries.cards import Card, StoreGone, card, is_listed
from portal.domain.stores.queries.desk import (
    MOST,
    StoreEvent,
    StoreLine,
    StoreShown,
    store,
    store_counts,
    store_history,
    store_lines,
)
from portal.domain.stores.queries.names import counters, merchants_called, store_names
from portal.domain.stores.queries.near import Near, Page, nearby, nearest
from portal.domain.stores.queries.places import cities_with_stores, find_places, middle_of
from portal.domain.stores.queries.searching import RADII, BadCursor, Cursor, Filters, Search, Sort

__all__ = [
    "MOST",
    "RADII",
    "BadCursor",
    "Card",
    "Cursor",
    "Filters",
    "Near",
    "Page",
    "Search",
    "Sort",
    "StoreEvent",
    "StoreGone",
    "StoreLine",
    "StoreShown",
    "card",
    "cities_with_stores",
    "counters",
    "find_places",
    "is_listed",
    "merchants_called",
    "middle_of",
    "nearby",
    "nearest",
    "store",
    "store_counts",
    "store_history",
    "store_lines",
    "store_names",
]
