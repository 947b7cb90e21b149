"""A merchant writes coupons, publishes, pauses and ends them. What holders were promised never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from portal.domain.stores.models import Store
from portal.domain.stores.values import StoreState
from portal.domain.vouchers import errors
from portal.domain.vouchers.access import access_coupon, require_reach
from portal.domain.vouchers.actions.benefits import tell_later, tell_stores
from portal.domain.vouchers.models import Coupon, CouponCounter, CouponStore
from portal.domain.vouchers.rules import lint, periods, words
from portal.domain.vouchers.values import MOST_ISSUED, MOVES, CouponDraft, CouponState
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.spoken import local_day
from portal.kernel.words import say
from portal.kernel.work import Work

TITLE_MOST = 40
NOTE_MOST = 500
_BULK = {"synchronize_session": False}


def create(work: Work, *, draft: CouponDraft) -> UUID:
    """Write a new draft; nobody sees it yet. Refuses what `rules.lint.check` refuses and stores out of reach."""
    work.require(Permission.COUPON_EDIT)
    draft = _checked(work, draft)
    coupon = Coupon(merchant_id=work.merchant_id, id=new_id(), state=CouponState.DRAFT, created_at=work.now())
    _fill(coupon, draft)
    work.session.add(coupon)
    work.session.flush()
    counter = CouponCounter(merchant_id=work.merchant_id, coupon_id=coupon.id, total=draft.total, issued=0)
    work.session.add(counter)
    _accept(work, coupon.id, draft.store_ids)
    work.audit("coupon.created", "coupon", coupon.id)
    return coupon.id


def edit(work: Work, coupon_id: UUID, *, draft: CouponDraft) -> None:
    """Change a draft as a whole. After publishing use `extend`."""
    work.require(Permission.COUPON_EDIT)
    draft = _checked(work, draft)
    coupon = _mine(work, coupon_id)
    if coupon.state != CouponState.DRAFT:
        raise errors.CouponMoved(words.STATES[CouponState(coupon.state)])
    _fill(coupon, draft)
    work.session.execute(
        update(CouponCounter).where(*_counter_of(work, coupon_id)).values(total=draft.total), execution_options=_BULK
    )
    of_coupon = (CouponStore.merchant_id == work.merchant_id, CouponStore.coupon_id == coupon_id)
    work.session.execute(delete(CouponStore).where(*of_coupon), execution_options=_BULK)
    _accept(work, coupon_id, draft.store_ids)
    work.audit("coupon.edited", "coupon", coupon_id)


def extend(work: Work, coupon_id: UUID, *, total: int, collect_until: date, store_ids: frozenset[UUID]) -> None:
    """What may change after publishing: the total (never under what is out), a later last day, more stores."""
    work.require(Permission.COUPON_EDIT)
    coupon = _mine(work, coupon_id)
    if coupon.state not in (CouponState.PUBLISHED, CouponState.PAUSED):
        raise errors.CouponMoved(words.STATES[CouponState(coupon.state)])
    lint.check_day(collect_until, local_day(work.now()), "collect_until")
    until = periods.day_ends(collect_until)
    if until < coupon.collect_until:
        raise errors.CouponLocked("collect_until")
    known = _stores_of(work, coupon_id)
    if known - store_ids:
        raise errors.CouponLocked("stores")
    _check_stores(work, store_ids - known)
    _set_total(work, coupon_id, total)
    coupon.collect_until = until
    _accept(work, coupon_id, store_ids - known)
    work.audit("coupon.extended", "coupon", coupon_id, total=total, stores=len(store_ids))
    tell_stores(work, store_ids)


def publish(work: Work, coupon_id: UUID) -> None:
    """Let people collect it from now on (or from its first day). Refuses without an accepting store."""
    work.require(Permission.COUPON_EDIT)
    coupon = _mine(work, coupon_id)
    if not _stores_of(work, coupon_id):
        raise Refusal(say("还没有适用门店。先选至少一家，再发布。"), field="stores")
    if coupon.collect_until <= work.now():
        raise Refusal(say("领取时间已经结束，先改领取日期再发布。"), field="collect_until")
    _move(work, coupon, CouponState.PUBLISHED)
    if coupon.collect_from > work.now():
        tell_later(work, work.merchant_id, coupon_id, coupon.collect_from)


def pause(work: Work, coupon_id: UUID) -> None:
    """Stop collecting for a while; vouchers already collected stay good."""
    work.require(Permission.COUPON_EDIT)
    _move(work, _mine(work, coupon_id), CouponState.PAUSED)


def end(work: Work, coupon_id: UUID) -> None:
    """Stop collecting for good; vouchers already collected stay good."""
    work.require(Permission.COUPON_EDIT)
    _move(work, _mine(work, coupon_id), CouponState.ENDED)


def remove(work: Work, coupon_id: UUID) -> None:
    """Throw a draft away."""
    work.require(Permission.COUPON_EDIT)
    coupon = _mine(work, coupon_id)
    if coupon.state != CouponState.DRAFT:
        raise errors.CouponMoved(words.STATES[CouponState(coupon.state)])
    work.session.delete(coupon)
    work.audit("coupon.removed", "coupon", coupon_id)


def duplicate(work: Work, coupon_id: UUID) -> UUID:
    """A new draft with the same terms and stores."""
    work.require(Permission.COUPON_EDIT)
    old = _mine(work, coupon_id)
    names = [column.key for column in Coupon.__table__.columns if column.key not in ("id", "published_at")]
    facts: dict[str, Any] = {name: getattr(old, name) for name in names}
    copy = Coupon(**{**facts, "id": new_id(), "state": CouponState.DRAFT, "created_at": work.now()})
    work.session.add(copy)
    work.session.flush()
    total = work.session.execute(select(CouponCounter.total).where(*_counter_of(work, coupon_id))).scalar_one()
    work.session.add(CouponCounter(merchant_id=work.merchant_id, coupon_id=copy.id, total=total, issued=0))
    _accept(work, copy.id, _stores_of(work, coupon_id))
    work.audit("coupon.duplicated", "coupon", copy.id, source=coupon_id)
    return copy.id


def _mine(work: Work, coupon_id: UUID) -> Coupon:
    """The coupon, locked, when all of its stores are within the actor's reach."""
    coupon = access_coupon(work, coupon_id, lock=True, may=Permission.COUPON_EDIT)
    require_reach(work, _stores_of(work, coupon_id))
    return coupon


