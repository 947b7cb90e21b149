"""A merchant's rules. What was earned keeps the rule of its day."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.domain.commissions import errors
from portal.domain.commissions.access import access_rule
from portal.domain.commissions.models import CommissionRule
from portal.domain.commissions.values import ALL, MOST_FIXED, Kind, RuleDraft, Turn
from portal.domain.stores.access import access_store
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Denied, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def add_rule(work: Work, draft: RuleDraft) -> UUID:
    """A rule from now on. Refuses more than all, both or neither of share and sum, and a range twice."""
    work.require(Permission.COMMISSION_EDIT)
    if draft.store_id is not None:
        access_store(work, draft.store_id, may=Permission.COMMISSION_EDIT)
    elif work.scope.store_ids is not None:
        raise Denied(say("你只负责部分门店，请选择一家门店。"))
    _check(draft)
    rule_id = new_id()
    added = work.session.execute(
        insert(CommissionRule)
        .values(
            merchant_id=work.merchant_id,
            id=rule_id,
            kind=draft.kind.value,
            store_id=draft.store_id,
            subject_id=draft.subject_id,
            turn=draft.turn.value,
            percent_bp=draft.percent_bp,
            fixed_fen=draft.fixed_fen,
            made_at=work.now(),
        )
        .on_conflict_do_nothing()
        .returning(CommissionRule.id)
    ).scalar_one_or_none()
    if added is None:
        raise errors.RuleTwice
    work.audit("commission.rule_added", "commission_rule", rule_id, kind=draft.kind, percent=draft.percent_bp)
    return rule_id


def end_rule(work: Work, rule_id: UUID) -> None:
    """It holds no more; what it brought stays."""
    access_rule(work, rule_id).ended_at = work.now()
    work.session.flush()
    work.audit("commission.rule_ended", "commission_rule", rule_id)


def _check(draft: RuleDraft) -> None:
    if (draft.percent_bp is None) == (draft.fixed_fen is None):
        raise Refusal(say("比例和每次金额填一个就好。"), field="percent")
    if draft.percent_bp is not None and not 0 <= draft.percent_bp <= ALL:
        raise Refusal(say("比例在 0 到 100 之间。"), field="percent")
    if draft.fixed_fen is not None and not 0 <= draft.fixed_fen <= MOST_FIXED:
        raise Refusal(say("每次金额太大了。"), field="fixed")
    if draft.kind is Kind.CARD_SALE and draft.turn is not Turn.ANY:
        raise Refusal(say("卖卡没有点钟和排钟之分，请选“不分”。"), field="turn")
