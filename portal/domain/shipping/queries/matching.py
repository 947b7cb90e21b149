"""Finding orders by what people type: order number, tracking number, name, phone or its tail, goods, code of a SKU."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.domain.catalogue.models import Product, Sku
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.ordering.values import OPEN_STATES
from portal.domain.shipping.models import Parcel, ParcelLine
from portal.domain.shipping.rules.paste import tidy
from portal.kernel.permissions import Permission
from portal.kernel.typed import half_width
from portal.kernel.work import Work

MOST_SKUS: Final = 200
_DIGITS: Final = re.compile(r"[0-9]+")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,39}")
_PHONE: Final = re.compile(r"1[0-9]{10}")


def matching(work: Work, words: str) -> list[Any]:
    """Conditions of which one must hold; each reads an index."""
    plain = half_width(words).strip()
    dense = re.sub(r"[\s-]", "", plain)
    found: list[Any] = []
    if _DIGITS.fullmatch(dense) and len(dense) == 4:
        found.append(func.right(Order.phone, 4) == dense)
    if _PHONE.fullmatch(dense):
        found.append(Order.phone == dense)
    if _CODE.fullmatch(plain):
        found.append(Order.number == plain.upper())
        found.append(Order.id.in_(_by_parcel(work, tidy(plain))))
    if len(dense) != 4 or not _DIGITS.fullmatch(dense):
        found.append(Order.recipient.startswith(plain, autoescape=True))
        found.append(Order.id.in_(_by_goods(work, plain)))
    return found


def _by_parcel(work: Work, number: str) -> Any:
    inside = and_(ParcelLine.merchant_id == Parcel.merchant_id, ParcelLine.parcel_id == Parcel.id)
    parcels = select(ParcelLine.order_id).join(Parcel, inside)
    return parcels.where(Parcel.merchant_id == work.merchant_id, Parcel.number == number)


def _by_goods(work: Work, words: str) -> Any:
    """Orders with SKUs whose product is called so, or whose code it is."""
    of_product = and_(Product.merchant_id == Sku.merchant_id, Product.id == Sku.product_id)
    skus = (
        select(Sku.id)
        .join(Product, of_product)
        .where(Sku.merchant_id == work.merchant_id)
        .where(or_(Product.name.contains(words, autoescape=True), Sku.code == words))
        .limit(MOST_SKUS)
    )
    return select(OrderLine.order_id).where(OrderLine.merchant_id == work.merchant_id, OrderLine.sku_id.in_(skus))


def known_numbers(work: Work, candidates: Iterable[str]) -> dict[str, UUID]:
    """Which of these are numbers of orders that wait to be shipped, with their ids."""
    work.require(Permission.ORDER_VIEW)
    wanted = {one.upper() for one in candidates}
    query = select(Order.number, Order.id).where(Order.merchant_id == work.merchant_id, Order.number.in_(wanted))
    rows = work.session.execute(query.where(Order.state.in_(OPEN_STATES)))
    return {row.number: row.id for row in rows}
