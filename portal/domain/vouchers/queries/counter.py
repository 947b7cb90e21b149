"""What a counter sees before it acts: the voucher behind a code, or the reason against it; the stores' undo limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import and_, select

from portal.domain.stores.models import Store
from portal.domain.stores.values import StoreState
from portal.domain.vouchers import errors
from portal.domain.vouchers.access import AtCounter, access_voucher, platform_minutes, undo_minutes
from portal.domain.vouchers.models import CounterSetting, CouponStore, Redemption, Voucher
from portal.domain.vouchers.rules import periods, words
from portal.domain.vouchers.values import Presented, Terms, VoucherState
from portal.kernel.permissions import Permission
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say
from portal.kernel.work import Work

_NAMED = 3


@dataclass(frozen=True)
class Preview:
    """A voucher that may be redeemed here and now; `cautions` are what the clerk checks himself."""

    voucher_id: UUID
    terms: Terms
    holder: str
    code: str
    valid_from: datetime
    expires_at: datetime
    left: Text
    cautions: tuple[Text, ...]


def look(work: Work, presented: Presented, store_id: UUID) -> Preview:
    """The voucher behind a code, without touching it. Refuses exactly what `redeem` refuses."""
    found = access_voucher(work, presented, store_id, lock=False)
    refuse_unless_good(work, found)
    voucher, terms = found.voucher, Terms.from_json(found.voucher.terms)
    return Preview(
        voucher_id=voucher.id,
        terms=terms,
        holder=voucher.holder,
        code=voucher.code,
        valid_from=voucher.valid_from,
        expires_at=voucher.expires_at,
        left=words.left(work.now(), voucher.expires_at),
        cautions=_cautions(terms),
    )


def _cautions(terms: Terms) -> tuple[Text, ...]:
    worth, found = terms.worth, []
    if worth.threshold_fen:
        found.append(say("先核对消费：满 %(yuan)s 才能用。", yuan=Yuan(worth.threshold_fen)))
    if worth.max_discount_fen:
        found.append(say("最多减 %(yuan)s。", yuan=Yuan(worth.max_discount_fen)))
    return tuple(found)


def refuse_unless_good(work: Work, found: AtCounter) -> None:
    """Refuse a voucher that is used, out of time, or not accepted at this store; in this order."""
    voucher = found.voucher
    if voucher.state == VoucherState.USED:
        _spent(work, voucher)
    periods.check_time(work.now(), voucher.valid_from, voucher.expires_at, voucher.terms["weekdays"])
    if not found.accepted:
        raise errors.VoucherWrongStore(_accepting(work, voucher))


def _spent(work: Work, voucher: Voucher) -> NoReturn:
    """Who, when and where; asked afresh, so that the loser of a race reads the winner's redemption."""
    row = work.session.execute(
        select(Redemption.redeemed_at, Redemption.clerk, Store.name)
        .join(Store, and_(Store.merchant_id == Redemption.merchant_id, Store.id == Redemption.store_id))
        .where(Redemption.merchant_id == voucher.merchant_id, Redemption.voucher_id == voucher.id)
        .where(Redemption.undone_at.is_(None))
    ).one()
    raise errors.VoucherSpent(words.moment(row.redeemed_at), row.name, row.clerk)


def _accepting(work: Work, voucher: Voucher) -> str:
    names = work.session.execute(
        select(Store.name)
        .join(CouponStore, and_(CouponStore.merchant_id == Store.merchant_id, CouponStore.store_id == Store.id))
        .where(CouponStore.merchant_id == voucher.merchant_id, CouponStore.coupon_id == voucher.coupon_id)
        .where(Store.state != StoreState.CLOSED)
        .order_by(Store.name)
        .limit(_NAMED + 1)
    ).scalars()
    known = list(names)
    return "、".join(known[:_NAMED]) + ("…" if len(known) > _NAMED else "")


@dataclass(frozen=True)
class StoreSetting:
    """A store's own limit for undoing; `own` is None when it follows the platform."""

    store_id: UUID
    name: str
    minutes: int
    own: int | None


def store_settings(work: Work, *, store_id: UUID | None = None) -> list[StoreSetting]:
    """The undo limits of the stores in reach (or of one), in minutes."""
    work.require(Permission.OFFICE_VIEW)
    query = (
        select(Store.id, Store.name, CounterSetting.undo_minutes, platform_minutes())
        .outerjoin(
            CounterSetting,
            and_(CounterSetting.merchant_id == Store.merchant_id, CounterSetting.store_id == Store.id),
        )
        .where(Store.merchant_id == work.merchant_id, Store.state != StoreState.CLOSED.value)
        .order_by(Store.name, Store.id)
    )
    if store_id is not None:
        query = query.where(Store.id == store_id)
    rows = work.session.execute(query, {"moment": work.now()})
    return [_setting(row) for row in rows if work.scope.covers_store(row.id)]


def _setting(row: Any) -> StoreSetting:
    return StoreSetting(row.id, row.name, undo_minutes(row.undo_minutes, row.platform_minutes), row.undo_minutes)
