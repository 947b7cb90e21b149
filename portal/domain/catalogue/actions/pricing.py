"""New supply prices: small ones hold at once, large ones wait for the platform while the old price stays in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.catalogue import errors
from portal.domain.catalogue.access import access_change, access_sku
from portal.domain.catalogue.actions.terms import agree, has_terms, reviewed_fen, write_asked
from portal.domain.catalogue.events import PriceDecided
from portal.domain.catalogue.models import PriceChange, Product, Sku, SkuSale
from portal.domain.catalogue.queries.terms import in_force
from portal.domain.catalogue.rules.goods import check_price, needs_approval
from portal.domain.catalogue.values import ChangeState
from portal.domain.reference import queries as reference
from portal.domain.reference.values import PRICE_CHANGE_PERCENT
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

NOTE_MOST = 200
FURTHEST = timedelta(days=180)


def ask(
    work: Work,
    sku_id: UUID,
    *,
    supply_fen: int,
    suggested_fen: int,
    effective_at: datetime | None = None,
    note: str = "",
) -> ChangeState:
    """Ask for another supply price of a SKU that was let in, from now or from a later moment on.

    WAITING when it is further from the last reviewed price than the platform's share, or above what the street pays;
    else APPLIED. A request that waits already is replaced. Refuses prices that cannot be, moments in the past, and
    SKUs that were never let in.
    """
    work.require(Permission.PRODUCT_EDIT)
    sku = access_sku(work, sku_id, lock=True, may=Permission.PRODUCT_EDIT)
    _check_prices(supply_fen, suggested_fen)
    when = _moment(work, effective_at)
    note = clean_line(note, field="note", most=NOTE_MOST, required=False)
    if not has_terms(work, sku.merchant_id, sku.id):
        raise Refusal(say("这个规格还没有审核通过，直接修改商品里的供货价就行。"), field="supply")
    _drop_waiting(work, sku)
    old = in_force(work, sku.merchant_id, sku.id, work.now())
    assert old is not None
    if supply_fen == old.supply_fen and effective_at is None:
        write_asked(work, sku.merchant_id, sku.id, supply_fen, suggested_fen)
        return ChangeState.APPLIED
    waits = _waits(work, sku, supply_fen)
    change = PriceChange(
        merchant_id=sku.merchant_id,
        id=new_id(),
        sku_id=sku.id,
        old_fen=old.supply_fen,
        new_fen=supply_fen,
        suggested_fen=suggested_fen,
        effective_at=when,
        note=note,
        state=(ChangeState.WAITING if waits else ChangeState.APPLIED).value,
        asked_at=work.now(),
        asked_by=work.actor.person_id,
        decided_at=None if waits else work.now(),
        reason="",
    )
    work.session.add(change)
    work.audit("price.asked" if waits else "price.applied", "sku", sku.id, old=old.supply_fen, new=supply_fen)
    if not waits:
        _apply(work, change, reviewed=False)
    work.session.flush()
    return ChangeState(change.state)


def _check_prices(supply_fen: int, suggested_fen: int) -> None:
    check_price(supply_fen, field="supply")
    check_price(suggested_fen, field="suggested")
    if suggested_fen < supply_fen:
        raise Refusal(say("建议零售价不能低于供货价。"), field="suggested")


def _waits(work: Work, sku: Sku, supply_fen: int) -> bool:
    """Too far from the last reviewed price, or above what the street pays."""
    share = reference.value_of(work, PRICE_CHANGE_PERCENT)
    far = needs_approval(reviewed_fen(work, sku.merchant_id, sku.id), supply_fen, share)
    return far or bool(_loses(work, sku, supply_fen))


def withdraw_change(work: Work, sku_id: UUID) -> None:
    """Take a request back that still waits."""
    work.require(Permission.PRODUCT_EDIT)
    sku = access_sku(work, sku_id, lock=True, may=Permission.PRODUCT_EDIT)
    if not _drop_waiting(work, sku):
        raise errors.ChangeDecided
    work.audit("price.withdrawn", "sku", sku.id)


def approve_changes(work: Work, change_ids: Sequence[UUID], *, below: bool = False) -> int:
    """Put waiting prices into force, from their moment or from now; how many. Refuses when one was decided before, and
    a supply price above the sale price unless `below`.
    """
    work.require(Permission.PRICE_EDIT)
    for change_id in sorted(set(change_ids)):
        change = _waiting(work, change_id)
        if not below:
            _check_loss(work, change)
        change.state = ChangeState.APPROVED.value
        _decided(work, change, approved=True)
        _apply(work, change, reviewed=True)
    return len(set(change_ids))


def refuse_changes(work: Work, change_ids: Sequence[UUID], *, reason: str) -> int:
    """Leave the old prices in force; how many. Refuses without a reason."""
    work.require(Permission.PRICE_EDIT)
    why = clean_line(reason, field="reason", most=NOTE_MOST)
    for change_id in sorted(set(change_ids)):
        change = _waiting(work, change_id)
        change.state, change.reason = ChangeState.REFUSED.value, why
        _decided(work, change, approved=False)
    return len(set(change_ids))


def _loses(work: Work, sku: Sku, supply_fen: int) -> int | None:
    """What the street pays at least, when that is below this supply price."""
    least = func.least(SkuSale.sale_fen, SkuSale.member_fen)
    query = select(least).where(SkuSale.merchant_id == sku.merchant_id, SkuSale.sku_id == sku.id)
    found: int | None = work.session.execute(query).scalar()
    return found if found is not None and found < supply_fen else None


def _check_loss(work: Work, change: PriceChange) -> None:
    sku = access_sku(work, change.sku_id, may=Permission.PRICE_EDIT)
    sale = _loses(work, sku, change.new_fen)
    if sale is not None:
        name = " ".join([_product(work, change).name, "/".join(sku.choice)]).strip()
        raise errors.BelowSupply(name, sale, change.new_fen)


def _product(work: Work, change: PriceChange) -> Product:
    return work.session.execute(
        select(Product)
        .join(Sku, (Sku.merchant_id == Product.merchant_id) & (Sku.product_id == Product.id))
        .where(Sku.merchant_id == change.merchant_id, Sku.id == change.sku_id)
    ).scalar_one()


def _waiting(work: Work, change_id: UUID) -> PriceChange:
    change = access_change(work, change_id, may=Permission.PRICE_EDIT)
    if change.state != ChangeState.WAITING:
        raise errors.ChangeDecided
    return change


def _decided(work: Work, change: PriceChange, *, approved: bool) -> None:
    change.decided_at, change.decided_by = work.now(), work.actor.person_id
    product = _product(work, change)
    act = "price.approved" if approved else "price.refused"
    work.audit(act, "sku", change.sku_id, about=change.merchant_id, old=change.old_fen, new=change.new_fen)
    event = PriceDecided(change.merchant_id, product.id, change.sku_id, product.name, approved, change.asked_by)
    work.publish(event)


def _apply(work: Work, change: PriceChange, *, reviewed: bool) -> None:
    begins = max(change.effective_at, work.now())
    agree(work, change.merchant_id, change.sku_id, change.new_fen, begins, reviewed=reviewed)
    write_asked(work, change.merchant_id, change.sku_id, change.new_fen, change.suggested_fen)


def _drop_waiting(work: Work, sku: Sku) -> bool:
    query = select(PriceChange).where(PriceChange.merchant_id == sku.merchant_id, PriceChange.sku_id == sku.id)
    change = work.session.execute(
        query.where(PriceChange.state == ChangeState.WAITING).with_for_update()
    ).scalar_one_or_none()
    if change is None:
        return False
    change.state, change.decided_at = ChangeState.WITHDRAWN.value, work.now()
    change.decided_by = work.actor.person_id
    work.session.flush()
    return True


def _moment(work: Work, effective_at: datetime | None) -> datetime:
    if effective_at is None:
        return work.now()
    if not work.now() <= effective_at <= work.now() + FURTHEST:
        raise Refusal(say("生效时间要在现在到半年之内。留空就是立即生效。"), field="effective_at")
    return effective_at
