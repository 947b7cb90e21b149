"""Pieces of an order leave, are asked back, come back; its state follows from them.

Called by shipping and after-sales within their own acts, which have checked right and access. Each act holds the
order first; the state is worked out anew from the lines, so any row of acts that ends with the same pieces ends alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.domain.ordering import errors
from portal.domain.ordering.access import access_held
from portal.domain.ordering.actions.telling import HOUSE, event_of
from portal.domain.ordering.events import OrderClosed, OrderShipped
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.ordering.rules.progress import state_after
from portal.domain.ordering.values import (
    MOVES,
    OPEN_STATES,
    STATES,
    CloseReason,
    Happening,
    OrderState,
    Recipient,
)
from portal.domain.reference import queries as reference
from portal.domain.reference.values import RECEIVE_DAYS
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

ON_THE_WAY = (OrderState.PARTLY, OrderState.SHIPPED)


def mark_shipped(work: Work, merchant_id: UUID, order_id: UUID, pieces: Mapping[UUID, int]) -> None:
    """So many pieces of each line have left. Refuses more than `to_ship`, and an order with nothing to ship."""
    with borrowed(work, HOUSE):
        order, lines = access_held(work, merchant_id, order_id)
        check_state(order, OPEN_STATES)
        faults.point(work, "ordering.ship.checked")
        for line, count in named(lines, pieces):
            if count > to_ship(line):
                raise errors.TooManyPieces(line.name, to_ship(line))
            line.shipped += count
        order.shipped_at = order.shipped_at or work.now()
        follow(work, order, lines)
        work.session.add(event_of(work, order, Happening.SHIPPED))
        work.session.flush()
        whole = order.state == OrderState.SHIPPED
        work.publish(OrderShipped(merchant_id, order_id, order.person_id, order.number, whole))


def take_back_shipping(work: Work, merchant_id: UUID, order_id: UUID, pieces: Mapping[UUID, int]) -> None:
    """A parcel is undone: the pieces are to be shipped again. Refuses what was received, and more than had left."""
    with borrowed(work, HOUSE):
        order, lines = access_held(work, merchant_id, order_id)
        check_state(order, ON_THE_WAY)
        for line, count in named(lines, pieces):
            if count > line.shipped - line.returned:
                raise errors.TooManyPieces(line.name, line.shipped - line.returned)
            line.shipped -= count
        follow(work, order, lines)
        work.session.add(event_of(work, order, Happening.SHIPPING_UNDONE))
        work.session.flush()


def block(work: Work, merchant_id: UUID, order_id: UUID, pieces: Mapping[UUID, int]) -> None:
    """Asked back before shipping and not decided: these pieces do not leave. Refuses more than `to_ship`."""
    with borrowed(work, HOUSE):
        order, lines = access_held(work, merchant_id, order_id)
        check_state(order, OPEN_STATES)
        for line, count in named(lines, pieces):
            if count > to_ship(line):
                raise errors.TooManyPieces(line.name, to_ship(line))
            line.blocked += count
        work.session.flush()


def unblock(work: Work, merchant_id: UUID, order_id: UUID, pieces: Mapping[UUID, int]) -> None:
    """Decided or withdrawn: the pieces may leave, or be cancelled by `write_back` in the same act."""
    with borrowed(work, HOUSE):
        _order, lines = access_held(work, merchant_id, order_id)
        for line, count in named(lines, pieces):
            if count > line.blocked:
                raise errors.TooManyPieces(line.name, line.blocked)
            line.blocked -= count
        work.session.flush()


def open_case(work: Work, merchant_id: UUID, order_id: UUID) -> None:
    """One more case is open: the order is not received or completed by itself meanwhile."""
    with borrowed(work, HOUSE):
        order, _lines = access_held(work, merchant_id, order_id)
        order.open_cases += 1
        work.session.flush()


def close_case(work: Work, merchant_id: UUID, order_id: UUID) -> None:
    """One case less."""
    with borrowed(work, HOUSE):
        order, _lines = access_held(work, merchant_id, order_id)
        order.open_cases -= 1
        work.session.flush()


def write_back(
    work: Work,
    merchant_id: UUID,
    line_id: UUID,
    *,
    cancelled: int = 0,
    returned: int = 0,
    goods_fen: int = 0,
    freight_fen: int = 0,
) -> None:
    """Count against a line what goes back: pieces that will not leave, pieces that came back, money in fen.

    Blocked pieces are unblocked first. The order closes when all its money went back. Touches neither stock nor the
    payment nor the timeline (`Happening.REFUNDED` is the caller's to tell). Refuses more than is left.
    """
    if min(cancelled, returned, goods_fen, freight_fen) < 0:
        raise ValueError("what goes back is counted upwards only")
    with borrowed(work, HOUSE):
        order_id = work.session.scalar(
            select(OrderLine.order_id).where(OrderLine.merchant_id == merchant_id, OrderLine.id == line_id)
        )
        if order_id is None:
            raise NotFound
        order, lines = access_held(work, merchant_id, order_id)
        line = next(one for one in lines if one.id == line_id)
        _count_back(line, cancelled, returned, goods_fen, freight_fen)
        order.refunded_fen += goods_fen + freight_fen
        work.session.flush()
        if order.refunded_fen == order.total_fen and OrderState.CLOSED in MOVES[OrderState(order.state)]:
            close(work, order, CloseReason.REFUNDED)
        elif order.state in (*OPEN_STATES, OrderState.SHIPPED):
            follow(work, order, lines)
            work.session.flush()


def _count_back(line: OrderLine, cancelled: int, returned: int, goods_fen: int, freight_fen: int) -> None:
    if cancelled > to_ship(line):
        raise errors.TooManyPieces(line.name, to_ship(line))
    if returned > line.shipped - line.returned:
        raise errors.TooManyPieces(line.name, line.shipped - line.returned)
    goods_left = line.goods_fen - line.refunded_goods_fen
    freight_left = line.freight_fen - line.refunded_freight_fen
    if goods_fen > goods_left or freight_fen > freight_left:
        raise errors.TooMuchBack(line.name, goods_left + freight_left)
    line.cancelled += cancelled
    line.returned += returned
    line.refunded_goods_fen += goods_fen
    line.refunded_freight_fen += freight_fen


def change_recipient(work: Work, merchant_id: UUID, order_id: UUID, recipient: Recipient) -> None:
    """Send it elsewhere. Refuses when everything has left; the freight stays as it was paid."""
    with borrowed(work, HOUSE):
        order, _lines = access_held(work, merchant_id, order_id)
        check_state(order, OPEN_STATES)
        order.recipient, order.phone = recipient.name, recipient.phone
        order.region_code, order.region_names = recipient.region_code, list(recipient.region_names)
        order.detail = recipient.detail
        work.session.add(event_of(work, order, Happening.ADDRESS_CHANGED))
        work.session.flush()


def check_state(order: Order, allowed: Sequence[OrderState]) -> None:
    """Refuse when the order has moved on."""
    if order.state not in allowed:
        raise errors.OrderMoved(STATES[OrderState(order.state)])


def to_ship(line: OrderLine) -> int:
    """Pieces that may leave now."""
    return line.quantity - line.cancelled - line.blocked - line.shipped


def named(lines: Sequence[OrderLine], pieces: Mapping[UUID, int]) -> Iterator[tuple[OrderLine, int]]:
    """The lines that were named with their pieces. Refuses none at all; another order's line is NotFound."""
    known = {line.id: line for line in lines}
    if not any(count > 0 for count in pieces.values()) or any(count < 0 for count in pieces.values()):
        raise errors.NothingChosen
    for line_id, count in pieces.items():
        if line_id not in known:
            raise NotFound
        if count:
            yield known[line_id], count


def follow(work: Work, order: Order, lines: Sequence[OrderLine]) -> None:
    """Bring state and dates after the pieces; the time for receiving runs while everything is on its way."""
    state = state_after(lines)
    if state == order.state:
        return
    with work.session.no_autoflush:  # one change of the row, not two around the question for the days
        order.state = state.value
        order.receive_by = None
        if state is OrderState.PAID:
            order.shipped_at = None
        if state is OrderState.SHIPPED:
            order.receive_by = work.now() + timedelta(days=reference.value_of(work, RECEIVE_DAYS))


def close(work: Work, order: Order, why: CloseReason) -> None:
    """End an order that nobody waits for any more; the caller holds it."""
    order.state, order.close_reason, order.closed_at = OrderState.CLOSED.value, why.value, work.now()
    order.receive_by = None
    work.session.add(event_of(work, order, Happening.CLOSED, why.value))
    work.session.flush()
    work.publish(OrderClosed(order.merchant_id, order.id, order.person_id, order.number, why))
