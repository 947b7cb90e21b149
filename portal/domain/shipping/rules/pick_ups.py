"""Which pick-up an order goes with: it should have gone already, the next one, or a later one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from portal.domain.ordering.rules.dates import ship_by


class PickUp(StrEnum):
    """The groups of the board, in the order in which they are shown."""

    OVERDUE = "overdue"
    NEXT = "next"
    LATER = "later"


def next_pick_up(now: datetime) -> datetime:
    """When the courier comes next."""
    return ship_by(now)


def pick_up_of(due: datetime | None, now: datetime) -> PickUp:
    """The group of an order that is due by then; without a date it goes with the next one."""
    if due is None:
        return PickUp.NEXT
    if due < now:
        return PickUp.OVERDUE
    return PickUp.NEXT if due <= next_pick_up(now) else PickUp.LATER
