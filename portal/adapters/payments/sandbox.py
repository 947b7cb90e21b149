"""The adapter of the pretend provider: signed JSON over HTTP, five seconds at most, as with a real one.

Also carries its notices to whoever is to be told. Exists in demo and test installations only.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from portal.domain.payments.ports import (
    TIMEOUT_SECONDS,
    NoticeWrong,
    ProviderRefused,
    ProviderSilent,
    Reply,
)
from portal.domain.payments.values import (
    Launch,
    Notice,
    Order,
    RefundFact,
    RefundOrder,
    ReturnState,
    TradeFact,
    TradeState,
    Why,
)
from portal.domain.sandbox import rules
from portal.domain.sandbox.values import MERCHANT_NO
from portal.kernel.clock import Clock

MOST_BYTES: Final = 64 * 1024
Send = Callable[[str, Mapping[str, str], bytes], tuple[int, bytes]]
"""(address, headers, body) → (status, answer); OSError when there is none."""


def over_http(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """POST, five seconds at most from connecting to the last byte; to our own machine with its own certificate."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OSError("no address")
    link: http.client.HTTPConnection
    if parts.scheme == "https":
        own = ssl._create_unverified_context()  # noqa: S323  # the sandbox only
        link = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS, context=own)
    else:
        link = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    watch = threading.Timer(TIMEOUT_SECONDS, _cut, [link])
    watch.daemon = True
    watch.start()
    try:
        link.request("POST", parts.path or "/", body, dict(headers))
        answer = link.getresponse()
        return answer.status, answer.read(MOST_BYTES + 1)
    except http.client.HTTPException as error:
        raise OSError(type(error).__name__) from error
    finally:
        watch.cancel()
        link.close()


def _cut(link: http.client.HTTPConnection) -> None:
    """A provider that drips byte by byte is as silent as one that says nothing."""
    if link.sock is not None:
        with contextlib.suppress(OSError):
            link.sock.shutdown(socket.SHUT_RDWR)


class SandboxGateway:
    """The pretend provider as a PaymentGateway."""

    merchant_no = MERCHANT_NO
    thanks = Reply('{"code":"SUCCESS"}', "application/json")
    sorry = Reply('{"code":"FAIL"}', "application/json")

    def __init__(self, base: str, key: bytes, clock: Clock, send: Send = over_http) -> None:
        self.base, self.key, self.clock, self.send = base.rstrip("/"), key, clock, send

    def start(self, order: Order) -> Launch:
        """Open the trade."""
        told = self._ask(
            "orders",
            number=order.number,
            amount=order.amount_fen,
            currency=order.currency,
            merchant=self.merchant_no,
            title=order.title,
            expires=order.expires_at.isoformat(),
            notify=order.notify_url,
            back=order.return_url,
        )
        url = told.get("url") if told else None
        if not isinstance(url, str) or not url.startswith(self.base + "/"):
            raise ProviderSilent("no address to pay at")
        return Launch(url)

    def query(self, number: str) -> TradeFact | None:
        """How the trade stands."""
        return _trade(self._ask("orders/query", number=number))

    def close(self, number: str) -> TradeFact | None:
        """Close it and tell how it stands."""
        return _trade(self._ask("orders/close", number=number))

    def refund(self, order: RefundOrder) -> RefundFact:
        """Give money back."""
        told = _refund(
            self._ask(
                "refunds",
                number=order.number,
                of=order.of_number,
                amount=order.amount_fen,
                total=order.of_amount_fen,
                currency=order.currency,
                notify=order.notify_url,
            )
        )
        if told is None:
            raise ProviderRefused("RESOURCE_NOT_EXISTS")
        return told

    def query_refund(self, number: str) -> RefundFact | None:
        """How the refund stands."""
        return _refund(self._ask("refunds/query", number=number))

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """A notice that may be believed."""
        try:
            rules.check(self.key, headers, body, now)
        except rules.Forged:
            raise NoticeWrong(Why.SIGNATURE) from None
        except rules.Stale:
            raise NoticeWrong(Why.STALE) from None
        try:
            told = json.loads(body)
            fact = _trade(told) if told["kind"] == "trade" else _refund(told)
            notice_id = str(told["id"])
        except (ValueError, KeyError, TypeError, ProviderSilent, RecursionError):
            raise NoticeWrong(Why.GARBLED) from None
        if fact is None or not 0 < len(notice_id) <= 64:
            raise NoticeWrong(Why.GARBLED)
        return Notice(notice_id, fact)

    def deliver(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send one of its notices; the status of the answer, 0 when there was none."""
        try:
            return self.send(url, headers, body)[0]
        except (OSError, ValueError):
            return 0

    def _ask(self, path: str, **facts: Any) -> dict[str, Any] | None:
        body = rules.packed(facts)
        headers = rules.signed(self.key, body, self.clock.now())
        try:
            status, answer = self.send(f"{self.base}/sandbox/v1/{path}", headers, body)
            told = json.loads(answer) if len(answer) <= MOST_BYTES else None
        except (OSError, ValueError, RecursionError) as error:
            raise ProviderSilent(type(error).__name__) from error
        if status == 404 and isinstance(told, dict) and told.get("code") == "NOT_EXIST":
            return None
        if 400 <= status < 500 and status != 429 and isinstance(told, dict) and "code" in told:
            raise ProviderRefused(str(told["code"]))
        if status != 200 or not isinstance(told, dict):
            raise ProviderSilent(f"status {status}")
        return told


def _trade(told: dict[str, Any] | None) -> TradeFact | None:
    if told is None:
        return None
    try:
        return TradeFact(_word(told, "number"), TradeState(told["state"]), *_money(told), _word(told, "trade"))
    except (KeyError, ValueError, TypeError) as error:
        raise ProviderSilent("unreadable") from error


def _refund(told: dict[str, Any] | None) -> RefundFact | None:
    if told is None:
        return None
    try:
        return RefundFact(_word(told, "number"), ReturnState(told["state"]), *_money(told), _word(told, "refund"))
    except (KeyError, ValueError, TypeError) as error:
        raise ProviderSilent("unreadable") from error


def _money(told: dict[str, Any]) -> tuple[int, str, str]:
    amount = told["amount"]
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount < 2**53:
        raise ValueError(amount)
    return amount, _word(told, "currency"), _word(told, "merchant")


def _word(told: dict[str, Any], name: str) -> str:
    word = told[name]
    if not isinstance(word, str) or len(word) > 64 or "\0" in word:
        raise ValueError(name)
    return word
