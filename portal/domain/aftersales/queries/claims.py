"""What may be asked about an order, before anybody asks: its lines, the room of each, the kinds there are."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.aftersales.queries.rooms import rooms_of
from portal.domain.aftersales.rules import Room, check_open, possible
from portal.domain.aftersales.values import CaseKind
from portal.domain.ordering.access import access_order
from portal.domain.ordering.queries import OrderShown, order
from portal.domain.ordering.values import OrderState
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import Text
from portal.kernel.work import Work


@dataclass(frozen=True)
class Claim:
    """An order with what may be asked of it; `trouble` says why nothing can."""

    order: OrderShown
    rooms: dict[UUID, Room]
    kinds: tuple[CaseKind, ...]
    trouble: Text | None


def claim(work: Work, order_id: UUID, *, may: Permission) -> Claim:
    """Of an order in reach of this face. A buyer's time may be over; others may still grant. Raises NotFound."""
    row = access_order(work, order_id, may=may)
    shown = order(work, row.merchant_id, row.id)
    return claim_of(work, shown, by_buyer=may is Permission.ORDER_BUY)


def claim_of(work: Work, shown: OrderShown, *, by_buyer: bool) -> Claim:
    """The same, of an order that was read already."""
    trouble = None
    try:
        check_open(shown.state, shown.claim_until if by_buyer else None, work.now())
    except Refusal as refusal:
        trouble = refusal.sentence
    if not by_buyer and shown.state is OrderState.COMPLETED:
        trouble = None
    rooms = rooms_of(work, shown, shown.lines)
    return Claim(shown, rooms, possible(rooms.values()) if trouble is None else (), trouble)
