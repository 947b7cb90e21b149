"""The way to a payment provider. Shaped after WeChat Pay v3 and Alipay, so that they fit it later.

Every call ends within five seconds. It runs in the worker, never inside a transaction, and may be made twice: our own
numbers make it the same call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.domain.payments.values import Launch, Notice, Order, RefundFact, RefundOrder, TradeFact, Why

TIMEOUT_SECONDS = 5.0


class ProviderSilent(Exception):
    """No answer, a late one, or one that nobody can read: what happened is unknown."""


class ProviderRefused(Exception):
    """A clear no. Nothing has happened there."""


class NoticeWrong(Exception):
    """A callback that is not believed; `why` says what is wrong with it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Reply:
    """What a provider wants to hear: WeChat Pay JSON, Alipay and Joinpay exactly `success`."""

    body: str
    mimetype: str


class PaymentGateway(Protocol):
    """One provider. `merchant_no` is ours there; a notice for another is not ours."""

    merchant_no: str
    thanks: Reply
    sorry: Reply

    def start(self, order: Order) -> Launch:
        """Open the trade; the same number again gives the same trade. Raises ProviderSilent, ProviderRefused."""
        ...

    def query(self, number: str) -> TradeFact | None:
        """How the trade stands; None when the provider has never heard of it. Raises ProviderSilent."""
        ...

    def close(self, number: str) -> TradeFact | None:
        """Let nobody pay it any more, and how it stands then: paid when he was faster. Raises ProviderSilent."""
        ...

    def refund(self, order: RefundOrder) -> RefundFact:
        """Give money back; the same number again is the same refund. Raises ProviderSilent, ProviderRefused."""
        ...

    def query_refund(self, number: str) -> RefundFact | None:
        """How the refund stands. Raises ProviderSilent."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """The notice, when signature and time hold. Raises NoticeWrong; a missing signature is a wrong one."""
        ...
