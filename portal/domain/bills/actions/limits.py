"""How much one person gives away at one table by himself: what he took off the tab and what he gave back, together."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.domain.bills import errors
from portal.domain.bills.actions.pins import approver
from portal.domain.bills.models import Adjustment, BillRefund
from portal.domain.bills.queries.rules import rules_of
from portal.domain.tabs.models import Sitting, TabMove
from portal.kernel.work import Work


def approved(work: Work, sitting: Sitting, off_fen: int, pin: str, *, manager: bool) -> UUID | None:
    """Who lets it pass, when somebody has to: of one tab one person gives away no more than the limit by himself, in
    however many pieces, of however many bills, over however many tables they went. Refuses PinNeeded.
    """
    limit = rules_of(work, sitting.store_id).free_fen
    if manager or off_fen <= 0:
        return None
    tab = _one_tab(work, sitting)
    if off_fen + _taken_off(work, sitting.merchant_id, tab) + _given_back(work, sitting.merchant_id, tab) <= limit:
        return None
    if not pin:
        raise errors.PinNeeded(limit)
    return approver(work, sitting.store_id, pin)


def _one_tab(work: Work, sitting: Sitting) -> set[UUID]:
    """The sitting and all between which lines went to and fro (拆单, 并台): else each further table was a new limit."""
    known, asked = {sitting.id}, {sitting.id}
    while asked:
        query = select(TabMove.sitting_id, TabMove.other_id).where(TabMove.merchant_id == sitting.merchant_id)
        query = query.where(TabMove.other_id.is_not(None))
        query = query.where(or_(TabMove.sitting_id.in_(asked), TabMove.other_id.in_(asked)))
        asked = {one for pair in work.session.execute(query) for one in pair} - known
        known |= asked
    return known


def _taken_off(work: Work, merchant_id: UUID, tab: Collection[UUID]) -> int:
    """What whoever acts has taken off this tab already, without anybody else's word. A price that was put up again
    (改价) is no money given away, and gives none to give.
    """
    off = func.greatest(Adjustment.before_fen - Adjustment.after_fen, 0)
    query = select(func.coalesce(func.sum(off), 0))
    query = query.where(Adjustment.merchant_id == merchant_id, Adjustment.sitting_id.in_(tab))
    mine = Adjustment.member_id.is_not_distinct_from(work.actor.membership_id)
    return int(work.session.execute(query.where(mine, Adjustment.approved_by.is_(None))).scalar_one())


def _given_back(work: Work, merchant_id: UUID, tab: Collection[UUID]) -> int:
    """What he gave back of all bills of this tab in the same way."""
    query = select(func.coalesce(func.sum(BillRefund.amount_fen), 0))
    query = query.where(BillRefund.merchant_id == merchant_id, BillRefund.sitting_id.in_(tab))
    mine = BillRefund.member_id.is_not_distinct_from(work.actor.membership_id)
    return int(work.session.execute(query.where(mine, BillRefund.approved_by.is_(None))).scalar_one())
