"""A supplier writes products, hands them in, takes them off sale and puts them back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.catalogue import errors
from portal.domain.catalogue.access import access_product, access_waiting
from portal.domain.catalogue.actions.cards import refresh_card
from portal.domain.catalogue.actions.facts import content, facts_of, last_approved
from portal.domain.catalogue.actions.skus import write_skus
from portal.domain.catalogue.models import BrandRow, Product, ProductPhoto, Revision
from portal.domain.catalogue.rules.goods import bigrams, tidy
from portal.domain.catalogue.values import MOVES, STATES, Decision, ProductDraft, ProductState
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

REASON_MOST = 200


def create(work: Work, *, draft: ProductDraft) -> UUID:
    """Write a new draft; nobody else sees it. Refuses what `rules.goods.tidy` refuses and unknown categories."""
    work.require(Permission.PRODUCT_EDIT)
    draft = _checked(work, draft)
    now = work.now()
    product = Product(
        merchant_id=work.merchant_id,
        id=new_id(),
        state=ProductState.DRAFT.value,
        reason="",
        forced_off=False,
        version=1,
        created_at=now,
        updated_at=now,
    )
    _fill(work, product, draft)
    work.session.add(product)
    work.session.flush()
    write_skus(work, product, draft.skus)
    work.audit("product.created", "product", product.id)
    return product.id


def edit(work: Work, product_id: UUID, *, draft: ProductDraft, version: int) -> int:
    """Change the supplier's copy; the street sees it once it is let in. How many prices wait for approval now.

    Refuses while a version is in review, and when somebody else saved after `version`.
    """
    work.require(Permission.PRODUCT_EDIT)
    draft = _checked(work, draft)
    product = _open(work, product_id)
    if product.version != version:
        raise errors.ProductStale
    _fill(work, product, draft)
    waiting = write_skus(work, product, draft.skus)
    touch(work, product)
    work.audit("product.edited", "product", product.id)
    return waiting


def submit(work: Work, product_id: UUID) -> UUID:
    """Hand the present copy in for review; the version's id. Refuses without a picture or without any change."""
    work.require(Permission.PRODUCT_EDIT)
    product = _open(work, product_id)
    photos = select(func.count()).select_from(ProductPhoto)
    photos = photos.where(ProductPhoto.merchant_id == work.merchant_id, ProductPhoto.product_id == product_id)
    if not work.session.execute(photos).scalar():
        raise Refusal(say("至少要有一张图片才能提交审核。"), field="pictures")
    if product.approved_at is not None and product.changed_at is None and not product.forced_off:
        raise Refusal(say("和上次审过的一样，不用再提交。"))
    if product.state != ProductState.ON_SALE:
        move(work, product, ProductState.REVIEW)
    product.reason = "" if not product.forced_off else product.reason
    revision = Revision(
        merchant_id=product.merchant_id,
        id=new_id(),
        product_id=product.id,
        facts=facts_of(work, product),
        decision=Decision.WAITING.value,
        submitted_at=work.now(),
        submitted_by=work.actor.person_id,
        reason="",
    )
    work.session.add(revision)
    work.audit("product.submitted", "product", product.id)
    work.session.flush()
    return revision.id


def withdraw(work: Work, product_id: UUID) -> None:
    """Take a version back before it is decided."""
    work.require(Permission.PRODUCT_EDIT)
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_EDIT)
    revision = access_waiting(work, product)
    if revision is None:
        raise errors.ProductMoved(STATES[ProductState(product.state)])
    revision.decision, revision.decided_at = Decision.WITHDRAWN.value, work.now()
    revision.decided_by = work.actor.person_id
    back(work, product)
    work.audit("product.withdrawn", "product", product.id)
    work.session.flush()


def take_off(work: Work, product_ids: Iterable[UUID], *, reason: str = "") -> int:
    """Off sale from now on; how many. Those that are not on sale are passed over when there are several."""
    work.require(Permission.PRODUCT_EDIT)
    why = clean_line(reason, field="reason", most=REASON_MOST, required=False)
    return sum(_switch(work, ids, ProductState.OFF_SALE, why) for ids in _lots(product_ids))


