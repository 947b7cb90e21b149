"""What a store's bills of a period come to, who corrected, and whether the acting manager has a PIN."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, literal, select, true, union_all

from portal.domain.bills.models import Bill, BillRefund, BillShare, ManagerPin
from portal.domain.bills.values import BillState, How, ShareState
from portal.domain.tenants.models import Membership
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


@dataclass(frozen=True)
class Sums:
    """A period at the till, in fen: how many bills were paid in full; by each way what came in less what went back by
    it, as the drawer has it; `refunded_fen` is all that went back.
    """

    count: int
    refunded_fen: int
    online_fen: int
    cash_fen: int
    other_fen: int

    @property
    def received_fen(self) -> int:
        """By all ways."""
        return self.online_fen + self.cash_fen + self.other_fen


def sums(work: Work, store_id: UUID, *, since: datetime, until: datetime) -> Sums:
    """What came in and went back in a store, when it did: of bills that are paid in part, or are given up since, as
    well; two statements.
    """
    work.require(Permission.BILL_TAKE, store_id=store_id)
    mine = (Bill.merchant_id == work.merchant_id, Bill.store_id == store_id)

    def within(moment: Any) -> tuple[Any, Any]:
        return moment >= since, moment < until

    ended = (*mine, Bill.state == BillState.PAID.value, *within(Bill.ended_at))
    count = work.session.execute(select(func.count()).select_from(Bill).where(*ended)).scalar_one()
    moved = union_all(
        _shares(BillShare.amount_fen, literal(0)).where(*mine, _PAID, *within(BillShare.ended_at)),
        _shares(literal(0), BillShare.amount_fen).where(
            *mine, _PAID, Bill.state == BillState.VOID.value, *within(Bill.ended_at)
        ),
        _refunds().where(*mine, *within(BillRefund.made_at)),
    ).subquery()
    columns = (moved.c.how, func.sum(moved.c.came), func.sum(moved.c.back))
    ways = {
        how: (int(came), int(back)) for how, came, back in work.session.execute(select(*columns).group_by(moved.c.how))
    }
    net = {how: came - back for how, (came, back) in ways.items()}
    by_way = (net.get(how.value, 0) for how in (How.ONLINE, How.CASH, How.OTHER))
    return Sums(int(count), sum(back for _came, back in ways.values()), *by_way)


_PAID: Final = BillShare.state == ShareState.PAID.value
_OF_BILL: Final = (Bill.merchant_id == BillShare.merchant_id) & (Bill.id == BillShare.bill_id)


def _shares(came: Any, back: Any) -> Any:
    query = select(BillShare.how, came.label("came"), back.label("back"))
    return query.select_from(BillShare).join(Bill, _OF_BILL)


def _refunds() -> Any:
    """What went back of paid bills, share by share."""
    part = func.jsonb_each_text(BillRefund.by_share).table_valued("key", "value", name="part")
    share = (BillShare.merchant_id == BillRefund.merchant_id) & (BillShare.id == cast(part.c.key, BillShare.id.type))
    query = select(BillShare.how, literal(0).label("came"), cast(part.c.value, BigInteger).label("back"))
    return query.select_from(BillRefund).join(part, true()).join(BillShare, share).join(Bill, _OF_BILL)


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
