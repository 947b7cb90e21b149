"""What happened to vouchers, told upwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CouponCollected:
    """A person took one voucher of a coupon."""

    merchant_id: UUID
    coupon_id: UUID
    voucher_id: UUID
    holder_id: UUID


@dataclass(frozen=True)
class VoucherRedeemed:
    """A voucher was used in a store."""

    merchant_id: UUID
    voucher_id: UUID
    redemption_id: UUID
    store_id: UUID
    holder_id: UUID
    title: str
    store: str
    redeemed_at: datetime


@dataclass(frozen=True)
class VoucherUndone:
    """A redemption was taken back; the voucher is its holder's again."""

    merchant_id: UUID
    voucher_id: UUID
    redemption_id: UUID
    store_id: UUID
    holder_id: UUID
    title: str
    store: str
