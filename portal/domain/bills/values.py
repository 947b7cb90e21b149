"""Words and frozen facts of bills. Amounts in fen, times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

SHARE: Final = "bill_share"
"""The business row of a payment: one share of a bill."""
BILL: Final = "bill"
"""The business row of what a store earns, and the escrow of all online shares of a bill."""
SHARE_MINUTES: Final = timedelta(minutes=10)
"""How long a phone may take to pay; then the lines are free again."""
MOST_SHARES: Final = 40
MOST_TENDERED: Final = 100_000_00
REASON_MOST: Final = 60
FREE_FEN: Final = 20_00
"""What staff may take off without a manager when the store has set nothing."""


class Division(StrEnum):
    """How a tab is divided into bills."""

    WHOLE = "whole"
    PERSON = "person"
    LINES = "lines"


class BillState(StrEnum):
    """A bill waits for its shares, is paid in full, or was given up."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"


class ShareState(StrEnum):
    """What one payer pays of a bill."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"


class How(StrEnum):
    """By what a share is paid. Only `online` money comes through us."""

    ONLINE = "online"
    CASH = "cash"
    OTHER = "other"  # the store's own terminal or code


class Adjust(StrEnum):
    """What is taken off a tab."""

    CANCEL = "cancel"  # 退菜
    GIFT = "gift"  # 赠菜
    REPRICE = "reprice"  # 改价


@dataclass(frozen=True)
class Rules:
    """A store's rules of paying: up to `free_fen` staff correct by themselves; receipts are `paper_mm` wide."""

    free_fen: int = FREE_FEN
    paper_mm: int = 80


@dataclass(frozen=True)
class BillLineShown:
    """A line as it was when the bill was raised, and what went back of it since."""

    line_id: UUID
    name: str
    choice: str
    unit: str
    quantity: int
    amount_fen: int
    guest_id: UUID | None
    back_quantity: int
    back_fen: int


@dataclass(frozen=True)
class ShareShown:
    """One payer's part. `intent_id` where it is paid online; `change_fen` what he got back in cash."""

    id: UUID
    how: How
    state: ShareState
    amount_fen: int
    tendered_fen: int | None
    payer: str
    payer_id: UUID | None
    intent_id: UUID | None
    refunded_fen: int
    made_at: datetime
    ended_at: datetime | None

    @property
    def change_fen(self) -> int:
        """找零."""
        return 0 if self.tendered_fen is None else self.tendered_fen - self.amount_fen


@dataclass(frozen=True)
class BillShown:
    """A bill with everything on it; `open_fen` is what nobody has paid or is paying."""

    merchant_id: UUID
    store_id: UUID
    sitting_id: UUID
    id: UUID
    number: str
    division: Division
    state: BillState
    total_fen: int
    paid_fen: int
    refunded_fen: int
    printed: int
    raised_at: datetime
    ended_at: datetime | None
    lines: tuple[BillLineShown, ...]
    shares: tuple[ShareShown, ...]

    @property
    def asked_fen(self) -> int:
        """What somebody is paying just now."""
        return sum(one.amount_fen for one in self.shares if one.state is ShareState.OPEN)

    @property
    def open_fen(self) -> int:
        """What is left to be asked for."""
        return 0 if self.state is not BillState.OPEN else self.total_fen - self.paid_fen - self.asked_fen


@dataclass(frozen=True)
class RefundShown:
    """What went back of a bill, by which way: fen by share."""

    id: UUID
    amount_fen: int
    by_share: Mapping[UUID, int]
    reason: str
    made_at: datetime


@dataclass(frozen=True)
class AdjustmentShown:
    """One correction in the log."""

    id: UUID
    sitting_id: UUID
    line_id: UUID
    kind: Adjust
    name: str
    quantity: int
    before_fen: int
    after_fen: int
    reason: str
    member_id: UUID | None
    approved_by: UUID | None
    made_at: datetime
