"""What becomes of a share when its payment ends. A payment ends once, so this happens once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.bills.access import RIGHTS, access_bill, shares_of
from portal.domain.bills.actions.raising import drop
from portal.domain.bills.actions.settling import complete
from portal.domain.bills.models import Bill, BillShare
from portal.domain.bills.values import BillState, ShareState
from portal.domain.tabs import access as tabs_access
from portal.domain.tabs.models import Sitting
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def paid(work: Work, share_id: UUID) -> None:
    """The money lies in the bill's escrow."""
    merchant_id = _merchant_of(work, share_id)
    with borrowed(work, Scope(Face.JOB, merchant_id=merchant_id), RIGHTS):
        sitting, bill, share = _held(work, share_id)
        if share.state != ShareState.OPEN:
            return
        share.state, share.ended_at = ShareState.PAID.value, work.now()
        bill.paid_fen += share.amount_fen
        work.session.flush()
        faults.point(work, "bills.paid.written")
        tabs_access.touch(work, sitting)
        complete(work, sitting, bill)


def released(work: Work, share_id: UUID) -> None:
    """This phone does not pay; with nobody else paying or paid, the bill's lines are free again."""
    merchant_id = _merchant_of(work, share_id)
    with borrowed(work, Scope(Face.JOB, merchant_id=merchant_id), RIGHTS):
        sitting, bill, share = _held(work, share_id)
        if share.state != ShareState.OPEN:
            return
        share.state, share.ended_at = ShareState.VOID.value, work.now()
        work.session.flush()
        tabs_access.touch(work, sitting)
        living = any(one.state != ShareState.VOID for one in shares_of(work, bill))
        if bill.state == BillState.OPEN and not living:
            drop(work, bill)


def _merchant_of(work: Work, share_id: UUID) -> UUID:
    with borrowed(work, Scope(Face.JOB), RIGHTS):
        return work.session.execute(select(BillShare.merchant_id).where(BillShare.id == share_id)).scalar_one()


def _held(work: Work, share_id: UUID) -> tuple[Sitting, Bill, BillShare]:
    query = select(BillShare.bill_id, BillShare.sitting_id).where(
        BillShare.merchant_id == work.merchant_id, BillShare.id == share_id
    )
    found = work.session.execute(query).one()
    (sitting,) = tabs_access.hold(work, [found.sitting_id])
    bill = access_bill(work, found.bill_id, lock=True)
    share = next(one for one in shares_of(work, bill) if one.id == share_id)
    return sitting, bill, share
