"""Products as their supplier's office and the platform see them: lists, one product, its stock's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, select, tuple_

from portal.domain.catalogue.access import access_product, access_sku
from portal.domain.catalogue.models import BrandRow, Product, Revision, Sku, Stock, StockMovement
from portal.domain.catalogue.queries.skus import photos_of, skus_of
from portal.domain.catalogue.rules.goods import bigrams
from portal.domain.catalogue.values import Brand, Movement, Option, ProductShown, ProductState
from portal.domain.tenants.models import Merchant
from portal.kernel.audit import AuditEntry
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work

PAGE = 30
HISTORY = 30


class Sort(StrEnum):
    """How a list is ordered; the id settles what is equal."""

    NEW = "new"
    NAME = "name"
    STOCK = "stock"


@dataclass(frozen=True)
class Asked:
    """Which products a list shows. `after` is the last product of the page before."""

    state: ProductState | None = None
    words: str = ""
    category_ids: frozenset[UUID] = frozenset()
    low: bool = False
    sort: Sort = Sort.NEW
    after: UUID | None = None


def products(
    work: Work, asked: Asked, *, may: Permission = Permission.PRODUCT_VIEW
) -> tuple[tuple[ProductShown, ...], bool]:
    """A page of products in this face's reach, with SKUs and pictures; and whether there is more."""
    work.require(may)
    query = filtered(work, asked)
    key = _key(asked.sort)
    order = (key.desc(), Product.id.desc()) if asked.sort is Sort.NEW else (key, Product.id)
    if asked.after is not None:
        last = select(key, Product.id).where(Product.id == asked.after).scalar_subquery()
        here = tuple_(key, Product.id)
        query = query.where(here < last if asked.sort is Sort.NEW else here > last)
    rows = work.session.execute(query.order_by(*order).limit(PAGE + 1)).all()
    return with_parts(work, [_shown(row) for row in rows[:PAGE]]), len(rows) > PAGE


def with_parts(work: Work, found: Sequence[ProductShown]) -> tuple[ProductShown, ...]:
    """The same products with their SKUs and pictures."""
    ids = [one.id for one in found]
    skus, photos = (skus_of(work, ids), photos_of(work, ids)) if ids else ({}, {})
    return tuple(replace(one, skus=skus.get(one.id, ()), photos=photos.get(one.id, ())) for one in found)


def product(work: Work, product_id: UUID, *, may: Permission = Permission.PRODUCT_VIEW) -> ProductShown:
    """One product with everything. Raises NotFound when it is another's."""
    row = access_product(work, product_id, may=may)
    found = work.session.execute(base(work).where(Product.merchant_id == row.merchant_id, Product.id == row.id)).one()
    return with_parts(work, [_shown(found)])[0]


def several(work: Work, product_ids: Sequence[UUID]) -> tuple[ProductShown, ...]:
    """These products by name. Raises NotFound when one of them is another's."""
    work.require(Permission.PRODUCT_VIEW)
    query = base(work).where(Product.id.in_(product_ids)).order_by(Product.name, Product.id)
    rows = work.session.execute(query).all()
    if len(rows) != len(set(product_ids)):
        raise NotFound
    return with_parts(work, [_shown(row) for row in rows])


def counts(work: Work) -> dict[ProductState, int]:
    """How many products are in which state."""
    work.require(Permission.PRODUCT_VIEW)
    query = select(Product.state, func.count()).where(Product.merchant_id == work.merchant_id).group_by(Product.state)
    found = {ProductState(state): count for state, count in work.session.execute(query)}
    return {state: found.get(state, 0) for state in ProductState}


def low_count(work: Work) -> int:
    """How many products but drafts have a SKU at or below its threshold."""
    work.require(Permission.PRODUCT_VIEW)
    query = select(func.count()).select_from(Product).where(Product.merchant_id == work.merchant_id, _is_low())
    return work.session.execute(query).scalar_one()


def base(work: Work) -> Any:
    """Products with what stands beside them."""
    waiting = and_(
        Revision.merchant_id == Product.merchant_id, Revision.product_id == Product.id, Revision.decision == "waiting"
    )
    query: Any = (
        select(Product, Merchant.name.label("merchant"), BrandRow.name.label("brand"), Revision.id.label("waiting"))
        .join(Merchant, Merchant.id == Product.merchant_id)
        .outerjoin(BrandRow, BrandRow.id == Product.brand_id)
        .outerjoin(Revision, waiting)
    )
    return query.where(Product.merchant_id == work.merchant_id) if work.scope.face is Face.OFFICE else query


