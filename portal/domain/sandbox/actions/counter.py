"""Trades and refunds at the pretend provider. The merchant's number is the key: the same number is the same trade."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.sandbox.errors import OrderRefused, TradeOver
from portal.domain.sandbox.models import SandboxReturn, SandboxTrade
from portal.domain.sandbox.queries import plans, told_return, told_trade
from portal.domain.sandbox.values import (
    LATE_BY,
    MERCHANT_NO,
    How,
    ReturnPlan,
    ReturnWord,
    TradePlan,
    TradeWord,
)
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

TELL = Permission.PAYMENT_TELL


def collect(work: Work, asked: dict[str, Any]) -> UUID:
    """Open a trade, or find the one of this number; returns it. Refuses nonsense and a number of another amount."""
    work.require(TELL)
    facts = _order(asked)
    new = insert(SandboxTrade).values(
        id=new_id(),
        merchant_no=MERCHANT_NO,
        state=TradeWord.WAITING.value,
        plan=plans(work).trades.value,
        hidden=False,
        created_at=work.now(),
        **facts,
    )
    work.session.execute(new.on_conflict_do_nothing())
    row = _by_number(work, str(facts["number"]))
    if row is None or row.amount_fen != facts["amount_fen"]:
        raise OrderRefused("AMOUNT_DIFFERS")
    return row.id


def _order(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        number, title, amount = str(asked["number"]), str(asked["title"]), asked["amount"]
        expires_at = datetime.fromisoformat(str(asked["expires"]))
        urls = {"notify_url": str(asked["notify"]), "return_url": str(asked["back"])}
    except (KeyError, ValueError) as error:
        raise OrderRefused("PARAM_ERROR") from error
    whole = isinstance(amount, int) and amount > 0 and asked.get("currency") == "CNY"
    if not whole or not 6 <= len(number) <= 32 or asked.get("merchant") != MERCHANT_NO or expires_at.tzinfo is None:
        raise OrderRefused("PARAM_ERROR")
    return {
        "number": number,
        "title": title[:127],
        "amount_fen": amount,
        "currency": "CNY",
        "expires_at": expires_at,
        **urls,
    }


def _by_number(work: Work, number: str) -> SandboxTrade | None:
    return work.session.scalars(
        select(SandboxTrade).where(SandboxTrade.number == number).with_for_update()
    ).one_or_none()


def access_trade(work: Work, trade_id: UUID) -> SandboxTrade:
    """One trade, held. Raises NotFound."""
    row = work.session.scalars(select(SandboxTrade).where(SandboxTrade.id == trade_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def pay(work: Work, trade_id: UUID) -> None:
    """The payer pays; what the merchant hears of it is a matter of the plan. Refuses a trade that is over."""
    work.require(TELL)
    row = access_trade(work, trade_id)
    _still_open(work, row)
    plan = TradePlan(row.plan)
    if plan is TradePlan.FAILED:
        settle(work, row, TradeWord.FAILED)
        return notify(work, row.id)
    settle(work, row, TradeWord.PAID)
    row.hidden = plan in (TradePlan.PENDING, TradePlan.LATE)
    if plan in (TradePlan.PENDING, TradePlan.SILENT):
        return None
    if plan is TradePlan.LATE:
        return notify(work, row.id, at=work.now() + LATE_BY)
    special = {TradePlan.WRONG_AMOUNT: How.WRONG_AMOUNT, TradePlan.WRONG_SIGNATURE: How.WRONG_KEY}
    notify(work, row.id, special.get(plan, How.TRUE), times=3 if plan is TradePlan.DUPLICATE else 1)
    if plan is TradePlan.OUT_OF_ORDER:
        notify(work, row.id, How.WAITING)
    return None


def fail(work: Work, trade_id: UUID) -> None:
    """The payer's bank says no."""
    work.require(TELL)
    row = access_trade(work, trade_id)
    _still_open(work, row)
    settle(work, row, TradeWord.FAILED)
    notify(work, row.id)


def _still_open(work: Work, row: SandboxTrade) -> None:
    if row.state != TradeWord.WAITING or row.expires_at <= work.now():
        raise TradeOver


def settle(work: Work, row: SandboxTrade, to: TradeWord) -> None:
    """Its state from now on."""
    row.state, row.settled_at = to.value, work.now()


def notify(work: Work, trade_id: UUID, how: How = How.TRUE, *, times: int = 1, at: datetime | None = None) -> None:
    """Have the merchant told; several times means the very same notice again."""
    event = new_id()
    for _ in range(times):
        work.enqueue("sandbox.notify", at=at, kind="trade", row=trade_id, how=how.value, event=event)


def close(work: Work, number: str) -> dict[str, Any] | None:
    """Nobody may pay it any more; tells how it stands."""
    work.require(TELL)
    row = _by_number(work, number)
    if row is None:
        return None
    if row.state == TradeWord.WAITING:
        settle(work, row, TradeWord.CLOSED)
    return told_trade(row)


def tell(work: Work, number: str) -> dict[str, Any] | None:
    """How a trade stands."""
    work.require(TELL)
    row = _by_number(work, number)
    return told_trade(row) if row is not None else None


def give_back(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """Refund a part of a paid trade, or find the refund of this number. Refuses more than was paid."""
    work.require(TELL)
    row = _by_number(work, str(asked.get("of", "")))
    amount, number = asked.get("amount"), str(asked.get("number", ""))
    if row is None or row.state != TradeWord.PAID or not isinstance(amount, int) or amount <= 0 or len(number) != 32:
        raise OrderRefused("PARAM_ERROR")
    found = _return_of(work, number)
    if found is None:
        back = select(func.coalesce(func.sum(SandboxReturn.amount_fen), 0)).where(SandboxReturn.trade_id == row.id)
        if amount + int(work.session.scalar(back) or 0) > row.amount_fen:
            raise OrderRefused("NOT_ENOUGH")
        found = SandboxReturn(
            id=new_id(),
            number=number,
            trade_id=row.id,
            amount_fen=amount,
            notify_url=str(asked.get("notify", "")),
            state=ReturnWord.PENDING.value,
            plan=plans(work).refunds.value,
            created_at=work.now(),
        )
        work.session.add(found)
    elif found.state == ReturnWord.FAILED:  # asked for again under the same number
        found.state, found.plan = ReturnWord.PENDING.value, plans(work).refunds.value
    _proceed(work, found)
    work.session.flush()
    return told_return(found, row)


def _proceed(work: Work, row: SandboxReturn) -> None:
    """What its plan does with a refund that is asked for."""
    if row.state != ReturnWord.PENDING or row.plan == ReturnPlan.PENDING:
        return
    settle_return(work, row, ReturnWord(row.plan))


def settle_return(work: Work, row: SandboxReturn, to: ReturnWord) -> None:
    """A refund's state from now on, and the merchant hears of it."""
    row.state, row.settled_at = to.value, work.now()
    work.enqueue("sandbox.notify", kind="refund", row=row.id, how=How.TRUE.value, event=new_id())


def _return_of(work: Work, number: str) -> SandboxReturn | None:
    query = select(SandboxReturn).where(SandboxReturn.number == number).with_for_update()
    return work.session.scalars(query).one_or_none()


def tell_return(work: Work, number: str) -> dict[str, Any] | None:
    """How a refund stands."""
    work.require(TELL)
    row = _return_of(work, number)
    if row is None:
        return None
    return told_return(row, access_trade(work, row.trade_id))
