"""Where a paid order stands, from what became of its pieces and of its money. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from portal.domain.ordering.values import OrderState


class Pieces(Protocol):
    """A line, as far as its pieces are concerned."""

    quantity: int
    shipped: int
    cancelled: int
    blocked: int


def still_to_go(lines: Iterable[Pieces]) -> int:
    """Pieces that have not left, those that somebody asks back included: they may still be sent."""
    return sum(line.quantity - line.cancelled - line.shipped for line in lines)


def state_after(lines: Iterable[Pieces]) -> OrderState:
    """The state of a paid order that nobody has received yet and that has money left."""
    rows = list(lines)
    shipped = sum(line.shipped for line in rows)
    if not shipped:
        return OrderState.PAID
    return OrderState.PARTLY if still_to_go(rows) else OrderState.SHIPPED
