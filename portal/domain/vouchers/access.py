"""The only ways to one coupon, one voucher, one redemption: permission, scope, and the lock where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.domain.reference.models import ParameterValueRow
from portal.domain.reference.values import UNDO_MINUTES
from portal.domain.stores.models import Store
from portal.domain.stores.values import StoreState
from portal.domain.tenants.models import Membership, Merchant
from portal.domain.tenants.values import MerchantState
from portal.domain.vouchers.errors import CouponNotOnOffer, VoucherUnknown
from portal.domain.vouchers.models import (
    CounterSetting,
    Coupon,
    CouponCounter,
    CouponStore,
    Redemption,
    Voucher,
)
from portal.domain.vouchers.values import CouponState, Digits, Presented
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Denied, NotFound
from portal.kernel.scope import fixed
from portal.kernel.words import say
from portal.kernel.work import Work


@dataclass(frozen=True)
class AtCounter:
    """A voucher as one store's counter has it before it."""

    voucher: Voucher
    accepted: bool
    store: str
    clerk: str
    undo_minutes: int


def access_voucher(work: Work, presented: Presented, store_id: UUID, *, lock: bool) -> AtCounter:
    """The merchant's voucher behind a code, seen from this store. One statement; `lock` holds the voucher's row.

    Raises VoucherUnknown when this merchant has no such voucher, NotFound when the store is out of reach or
    closed for good.
    """
    work.require(Permission.VOUCHER_REDEEM, store_id=store_id)
    by_digits = isinstance(presented, Digits)
    facts = {
        "merchant": work.merchant_id,
        "store": store_id,
        "member": work.actor.membership_id,
        "moment": work.now(),
        "shown": presented.code if isinstance(presented, Digits) else presented.secret,
    }
    row = work.session.execute(_AT_COUNTER[by_digits, lock], facts).one_or_none()
    if row is None:
        raise VoucherUnknown
    if row.store_state == StoreState.CLOSED:
        raise NotFound
    minutes = undo_minutes(row.own_minutes, row.platform_minutes)
    return AtCounter(row.Voucher, row.accepting is not None, row.store, row.clerk, minutes)


def undo_minutes(own: int | None, platform: int | None) -> int:
    """The limit in force: a store may shorten the platform's, never lengthen it."""
    most = UNDO_MINUTES.default if platform is None else platform
    return most if own is None else min(own, most)


def platform_minutes() -> ColumnElement[int]:
    """The platform's limit in force at :moment, as a column; NULL when none was ever set."""
    return (
        select(ParameterValueRow.value)
        .where(ParameterValueRow.name == UNDO_MINUTES.name, ParameterValueRow.cancelled_at.is_(None))
        .where(ParameterValueRow.effective_at <= bindparam("moment", type_=DateTime(timezone=True)))
        .order_by(ParameterValueRow.effective_at.desc(), ParameterValueRow.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("platform_minutes")
    )


def _at_counter(column: InstrumentedAttribute[Any], *, lock: bool) -> Any:
    """Everything a counter needs to know, in one statement; built once, for it runs at every redemption."""
    merchant, store, member = (bindparam(name, type_=Voucher.id.type) for name in ("merchant", "store", "member"))
    accepting = and_(
        CouponStore.merchant_id == Voucher.merchant_id,
        CouponStore.coupon_id == Voucher.coupon_id,
        CouponStore.store_id == store,
    )
    setting = and_(CounterSetting.merchant_id == Voucher.merchant_id, CounterSetting.store_id == store)
    query = (
        select(
            Voucher,
            CouponStore.store_id.label("accepting"),
            Store.name.label("store"),
            Store.state.label("store_state"),
            Membership.name.label("clerk"),
            CounterSetting.undo_minutes.label("own_minutes"),
            platform_minutes(),
        )
        .join(Store, and_(Store.merchant_id == Voucher.merchant_id, Store.id == store))
        .join(Membership, and_(Membership.merchant_id == Voucher.merchant_id, Membership.id == member))
        .outerjoin(CouponStore, accepting)
        .outerjoin(CounterSetting, setting)
        .where(Voucher.merchant_id == merchant, column == bindparam("shown", type_=column.type))
    )
    return fixed(query.with_for_update(of=Voucher) if lock else query)


_AT_COUNTER = {
    (by_digits, lock): _at_counter(Voucher.code if by_digits else Voucher.secret, lock=lock)
    for by_digits in (True, False)
    for lock in (True, False)
}


def access_redemption(
    work: Work, redemption_id: UUID, *, lock: bool = False, may: Permission = Permission.VOUCHER_REDEEM
) -> tuple[Redemption, Voucher]:
    """A redemption of a store in reach, with its voucher. Raises NotFound; `lock` holds both rows."""
    work.require(may)
    query = (
        select(Redemption, Voucher)
        .join(Voucher, and_(Voucher.merchant_id == Redemption.merchant_id, Voucher.id == Redemption.voucher_id))
        .where(Redemption.merchant_id == work.merchant_id, Redemption.id == redemption_id)
    )
    row = work.session.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None or not work.scope.covers_store(row.Redemption.store_id):
        raise NotFound
    return row.Redemption, row.Voucher


def access_coupon(
    work: Work, coupon_id: UUID, *, lock: bool = False, may: Permission = Permission.COUPON_VIEW
) -> Coupon:
    """A coupon of the merchant whose office is open. Raises NotFound when it is another's."""
    work.require(may)
    query = select(Coupon).where(Coupon.merchant_id == work.merchant_id, Coupon.id == coupon_id)
    coupon = work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if coupon is None:
        raise NotFound
    return coupon


def require_reach(work: Work, store_ids: frozenset[UUID] | set[UUID]) -> None:
    """Refuse to touch what stores beyond the actor's scope accept."""
    if not all(work.scope.covers_store(store_id) for store_id in store_ids):
        raise Denied(say("这张券还适用于您管不到的门店，请让总店来改。"))


@dataclass(frozen=True)
class OnOffer:
    """A coupon that may be collected at this moment, with its counter and its issuer's name."""

    coupon: Coupon
    counter: CouponCounter
    issuer: str


def access_offer(work: Work, coupon_id: UUID) -> OnOffer:
    """A coupon that anybody may collect now. Raises CouponNotOnOffer, NotFound when there is none."""
    work.require(Permission.COUPON_COLLECT)
    row = work.session.execute(
        select(Coupon, CouponCounter, Merchant.name, Merchant.state)
        .join(
            CouponCounter,
            and_(CouponCounter.merchant_id == Coupon.merchant_id, CouponCounter.coupon_id == Coupon.id),
        )
        .join(Merchant, Merchant.id == Coupon.merchant_id)
        .where(Coupon.id == coupon_id, Coupon.state != CouponState.DRAFT.value)
    ).one_or_none()
    if row is None:
        raise NotFound
    coupon, now = row.Coupon, work.now()
    open_now = coupon.state == CouponState.PUBLISHED and coupon.collect_from <= now < coupon.collect_until
    useless = coupon.valid_until is not None and coupon.valid_until <= now
    if not open_now or useless or row.state != MerchantState.ACTIVE:
        raise CouponNotOnOffer
    return OnOffer(coupon, row.CouponCounter, row.name)
