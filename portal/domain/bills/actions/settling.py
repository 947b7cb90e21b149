"""A bill that is paid in full: the store has earned, rounds that waited go to the kitchen."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.bills.access import lines_of, shares_of
from portal.domain.bills.events import BillPaid
from portal.domain.bills.models import Bill
from portal.domain.bills.values import BILL, BillState, How, ShareState
from portal.domain.earnings import actions as earnings
from portal.domain.ledger.values import Business
from portal.domain.tabs import access as tabs_access
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.actions.lines import ON_BILL
from portal.domain.tabs.models import Round, Sitting
from portal.domain.tabs.values import Pays, SittingState
from portal.kernel.work import Work


def complete(work: Work, sitting: Sitting, bill: Bill) -> None:
    """End a held bill once its shares add up to it; nothing while they do not."""
    if bill.state != BillState.OPEN or bill.paid_fen < bill.total_fen:
        return
    bill.state, bill.ended_at = BillState.PAID.value, work.now()
    work.session.flush()
    shares = [share for share in shares_of(work, bill) if share.state == ShareState.PAID]
    online_fen = sum(share.amount_fen for share in shares if share.how == How.ONLINE)
    if online_fen:
        earnings.earn(
            work,
            merchant_id=bill.merchant_id,
            business=Business(BILL, bill.id),
            subject_id=bill.id,
            amount_fen=online_fen,
            store_id=bill.store_id,
            title="、".join(line.name for line in lines_of(work, bill)),
            number=bill.number,
        )
    tabs_access.touch(work, sitting)
    release_paid(work, sitting)
    settle_if_paid(work, sitting)
    work.publish(BillPaid(bill.merchant_id, bill.store_id, bill.sitting_id, bill.id, bill.total_fen, online_fen))


def settle_if_paid(work: Work, sitting: Sitting) -> None:
    """Mark a held sitting as paid, once something was and nothing is due or being paid any more."""
    if sitting.settled_at is not None or sitting.state != SittingState.OPEN:
        return
    mine = (Bill.merchant_id == sitting.merchant_id, Bill.sitting_id == sitting.id)
    bills = select(func.count().filter(Bill.state == BillState.OPEN.value), func.max(Bill.ended_at)).where(*mine)
    waiting, last = work.session.execute(bills.where(Bill.state != BillState.VOID.value)).one()
    if waiting or last is None:
        return
    lines = tabs_access.lines_of(work, sitting)
    if not any(line.due_fen for line in lines if line.state in ON_BILL and line.bill_id is None):
        tabs.settle(work, sitting, last)


def release_paid(work: Work, sitting: Sitting) -> None:
    """先付: rounds of a held sitting of which nothing is to be paid any more are cooked."""
    if sitting.pays != Pays.BEFORE:
        return
    lines = [line for line in tabs_access.lines_of(work, sitting) if line.state in ON_BILL and line.round_id]
    paid = _paid_bills(work, sitting)
    waiting = {line.round_id for line in lines if line.due_fen and line.bill_id not in paid}
    for round_id in sorted(_rounds(work, sitting) & {line.round_id for line in lines} - waiting):
        tabs.release(work, sitting.id, round_id)


def _rounds(work: Work, sitting: Sitting) -> set[UUID]:
    """Those that wait here. A line that came over from another table (拆单) is of a round there."""
    query = select(Round.id).where(Round.merchant_id == sitting.merchant_id, Round.sitting_id == sitting.id)
    return set(work.session.scalars(query.where(Round.released_at.is_(None))))


def _paid_bills(work: Work, sitting: Sitting) -> set[UUID]:
    query = select(Bill.id).where(Bill.merchant_id == sitting.merchant_id, Bill.sitting_id == sitting.id)
    return set(work.session.scalars(query.where(Bill.state == BillState.PAID.value)))
