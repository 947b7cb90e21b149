"""清台: a table that owes nothing is cleared; what is open is said."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.bills import errors
from portal.domain.bills.access import at_sitting
from portal.domain.bills.models import Bill
from portal.domain.bills.values import BillState
from portal.domain.tabs import access as tabs_access
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.actions.lines import ON_BILL
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def clear(work: Work, sitting_id: UUID, *, note: str = "") -> None:
    """Close the sitting: its keys are void from here on. Refuses StillPaying, and NotAllPaid while anything is due."""
    with at_sitting(work, sitting_id, may=Permission.TAB_SERVE) as sitting:
        bills = select(Bill.id).where(Bill.merchant_id == sitting.merchant_id, Bill.sitting_id == sitting.id)
        if work.session.scalars(bills.where(Bill.state == BillState.OPEN.value).limit(1)).first() is not None:
            raise errors.StillPaying
        lines = tabs_access.lines_of(work, sitting)
        due = sum(line.due_fen for line in lines if line.state in ON_BILL and line.bill_id is None)
        if due:
            raise errors.NotAllPaid(due)
        tabs.close(work, sitting.id, note=note)
