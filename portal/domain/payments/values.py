"""Payments as plain facts: states with their allowed moves, what is asked of a provider and what it tells. No SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from portal.domain.ledger.values import HOUSE

CNY: Final = "CNY"
MOST_FEN: Final = 100_000_000_00
MOST_ATTEMPTS: Final = 20
WITHIN: Final = timedelta(minutes=30)
"""How long a payment may be made when nobody says otherwise."""
UNKNOWN_FOR: Final = timedelta(hours=24)
"""How long a callback waits for the payment it names before people are asked."""


class IntentState(StrEnum):
    """What is asked. Once it is not open any more it never changes: late money goes back."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class AttemptState(StrEnum):
    """One try with one provider, under its own number."""

    NEW = "new"  # the provider was not asked yet
    WAITING = "waiting"  # the provider waits for the payer
    UNKNOWN = "unknown"  # the provider did not answer: it is asked again, never guessed
    FAILED = "failed"
    CLOSED = "closed"
    PAID = "paid"


class RefundState(StrEnum):
    """Money on its way back; visible until it is done."""

    QUEUED = "queued"  # the provider is to be asked
    PENDING = "pending"  # the provider works on it
    FAILED = "failed"  # the provider said no; tried again by itself, then by people
    DONE = "done"


A, R = AttemptState, RefundState
_TOLD = frozenset({A.FAILED, A.CLOSED, A.PAID})
INTENT_MOVES: Final[Mapping[IntentState, frozenset[IntentState]]] = {
    IntentState.OPEN: frozenset({IntentState.PAID, IntentState.CANCELLED, IntentState.EXPIRED}),
    IntentState.PAID: frozenset(),
    IntentState.CANCELLED: frozenset(),
    IntentState.EXPIRED: frozenset(),
}
ATTEMPT_MOVES: Final[Mapping[AttemptState, frozenset[AttemptState]]] = {
    A.NEW: _TOLD | {A.WAITING, A.UNKNOWN},
    A.WAITING: _TOLD | {A.UNKNOWN},
    A.UNKNOWN: _TOLD | {A.WAITING},
    A.FAILED: frozenset({A.PAID}),  # notices come in any order: money that arrived outweighs what was said before
    A.CLOSED: frozenset({A.PAID}),
    A.PAID: frozenset(),
}
REFUND_MOVES: Final[Mapping[RefundState, frozenset[RefundState]]] = {
    R.QUEUED: frozenset({R.PENDING, R.FAILED, R.DONE}),
    R.PENDING: frozenset({R.FAILED, R.DONE}),
    R.FAILED: frozenset({R.QUEUED, R.PENDING, R.DONE}),
    R.DONE: frozenset(),
}

State = TypeVar("State", IntentState, AttemptState, RefundState)


def may_move(moves: Mapping[State, frozenset[State]], now: State, to: State) -> bool:
    """True when the table allows this step."""
    return to in moves[now]


class CallbackState(StrEnum):
    """What became of a notice in the inbox."""

    STORED = "stored"
    APPLIED = "applied"
    WAITING = "waiting"  # it names a payment that is not here yet
    QUARANTINED = "quarantined"  # it does not fit; people look


class Why(StrEnum):
    """Why a notice is not believed."""

    SIGNATURE = "signature"
    STALE = "stale"
    GARBLED = "garbled"
    MERCHANT = "merchant"
    AMOUNT = "amount"
    CURRENCY = "currency"
    UNKNOWN = "unknown"


class TradeState(StrEnum):
    """What a provider says of a trade."""

    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"


class ReturnState(StrEnum):
    """What a provider says of a refund."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class RefundReason(StrEnum):
    """Why money goes back."""

    ASKED = "asked"  # a part of what was bought is given back
    SECOND = "second"  # paid twice
    LATE = "late"  # paid after cancelling or expiry


@dataclass(frozen=True)
class Part:
    """Which escrow a share of the money goes to, in fen: that of the order `subject_id`, kept by the house."""

    subject_id: UUID
    amount_fen: int
    owner_id: UUID = HOUSE


@dataclass(frozen=True)
class Order:
    """What a provider is asked to collect. `number` is our own, at most 32 letters and digits; amounts in fen."""

    number: str
    amount_fen: int
    currency: str
    title: str
    expires_at: datetime
    notify_url: str
    return_url: str


@dataclass(frozen=True)
class RefundOrder:
    """What a provider is asked to give back: `amount_fen` of the trade `of_number` that was `of_amount_fen`."""

    number: str
    of_number: str
    amount_fen: int
    of_amount_fen: int
    currency: str
    notify_url: str


@dataclass(frozen=True)
class Launch:
    """Where the payer's browser goes on."""

    url: str


@dataclass(frozen=True)
class TradeFact:
    """What a provider says of one attempt."""

    number: str
    state: TradeState
    amount_fen: int
    currency: str
    merchant_no: str
    provider_no: str = ""


@dataclass(frozen=True)
class RefundFact:
    """What a provider says of one refund."""

    number: str
    state: ReturnState
    amount_fen: int
    currency: str
    merchant_no: str
    provider_no: str = ""


Fact = TradeFact | RefundFact


@dataclass(frozen=True)
class Notice:
    """A callback whose signature and time held; `id` is the provider's and the same when it is sent again."""

    id: str
    fact: Fact


@dataclass(frozen=True)
class Verdict:
    """What became of a fact: applied, waiting for its payment, or not believed and why."""

    state: CallbackState
    why: Why | None = None


APPLIED: Final = Verdict(CallbackState.APPLIED)


@dataclass(frozen=True)
class Errand:
    """What the worker asks a provider about one attempt. `ended`: nobody waits for the money any more."""

    attempt_id: UUID
    provider: str
    state: AttemptState
    ended: bool
    order: Order


@dataclass(frozen=True)
class ReturnErrand:
    """What the worker asks a provider about one refund."""

    refund_id: UUID
    provider: str
    state: RefundState
    order: RefundOrder


@dataclass(frozen=True)
class Addresses:
    """Where providers reach us and where payers come back: our own public address, without a slash at the end."""

    public_url: str

    def notify(self, provider: str) -> str:
        """The inbox of this provider; no query string, as WeChat Pay wants it."""
        return f"{self.public_url}/callbacks/{provider}"

    def back(self, intent_id: UUID) -> str:
        """The page of the payment."""
        return f"{self.public_url}/payments/{intent_id}"
