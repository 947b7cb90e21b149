"""The pretend provider's rows as its cashier and its board show them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.sandbox.models import SandboxReturn, SandboxSwitch, SandboxTrade, SandboxTransfer
from portal.domain.sandbox.values import (
    BankTransfer,
    Plans,
    Return,
    ReturnPlan,
    ReturnWord,
    Trade,
    TradePlan,
    TradeWord,
    TransferPlan,
    TransferWord,
)
from portal.kernel.faces import borrowed
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

SHOWN = 20


def trade(work: Work, trade_id: UUID) -> Trade:
    """One trade. Raises NotFound."""
    row = work.session.get(SandboxTrade, trade_id)
    if row is None:
        raise NotFound
    return shown(row)


def plans(work: Work) -> Plans:
    """How it behaves now; as it should, when nobody has said otherwise."""
    rows = work.session.execute(select(SandboxSwitch.name, SandboxSwitch.plan)).all()
    found = {str(row.name): str(row.plan) for row in rows}
    return Plans(
        TradePlan(found.get("trades", TradePlan.PAID.value)),
        ReturnPlan(found.get("refunds", ReturnPlan.DONE.value)),
        TransferPlan(found.get("transfers", TransferPlan.PAID.value)),
    )


def board(work: Work) -> tuple[Plans, tuple[Trade, ...], tuple[Return, ...]]:
    """Everything the platform's switchboard shows: the switches, the latest trades and refunds."""
    with borrowed(work, Scope(Face.PROVIDER)):
        trades = work.session.scalars(select(SandboxTrade).order_by(SandboxTrade.id.desc()).limit(SHOWN))
        refunds = work.session.execute(
            select(SandboxReturn, SandboxTrade.number)
            .join(SandboxTrade, SandboxTrade.id == SandboxReturn.trade_id)
            .order_by(SandboxReturn.id.desc())
            .limit(SHOWN)
        )
        return plans(work), tuple(map(shown, trades)), tuple(_return(row, number) for row, number in refunds)


def transfers(work: Work) -> tuple[BankTransfer, ...]:
    """The latest transfers of the pretend bank, for the board."""
    with borrowed(work, Scope(Face.PROVIDER)):
        rows = work.session.scalars(select(SandboxTransfer).order_by(SandboxTransfer.id.desc()).limit(SHOWN))
        return tuple(_transfer(row) for row in rows)


def _transfer(row: SandboxTransfer) -> BankTransfer:
    state, plan = TransferWord(row.state), TransferPlan(row.plan)
    return BankTransfer(
        row.id, row.number, row.amount_fen, row.holder, row.last4, state, plan, row.reason, row.created_at
    )


def shown(row: SandboxTrade) -> Trade:
    """A row as a fact."""
    return Trade(
        *(row.id, row.number, row.merchant_no, row.amount_fen, row.currency, row.title, row.return_url),
        *(TradeWord(row.state), TradePlan(row.plan), row.created_at, row.expires_at, row.settled_at),
    )


def _return(row: SandboxReturn, of_number: str) -> Return:
    state, plan = ReturnWord(row.state), ReturnPlan(row.plan)
    return Return(row.id, row.number, of_number, row.amount_fen, state, plan, row.created_at)


def told_trade(row: SandboxTrade) -> dict[str, Any]:
    """What it says of a trade to whoever asks."""
    word = TradeWord.WAITING.value if row.hidden and row.state == TradeWord.PAID else row.state
    return {
        "number": row.number,
        "state": word,
        "amount": row.amount_fen,
        "currency": row.currency,
        "merchant": row.merchant_no,
        "trade": f"SB{row.id.hex[:24]}",
    }


def told_return(row: SandboxReturn, trade_row: SandboxTrade) -> dict[str, Any]:
    """What it says of a refund to whoever asks."""
    return {
        "number": row.number,
        "state": row.state,
        "amount": row.amount_fen,
        "currency": trade_row.currency,
        "merchant": trade_row.merchant_no,
        "refund": f"SR{row.id.hex[:24]}",
    }
