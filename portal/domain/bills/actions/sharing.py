"""Who pays which share of a bill, and by what: a phone at a provider, cash, the store's own terminal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.bills import errors
from portal.domain.bills.access import RIGHTS, access_payment, held, shares_of
from portal.domain.bills.actions.settling import complete
from portal.domain.bills.models import Bill, BillShare
from portal.domain.bills.values import (
    MOST_SHARES,
    MOST_TENDERED,
    SHARE,
    SHARE_MINUTES,
    BillState,
    How,
    ShareState,
)
from portal.domain.ledger.values import Business
from portal.domain.payments import actions as payments
from portal.domain.payments.values import Part
from portal.domain.tabs import access as tabs_access
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import MerchantState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def pay_online(
    work: Work, bill_id: UUID, *, payer: str, payer_id: UUID, return_path: str, amount_fen: int | None = None
) -> UUID:
    """This guest pays what is left of the bill, or `amount_fen` of it, on his phone; returns the share, whose payment
    is asked of `payer_id` (a person, or a guest without an account) within ten minutes. Refuses ShareTooLarge when
    others pay already, BillOver when nothing is to be paid any more, StoreSuspended. His share that waits already is
    used again.
    """
    with held(work, bill_id, may=Permission.TAB_ORDER) as (sitting, bill):
        _refuse_suspended(work, bill.merchant_id)
        faults.point(work, "bills.share.checked")
        waiting = _waiting(work, bill, payer_id)
        if waiting is not None and amount_fen in (None, waiting.amount_fen):
            return waiting.id
        share = _write(work, bill, How.ONLINE, amount_fen, payer=payer, payer_id=payer_id)
        work.session.flush()
        share.intent_id = payments.ask(
            work,
            business=Business(SHARE, share.id),
            title=f"{bill.number}",
            amount_fen=share.amount_fen,
            parts=[Part(bill.id, share.amount_fen)],
            expires_at=work.now() + SHARE_MINUTES,
            return_path=return_path,
            person_id=payer_id,
        )
        tabs_access.touch(work, sitting)
        return share.id


def _refuse_suspended(work: Work, merchant_id: UUID) -> None:
    state = work.session.scalars(select(Merchant.state).where(Merchant.id == merchant_id)).one()
    if state != MerchantState.ACTIVE:
        raise errors.StoreSuspended


def take(
    work: Work, bill_id: UUID, *, how: How, payer: str, amount_fen: int | None = None, tendered_fen: int | None = None
) -> UUID:
    """Cash, or the store's own terminal: paid at once. `tendered_fen` is the cash that was given, for the change."""
    if how is How.ONLINE:
        raise ValueError("a phone pays by itself")
    if tendered_fen is not None and tendered_fen > MOST_TENDERED:
        raise Refusal(say("现金金额太大，请核对。"), field="tendered")
    with held(work, bill_id, may=Permission.BILL_TAKE) as (sitting, bill):
        faults.point(work, "bills.share.checked")
        share = _write(work, bill, how, amount_fen, payer=payer, payer_id=None)
        if how is How.CASH and tendered_fen is not None:
            if tendered_fen < share.amount_fen:
                raise errors.TenderedTooLittle
            share.tendered_fen = tendered_fen
        share.state, share.ended_at = ShareState.PAID.value, work.now()
        bill.paid_fen += share.amount_fen
        work.session.flush()
        work.audit("bill.taken", "bill", bill.id, how=how.value, fen=share.amount_fen)
        tabs_access.touch(work, sitting)
        complete(work, sitting, bill)
        return share.id


def _waiting(work: Work, bill: Bill, payer_id: UUID) -> BillShare | None:
    mine = (one for one in shares_of(work, bill) if one.state == ShareState.OPEN and one.payer_id == payer_id)
    return next(mine, None)


def _write(work: Work, bill: Bill, how: How, amount_fen: int | None, *, payer: str, payer_id: UUID | None) -> BillShare:
    if bill.state != BillState.OPEN:
        raise errors.BillOver
    shares = shares_of(work, bill)
    left = bill.total_fen - bill.paid_fen - sum(one.amount_fen for one in shares if one.state == ShareState.OPEN)
    wanted = left if amount_fen is None else amount_fen
    if not 0 < wanted <= left:
        raise errors.ShareTooLarge(left)
    if len(shares) >= MOST_SHARES:
        raise errors.TooManyShares(MOST_SHARES)
    now: datetime = work.now()
    at_once = how is not How.ONLINE
    share = BillShare(
        merchant_id=bill.merchant_id,
        id=new_id(),
        bill_id=bill.id,
        sitting_id=bill.sitting_id,
        how=how.value,
        state=(ShareState.PAID if at_once else ShareState.OPEN).value,
        amount_fen=wanted,
        payer=payer,
        payer_id=payer_id,
        refunded_fen=0,
        member_id=work.actor.membership_id,
        made_at=now,
        ended_at=now if at_once else None,
    )
    work.session.add(share)
    return share


def begin(work: Work, share_id: UUID, *, payer_id: UUID, provider: str, merchant_no: str, again: bool = False) -> UUID:
    """Try to pay a share with this provider; returns the attempt. NotFound for somebody else's; StoreSuspended."""
    intent_id = access_payment(work, share_id, may=Permission.TAB_ORDER, payer_id=payer_id)
    with borrowed(work, tabs_access.house(work), RIGHTS):
        _refuse_suspended(work, work.merchant_id)
        return payments.begin_for(work, intent_id, provider=provider, merchant_no=merchant_no, again=again)


def call_off(work: Work, share_id: UUID, *, payer_id: UUID | None = None) -> None:
    """Not by this phone: his share is open again for others. The staff (`payer_id` None) may do it for anybody.
    Refuses what is paid.
    """
    may = Permission.TAB_ORDER if payer_id else Permission.BILL_TAKE
    intent_id = access_payment(work, share_id, may=may, payer_id=payer_id)
    with borrowed(work, tabs_access.house(work), RIGHTS):
        payments.cancel(work, intent_id)
    if payer_id is None:
        work.audit("bill.called_off", "bill_share", share_id)
