"""The buyer has it: by his word, or by the time that passed. When the time for claims is over the order completes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.domain.ordering.access import access_held, access_order
from portal.domain.ordering.actions.pieces import check_state
from portal.domain.ordering.actions.telling import HOUSE, event_of
from portal.domain.ordering.events import OrderCompleted, OrderReceived
from portal.domain.ordering.models import Order
from portal.domain.ordering.values import Happening, OrderState
from portal.domain.reference import queries as reference
from portal.domain.reference.values import CLAIM_DAYS
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def confirm_received(work: Work, order_id: UUID) -> None:
    """The buyer says he has everything. Refuses an order that is not wholly on its way."""
    work.require(Permission.ORDER_BUY)
    merchant_id = access_order(work, order_id, may=Permission.ORDER_BUY).merchant_id
    with borrowed(work, HOUSE):
        order, _lines = access_held(work, merchant_id, order_id)
        check_state(order, (OrderState.SHIPPED,))
        faults.point(work, "ordering.receive.checked")
        _receive(work, order, by_itself=False)


def receive_by_itself(work: Work, merchant_id: UUID, order_id: UUID) -> bool:
    """The worker's: the time for receiving is over. False when it is not, or somebody was faster, or a case is open."""
    with borrowed(work, HOUSE):
        order, _lines = access_held(work, merchant_id, order_id)
        due = order.receive_by is not None and order.receive_by <= work.now()
        if order.state != OrderState.SHIPPED or not due or order.open_cases:
            return False
        _receive(work, order, by_itself=True)
        return True


def _receive(work: Work, order: Order, *, by_itself: bool) -> None:
    now, days = work.now(), reference.value_of(work, CLAIM_DAYS)
    order.state, order.received_at, order.receive_by = OrderState.RECEIVED.value, now, None
    order.claim_until = now + timedelta(days=days)
    work.session.add(event_of(work, order, Happening.RECEIVED))
    work.session.flush()
    work.publish(OrderReceived(order.merchant_id, order.id, order.person_id, order.number, by_itself))


def complete_due(work: Work, merchant_id: UUID, order_id: UUID) -> bool:
    """The worker's: the time for claims is over, and no case is open. False otherwise.

    OrderCompleted is published once: what reacts to it hands the money out.
    """
    with borrowed(work, HOUSE):
        order, _lines = access_held(work, merchant_id, order_id)
        due = order.claim_until is not None and order.claim_until <= work.now()
        if order.state != OrderState.RECEIVED or not due or order.open_cases:
            return False
        order.state, order.completed_at = OrderState.COMPLETED.value, work.now()
        work.session.add(event_of(work, order, Happening.COMPLETED))
        work.session.flush()
        work.publish(OrderCompleted(merchant_id, order_id, order.person_id))
        return True
