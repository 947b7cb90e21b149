"""退菜, 赠菜, 改价: up to the store's limit by staff, above it with a manager's right or PIN; each is logged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.bills.access import at_sitting
from portal.domain.bills.actions.limits import approved
from portal.domain.bills.actions.settling import release_paid, settle_if_paid
from portal.domain.bills.models import Adjustment
from portal.domain.bills.values import Adjust
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.access import access_line
from portal.domain.tabs.models import Sitting
from portal.domain.tabs.rules import part_of
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def adjust(
    work: Work,
    sitting_id: UUID,
    line_id: UUID,
    kind: Adjust,
    *,
    reason: str,
    quantity: int | None = None,
    due_fen: int | None = None,
    pin: str = "",
) -> UUID:
    """Take something off the tab; returns the line of the log. `quantity` for a part (退菜, 赠菜), `due_fen` for 改价.

    Refuses PinNeeded when more than the store's limit is taken off and whoever acts is no manager.
    """
    manager, member_id = work.may(Permission.BILL_ADJUST), work.actor.membership_id
    with at_sitting(work, sitting_id, may=Permission.TAB_SERVE) as sitting:
        line = access_line(work, sitting, line_id)
        name, before, whole = line.name, line.due_fen, line.quantity
        pieces = whole if quantity is None or kind is Adjust.REPRICE else quantity
        if kind is Adjust.REPRICE:
            after = before if due_fen is None else due_fen
        else:
            before = part_of(before, whole, pieces) if 1 <= pieces < whole else before
            after = 0
        approved_by = approved(work, sitting, before - after, pin, manager=manager)
        if kind is Adjust.CANCEL:
            tabs.cancel_line(work, sitting.id, line_id, reason=reason, quantity=quantity)
        elif kind is Adjust.GIFT:
            tabs.gift(work, sitting.id, line_id, reason=reason, quantity=quantity)
        else:
            tabs.reprice(work, sitting.id, line_id, due_fen=after, reason=reason)
        facts = {"line_id": line_id, "name": name, "quantity": pieces, "before_fen": before, "after_fen": after}
        said = {"reason": reason.strip(), "member_id": member_id, "approved_by": approved_by}
        release_paid(work, sitting)
        settle_if_paid(work, sitting)
        return log(work, sitting, kind, **facts, **said)


def log(work: Work, sitting: Sitting, kind: Adjust, **facts: Any) -> UUID:
    """Write down who took what off, why, and who let him."""
    row = Adjustment(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        store_id=sitting.store_id,
        sitting_id=sitting.id,
        kind=kind.value,
        made_at=work.now(),
        **facts,
    )
    work.session.add(row)
    work.session.flush()
    return row.id
