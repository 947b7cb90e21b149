"""A person collects a coupon: one voucher, within the coupon's total and his own share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.identity.models import Person
from portal.domain.identity.rules.names import masked_name
from portal.domain.vouchers import errors
from portal.domain.vouchers.access import OnOffer, access_offer
from portal.domain.vouchers.actions.benefits import tell_later
from portal.domain.vouchers.events import CouponCollected
from portal.domain.vouchers.models import CouponCounter, Voucher
from portal.domain.vouchers.rules import codes, periods
from portal.domain.vouchers.values import Terms, VoucherState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Busy
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

_TRIES = 5  # a code of twelve digits is taken about once in a million times a million


def collect(work: Work, coupon_id: UUID) -> UUID:
    """Collect one voucher of this coupon; returns it. The counter's row, the hottest, is locked last.

    Refuses what is not on offer now, a person who has his share, and a coupon of which all are out.
    """
    work.require(Permission.COUPON_COLLECT)
    offer = access_offer(work, coupon_id)
    if offer.counter.issued >= offer.counter.total:
        raise errors.CouponSoldOut
    held, name = _mine(work, offer)
    with borrowed(work, Scope(Face.JOB)):  # no tenant's face may issue: it could, past every limit
        voucher_id = _take(work, offer, held, masked_name(name))
        _count(work, offer)
    work.publish(CouponCollected(offer.coupon.merchant_id, coupon_id, voucher_id, work.person_id))
    return voucher_id


def _take(work: Work, offer: OnOffer, held: int, holder: str) -> UUID:
    """The next voucher of this person; when a twin of this request was faster, the one after it or a refusal."""
    for _attempt in range(_TRIES):
        if held >= offer.coupon.per_person:
            raise errors.CouponHeld(offer.coupon.per_person)
        faults.point(work, "vouchers.collect.checked")
        new = insert(Voucher).values(**_values(work, offer, held + 1, holder))
        taken = work.session.execute(new.on_conflict_do_nothing().returning(Voucher.id)).scalar()
        if taken is not None:
            return taken
        held = work.session.scalars(_held(work, offer)).one()
    raise Busy


def _held(work: Work, offer: OnOffer) -> Select[int]:
    """How many of this coupon the person has had."""
    return (
        select(func.count())
        .select_from(Voucher)
        .where(Voucher.merchant_id == offer.coupon.merchant_id, Voucher.coupon_id == offer.coupon.id)
        .where(Voucher.holder_id == work.person_id)
    )


def _mine(work: Work, offer: OnOffer) -> tuple[int, str]:
    """How many he has had, and his name."""
    held = _held(work, offer).scalar_subquery()
    row = work.session.execute(select(held, Person.name).where(Person.id == work.person_id)).one()
    return int(row[0]), str(row[1])


def _values(work: Work, offer: OnOffer, nth: int, holder: str) -> dict[str, Any]:
    coupon, now = offer.coupon, work.now()
    terms = Terms(coupon.title, coupon.worth, coupon.weekdays, coupon.note, offer.issuer)
    valid_from, expires_at = periods.period(now, coupon.valid_from, coupon.valid_until, coupon.valid_days)
    return {
        "merchant_id": coupon.merchant_id,
        "id": new_id(),
        "code": codes.new_digits(),
        "secret": codes.new_secret(),
        "coupon_id": coupon.id,
        "holder_id": work.person_id,
        "holder": holder,
        "nth": nth,
        "terms": terms.to_json(),
        "state": VoucherState.USABLE.value,
        "collected_at": now,
        "valid_from": valid_from,
        "expires_at": expires_at,
    }


def _count(work: Work, offer: OnOffer) -> None:
    merchant_id, coupon_id = offer.coupon.merchant_id, offer.coupon.id
    left = work.session.execute(
        update(CouponCounter)
        .where(CouponCounter.merchant_id == merchant_id, CouponCounter.coupon_id == coupon_id)
        .where(CouponCounter.issued < CouponCounter.total)
        .values(issued=CouponCounter.issued + 1)
        .returning(CouponCounter.total - CouponCounter.issued),
        execution_options={"synchronize_session": False},
    ).scalar()
    if left is None:
        raise errors.CouponSoldOut
    if left == 0:
        tell_later(work, merchant_id, coupon_id)
