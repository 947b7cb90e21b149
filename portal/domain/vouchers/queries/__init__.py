"""What pages show of coupons, vouchers and redemptions: frozen facts, never rows."""

from portal.domain.vouchers.queries.counter import Preview, StoreSetting, look, store_settings
from portal.domain.vouchers.queries.coupons import CouponFacts, CouponLine, coupon, coupon_counts, coupons, statistics
from portal.domain.vouchers.queries.offers import Offer, offer, on_offer_at
from portal.domain.vouchers.queries.redemptions import (
    MOST_EXPORTED,
    RedemptionLine,
    Totals,
    redemption,
    redemptions,
    totals,
)
from portal.domain.vouchers.queries.wallet import WALLET_PAGE, WalletVoucher, wallet, wallet_counts, wallet_voucher

__all__ = [
    "MOST_EXPORTED",
    "WALLET_PAGE",
    "CouponFacts",
    "CouponLine",
    "Offer",
    "Preview",
    "RedemptionLine",
    "StoreSetting",
    "Totals",
    "WalletVoucher",
    "coupon",
    "coupon_counts",
    "coupons",
    "look",
    "offer",
    "on_offer_at",
    "redemption",
    "redemptions",
    "statistics",
    "store_settings",
    "totals",
    "wallet",
    "wallet_counts",
    "wallet_voucher",
]
