"""How many sit at a table, said by the staff: fewer than are charged for is 茶位费 taken off, like 退菜."""

from __future__ import annotations

from uuid import UUID

from portal.domain.bills import errors
from portal.domain.bills.access import at_sitting
from portal.domain.bills.actions.adjusting import log
from portal.domain.bills.actions.limits import approved
from portal.domain.bills.actions.settling import settle_if_paid
from portal.domain.bills.values import REASON_MOST, Adjust
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.actions.covers import cuts_for
from portal.domain.tabs.actions.sitting import check_people
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def set_people(work: Work, sitting_id: UUID, people: int, *, reason: str = "", pin: str = "") -> None:
    """So many sit there; 茶位费 follows. Where less is to be paid by that, it is logged as a correction: refuses
    CoversCharged without a reason, PinNeeded above the store's limit when whoever acts is no manager.
    """
    work.require(Permission.TAB_SERVE)
    check_people(people)
    manager, member_id = work.may(Permission.BILL_ADJUST), work.actor.membership_id
    with at_sitting(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        cuts = [cut for cut in cuts_for(work, sitting, people) if cut.due_fen]
        off = sum(cut.due_fen for cut in cuts)
        if off:
            if not reason.strip():
                raise errors.CoversCharged(off)
            words = clean_line(reason, field="reason", most=REASON_MOST)
            line, pieces = cuts[0].line, sum(cut.pieces for cut in cuts)
            facts = {"line_id": line.id, "name": line.name, "quantity": pieces, "before_fen": off, "after_fen": 0}
            approved_by = approved(work, sitting, off, pin, manager=manager)
            said = {"reason": words, "member_id": member_id, "approved_by": approved_by}
            log(work, sitting, Adjust.CANCEL, **facts, **said)
        tabs.set_people(work, sitting.id, people)
        settle_if_paid(work, sitting)
