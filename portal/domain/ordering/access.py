"""The only ways to one order, one checkout. A buyer's and an office's rows are found with their own faces; what is
changed is held on the worker's.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from portal.domain.ordering.models import Checkout, Order, OrderLine
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, fixed
from portal.kernel.work import Work


def access_order(work: Work, order_id: UUID, *, may: Permission) -> Order:
    """One order in reach of this face: the buyer's own, the office's own, any on the platform's. Raises NotFound."""
    work.require(may)
    query = select(Order).where(Order.id == order_id)
    if work.scope.face is Face.OFFICE:
        query = query.where(Order.merchant_id == work.merchant_id)
    if work.scope.face is Face.PERSON:
        query = query.where(Order.person_id == work.person_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_held(work: Work, merchant_id: UUID, order_id: UUID) -> tuple[Order, list[OrderLine]]:
    """An order and its lines in order, held until the end (the worker's face only). Raises NotFound.

    The order's lock comes first and holds its lines as well; checkouts before orders, payments before both.
    """
    mine = (Order.merchant_id == merchant_id, Order.id == order_id)
    query = select(Order).where(*mine).with_for_update().execution_options(populate_existing=True)
    order = work.session.scalars(query).one_or_none()
    if order is None:
        raise NotFound
    rows = select(OrderLine).where(OrderLine.merchant_id == merchant_id, OrderLine.order_id == order_id)
    lines = work.session.scalars(rows.order_by(OrderLine.nth).execution_options(populate_existing=True))
    return order, list(lines)


_CHECKOUT: Any = fixed(
    select(Checkout)
    .where(Checkout.person_id == bindparam("of_person"), Checkout.id == bindparam("of_checkout"))
    .execution_options(populate_existing=True)
)
_HELD_CHECKOUT: Any = _CHECKOUT.with_for_update()


def access_checkout(work: Work, person_id: UUID, checkout_id: UUID, *, lock: bool = False) -> Checkout:
    """One checkout of this person. Raises NotFound; `lock` on the worker's face only."""
    asked = {"of_person": person_id, "of_checkout": checkout_id}
    found: Checkout | None = work.session.scalars(_HELD_CHECKOUT if lock else _CHECKOUT, asked).one_or_none()
    if found is None:
        raise NotFound
    return found
