"""Tables of coupons, of the vouchers collected from them and of their redemptions.

Everything is owned by the issuing merchant; the store that accepts a voucher is a column. The counter of a coupon is a
row of its own, so that collecting never locks what people read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.vouchers.values import MOST_UNDO_MINUTES, CouponKind, Worth
from portal.kernel.database import Base, Fen, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, When, by_merchant, by_person, everyone

PUBLIC = {
    Face.SHOP: everyone(),
    Face.PERSON: everyone(),
    Face.OFFICE: by_merchant(),
    Face.PLATFORM: everyone(),
}

SHOWN = When("state", ("published", "paused", "ended"))  # a draft is its merchant's own


class Coupon(Base):
    """What a merchant gives away. Periods are half-open: `…_until` is the first moment that is too late."""

    __tablename__ = "coupons"
    __sight__ = {**PUBLIC, Face.SHOP: everyone(when=SHOWN), Face.PERSON: everyone(when=SHOWN)}
    __table_args__ = (
        CheckConstraint("kind IN ('amount', 'discount')", name="kind"),
        CheckConstraint("(kind = 'amount') = (amount_fen IS NOT NULL)", name="amount"),
        CheckConstraint("(kind = 'discount') = (pay_percent IS NOT NULL)", name="discount"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("pay_percent BETWEEN 1 AND 99", name="pay_percent"),
        CheckConstraint(
            "max_discount_fen IS NULL OR (max_discount_fen > 0 AND kind = 'discount')", name="max_discount"
        ),
        CheckConstraint("threshold_fen >= 0", name="threshold"),
        CheckConstraint("collect_from < collect_until", name="collect_period"),
        CheckConstraint("valid_from < valid_until", name="valid_period"),
        CheckConstraint("(valid_days IS NULL) = (valid_from IS NOT NULL)", name="valid_either"),
        CheckConstraint("(valid_from IS NULL) = (valid_until IS NULL)", name="valid_both"),
        CheckConstraint("valid_days BETWEEN 1 AND 730", name="valid_days"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("per_person BETWEEN 1 AND 99", name="per_person"),
        CheckConstraint("state IN ('draft', 'published', 'paused', 'ended')", name="state"),
        Index("ix_coupons_id", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    title: Mapped[str]
    kind: Mapped[str]
    amount_fen: Mapped[Fen | None]
    pay_percent: Mapped[int | None] = mapped_column(SmallInteger)
    max_discount_fen: Mapped[Fen | None]
    threshold_fen: Mapped[Fen]
    collect_from: Mapped[datetime]
    collect_until: Mapped[datetime]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    valid_days: Mapped[int | None]
    weekdays: Mapped[int] = mapped_column(SmallInteger)
    per_person: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    @property
    def worth(self) -> Worth:
        """What it takes off."""
        return Worth(
            CouponKind(self.kind), self.amount_fen, self.pay_percent, self.max_discount_fen, self.threshold_fen
        )


class CouponCounter(Base):
    """How many there are and how many are out; changed only by conditional updates."""

    __tablename__ = "coupon_counters"
    __sight__ = {**PUBLIC, Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "coupon_id", "coupons", ondelete="CASCADE"),
        CheckConstraint("issued BETWEEN 0 AND total", name="issued"),
        CheckConstraint("total BETWEEN 1 AND 1000000", name="total"),
    )

    merchant_id: Mapped[OwnerId]
    coupon_id: Mapped[UUID] = mapped_column(primary_key=True)
    total: Mapped[int]
    issued: Mapped[int]


class CouponStore(Base):
    """A store that accepts the coupon's vouchers; there is none by default."""

    __tablename__ = "coupon_stores"
    __sight__ = PUBLIC
    __table_args__ = (
        belongs_to("merchant_id", "coupon_id", "coupons", ondelete="CASCADE"),
        belongs_to("merchant_id", "store_id", "stores"),
        Index("ix_coupon_stores_store_id", "store_id"),
    )

    merchant_id: Mapped[OwnerId]
    coupon_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)


class Voucher(Base):
    """One redeemable thing a person holds. `terms` are frozen; the holder's name is copied masked.

    Neither its holder nor its issuer can make one: collecting does, on the worker's face, and counts it.
    """

    __tablename__ = "vouchers"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PERSON: by_person("holder_id"), Face.JOB: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "coupon_id", "coupons"),
        UniqueConstraint("merchant_id", "code"),
        UniqueConstraint("merchant_id", "secret"),
        UniqueConstraint("merchant_id", "coupon_id", "holder_id", "nth"),
        CheckConstraint("code ~ '^[0-9]{12}$'", name="code"),
        CheckConstraint("octet_length(secret) = 10", name="secret"),
        CheckConstraint("valid_from < expires_at", name="valid_period"),
        CheckConstraint("nth >= 1", name="nth"),
        CheckConstraint("state IN ('usable', 'used')", name="state"),
        Index("ix_vouchers_holder_id_collected_at", "holder_id", "collected_at"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    coupon_id: Mapped[UUID]
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    holder: Mapped[str]  # masked: 陈*
    nth: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str]
    secret: Mapped[bytes] = mapped_column(BYTEA)
    terms: Mapped[dict[str, Any]]
    state: Mapped[str]
    collected_at: Mapped[datetime]
    valid_from: Mapped[datetime]
    expires_at: Mapped[datetime]


class Redemption(Base):
    """A voucher was used; written once. Taking it back fills the `undo` columns, once, and nothing else changes."""

    __tablename__ = "redemptions"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PERSON: by_person("holder_id")}
    __table_args__ = (
        belongs_to("merchant_id", "voucher_id", "vouchers"),
        belongs_to("merchant_id", "store_id", "stores"),
        belongs_to("merchant_id", "membership_id", "memberships"),
        ForeignKeyConstraint(["merchant_id", "undone_by"], ["memberships.merchant_id", "memberships.id"]),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by"),
        CheckConstraint("(undone_at IS NULL) = (undo_reason IS NULL)", name="undo_reason"),
        CheckConstraint("undone_at <= undo_until", name="undone_in_time"),
        Index(
            "uq_redemptions_one_in_force",
            "merchant_id",
            "voucher_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_redemptions_store_id_redeemed_at", "merchant_id", "store_id", "redeemed_at"),
        Index("ix_redemptions_coupon_id", "merchant_id", "coupon_id"),
        Index("ix_redemptions_holder_id", "holder_id", "voucher_id"),
    )

    merchant_id: Mapped[OwnerId]
    id: Mapped[Id]
    voucher_id: Mapped[UUID]
    coupon_id: Mapped[UUID]
    store_id: Mapped[UUID]
    holder_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    clerk: Mapped[str]  # masked: 王**
    redeemed_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    receipt: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    undo_reason: Mapped[str | None]
    undo_note: Mapped[str | None]


class CounterSetting(Base):
    """A store's own limit for undoing, never longer than the platform's."""

    __tablename__ = "counter_settings"
    __sight__ = {Face.OFFICE: by_merchant()}
    __table_args__ = (
        belongs_to("merchant_id", "store_id", "stores", ondelete="CASCADE"),
        CheckConstraint(f"undo_minutes BETWEEN 0 AND {MOST_UNDO_MINUTES}", name="undo_minutes"),
    )

    merchant_id: Mapped[OwnerId]
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    undo_minutes: Mapped[int] = mapped_column(SmallInteger)
