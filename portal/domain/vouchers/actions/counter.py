"""At the counter: one voucher, one redemption, whatever happens; and its undoing, once and in time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.identity.rules.names import masked_name
from portal.domain.stores.models import Store
from portal.domain.vouchers import errors
from portal.domain.vouchers.access import AtCounter, access_redemption, access_voucher
from portal.domain.vouchers.events import VoucherRedeemed, VoucherUndone
from portal.domain.vouchers.models import CounterSetting, Redemption, Voucher
from portal.domain.vouchers.queries.counter import refuse_unless_good
from portal.domain.vouchers.rules import words
from portal.domain.vouchers.values import Presented, Receipt, Terms, UndoReason, VoucherState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def redeem(work: Work, *, code: Presented, store_id: UUID) -> UUID:
    """Use the voucher at this store, now; returns the redemption.

    Refuses an unknown, used, expired, not yet valid voucher, a wrong weekday and a store that does not accept it.
    """
    work.require(Permission.VOUCHER_REDEEM, store_id=store_id)
    found = access_voucher(work, code, store_id, lock=True)
    refuse_unless_good(work, found)
    faults.point(work, "vouchers.redeem.checked")
    redemption = _redemption(work, found, store_id)
    found.voucher.state = VoucherState.USED
    work.session.add(redemption)
    work.audit(
        "voucher.redeemed", "redemption", redemption.id, voucher=redemption.voucher_id, store=redemption.store_id
    )
    work.publish(_redeemed(redemption))
    return redemption.id


def _redemption(work: Work, found: AtCounter, store_id: UUID) -> Redemption:
    voucher, now, terms = found.voucher, work.now(), Terms.from_json(found.voucher.terms)
    receipt = Receipt(
        title=terms.title,
        worth=terms.worth,
        issuer=terms.issuer,
        store=found.store,
        clerk=masked_name(found.clerk),
        holder=voucher.holder,
        code_tail=voucher.code[-4:],
        redeemed_at=now,
        undo_until=now + timedelta(minutes=found.undo_minutes),
    )
    return Redemption(
        merchant_id=voucher.merchant_id,
        id=new_id(),
        voucher_id=voucher.id,
        coupon_id=voucher.coupon_id,
        store_id=store_id,
        holder_id=voucher.holder_id,
        membership_id=work.actor.membership_id,
        clerk=receipt.clerk,
        redeemed_at=now,
        undo_until=receipt.undo_until,
        receipt=receipt.to_json(),
    )


def _redeemed(redemption: Redemption) -> VoucherRedeemed:
    return VoucherRedeemed(
        merchant_id=redemption.merchant_id,
        voucher_id=redemption.voucher_id,
        redemption_id=redemption.id,
        store_id=redemption.store_id,
        holder_id=redemption.holder_id,
        title=redemption.receipt["title"],
        store=redemption.receipt["store"],
        redeemed_at=redemption.redeemed_at,
    )


def undo(work: Work, redemption_id: UUID, *, store_id: UUID, reason: UndoReason, note: str = "") -> None:
    """Take a redemption of this store back; its holder may use the voucher again, until it expires.

    Refuses a second time, past the store's limit, and 其他原因 without words.
    """
    work.require(Permission.REDEMPTION_UNDO, store_id=store_id)
    words_given = clean_line(note, field="note", most=100, required=False)
    if reason is UndoReason.OTHER and not words_given:
        raise Refusal(say("请写一句撤销的原因。"), field="note")
    redemption, voucher = access_redemption(work, redemption_id, lock=True, may=Permission.REDEMPTION_UNDO)
    _refuse_undo(work, redemption, store_id)
    faults.point(work, "vouchers.undo.checked")
    redemption.undone_at, redemption.undone_by = work.now(), work.actor.membership_id
    redemption.undo_reason, redemption.undo_note = reason.value, words_given or None
    voucher.state = VoucherState.USABLE
    work.audit("voucher.undone", "redemption", redemption.id, voucher=voucher.id, store=store_id, reason=reason.value)
    work.publish(_undone(redemption, voucher))


def _refuse_undo(work: Work, redemption: Redemption, store_id: UUID) -> None:
    if redemption.store_id != store_id:
        raise NotFound
    if redemption.undone_at is not None:
        raise errors.UndoneBefore(words.moment(redemption.undone_at))
    if work.now() > redemption.undo_until:
        raise errors.UndoTooLate(words.moment(redemption.undo_until))


def _undone(redemption: Redemption, voucher: Voucher) -> VoucherUndone:
    return VoucherUndone(
        merchant_id=redemption.merchant_id,
        voucher_id=voucher.id,
        redemption_id=redemption.id,
        store_id=redemption.store_id,
        holder_id=redemption.holder_id,
        title=redemption.receipt["title"],
        store=redemption.receipt["store"],
    )


def limit_undo(work: Work, store_id: UUID, *, minutes: int, most: int) -> None:
    """Set the minutes within which this store may undo; 0 forbids it. Refuses more than the platform's `most`."""
    work.require(Permission.COUPON_EDIT, store_id=store_id)
    if not 0 <= minutes <= most:
        raise Refusal(say("请填 0 到 %(most)s 分钟；0 表示不能撤销。", most=most), field="minutes")
    there = and_(Store.merchant_id == work.merchant_id, Store.id == store_id)
    if work.session.execute(select(Store.id).where(there)).scalar() is None:
        raise NotFound
    values = {"merchant_id": work.merchant_id, "store_id": store_id, "undo_minutes": minutes}
    new = insert(CounterSetting).values(**values)
    keys = [CounterSetting.merchant_id, CounterSetting.store_id]
    work.session.execute(new.on_conflict_do_update(index_elements=keys, set_={"undo_minutes": minutes}))
    work.audit("store.undo_limited", "store", store_id, minutes=minutes)
