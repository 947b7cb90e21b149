"""The merchant's own view of its coupons: lists, one coupon with its stores, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from portal.domain.stores.models import Store
from portal.domain.tenants.models import Merchant
from portal.domain.vouchers.access import access_coupon
from portal.domain.vouchers.models import Coupon, CouponCounter, CouponStore, Redemption
from portal.domain.vouchers.rules import periods
from portal.domain.vouchers.values import CouponDraft, CouponState, Worth
from portal.kernel.permissions import Permission
from portal.kernel.spoken import local_day
from portal.kernel.work import Work


@dataclass(frozen=True)
class CouponLine:
    """A coupon in the merchant's list. `over` is true when its collecting period has passed."""

    id: UUID
    title: str
    worth: Worth
    state: CouponState
    collect_from: datetime
    collect_until: datetime
    total: int
    issued: int
    redeemed: int
    stores: int
    over: bool


@dataclass(frozen=True)
class CouponFacts:
    """One coupon as its merchant sees it; `editable` when all of its stores are in the actor's reach."""

    id: UUID
    issuer: str
    state: CouponState
    draft: CouponDraft
    collect_from: datetime
    collect_until: datetime
    valid_from: datetime | None
    valid_until: datetime | None
    issued: int
    store_names: tuple[tuple[UUID, str], ...]
    created_at: datetime
    published_at: datetime | None
    editable: bool


@dataclass(frozen=True)
class StoreUse:
    """How often a coupon was redeemed in one store; undone ones do not count."""

    store_id: UUID
    name: str
    redeemed: int


def _redeemed(merchant_id: UUID) -> Any:
    return (
        select(func.count())
        .select_from(Redemption)
        .where(Redemption.merchant_id == merchant_id, Redemption.coupon_id == Coupon.id)
        .where(Redemption.undone_at.is_(None))
        .correlate(Coupon)
        .scalar_subquery()
    )


def coupons(
    work: Work, *, state: CouponState | None = None, q: str = "", after: UUID | None = None, most: int = 50
) -> list[CouponLine]:
    """The merchant's coupons, the latest first; `q` searches titles, `after` goes on below that coupon."""
    work.require(Permission.COUPON_VIEW)
    stores = (
        select(func.count())
        .select_from(CouponStore)
        .where(CouponStore.merchant_id == work.merchant_id, CouponStore.coupon_id == Coupon.id)
        .correlate(Coupon)
        .scalar_subquery()
    )
    query = (
        select(Coupon, CouponCounter.total, CouponCounter.issued, _redeemed(work.merchant_id), stores)
        .join(CouponCounter, _counted())
        .where(Coupon.merchant_id == work.merchant_id)
        .order_by(Coupon.id.desc())
        .limit(most)
    )
    if state is not None:
        query = query.where(Coupon.state == state.value)
    if q:
        query = query.where(Coupon.title.icontains(q, autoescape=True))
    if after is not None:
        query = query.where(Coupon.id < after)
    return [_line(work, *row) for row in work.session.execute(query)]


def _line(work: Work, coupon: Coupon, total: int, issued: int, redeemed: int, stores: int) -> CouponLine:
    return CouponLine(
        id=coupon.id,
        title=coupon.title,
        worth=coupon.worth,
        state=CouponState(coupon.state),
        collect_from=coupon.collect_from,
        collect_until=coupon.collect_until,
        total=total,
        issued=issued,
        redeemed=redeemed,
        stores=stores,
        over=coupon.collect_until <= work.now(),
    )


def _counted() -> ColumnElement[bool]:
    return and_(CouponCounter.merchant_id == Coupon.merchant_id, CouponCounter.coupon_id == Coupon.id)


def coupon_counts(work: Work) -> dict[CouponState, int]:
    """How many coupons stand in each state."""
    work.require(Permission.COUPON_VIEW)
    rows = work.session.execute(
        select(Coupon.state, func.count()).where(Coupon.merchant_id == work.merchant_id).group_by(Coupon.state)
    )
    found = {CouponState(state): number for state, number in rows}
    return {state: found.get(state, 0) for state in CouponState}


def coupon(work: Work, coupon_id: UUID) -> CouponFacts:
    """One coupon. Raises NotFound when it is another merchant's."""
    row = access_coupon(work, coupon_id)
    counter, issuer = work.session.execute(
        select(CouponCounter, Merchant.name)
        .join(Merchant, Merchant.id == CouponCounter.merchant_id)
        .where(CouponCounter.merchant_id == work.merchant_id, CouponCounter.coupon_id == coupon_id)
    ).one()
    stores = work.session.execute(
        select(Store.id, Store.name)
        .join(CouponStore, and_(CouponStore.merchant_id == Store.merchant_id, CouponStore.store_id == Store.id))
        .where(CouponStore.merchant_id == work.merchant_id, CouponStore.coupon_id == coupon_id)
        .order_by(Store.name, Store.id)
    )
    return _facts(work, row, counter, issuer, tuple(stores))


def _facts(
    work: Work, row: Coupon, counter: CouponCounter, issuer: str, stores: tuple[tuple[UUID, str], ...]
) -> CouponFacts:
    return CouponFacts(
        id=row.id,
        issuer=issuer,
        state=CouponState(row.state),
        draft=_draft(row, counter.total, frozenset(store_id for store_id, _name in stores)),
        collect_from=row.collect_from,
        collect_until=row.collect_until,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued=counter.issued,
        store_names=stores,
        created_at=row.created_at,
        published_at=row.published_at,
        editable=work.may(Permission.COUPON_EDIT) and all(work.scope.covers_store(one) for one, _name in stores),
    )


def _draft(row: Coupon, total: int, store_ids: frozenset[UUID]) -> CouponDraft:
    return CouponDraft(
        title=row.title,
        worth=row.worth,
        collect_from=local_day(row.collect_from),
        collect_until=periods.last_day(row.collect_until),
        valid_from=_day(row.valid_from),
        valid_until=periods.last_day(row.valid_until) if row.valid_until else None,
        valid_days=row.valid_days,
        weekdays=row.weekdays,
        total=total,
        per_person=row.per_person,
        note=row.note,
        store_ids=store_ids,
    )


def _day(at: datetime | None) -> date | None:
    return local_day(at) if at else None


def statistics(work: Work, coupon_id: UUID) -> tuple[StoreUse, ...]:
    """Redemptions by store, the busiest first; stores in reach only."""
    access_coupon(work, coupon_id)
    rows = work.session.execute(
        select(Redemption.store_id, Store.name, func.count().label("redeemed"))
        .join(Store, and_(Store.merchant_id == Redemption.merchant_id, Store.id == Redemption.store_id))
        .where(Redemption.merchant_id == work.merchant_id, Redemption.coupon_id == coupon_id)
        .where(Redemption.undone_at.is_(None))
        .group_by(Redemption.store_id, Store.name)
        .order_by(func.count().desc(), Store.name)
    )
    return tuple(
        StoreUse(row.store_id, row.name, row.redeemed) for row in rows if work.scope.covers_store(row.store_id)
    )
