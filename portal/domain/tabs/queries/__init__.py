"""Sittings for pages, as frozen facts."""

from portal.domain.tabs.queries.doors import entrance, invite, invited, seat
from portal.domain.tabs.queries.floor import floor_mark, floor_state
from portal.domain.tabs.queries.one import line, line_shown, moves, tab

__all__ = [
    "entrance",
    "floor_mark",
    "floor_state",
    "invite",
    "invited",
    "line",
    "line_shown",
    "moves",
    "seat",
    "tab",
]
