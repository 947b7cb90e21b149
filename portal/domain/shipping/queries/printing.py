"""What goes to the printer: the picking list by SKU and by order, and labels with the whole address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.domain.ordering.models import Order, OrderLine, OrderMark
from portal.domain.ordering.values import OPEN_STATES, Recipient
from portal.domain.shipping.queries.board import several
from portal.domain.shipping.queries.orders import calls_for, recipient_of
from portal.domain.shipping.queries.rows import Row
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


@dataclass(frozen=True)
class PickLine:
    """How many pieces of a SKU are to be fetched, for how many orders."""

    sku_id: UUID
    name: str
    choice: str
    code: str
    pieces: int
    orders: int


@dataclass(frozen=True)
class LabelThing:
    """What is in the box."""

    name: str
    choice: str
    pieces: int


@dataclass(frozen=True)
class Label:
    """One label; `number` is the order's. `prints` is how often it went to the printer before."""

    order_id: UUID
    number: str
    recipient: Recipient
    things: tuple[LabelThing, ...]
    buyer_note: str
    prints: int
    blocked: bool
    is_open: bool


def picking(work: Work, order_ids: Sequence[UUID]) -> tuple[tuple[PickLine, ...], tuple[Row, ...]]:
    """What to fetch, by SKU; and what goes into each order. Pieces that are asked back are left out."""
    work.require(Permission.ORDER_VIEW)
    left = OrderLine.quantity - OrderLine.cancelled - OrderLine.blocked - OrderLine.shipped
    query = (
        select(
            *(OrderLine.sku_id, OrderLine.name, OrderLine.choice, OrderLine.code),
            func.sum(left).label("pieces"),
            func.count(func.distinct(OrderLine.order_id)).label("orders"),
        )
        .where(OrderLine.merchant_id == work.merchant_id, OrderLine.order_id.in_(order_ids), left > 0)
        .group_by(OrderLine.sku_id, OrderLine.name, OrderLine.choice, OrderLine.code)
        .order_by(OrderLine.name, OrderLine.choice)
    )
    lines = tuple(PickLine(*row) for row in work.session.execute(query))
    return lines, several(work, order_ids)


def labels(work: Work, order_ids: Sequence[UUID]) -> tuple[Label, ...]:
    """Labels in the order they were asked for. Raises NotFound when one of the orders is another's."""
    work.require(Permission.ORDER_SHIP)
    beside = and_(OrderMark.merchant_id == Order.merchant_id, OrderMark.order_id == Order.id)
    query = select(Order, OrderMark.prints).outerjoin(OrderMark, beside)
    query = query.where(Order.merchant_id == work.merchant_id, Order.id.in_(order_ids))
    found = {order.id: (order, prints or 0) for order, prints in work.session.execute(query)}
    if any(order_id not in found for order_id in order_ids):
        raise NotFound
    things, blocked = _things(work, order_ids)
    return tuple(
        Label(
            order_id=order.id,
            number=order.number,
            recipient=recipient_of(order, whole=calls_for(order)),
            things=tuple(things.get(order.id, ())),
            buyer_note=order.buyer_note,
            prints=prints,
            blocked=order.id in blocked,
            is_open=order.state in OPEN_STATES,
        )
        for order, prints in (found[order_id] for order_id in dict.fromkeys(order_ids))
    )


def _things(work: Work, order_ids: Sequence[UUID]) -> tuple[dict[UUID, list[LabelThing]], set[UUID]]:
    query = select(OrderLine).where(OrderLine.merchant_id == work.merchant_id, OrderLine.order_id.in_(order_ids))
    things: dict[UUID, list[LabelThing]] = {}
    blocked: set[UUID] = set()
    for line in work.session.scalars(query.order_by(OrderLine.order_id, OrderLine.nth)):
        pieces = line.quantity - line.cancelled - line.blocked - line.shipped
        if line.blocked:
            blocked.add(line.order_id)
        if pieces > 0:
            things.setdefault(line.order_id, []).append(LabelThing(line.name, line.choice, pieces))
    return things, blocked