def put_on(work: Work, product_ids: Iterable[UUID]) -> int:
    """Back on sale as it was let in; how many. Refuses what the platform took off, and copies that were changed."""
    work.require(Permission.PRODUCT_EDIT)
    return sum(_switch(work, ids, ProductState.ON_SALE, "") for ids in _lots(product_ids))


def _lots(product_ids: Iterable[UUID]) -> list[tuple[UUID, bool]]:
    """Each id in lock order, and whether it stands alone."""
    ids = sorted(set(product_ids))
    return [(one, len(ids) == 1) for one in ids]


def _switch(work: Work, one: tuple[UUID, bool], state: ProductState, reason: str) -> int:
    product_id, alone = one
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_EDIT)
    try:
        if state is ProductState.ON_SALE:
            _check_return(work, product)
        elif product.state != ProductState.ON_SALE:  # a version in review is taken back, not taken off
            raise errors.ProductMoved(STATES[ProductState(product.state)])
        move(work, product, state)
    except Refusal:
        if alone:
            raise
        return 0
    product.reason = reason
    work.audit(f"product.{state.value}", "product", product.id)
    refresh_card(work, product.merchant_id, product.id)
    return 1


def _check_return(work: Work, product: Product) -> None:
    if product.forced_off:
        raise errors.ForcedOff
    if access_waiting(work, product) is not None:
        raise errors.ProductWaiting
    if product.approved_at is None or product.changed_at is not None:
        raise Refusal(say("内容改过了，先提交审核，通过后自动上架。"))


def move(work: Work, product: Product, state: ProductState) -> None:
    """Take one step that `MOVES` allows. Raises ProductMoved."""
    if state not in MOVES[ProductState(product.state)]:
        raise errors.ProductMoved(STATES[ProductState(product.state)])
    product.state, product.updated_at = state.value, work.now()


def back(work: Work, product: Product) -> None:
    """After a version was refused or taken back: where the product stood before."""
    if product.state == ProductState.REVIEW:
        move(work, product, ProductState.DRAFT if product.approved_at is None else ProductState.OFF_SALE)


def touch(work: Work, product: Product) -> None:
    """Count the change, and remember whether the copy differs from what was let in."""
    product.version += 1
    product.updated_at = work.now()
    work.session.flush()
    approved = last_approved(work, product)
    same = approved is not None and content(approved) == content(facts_of(work, product))
    product.changed_at = None if same or approved is None else product.changed_at or work.now()


def _open(work: Work, product_id: UUID) -> Product:
    """The product, locked, when no version of it is in review."""
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_EDIT)
    if access_waiting(work, product) is not None:
        raise errors.ProductWaiting
    return product


def _checked(work: Work, draft: ProductDraft) -> ProductDraft:
    draft = tidy(draft)
    if draft.category_id not in {one.id for one in reference.categories(work, Purpose.GOODS)}:
        raise Refusal(say("请选择商品类目。"), field="category")
    known = select(BrandRow.id).where(BrandRow.id == draft.brand_id)
    if draft.brand_id is not None and work.session.execute(known).scalar() is None:
        raise Refusal(say("没有这个品牌，请重新选择。"), field="brand")
    return draft


def _fill(work: Work, product: Product, draft: ProductDraft) -> None:
    product.name, product.detail, product.returnable = draft.name, draft.detail, draft.returnable
    product.category_id, product.brand_id = draft.category_id, draft.brand_id
    options: list[Any] = [{"name": one.name, "values": list(one.values)} for one in draft.options]
    product.options = options
    brand = work.session.execute(select(BrandRow.name).where(BrandRow.id == draft.brand_id)).scalar() or ""
    codes = [text for sku in draft.skus for text in (*sku.values, sku.code)]
    product.search = bigrams(draft.name, brand, *codes)
