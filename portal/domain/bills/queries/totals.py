"""What a store's bills of a period come to, who corrected, and whether the acting manager has a PIN."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.bills.models import Bill, BillShare, ManagerPin
from portal.domain.bills.values import BillState, How, ShareState
from portal.domain.tenants.models import Membership
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


@dataclass(frozen=True)
class Sums:
    """Paid bills of a period, in fen; what came by which way is of the same bills."""

    count: int
    total_fen: int
    refunded_fen: int
    online_fen: int
    cash_fen: int
    other_fen: int


def sums(work: Work, store_id: UUID, *, since: datetime, until: datetime) -> Sums:
    """Totals of a store's paid bills; two statements."""
    work.require(Permission.BILL_TAKE, store_id=store_id)
    mine = (Bill.merchant_id == work.merchant_id, Bill.store_id == store_id, Bill.state == BillState.PAID.value)
    stretch = (*mine, Bill.raised_at >= since, Bill.raised_at < until)
    total = func.coalesce(func.sum(Bill.total_fen), 0), func.coalesce(func.sum(Bill.refunded_fen), 0)
    count, all_fen, back_fen = work.session.execute(select(func.count(), *total).where(*stretch)).one()
    query = (
        select(BillShare.how, func.sum(BillShare.amount_fen))
        .join(Bill, (Bill.merchant_id == BillShare.merchant_id) & (Bill.id == BillShare.bill_id))
        .where(*stretch, BillShare.state == ShareState.PAID.value)
        .group_by(BillShare.how)
    )
    ways = {how: int(fen) for how, fen in work.session.execute(query)}
    by_way = (ways.get(how.value, 0) for how in (How.ONLINE, How.CASH, How.OTHER))
    return Sums(int(count), int(all_fen), int(back_fen), *by_way)


def paid_by_sitting(work: Work, store_id: UUID, sitting_ids: Collection[UUID]) -> dict[UUID, int]:
    """Fen that are paid of each of these sittings, on whole bills or in part; one statement."""
    work.require(Permission.TAB_ORDER, store_id=store_id)
    mine = (Bill.merchant_id == work.merchant_id, Bill.store_id == store_id, Bill.sitting_id.in_(sitting_ids))
    query = select(Bill.sitting_id, func.sum(Bill.paid_fen)).where(*mine, Bill.paid_fen > 0).group_by(Bill.sitting_id)
    return {sitting_id: int(fen) for sitting_id, fen in work.session.execute(query)}


def member_names(work: Work) -> dict[UUID, str]:
    """Names of everybody who ever worked for the merchant, by membership: for the log of corrections."""
    work.require(Permission.BILL_ADJUST)
    query = select(Membership.id, Membership.name).where(Membership.merchant_id == work.merchant_id)
    return {row.id: row.name for row in work.session.execute(query)}


def has_pin(work: Work) -> bool:
    """Whether the acting manager has set a PIN."""
    work.require(Permission.BILL_ADJUST)
    mine = (ManagerPin.merchant_id == work.merchant_id, ManagerPin.membership_id == work.actor.membership_id)
    with borrowed(work, Scope(Face.JOB, merchant_id=work.merchant_id)):
        return work.session.scalars(select(ManagerPin.membership_id).where(*mine)).first() is not None
