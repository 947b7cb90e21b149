"""Buyers are told what became of their orders, a merchant's shippers that there is something to ship.

Letters hold no amounts and no addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.messages.actions import notify
from portal.domain.ordering.events import OrderClosed, OrderPaid, OrderReceived
from portal.domain.ordering.values import CloseReason
from portal.domain.tenants.queries.persons import staff_in
from portal.kernel.permissions import Role
from portal.kernel.words import Text, say
from portal.kernel.work import Work

SHIPPERS = (Role.OWNER.value, Role.MANAGER.value, Role.SHIPPER.value)
_CLOSED: dict[CloseReason, Text] = {
    CloseReason.EXPIRED: say("没有在时间内付款，订单已关闭。想要的话可以再买一次。"),
    CloseReason.REFUNDED: say("订单的钱已全部退回，订单关闭。"),
}


def tell_paid(work: Work, event: OrderPaid) -> None:
    """The buyer's money has arrived; the merchant has something to ship."""
    text = say("订单 %(number)s 已付款，商家会尽快发货。", number=event.number)
    notify(work, person_id=event.person_id, kind="order.paid", text=text, link=f"/orders/{event.order_id}")
    text = say("新订单 %(number)s，请按时发货。", number=event.number)
    link = f"/supplier/{event.merchant_id}/orders/{event.order_id}"
    for person_id in staff_in(work, event.merchant_id, SHIPPERS):
        notify(work, person_id=person_id, kind="supply.new_order", text=text, link=link)


def tell_closed(work: Work, event: OrderClosed) -> None:
    """It ended without goods; who cancelled it himself knows already."""
    text = _CLOSED.get(event.why)
    if text is not None:
        notify(work, person_id=event.person_id, kind="order.closed", text=text, link=f"/orders/{event.order_id}")


def tell_received(work: Work, event: OrderReceived) -> None:
    """Time has confirmed it, not the buyer."""
    if event.by_itself:
        text = say("订单 %(number)s 已自动确认收货，售后期内仍可申请售后。", number=event.number)
        notify(work, person_id=event.person_id, kind="order.received", text=text, link=f"/orders/{event.order_id}")


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (OrderPaid, tell_paid),
    (OrderClosed, tell_closed),
    (OrderReceived, tell_received),
)
