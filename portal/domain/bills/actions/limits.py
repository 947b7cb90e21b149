"""How much one person gives away at one table by himself: what he took off the tab and what he gave back, together."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.bills import errors
from portal.domain.bills.actions.pins import approver
from portal.domain.bills.models import Adjustment, BillRefund
from portal.domain.bills.queries.rules import rules_of
from portal.domain.tabs.models import Sitting
from portal.kernel.work import Work


def approved(work: Work, sitting: Sitting, off_fen: int, pin: str, *, manager: bool) -> UUID | None:
    """Who lets it pass, when somebody has to: of one tab one person gives away no more than the limit by himself, in
    however many pieces, of however many bills. Refuses PinNeeded.
    """
    limit = rules_of(work, sitting.store_id).free_fen
    if manager or off_fen <= 0 or off_fen + _taken_off(work, sitting) + _given_back(work, sitting) <= limit:
        return None
    if not pin:
        raise errors.PinNeeded(limit)
    return approver(work, sitting.store_id, pin)


def _taken_off(work: Work, sitting: Sitting) -> int:
    """What whoever acts has taken off this tab already, without anybody else's word. A price that was put up again
    (改价) is no money given away, and gives none to give.
    """
    off = func.greatest(Adjustment.before_fen - Adjustment.after_fen, 0)
    query = select(func.coalesce(func.sum(off), 0))
    query = query.where(Adjustment.merchant_id == sitting.merchant_id, Adjustment.sitting_id == sitting.id)
    mine = Adjustment.member_id.is_not_distinct_from(work.actor.membership_id)
    return int(work.session.execute(query.where(mine, Adjustment.approved_by.is_(None))).scalar_one())


def _given_back(work: Work, sitting: Sitting) -> int:
    """What he gave back of all bills of this tab in the same way."""
    query = select(func.coalesce(func.sum(BillRefund.amount_fen), 0))
    query = query.where(BillRefund.merchant_id == sitting.merchant_id, BillRefund.sitting_id == sitting.id)
    mine = BillRefund.member_id.is_not_distinct_from(work.actor.membership_id)
    return int(work.session.execute(query.where(mine, BillRefund.approved_by.is_(None))).scalar_one())
