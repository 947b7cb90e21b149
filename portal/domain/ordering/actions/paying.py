"""What becomes of a checkout when its payment ends: paid, cancelled or out of time. Once, whichever comes first.

Payments publish exactly one end for each intent while they hold it; so nothing here can happen twice.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.errors import HoldOver, SoldOut
from portal.domain.catalogue.values import Wanted
from portal.domain.ordering import errors
from portal.domain.ordering.access import access_checkout, access_order
from portal.domain.ordering.actions.pieces import close
from portal.domain.ordering.actions.telling import HOUSE, event_of
from portal.domain.ordering.events import OrderPaid
from portal.domain.ordering.models import Checkout, Order, OrderLine
from portal.domain.ordering.rules.dates import ship_by
from portal.domain.ordering.values import STATES, CheckoutState, CloseReason, Happening, OrderState
from portal.domain.payments import actions as payments
from portal.domain.payments.values import IntentState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

Held = list[tuple[Order, list[OrderLine]]]
_ENDS: Final = {
    IntentState.CANCELLED: (CheckoutState.CANCELLED, CloseReason.CANCELLED),
    IntentState.EXPIRED: (CheckoutState.EXPIRED, CloseReason.EXPIRED),
}
GIVE_BACK: Final = frozenset({Permission.PAYMENT_EDIT})


def cancel(work: Work, order_id: UUID) -> None:
    """The buyer does not want to pay: the orders of that payment close together. Refuses what is paid."""
    work.require(Permission.ORDER_BUY)
    order = access_order(work, order_id, may=Permission.ORDER_BUY)
    if order.state != OrderState.UNPAID:
        raise errors.OrderMoved(STATES[OrderState(order.state)])
    checkout = access_checkout(work, order.person_id, order.checkout_id)
    assert checkout.intent_id is not None
    payments.cancel(work, checkout.intent_id)


def paid(work: Work, person_id: UUID, checkout_id: UUID) -> None:
    """The money lies in the orders' escrows: the goods leave the shelves, the merchants have something to ship."""
    with borrowed(work, HOUSE):
        checkout = access_checkout(work, person_id, checkout_id, lock=True)
        if checkout.state != CheckoutState.OPEN:
            return
        checkout.state, checkout.ended_at = CheckoutState.PAID.value, work.now()
        held = _orders(work, checkout_id)
        for order, _lines in held:
            order.state, order.paid_at = OrderState.PAID.value, work.now()
            order.ship_by = ship_by(work.now())
            work.session.add(event_of(work, order, Happening.PAID))
        work.session.flush()
        faults.point(work, "ordering.paid.written")
        if not _goods_leave(work, checkout, held):
            _give_back(work, checkout, held)
            return
        for order, _lines in held:
            work.publish(OrderPaid(order.merchant_id, order.id, person_id, order.number))


def _goods_leave(work: Work, checkout: Checkout, held: Held) -> bool:
    """Take what was reserved. When it was given back (a worker was down for a day), whatever is there; else False."""
    try:
        catalogue.take(work, checkout.id)
    except HoldOver:
        return _take_again(work, held)
    return True


def _take_again(work: Work, held: Held) -> bool:
    again, lines = new_id(), [line for _order, rows in held for line in rows]
    wanted = [Wanted(line.merchant_id, line.sku_id, line.quantity) for line in lines]
    try:
        with work.session.begin_nested():
            catalogue.reserve(work, business_id=again, wanted=wanted, until=work.now())
            catalogue.take(work, again)
    except SoldOut:
        return False
    return True


def _give_back(work: Work, checkout: Checkout, held: Held) -> None:
    """Paid, but the last pieces are gone: all money goes back, and the orders close."""
    assert checkout.intent_id is not None
    for order, lines in held:
        with borrowed(work, HOUSE, GIVE_BACK):
            key, amount = order.id, order.total_fen
            payments.refund(work, checkout.intent_id, subject_id=order.id, amount_fen=amount, key=key)
        for line in lines:
            line.cancelled = line.quantity
            line.refunded_goods_fen, line.refunded_freight_fen = line.goods_fen, line.freight_fen
        order.refunded_fen = order.total_fen
        work.session.add(event_of(work, order, Happening.NO_STOCK))
        close(work, order, CloseReason.REFUNDED)


def released(work: Work, person_id: UUID, checkout_id: UUID, how: IntentState) -> None:
    """Nobody pays any more: the goods go back to the shelves, the orders close."""
    with borrowed(work, HOUSE):
        checkout = access_checkout(work, person_id, checkout_id, lock=True)
        if checkout.state != CheckoutState.OPEN:
            return
        state, why = _ENDS[how]
        checkout.state, checkout.ended_at = state.value, work.now()
        work.session.flush()
        catalogue.release(work, checkout_id)
        for order, _lines in _orders(work, checkout_id):
            close(work, order, why)


def _orders(work: Work, checkout_id: UUID) -> Held:
    """The orders of a checkout with their lines, held in one order: two statements, whatever their number."""
    query = select(Order).where(Order.checkout_id == checkout_id).order_by(Order.id).with_for_update()
    orders = list(work.session.scalars(query.execution_options(populate_existing=True)))
    lines: dict[UUID, list[OrderLine]] = {order.id: [] for order in orders}
    theirs = tuple_(OrderLine.merchant_id, OrderLine.order_id).in_([(one.merchant_id, one.id) for one in orders])
    rows = select(OrderLine).where(theirs).order_by(OrderLine.nth)
    for line in work.session.scalars(rows.execution_options(populate_existing=True)):
        lines[line.order_id].append(line)
    return [(order, lines[order.id]) for order in orders]
