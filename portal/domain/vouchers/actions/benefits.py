"""Tells the stores which coupons they may show on the street; called in the transaction of every change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from portal.domain.stores.actions.cards import write_cards
from portal.domain.stores.models import Store
from portal.domain.stores.values import Benefit
from portal.domain.vouchers.models import Coupon, CouponCounter, CouponStore
from portal.domain.vouchers.values import CouponKind, CouponState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def tell_stores(work: Work, store_ids: Iterable[UUID]) -> None:
    """Write the coupons on offer into these stores of the merchant; needs the merchant's office."""
    wanted = set(store_ids)
    if not wanted:
        return
    stores = work.session.execute(
        select(Store)
        .where(Store.merchant_id == work.merchant_id, Store.id.in_(wanted))
        .order_by(Store.id)
        .with_for_update()
    ).scalars()
    offered = _on_offer(work, wanted)
    changed = []
    for store in stores:
        store.benefits = [benefit.to_json() for benefit in offered[store.id]]
        changed.append(store)
    write_cards(work, changed)


def tell_again(work: Work, coupon_id: UUID) -> None:
    """Write them anew: the coupon's first day has come, or the last one is out. The worker's act."""
    work.require(Permission.COUPON_EDIT)
    here = (CouponStore.merchant_id == work.merchant_id, CouponStore.coupon_id == coupon_id)
    tell_stores(work, work.session.execute(select(CouponStore.store_id).where(*here)).scalars().all())


def tell_later(work: Work, merchant_id: UUID, coupon_id: UUID, at: datetime | None = None) -> None:
    """Let the worker do that, at once or at a moment."""
    work.enqueue("vouchers.tell_stores", at=at, merchant=merchant_id, coupon=coupon_id)


def _on_offer(work: Work, store_ids: set[UUID]) -> dict[UUID, list[Benefit]]:
    rows = work.session.execute(
        select(CouponStore.store_id, Coupon)
        .join(Coupon, and_(Coupon.merchant_id == CouponStore.merchant_id, Coupon.id == CouponStore.coupon_id))
        .where(CouponStore.merchant_id == work.merchant_id, CouponStore.store_id.in_(store_ids))
        .join(
            CouponCounter, and_(CouponCounter.merchant_id == Coupon.merchant_id, CouponCounter.coupon_id == Coupon.id)
        )
        .where(Coupon.state == CouponState.PUBLISHED.value, CouponCounter.issued < CouponCounter.total)
        .where(Coupon.collect_from <= work.now(), Coupon.collect_until > work.now())
        .order_by(Coupon.published_at, Coupon.id)
    )
    found: dict[UUID, list[Benefit]] = defaultdict(list)
    for row in rows:
        found[row.store_id].append(_benefit(row.Coupon))
    return found


def _benefit(coupon: Coupon) -> Benefit:
    kind, value = "cut", coupon.amount_fen
    if coupon.kind == CouponKind.DISCOUNT:
        kind, value = "percent", coupon.pay_percent
    return Benefit(kind, value or 0, coupon.threshold_fen, coupon.collect_until)
