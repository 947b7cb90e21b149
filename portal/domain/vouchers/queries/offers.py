"""Coupons as the street sees them: what a store offers now, and what of it this person has already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, select

from portal.domain.stores.models import StoreCard
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import MerchantState
from portal.domain.vouchers.models import Coupon, CouponCounter, CouponStore, Voucher
from portal.domain.vouchers.values import CouponState, Worth
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work


@dataclass(frozen=True)
class Place:
    """An accepting store that is on the street."""

    store_id: UUID
    name: str
    address: str


@dataclass(frozen=True)
class Offer:
    """A coupon on the street. `held` is how many this person has had; `voucher_id` is his latest."""

    id: UUID
    issuer: str
    title: str
    worth: Worth
    note: str
    weekdays: int
    collect_from: datetime
    collect_until: datetime
    valid_from: datetime | None
    valid_until: datetime | None
    valid_days: int | None
    per_person: int
    left: int
    open: bool
    held: int
    voucher_id: UUID | None

    @property
    def collectable(self) -> bool:
        """True when a further one may be collected by this person now."""
        return self.open and self.left > 0 and self.held < self.per_person


def on_offer_at(work: Work, store_id: UUID) -> list[Offer]:
    """The coupons that may be collected for this store now, the best known first. Public."""
    now = work.now()
    here = and_(CouponStore.merchant_id == Coupon.merchant_id, CouponStore.coupon_id == Coupon.id)
    query = (
        _offers(work)
        .join(CouponStore, here)
        .where(CouponStore.store_id == store_id, Coupon.state == CouponState.PUBLISHED.value)
        .where(Coupon.collect_from <= now, Coupon.collect_until > now, Merchant.state == MerchantState.ACTIVE.value)
        .order_by(Coupon.published_at, Coupon.id)
    )
    return [_offer(work, *row) for row in work.session.execute(query)]


def offer(work: Work, coupon_id: UUID) -> tuple[Offer, tuple[Place, ...]]:
    """One coupon that was ever published, with its stores on the street. Raises NotFound otherwise."""
    query = _offers(work).where(Coupon.id == coupon_id, Coupon.state != CouponState.DRAFT.value)
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _offer(work, *row), places(work, row[0].merchant_id, coupon_id)


def places(work: Work, merchant_id: UUID, coupon_id: UUID) -> tuple[Place, ...]:
    """The accepting stores that are on the street, by name. Public."""
    rows = work.session.execute(
        select(StoreCard.store_id, StoreCard.name, StoreCard.address)
        .join(
            CouponStore,
            and_(CouponStore.merchant_id == StoreCard.merchant_id, CouponStore.store_id == StoreCard.store_id),
        )
        .where(CouponStore.merchant_id == merchant_id, CouponStore.coupon_id == coupon_id)
        .order_by(StoreCard.name, StoreCard.store_id)
    )
    return tuple(Place(*row) for row in rows)


def _offers(work: Work) -> Select[Any]:
    """Coupon, counter, issuer, and what the person who looks has had of it."""
    counted = and_(CouponCounter.merchant_id == Coupon.merchant_id, CouponCounter.coupon_id == Coupon.id)
    return (
        select(Coupon, CouponCounter, Merchant.name, Merchant.state, *_mine(work))
        .join(CouponCounter, counted)
        .join(Merchant, Merchant.id == Coupon.merchant_id)
    )


def _mine(work: Work) -> tuple[Any, Any]:
    if work.scope.face is not Face.PERSON:
        return literal(0), literal(None)
    mine = and_(
        Voucher.merchant_id == Coupon.merchant_id,
        Voucher.coupon_id == Coupon.id,
        Voucher.holder_id == work.person_id,
    )
    held = select(func.count()).select_from(Voucher).where(mine).correlate(Coupon).scalar_subquery()
    latest = select(Voucher.id).where(mine).order_by(Voucher.nth.desc()).limit(1).correlate(Coupon).scalar_subquery()
    return held, latest


def _offer(
    work: Work,
    coupon: Coupon,
    counter: CouponCounter,
    issuer: str,
    merchant_state: str,
    held: int,
    voucher_id: UUID | None,
) -> Offer:
    in_time = coupon.collect_from <= work.now() < coupon.collect_until
    published = coupon.state == CouponState.PUBLISHED and merchant_state == MerchantState.ACTIVE
    return Offer(
        id=coupon.id,
        issuer=issuer,
        title=coupon.title,
        worth=coupon.worth,
        note=coupon.note,
        weekdays=coupon.weekdays,
        collect_from=coupon.collect_from,
        collect_until=coupon.collect_until,
        valid_from=coupon.valid_from,
        valid_until=coupon.valid_until,
        valid_days=coupon.valid_days,
        per_person=coupon.per_person,
        left=counter.total - counter.issued,
        open=published and in_time,
        held=held,
        voucher_id=voucher_id,
    )
