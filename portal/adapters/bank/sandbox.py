"""The adapter of the pretend bank: signed JSON over HTTP, five seconds at most. Demo and test installations only."""

from __future__ import annotations

import json
from typing import Any

from portal.adapters.payments.sandbox import MOST_BYTES, Send, over_http
from portal.domain.payouts.ports import BankRefused, BankSilent
from portal.domain.payouts.values import BankWord, TransferFact, TransferOrder
from portal.domain.sandbox import rules
from portal.kernel.clock import Clock


class SandboxBank:
    """The pretend bank as a Bank."""

    name = "sandbox"

    def __init__(self, base: str, key: bytes, clock: Clock, send: Send = over_http) -> None:
        self.base, self.key, self.clock, self.send = base.rstrip("/"), key, clock, send

    def pay(self, order: TransferOrder) -> TransferFact:
        """Order the transfer."""
        told = self._ask(
            "transfers",
            number=order.number,
            amount=order.amount_fen,
            currency="CNY",
            holder=order.holder,
            bank=order.bank_name,
            account=order.account_number,
        )
        if told is None:
            raise BankSilent("no answer to an order")
        return _fact(told)

    def query(self, number: str) -> TransferFact | None:
        """How it stands."""
        told = self._ask("transfers/query", number=number)
        return None if told is None else _fact(told)

    def _ask(self, path: str, **facts: Any) -> dict[str, Any] | None:
        body = rules.packed(facts)
        headers = rules.signed(self.key, body, self.clock.now())
        try:
            status, answer = self.send(f"{self.base}/sandbox/v1/{path}", headers, body)
            told = json.loads(answer) if len(answer) <= MOST_BYTES else None
        except (OSError, ValueError, RecursionError) as error:
            raise BankSilent(type(error).__name__) from error
        code = told.get("code") if isinstance(told, dict) else None
        if status == 404 and code == "NOT_EXIST":
            return None
        if 400 <= status < 500 and status not in (401, 408, 429) and isinstance(code, str):
            raise BankRefused(code[:64])
        if status != 200 or not isinstance(told, dict):
            raise BankSilent(f"status {status}")
        return told


def _fact(told: dict[str, Any]) -> TransferFact:
    try:
        amount, words = told["amount"], [told[name] for name in ("number", "state", "transfer", "reason")]
        if not isinstance(amount, int) or isinstance(amount, bool) or not all(isinstance(one, str) for one in words):
            raise TypeError(amount)
        number, state, bank_no, reason = (one.replace("\0", "")[:200] for one in words)
        return TransferFact(number, BankWord(state), amount, bank_no, reason)
    except (KeyError, ValueError, TypeError) as error:
        raise BankSilent("unreadable") from error
