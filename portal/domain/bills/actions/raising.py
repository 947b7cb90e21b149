"""Raising a bill over lines of a tab, and giving it up.

Raising locks a snapshot: the lines belong to this bill until it is paid or given up; what is ordered later is for the
next one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.bills import errors
from portal.domain.bills.access import at_sitting, held_with_payments, shares_of
from portal.domain.bills.actions.settling import complete
from portal.domain.bills.models import Bill, BillLine, BillShare
from portal.domain.bills.values import BillState, Division, How, ShareState
from portal.domain.payments import actions as payments
from portal.domain.tabs import access as tabs_access
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.actions.lines import ON_BILL
from portal.domain.tabs.models import Sitting, TabLine
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.rows import add_rows
from portal.kernel.work import Work


def raise_bill(
    work: Work,
    sitting_id: UUID,
    *,
    division: Division = Division.WHOLE,
    line_ids: Collection[UUID] = (),
    guests: Collection[UUID] = (),
    common: bool = False,
) -> UUID:
    """A bill over what is not on one yet; returns it.

    WHOLE takes everything, LINES these lines, PERSON what these guests ordered and, with `common`, what is the
    table's; a guest at a table with separate bills pays no neighbour's. Refuses NothingToPay when nothing of it is
    left, LineHeld when somebody was faster with one. A bill of nought (everything given) is paid at once.
    """
    with at_sitting(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        free = [line for line in tabs_access.lines_of(work, sitting) if line.state in ON_BILL and line.bill_id is None]
        me = work.actor.guest_id
        if me is not None and not sitting.shared:
            free = [line for line in free if line.guest_id in (None, me)]
        chosen = _chosen(division, free, set(line_ids), set(guests), common=common)
        if not chosen or (division is Division.LINES and {line.id for line in chosen} != set(line_ids)):
            raise errors.NothingToPay
        faults.point(work, "bills.raise.checked")
        bill = _write(work, sitting, division, sum(line.due_fen for line in chosen))
        lines = tabs.hold_lines(work, sitting.id, [line.id for line in chosen], bill.id)
        add_rows(work, BillLine, [_line(bill, nth, line) for nth, line in enumerate(lines, 1)])
        work.audit("bill.raised", "bill", bill.id, sitting=sitting.id, fen=bill.total_fen)
        complete(work, sitting, bill)
        return bill.id


def _chosen(
    division: Division, free: Sequence[TabLine], line_ids: set[UUID], guests: set[UUID], *, common: bool
) -> list[TabLine]:
    if division is Division.LINES:
        return [line for line in free if line.id in line_ids]
    if division is Division.PERSON:
        return [line for line in free if line.guest_id in guests or (common and line.guest_id is None)]
    return list(free)


def _write(work: Work, sitting: Sitting, division: Division, total_fen: int) -> Bill:
    mine = (Bill.merchant_id == sitting.merchant_id, Bill.sitting_id == sitting.id)
    nth = 1 + (work.session.scalar(select(func.count()).select_from(Bill).where(*mine)) or 0)
    bill = Bill(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        store_id=sitting.store_id,
        sitting_id=sitting.id,
        number=f"{sitting.number}-{nth}",
        division=division.value,
        state=BillState.OPEN.value,
        total_fen=total_fen,
        paid_fen=0,
        refunded_fen=0,
        printed=0,
        guest_id=work.actor.guest_id,
        raised_at=work.now(),
    )
    work.session.add(bill)
    work.session.flush()
    return bill


def _line(bill: Bill, nth: int, line: TabLine) -> dict[str, object]:
    return {
        "merchant_id": bill.merchant_id,
        "bill_id": bill.id,
        "line_id": line.id,
        "sitting_id": bill.sitting_id,
        "nth": nth,
        "name": line.name,
        "choice": line.choice,
        "unit": line.unit,
        "quantity": line.quantity,
        "amount_fen": line.due_fen,
        "guest_id": line.guest_id,
        "back_quantity": 0,
        "back_fen": 0,
    }


def give_up(work: Work, bill_id: UUID) -> int:
    """Nobody pays this bill: its lines are free again, and due. Phones that are at the cashier are called off first,
    and money that comes late goes back. What was paid of it already the staff gives back (PartlyPaid for guests,
    StillPaying while a phone pays as well): online by the way it came, the rest by hand. Returns the fen to be handed
    back.
    """
    staff = work.may(Permission.BILL_TAKE)
    with held_with_payments(work, bill_id, may=Permission.TAB_ORDER) as (_sitting, bill):
        if bill.state != BillState.OPEN:
            raise errors.BillOver
        shares = shares_of(work, bill)
        if any(share.state == ShareState.PAID for share in shares):
            if not staff:
                raise errors.PartlyPaid
            by_hand = _pay_back(work, bill, shares)
            drop(work, bill)
            return by_hand
        waiting = [share.intent_id for share in shares if share.state == ShareState.OPEN and share.how == How.ONLINE]
        work.audit("bill.given_up", "bill", bill.id)
        if not waiting:
            drop(work, bill)
        for intent_id in waiting:
            if intent_id is not None:
                payments.cancel(work, intent_id)  # what it releases ends the bill with the last of them
        return 0


def _pay_back(work: Work, bill: Bill, shares: Sequence[BillShare]) -> int:
    """Nothing of an open bill is earned: what came online still lies in its escrow."""
    if any(share.state == ShareState.OPEN for share in shares):
        raise errors.StillPaying
    for share in shares:
        if share.state != ShareState.PAID:
            continue
        share.refunded_fen = share.amount_fen
        if share.how == How.ONLINE and share.intent_id is not None:
            payments.refund(
                work, share.intent_id, subject_id=bill.id, amount_fen=share.amount_fen, key=new_id()
            )  # fmt: skip
        work.audit("bill.paid_back", "bill", bill.id, how=share.how, fen=share.amount_fen)
    bill.paid_fen = 0
    work.session.flush()
    return sum(share.amount_fen for share in shares if share.state == ShareState.PAID and share.how != How.ONLINE)


def drop(work: Work, bill: Bill) -> None:
    """End a held bill without money."""
    bill.state, bill.ended_at = BillState.VOID.value, work.now()
    work.session.flush()
    tabs.let_go(work, bill.sitting_id, bill.id)
