"""The pretend provider's vocabulary: what its trades and refunds are, and how it is told to misbehave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

MERCHANT_NO: Final = "1900000109"
"""Our number there."""
LATE_BY: Final = timedelta(minutes=10)
BACK_AFTER: Final = timedelta(days=2)
"""How long after paying a transfer is sent back, when it is."""
WINDOW: Final = timedelta(minutes=5)
"""How old a signed message may be."""


class TradeWord(StrEnum):
    """A trade's state there."""

    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"


class ReturnWord(StrEnum):
    """A refund's state there."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class TradePlan(StrEnum):
    """How it tells about the next trades."""

    PAID = "paid"  # at once, as it should be
    PENDING = "pending"  # it goes on saying that it waits, until told otherwise
    FAILED = "failed"  # the bank says no
    LATE = "late"  # ten minutes later
    DUPLICATE = "duplicate"  # three times the same
    OUT_OF_ORDER = "out-of-order"  # "paid", then the older "waiting"
    WRONG_AMOUNT = "wrong-amount"  # the notice says a fen more
    WRONG_SIGNATURE = "wrong-signature"  # the notice is signed with another key
    SILENT = "silent"  # no notice at all: only asking helps


class ReturnPlan(StrEnum):
    """What it does with the next refunds."""

    DONE = "done"
    PENDING = "pending"  # it works on it, until told otherwise
    FAILED = "failed"


class TransferWord(StrEnum):
    """A bank transfer's state there."""

    WAITING = "waiting"
    PAID = "paid"
    RETURNED = "returned"


class TransferPlan(StrEnum):
    """What the pretend bank does with the next transfers."""

    PAID = "paid"  # at once
    LATE = "late"  # after ten minutes
    PENDING = "pending"  # it works on it, until told otherwise
    RETURNED = "returned"  # sent back at once, with a reason
    RETURNED_LATE = "returned-late"  # paid, and sent back two days later
    SILENT = "silent"  # it takes the order, and its answer gets lost
    REFUSED = "refused"  # a clear no


class How(StrEnum):
    """How one notice is sent."""

    TRUE = "true"
    WRONG_AMOUNT = "wrong-amount"
    WRONG_KEY = "wrong-key"
    STALE = "stale"
    WAITING = "waiting"  # what was true before it was paid


@dataclass(frozen=True)
class Plans:
    """How it behaves now."""

    trades: TradePlan
    refunds: ReturnPlan
    transfers: TransferPlan = TransferPlan.PAID


@dataclass(frozen=True)
class Trade:
    """A trade as its cashier page shows it."""

    id: UUID
    number: str
    merchant_no: str
    amount_fen: int
    currency: str
    title: str
    return_url: str
    state: TradeWord
    plan: TradePlan
    created_at: datetime
    expires_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class Return:
    """A refund."""

    id: UUID
    number: str
    of_number: str
    amount_fen: int
    state: ReturnWord
    plan: ReturnPlan
    created_at: datetime


@dataclass(frozen=True)
class BankTransfer:
    """A transfer to a merchant's account."""

    id: UUID
    number: str
    amount_fen: int
    holder: str
    last4: str
    state: TransferWord
    plan: TransferPlan
    reason: str
    created_at: datetime


@dataclass(frozen=True)
class Letter:
    """A signed notice ready to be sent."""

    url: str
    headers: dict[str, str]
    body: bytes