def _move(work: Work, coupon: Coupon, state: CouponState) -> None:
    if state not in MOVES[CouponState(coupon.state)]:
        raise errors.CouponMoved(words.STATES[CouponState(coupon.state)])
    coupon.state = state
    if state is CouponState.PUBLISHED and coupon.published_at is None:
        coupon.published_at = work.now()
    work.audit(f"coupon.{state.value}", "coupon", coupon.id)
    work.session.flush()
    tell_stores(work, _stores_of(work, coupon.id))


def _checked(work: Work, draft: CouponDraft) -> CouponDraft:
    """The draft with clean texts, when it can be and its stores are in reach."""
    title = clean_line(draft.title, field="title", most=TITLE_MOST)
    note = clean_text(draft.note, field="note", most=NOTE_MOST, required=False)
    draft = replace(draft, title=title, note=note)
    lint.check(draft, local_day(work.now()))
    _check_stores(work, draft.store_ids)
    return draft


def _check_stores(work: Work, store_ids: Iterable[UUID]) -> None:
    wanted = set(store_ids)
    require_reach(work, wanted)
    query = select(Store.id).where(Store.merchant_id == work.merchant_id, Store.id.in_(wanted))
    open_ones = set(work.session.execute(query.where(Store.state != StoreState.CLOSED)).scalars())
    if wanted - open_ones:
        raise Refusal(say("选的门店里有已关店或不存在的，请重新选择。"), field="stores")


def _fill(coupon: Coupon, draft: CouponDraft) -> None:
    coupon.title, coupon.note = draft.title, draft.note
    coupon.kind = draft.worth.kind
    coupon.amount_fen, coupon.pay_percent = draft.worth.amount_fen, draft.worth.pay_percent
    coupon.max_discount_fen, coupon.threshold_fen = draft.worth.max_discount_fen, draft.worth.threshold_fen
    coupon.collect_from = periods.day_begins(draft.collect_from)
    coupon.collect_until = periods.day_ends(draft.collect_until)
    coupon.valid_days = draft.valid_days
    coupon.valid_from = coupon.valid_until = None
    if draft.valid_from is not None and draft.valid_until is not None and draft.valid_days is None:
        coupon.valid_from = periods.day_begins(draft.valid_from)
        coupon.valid_until = periods.day_ends(draft.valid_until)
    coupon.weekdays, coupon.per_person = draft.weekdays, draft.per_person


def _accept(work: Work, coupon_id: UUID, store_ids: Iterable[UUID]) -> None:
    rows = [CouponStore(merchant_id=work.merchant_id, coupon_id=coupon_id, store_id=one) for one in sorted(store_ids)]
    work.session.add_all(rows)
    work.session.flush()


def _stores_of(work: Work, coupon_id: UUID) -> set[UUID]:
    query = select(CouponStore.store_id).where(
        CouponStore.merchant_id == work.merchant_id, CouponStore.coupon_id == coupon_id
    )
    return set(work.session.execute(query).scalars())


def _counter_of(work: Work, coupon_id: UUID) -> tuple[Any, Any]:
    return CouponCounter.merchant_id == work.merchant_id, CouponCounter.coupon_id == coupon_id


def _set_total(work: Work, coupon_id: UUID, total: int) -> None:
    if not 1 <= total <= MOST_ISSUED:
        raise Refusal(say("总量请填 1 到 %(most)s。", most=MOST_ISSUED), field="total")
    of_coupon = _counter_of(work, coupon_id)
    changed = work.session.execute(
        update(CouponCounter)
        .where(*of_coupon, CouponCounter.issued <= total)
        .values(total=total)
        .returning(CouponCounter.total),
        execution_options=_BULK,
    ).scalar()
    if changed is None:
        issued = work.session.execute(select(CouponCounter.issued).where(*of_coupon)).scalar_one()
        raise errors.TooFewLeft(issued)
