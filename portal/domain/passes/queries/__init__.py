"""What pages and features above ask about passes."""

from __future__ import annotations

from portal.domain.passes.queries.counter import PassSeen, look, use_shown
from portal.domain.passes.queries.kinds import KindLine, KindShown, kind, kinds, offers
from portal.domain.passes.queries.mine import Gift, Usable, gift_shown, mine, one, usable
from portal.domain.passes.queries.shown import EventLine, PassLine, PassShown, Sharer, UseLine
from portal.domain.passes.queries.sold import Sums, due, sold, sold_one, sums, uses

__all__ = [
    "EventLine",
    "Gift",
    "KindLine",
    "KindShown",
    "PassLine",
    "PassSeen",
    "PassShown",
    "Sharer",
    "Sums",
    "Usable",
    "UseLine",
    "due",
    "gift_shown",
    "kind",
    "kinds",
    "look",
    "mine",
    "offers",
    "one",
    "sold",
    "sold_one",
    "sums",
    "usable",
    "use_shown",
    "uses",
]
