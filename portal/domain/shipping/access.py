"""The only ways to one parcel, one asked change, one report; and to the orders that leave together.

Locks: shippers of a merchant take turns first, then orders by id, then what stands beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.ordering.models import Order, OrderLine
from portal.domain.shipping.models import AddressChange, Parcel, StockReport
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work

Row = TypeVar("Row", Parcel, AddressChange, StockReport)


def access_parcel(work: Work, parcel_id: UUID, *, may: Permission) -> Parcel:
    """One parcel in reach: of the office, of the person who waits for it. Raises NotFound."""
    return _one(work, Parcel, parcel_id, may)


def access_change(work: Work, change_id: UUID, *, may: Permission) -> AddressChange:
    """One asked change of address in reach. Raises NotFound."""
    return _one(work, AddressChange, change_id, may)


def access_report(work: Work, report_id: UUID, *, may: Permission) -> StockReport:
    """One report of goods that are not there, in reach. Raises NotFound."""
    return _one(work, StockReport, report_id, may)


def _one(work: Work, model: type[Row], row_id: UUID, may: Permission) -> Row:
    work.require(may)
    query: Any = select(model).where(model.id == row_id)
    if work.scope.face is Face.OFFICE:
        query = query.where(model.merchant_id == work.merchant_id)
    if work.scope.face is Face.PERSON:
        query = query.where(model.person_id == work.person_id)
    found: Row | None = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_turn(work: Work, merchant_id: UUID) -> None:
    """Shippers of one merchant act one after the other; the worker's face only."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"ship/{merchant_id}", 0))))


def access_orders(
    work: Work, merchant_id: UUID, order_ids: Sequence[UUID]
) -> tuple[dict[UUID, Order], dict[UUID, list[OrderLine]]]:
    """These orders with their lines in order, held by id (the worker's face only). Raises NotFound for a stranger."""
    ids = sorted(set(order_ids))
    query = select(Order).where(Order.merchant_id == merchant_id, Order.id.in_(ids)).order_by(Order.id)
    held = work.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    orders = {order.id: order for order in held}
    if len(orders) != len(ids):
        raise NotFound
    lines: dict[UUID, list[OrderLine]] = {order_id: [] for order_id in ids}
    rows = select(OrderLine).where(OrderLine.merchant_id == merchant_id, OrderLine.order_id.in_(ids))
    for line in work.session.scalars(rows.order_by(OrderLine.nth).execution_options(populate_existing=True)):
        lines[line.order_id].append(line)
    return orders, lines


def access_held(work: Work, row: Row) -> Row:
    """The same row, held and read anew; the worker's face only."""
    model = type(row)
    query: Any = select(model).where(model.merchant_id == row.merchant_id, model.id == row.id).with_for_update()
    held: Row = work.session.scalars(query.execution_options(populate_existing=True)).one()
    return held