def filtered(work: Work, asked: Asked) -> Any:
    """The products a list asks for, in no order."""
    query = base(work)
    if asked.state is not None:
        query = query.where(Product.state == asked.state.value)
    if asked.words:
        query = query.where(Product.search.contains(bigrams(asked.words)))
    if asked.category_ids:
        query = query.where(Product.category_id.in_(asked.category_ids))
    return query.where(_is_low()) if asked.low else query


def _key(sort: Sort) -> Any:
    if sort is Sort.NAME:
        return Product.name
    if sort is Sort.STOCK:
        return _available(
            and_(Sku.merchant_id == Product.merchant_id, Sku.product_id == Product.id, Sku.ended_at.is_(None))
        )
    return Product.created_at


def _available(of_skus: Any) -> Any:
    stock = and_(Stock.merchant_id == Sku.merchant_id, Stock.sku_id == Sku.id)
    total = select(func.coalesce(func.sum(Stock.available), 0)).select_from(Sku).join(Stock, stock)
    return total.where(of_skus).correlate(Product).scalar_subquery()


def _is_low() -> Any:
    total = select(func.coalesce(func.sum(Stock.available), 0))
    left = total.where(Stock.merchant_id == Sku.merchant_id, Stock.sku_id == Sku.id).correlate(Sku).scalar_subquery()
    mine = and_(Sku.merchant_id == Product.merchant_id, Sku.product_id == Product.id, Sku.ended_at.is_(None))
    written = Product.state != ProductState.DRAFT.value  # nobody waits for what was never sold
    return and_(written, exists().where(mine, Sku.low_mark > 0, Sku.low_mark >= left).correlate(Product))


def _shown(row: Any) -> ProductShown:
    one = row.Product
    return ProductShown(
        merchant_id=one.merchant_id,
        merchant_name=row.merchant,
        id=one.id,
        name=one.name,
        category_id=one.category_id,
        brand_id=one.brand_id,
        brand=row.brand or "",
        detail=one.detail,
        returnable=one.returnable,
        options=tuple(Option(option["name"], tuple(option["values"])) for option in one.options),
        state=ProductState(one.state),
        reason=one.reason,
        forced_off=one.forced_off,
        changed=one.changed_at is not None,
        waiting=row.waiting,
        version=one.version,
        updated_at=one.updated_at,
    )


@dataclass(frozen=True)
class MovementShown:
    """One movement of stock."""

    id: UUID
    kind: Movement
    change: int
    held_change: int
    left: int
    bucket: int
    note: str
    by: UUID | None
    at: datetime


def movements(work: Work, sku_id: UUID, *, after: UUID | None = None) -> tuple[tuple[MovementShown, ...], bool]:
    """A page of a SKU's movements, the latest first; and whether there is more."""
    sku = access_sku(work, sku_id)
    query = select(StockMovement).where(StockMovement.merchant_id == sku.merchant_id, StockMovement.sku_id == sku_id)
    if after is not None:
        query = query.where(StockMovement.id < after)
    rows = list(work.session.execute(query.order_by(StockMovement.id.desc()).limit(HISTORY + 1)).scalars())
    found = [
        MovementShown(
            row.id,
            Movement(row.kind),
            row.change,
            row.held_change,
            row.left,
            row.bucket,
            row.note,
            row.made_by,
            row.made_at,
        )
        for row in rows[:HISTORY]
    ]
    return tuple(found), len(rows) > HISTORY


def brands(work: Work, *, hidden: bool = False) -> tuple[Brand, ...]:
    """Brands by name; hidden ones on demand."""
    rows = work.session.execute(select(BrandRow).order_by(BrandRow.name, BrandRow.id)).scalars()
    every = (Brand(row.id, row.name, row.name_en, row.hidden_at is not None) for row in rows)
    return tuple(one for one in every if hidden or not one.hidden)


def history(work: Work, product_id: UUID) -> tuple[tuple[datetime, str, UUID | None, str], ...]:
    """What was done with a product, the latest first: when, which act, by whom, as what."""
    row = access_product(work, product_id)
    query = select(AuditEntry).where(AuditEntry.merchant_id == row.merchant_id, AuditEntry.subject_id == product_id)
    query = query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(HISTORY)
    return tuple((one.at, one.action, one.actor_id, one.actor_kind) for one in work.session.execute(query).scalars())
