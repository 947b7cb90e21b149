"""Giving back what was paid at a table, by line and pieces: online shares by the way they came, then cash."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from portal.domain.bills import errors
from portal.domain.bills.access import held_with_payments, lines_of, shares_of
from portal.domain.bills.actions.limits import approved
from portal.domain.bills.events import BillRefunded
from portal.domain.bills.models import Bill, BillRefund, BillShare
from portal.domain.bills.rules import back_of, from_shares
from portal.domain.bills.values import REASON_MOST, BillState, How, ShareState
from portal.domain.earnings import actions as earnings
from portal.domain.payments import actions as payments
from portal.domain.tabs import access as tabs_access
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def refund(work: Work, bill_id: UUID, pieces: Mapping[UUID, int], *, reason: str, pin: str = "") -> UUID:
    """Give back `pieces` of these lines of a paid bill; returns the refund.

    Money that came online goes back by the same way, and out of what the store has earned; the rest is handed out in
    cash. Refuses TooMuchBack, BillOver for a bill that is not paid, PinNeeded above the store's limit.
    """
    words = clean_line(reason, field="reason", most=REASON_MOST)
    manager, member_id = work.may(Permission.BILL_ADJUST), work.actor.membership_id
    with held_with_payments(work, bill_id, may=Permission.BILL_TAKE) as (sitting, bill):
        faults.point(work, "bills.refund.checked")
        if bill.state != BillState.PAID:
            raise errors.BillOver
        amount = _count(work, bill, pieces)
        approved_by = approved(work, sitting, amount, pin, manager=manager)
        row = BillRefund(
            merchant_id=bill.merchant_id,
            id=new_id(),
            bill_id=bill.id,
            sitting_id=bill.sitting_id,
            amount_fen=amount,
            pieces={str(line_id): count for line_id, count in pieces.items() if count},
            by_share=_give(work, bill, amount),
            reason=words,
            member_id=member_id,
            approved_by=approved_by,
            made_at=work.now(),
        )
        bill.refunded_fen += amount
        work.session.add(row)
        work.session.flush()
        work.audit("bill.refunded", "bill", bill.id, fen=amount)
        tabs_access.touch(work, sitting)
        work.publish(BillRefunded(bill.merchant_id, bill.store_id, bill.sitting_id, bill.id, amount))
        return row.id


def _count(work: Work, bill: Bill, pieces: Mapping[UUID, int]) -> int:
    """Write what goes back of each line; returns the sum."""
    lines, amount = {line.line_id: line for line in lines_of(work, bill)}, 0
    for line_id, count in pieces.items():
        line = lines.get(line_id)
        if count == 0:
            continue
        if line is None or not 1 <= count <= line.quantity - line.back_quantity:
            raise errors.TooMuchBack(line.name if line else "")
        fen = back_of(line.amount_fen, line.quantity, line.back_quantity, count)
        line.back_quantity, line.back_fen = line.back_quantity + count, line.back_fen + fen
        amount += fen
    if amount == 0:
        raise errors.NothingBack
    return amount


def _give(work: Work, bill: Bill, amount: int) -> dict[str, int]:
    """Online shares first, the latest first: `share → fen`."""
    shares = [one for one in reversed(shares_of(work, bill)) if one.state == ShareState.PAID]
    shares.sort(key=lambda one: one.how != How.ONLINE)
    left = [(one.id, one.amount_fen - one.refunded_fen) for one in shares]
    found, known = from_shares(amount, left), {one.id: one for one in shares}
    online = sum(fen for share_id, fen in found.items() if known[share_id].how == How.ONLINE)
    if online:
        earnings.take_back(work, merchant_id=bill.merchant_id, subject_id=bill.id, amount_fen=online)
    for share_id, fen in found.items():
        _from(work, bill, known[share_id], fen)
    return {str(share_id): fen for share_id, fen in found.items()}


def _from(work: Work, bill: Bill, share: BillShare, fen: int) -> None:
    share.refunded_fen += fen
    if share.how == How.ONLINE and share.intent_id is not None:
        payments.refund(work, share.intent_id, subject_id=bill.id, amount_fen=fen, key=new_id())
