"""The switchboard: how the pretend provider behaves from now on, and what it does with one trade or refund at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.sandbox.actions.counter import access_trade, notify, settle_return
from portal.domain.sandbox.actions.teller import settle_transfer
from portal.domain.sandbox.models import SandboxReturn, SandboxSwitch
from portal.domain.sandbox.values import How, ReturnPlan, ReturnWord, TradePlan, TransferPlan, TransferWord
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

EDIT = Permission.SANDBOX_EDIT


def switch(work: Work, *, trades: TradePlan, refunds: ReturnPlan, transfers: TransferPlan = TransferPlan.PAID) -> None:
    """From now on."""
    work.require(EDIT)
    with borrowed(work, Scope(Face.PROVIDER)):
        switches = {"trades": trades.value, "refunds": refunds.value, "transfers": transfers.value}
        for name, plan in switches.items():
            new = insert(SandboxSwitch).values(name=name, plan=plan)
            work.session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"plan": plan}))
    work.audit("sandbox.switched", "sandbox", None, plans=" ".join(switches.values()))


def send_again(work: Work, trade_id: UUID, *, how: How) -> None:
    """One more notice about a trade, true or not."""
    work.require(EDIT)
    with borrowed(work, Scope(Face.PROVIDER)):
        notify(work, access_trade(work, trade_id).id, how)
    work.audit("sandbox.notified", "trade", trade_id, how=how.value)


def decide(work: Work, refund_id: UUID, *, to: ReturnWord) -> None:
    """A refund it works on is done, or fails."""
    work.require(EDIT)
    with borrowed(work, Scope(Face.PROVIDER)):
        query = select(SandboxReturn).where(SandboxReturn.id == refund_id).with_for_update()
        row = work.session.scalars(query).one_or_none()
        if row is None:
            raise NotFound
        if row.state == ReturnWord.PENDING:
            settle_return(work, row, to)
    work.audit("sandbox.decided", "refund", refund_id, to=to.value)


def decide_transfer(work: Work, transfer_id: UUID, *, to: TransferWord) -> None:
    """A transfer is paid now, or sent back, also after it was paid."""
    work.require(EDIT)
    with borrowed(work, Scope(Face.PROVIDER)):
        settle_transfer(work, transfer_id, to)
    work.audit("sandbox.decided", "transfer", transfer_id, to=to.value)
