"""Shippers learn that a buyer wants another address or has chosen; buyers that a merchant answered or has no goods.

That a parcel left is told beside its progress (reactions/tracking.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.domain.messages.actions import notify
from portal.domain.shipping.events import AddressAsked, AddressDecided, ShippingDue, StockAnswered, StockReported
from portal.domain.shipping.values import Answer
from portal.domain.tenants.queries.persons import staff_in
from portal.kernel.permissions import ROLES, Permission
from portal.kernel.spoken import Day
from portal.kernel.words import Text, say
from portal.kernel.work import Work

SHIPPERS = tuple(sorted(role.value for role, may in ROLES.items() if Permission.ORDER_SHIP in may))


def tell_asked(work: Work, event: AddressAsked) -> None:
    """A buyer wants his order sent elsewhere."""
    text = say("订单 %(number)s 的买家想改收货地址，答复前先别发。", number=event.number)
    _shippers(work, event.merchant_id, "order.address_asked", text, f"/orders/{event.order_id}")


def tell_decided(work: Work, event: AddressDecided) -> None:
    """The merchant agreed, or not."""
    text = (
        say("订单 %(number)s 的商家同意改地址，会寄到新地址。", number=event.number)
        if event.agreed
        else say("订单 %(number)s 的商家没有同意改地址，原因见订单。", number=event.number)
    )
    _buyer(work, event.person_id, "order.address_decided", text, event.order_id)


def tell_short(work: Work, event: StockReported) -> None:
    """Goods are not there: the honest reason, and the choice."""
    names: dict[str, Any] = {"number": event.number, "name": event.name}
    text = (
        say(
            "订单 %(number)s 的“%(name)s”缺货，商家说 %(day)s 到货。可以等，也可以退款。",
            **names,
            day=Day(event.until),
        )
        if event.until is not None
        else say("订单 %(number)s 的“%(name)s”没有货了，请到订单里退款。", **names)
    )
    _buyer(work, event.person_id, "order.no_stock", text, event.order_id)


def tell_answered(work: Work, event: StockAnswered) -> None:
    """He waits, or has his money back."""
    text = (
        say("订单 %(number)s 的买家愿意等“%(name)s”到货。", number=event.number, name=event.name)
        if event.answer is Answer.WAIT
        else say("订单 %(number)s 的“%(name)s”已退款，不用再发。", number=event.number, name=event.name)
    )
    _shippers(work, event.merchant_id, "order.stock_answered", text, f"/orders/{event.order_id}")


def tell_due(work: Work, event: ShippingDue) -> None:
    """An hour before the courier comes."""
    text = say("17:00 快递来取件前还有 %(count)s 单没发。", count=event.count)
    _shippers(work, event.merchant_id, "order.due", text, "/orders")


def _buyer(work: Work, person_id: UUID, kind: str, text: Text, order_id: UUID) -> None:
    notify(work, person_id=person_id, kind=kind, text=text, link=f"/orders/{order_id}")


def _shippers(work: Work, merchant_id: UUID, kind: str, text: Text, path: str) -> None:
    for person_id in staff_in(work, merchant_id, SHIPPERS):
        notify(work, person_id=person_id, kind=kind, text=text, link=f"/supplier/{merchant_id}{path}")


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (AddressAsked, tell_asked),
    (AddressDecided, tell_decided),
    (StockReported, tell_short),
    (StockAnswered, tell_answered),
    (ShippingDue, tell_due),
)
