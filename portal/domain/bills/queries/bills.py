"""Bills for pages, as frozen facts: those of a sitting, one, a store's day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, tuple_

from portal.domain.bills.access import in_sight
from portal.domain.bills.models import Adjustment, Bill, BillLine, BillRefund, BillShare
from portal.domain.bills.values import (
    Adjust,
    AdjustmentShown,
    BillLineShown,
    BillShown,
    BillState,
    Division,
    How,
    RefundShown,
    ShareShown,
    ShareState,
)
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

PAGE = 50


def bills_of(work: Work, sitting_id: UUID) -> tuple[BillShown, ...]:
    """All bills of a sitting but those that were given up, the oldest first; three statements. A guest at a table with
    separate bills reads his own.
    """
    work.require(Permission.TAB_ORDER)
    query = select(Bill).where(Bill.merchant_id == work.merchant_id, Bill.sitting_id == sitting_id, in_sight(work))
    rows = list(work.session.scalars(query.where(Bill.state != BillState.VOID.value).order_by(Bill.id)))
    return _shown(work, rows)


def paid_back(work: Work, sitting_id: UUID) -> tuple[BillShown, ...]:
    """Bills of a sitting that were given up after something was paid: who got back how much, the oldest first."""
    work.require(Permission.BILL_TAKE)
    query = select(Bill).where(Bill.merchant_id == work.merchant_id, Bill.sitting_id == sitting_id)
    rows = list(work.session.scalars(query.where(Bill.state == BillState.VOID.value).order_by(Bill.id)))
    return tuple(one for one in (_shown(work, rows) if rows else ()) if one.shares)


def bill(work: Work, bill_id: UUID) -> BillShown:
    """One bill in reach. Raises NotFound."""
    work.require(Permission.TAB_ORDER)
    query = select(Bill).where(Bill.merchant_id == work.merchant_id, Bill.id == bill_id, in_sight(work))
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None or not work.scope.covers_store(row.store_id):
        raise NotFound
    return _shown(work, [row])[0]


def bills(
    work: Work, store_id: UUID, *, since: datetime, until: datetime, after: UUID | None = None, q: str = ""
) -> tuple[tuple[BillShown, ...], bool]:
    """A store's bills that were paid in a period, the latest first, and whether there are more; `q` is in the number, a
    dish's name or a payer's.
    """
    work.require(Permission.BILL_TAKE, store_id=store_id)
    query = select(Bill).where(Bill.merchant_id == work.merchant_id, Bill.store_id == store_id)
    query = query.where(Bill.state == BillState.PAID.value, Bill.ended_at >= since, Bill.ended_at < until)
    if after is not None:
        last = select(Bill.ended_at, Bill.id).where(Bill.merchant_id == work.merchant_id, Bill.id == after)
        query = query.where(tuple_(Bill.ended_at, Bill.id) < last.scalar_subquery())
    if q:
        query = query.where(_speaks_of(q))
    rows = list(work.session.scalars(query.order_by(Bill.ended_at.desc(), Bill.id.desc()).limit(PAGE + 1)))
    return _shown(work, rows[:PAGE]), len(rows) > PAGE


def _speaks_of(q: str) -> ColumnElement[bool]:
    def held(model: Any, column: Any) -> Any:
        mine = (model.merchant_id == Bill.merchant_id, model.bill_id == Bill.id)
        return exists().where(*mine, column.icontains(q, autoescape=True))

    return or_(
        Bill.number.icontains(q, autoescape=True), held(BillLine, BillLine.name), held(BillShare, BillShare.payer)
    )


def refunds_of(work: Work, bill_id: UUID) -> tuple[RefundShown, ...]:
    """What went back of a bill, in order."""
    work.require(Permission.TAB_ORDER)
    query = select(BillRefund).where(BillRefund.merchant_id == work.merchant_id, BillRefund.bill_id == bill_id)
    return tuple(
        RefundShown(
            row.id, row.amount_fen, {UUID(key): fen for key, fen in row.by_share.items()}, row.reason, row.made_at
        )
        for row in work.session.scalars(query.order_by(BillRefund.id))
    )


def adjustments(work: Work, store_id: UUID, *, since: datetime, until: datetime) -> tuple[AdjustmentShown, ...]:
    """The log of corrections of a period, the latest first."""
    work.require(Permission.BILL_ADJUST, store_id=store_id)
    query = select(Adjustment).where(Adjustment.merchant_id == work.merchant_id, Adjustment.store_id == store_id)
    query = query.where(Adjustment.made_at >= since, Adjustment.made_at < until)
    query = query.order_by(Adjustment.made_at.desc(), Adjustment.id.desc())
    return tuple(
        AdjustmentShown(
            *(row.id, row.sitting_id, row.line_id, Adjust(row.kind), row.name, row.quantity),
            *(row.before_fen, row.after_fen, row.reason, row.member_id, row.approved_by, row.made_at),
        )
        for row in work.session.scalars(query.limit(200))
    )


def _shown(work: Work, rows: Sequence[Bill]) -> tuple[BillShown, ...]:
    ids = [row.id for row in rows]
    lines = _grouped(work, BillLine, BillLine.nth, ids)
    shares = _grouped(work, BillShare, BillShare.id, ids)
    return tuple(
        BillShown(
            *(row.merchant_id, row.store_id, row.sitting_id, row.id, row.number),
            *(Division(row.division), BillState(row.state), row.total_fen, row.paid_fen, row.refunded_fen),
            *(row.printed, row.raised_at, row.ended_at),
            tuple(_line(one) for one in lines.get(row.id, ())),
            tuple(_share(one) for one in shares.get(row.id, ()) if one.state != ShareState.VOID),
        )
        for row in rows
    )


def _grouped(work: Work, model: Any, order: Any, ids: Iterable[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    query = select(model).where(model.merchant_id == work.merchant_id, model.bill_id.in_(list(ids))).order_by(order)
    for row in work.session.scalars(query.execution_options(populate_existing=True)):
        found.setdefault(row.bill_id, []).append(row)
    return found


def _line(row: BillLine) -> BillLineShown:
    return BillLineShown(
        *(row.line_id, row.name, row.choice, row.unit, row.quantity, row.amount_fen),
        *(row.guest_id, row.back_quantity, row.back_fen),
    )


def _share(row: BillShare) -> ShareShown:
    return ShareShown(
        *(row.id, How(row.how), ShareState(row.state), row.amount_fen, row.tendered_fen, row.payer, row.payer_id),
        *(row.intent_id, row.refunded_fen, row.made_at, row.ended_at),
    )
