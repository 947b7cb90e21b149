"""The pretend provider's notices, signed; sent by the worker, as real ones come from outside."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.domain.sandbox import rules
from portal.domain.sandbox.models import SandboxReturn, SandboxTrade
from portal.domain.sandbox.queries import told_return, told_trade
from portal.domain.sandbox.values import How, Letter, TradeWord
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def trade_letter(work: Work, trade_id: UUID, *, how: How, event: UUID, key: bytes) -> Letter:
    """What the merchant hears of a trade; from now on it is no secret to who asks."""
    work.require(Permission.PAYMENT_TELL)
    row = work.session.get(SandboxTrade, trade_id)
    if row is None:
        raise NotFound
    if how is not How.WAITING:
        row.hidden = False
    facts = {**told_trade(row), "id": str(event), "kind": "trade"}
    if how is How.WRONG_AMOUNT:
        facts["amount"] = row.amount_fen + 1
    if how is How.WAITING:
        facts["state"] = TradeWord.WAITING.value
    return _letter(work, row.notify_url, facts, how, key)


def return_letter(work: Work, refund_id: UUID, *, how: How, event: UUID, key: bytes) -> Letter:
    """What the merchant hears of a refund."""
    work.require(Permission.PAYMENT_TELL)
    row = work.session.get(SandboxReturn, refund_id)
    trade = work.session.get(SandboxTrade, row.trade_id) if row is not None else None
    if row is None or trade is None:
        raise NotFound
    facts = {**told_return(row, trade), "id": str(event), "kind": "refund"}
    return _letter(work, row.notify_url, facts, how, key)


def _letter(work: Work, url: str, facts: dict[str, object], how: How, key: bytes) -> Letter:
    body = rules.packed(facts)
    when = work.now() - timedelta(hours=1) if how is How.STALE else work.now()
    return Letter(url, rules.signed(key[::-1] if how is How.WRONG_KEY else key, body, when), body)
