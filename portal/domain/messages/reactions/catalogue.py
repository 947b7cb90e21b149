"""Suppliers are told what was decided about their goods and prices, and once when stock runs low."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.domain.catalogue.events import PriceDecided, ProductDecided, ProductForcedOff, StockLow
from portal.domain.messages.actions import notify
from portal.domain.tenants.queries.persons import staff_in
from portal.kernel.permissions import Role
from portal.kernel.words import Text, say
from portal.kernel.work import Work

MINDERS = (Role.OWNER.value, Role.MANAGER.value)
STOREROOM = (*MINDERS, Role.SHIPPER.value)


def tell_decided(work: Work, event: ProductDecided) -> None:
    """A version was let in or sent back."""
    text = (
        say("“%(name)s”审核通过，已经上架。", name=event.name)
        if event.approved
        else say("“%(name)s”被驳回，原因见商品页。", name=event.name)
    )
    _tell_one(work, event.person_id, "goods.decided", text, _product(event.merchant_id, event.product_id))


def tell_forced_off(work: Work, event: ProductForcedOff) -> None:
    """The platform took it off sale."""
    text = say("“%(name)s”被平台下架，原因见商品页。", name=event.name)
    link = _product(event.merchant_id, event.product_id)
    for person_id in staff_in(work, event.merchant_id, MINDERS):
        _tell_one(work, person_id, "goods.forced_off", text, link)


def tell_price(work: Work, event: PriceDecided) -> None:
    """A new supply price was approved or refused."""
    text = (
        say("“%(name)s”的调价已批准。", name=event.name)
        if event.approved
        else say("“%(name)s”的调价被驳回，旧价继续有效。", name=event.name)
    )
    link = f"{_product(event.merchant_id, event.product_id)}/skus/{event.sku_id}"
    _tell_one(work, event.person_id, "goods.price", text, link)


def tell_low(work: Work, event: StockLow) -> None:
    """Stock is at its threshold."""
    text = say("“%(name)s”只剩 %(left)s 件，请及时补货。", name=event.name, left=event.left)
    link = f"{_product(event.merchant_id, event.product_id)}/skus/{event.sku_id}"
    for person_id in staff_in(work, event.merchant_id, STOREROOM):
        _tell_one(work, person_id, "goods.low", text, link)


def _tell_one(work: Work, person_id: UUID | None, kind: str, text: Text, link: str) -> None:
    if person_id is not None:
        notify(work, person_id=person_id, kind=kind, text=text, link=link)


def _product(merchant_id: UUID, product_id: UUID) -> str:
    return f"/supplier/{merchant_id}/products/{product_id}"


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (ProductDecided, tell_decided),
    (ProductForcedOff, tell_forced_off),
    (PriceDecided, tell_price),
    (StockLow, tell_low),
)
