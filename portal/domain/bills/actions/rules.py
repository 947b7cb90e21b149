"""A store's rules of paying."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.domain.bills.models import BillRules
from portal.domain.bills.values import Rules
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

_MOST_FREE = 10_000_00


def set_rules(work: Work, store_id: UUID, rules: Rules) -> None:
    """From now on. Refuses a limit above ¥10,000 and paper of another width."""
    work.require(Permission.BILL_ADJUST, store_id=store_id)
    if not 0 <= rules.free_fen <= _MOST_FREE:
        raise Refusal(say("免审批金额最多 10000 元。"), field="free")
    if rules.paper_mm not in (58, 80):
        raise Refusal(say("小票宽度是 58 或 80 毫米。"), field="paper")
    row = {"free_fen": rules.free_fen, "paper_mm": rules.paper_mm, "changed_at": work.now()}
    with borrowed(work, Scope(Face.JOB, merchant_id=work.merchant_id)):
        add = insert(BillRules).values(merchant_id=work.merchant_id, store_id=store_id, **row)
        work.session.execute(add.on_conflict_do_update(constraint="pk_bill_rules", set_=row))
    work.audit("bill_rules.set", "store", store_id, free_fen=rules.free_fen, paper_mm=rules.paper_mm)
