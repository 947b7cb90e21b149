"""Coupons, vouchers and redemptions as plain facts: kinds, states, allowed moves, frozen terms. No SQL."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

EVERY_DAY: Final = 0b1111111  # Monday is bit 0
MOST_ISSUED: Final = 1_000_000
MOST_PER_PERSON: Final = 99
MOST_VALID_DAYS: Final = 730
MOST_UNDO_MINUTES: Final = 1440


class CouponKind(StrEnum):
    """What a coupon takes off."""

    AMOUNT = "amount"  # so many fen
    DISCOUNT = "discount"  # a percentage is paid: 85 is 8.5 折


class CouponState(StrEnum):
    """The life of a coupon. Vouchers already collected stay good whatever becomes of the coupon."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    ENDED = "ended"


MOVES: Final = {
    CouponState.DRAFT: frozenset({CouponState.PUBLISHED}),
    CouponState.PUBLISHED: frozenset({CouponState.PAUSED, CouponState.ENDED}),
    CouponState.PAUSED: frozenset({CouponState.PUBLISHED, CouponState.ENDED}),
    CouponState.ENDED: frozenset[CouponState](),
}


class VoucherState(StrEnum):
    """What is stored. Whether a usable voucher has begun or expired is a matter of the clock."""

    USABLE = "usable"
    USED = "used"


class Stage(StrEnum):
    """A voucher as its holder sees it at one moment."""

    WAITING = "waiting"  # not valid yet
    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"


class UndoReason(StrEnum):
    """Why a redemption was taken back."""

    WRONG_VOUCHER = "wrong_voucher"
    NOT_PAID = "not_paid"
    CUSTOMER_LEFT = "customer_left"
    OTHER = "other"  # needs words


@dataclass(frozen=True)
class Worth:
    """What a coupon is worth. Money in fen; `pay_percent` is what is paid, 1 to 99."""

    kind: CouponKind
    amount_fen: int | None = None
    pay_percent: int | None = None
    max_discount_fen: int | None = None
    threshold_fen: int = 0


@dataclass(frozen=True)
class Terms:
    """What a voucher promises, frozen when it is collected. `weekdays` is a bit mask, Monday bit 0."""

    title: str
    worth: Worth
    weekdays: int
    note: str
    issuer: str

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Terms:
        """As it was stored."""
        worth = {**stored["worth"], "kind": CouponKind(stored["worth"]["kind"])}
        return cls(**{**stored, "worth": Worth(**worth)})


@dataclass(frozen=True)
class CouponDraft:
    """What a merchant enters. Days are local and inclusive; either both `valid_` days or `valid_days`."""

    title: str
    worth: Worth
    collect_from: date
    collect_until: date
    valid_from: date | None
    valid_until: date | None
    valid_days: int | None
    weekdays: int
    total: int
    per_person: int
    note: str
    store_ids: frozenset[UUID]


@dataclass(frozen=True)
class Digits:
    """A code read out or typed: twelve digits, unique within one merchant."""

    code: str


class CodeKind(StrEnum):
    """What a QR code is of: the letter after its version."""

    VOUCHER = ""
    BOOKING = "B"
    PASS = "P"  # noqa: S105  # 次卡, no secret
    PICKUP = "Q"


@dataclass(frozen=True)
class Scanned:
    """A QR code whose signature held: the issuer, the secret of what it shows, and what that is."""

    merchant_id: UUID
    secret: bytes
    kind: CodeKind = CodeKind.VOUCHER


Presented = Digits | Scanned


@dataclass(frozen=True)
class Receipt:
    """What a redemption left on paper, frozen; names are masked."""

    title: str
    worth: Worth
    issuer: str
    store: str
    clerk: str
    holder: str
    code_tail: str
    redeemed_at: datetime
    undo_until: datetime

    def to_json(self) -> dict[str, Any]:
        """As it is stored; times in ISO 8601."""
        times = {"redeemed_at": self.redeemed_at.isoformat(), "undo_until": self.undo_until.isoformat()}
        return {**asdict(self), **times}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Receipt:
        """As it was stored."""
        worth = Worth(**{**stored["worth"], "kind": CouponKind(stored["worth"]["kind"])})
        times = {name: datetime.fromisoformat(stored[name]) for name in ("redeemed_at", "undo_until")}
        return cls(**{**stored, **times, "worth": worth})
