"""SKUs with what they cost, what the street pays and how many there are, for lists and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from portal.domain.catalogue.models import PriceChange, ProductPhoto, Sku, SkuSale, Stock
from portal.domain.catalogue.queries.terms import coming, price_now
from portal.domain.catalogue.values import Photo, SkuShown
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def skus_of(work: Work, product_ids: Sequence[UUID]) -> dict[UUID, tuple[SkuShown, ...]]:
    """The SKUs that are still made, by product, in order."""
    found: dict[UUID, list[SkuShown]] = defaultdict(list)
    query = shown(work).where(Sku.product_id.in_(product_ids), Sku.ended_at.is_(None))
    rows = work.session.execute(query.order_by(Sku.product_id, Sku.position, Sku.id)).all()
    later = coming(work, [row.Sku.id for row in rows]) if rows else {}
    for row in rows:
        found[row.Sku.product_id].append(sku_shown(row, later))
    return {product_id: tuple(skus) for product_id, skus in found.items()}


def shown(work: Work) -> Any:
    """The statement behind every list of SKUs."""
    of_sku: ColumnElement[bool] = and_(SkuSale.merchant_id == Sku.merchant_id, SkuSale.sku_id == Sku.id)
    waits = and_(
        PriceChange.merchant_id == Sku.merchant_id, PriceChange.sku_id == Sku.id, PriceChange.state == "waiting"
    )
    return (
        select(
            Sku,
            SkuSale,
            func.coalesce(price_now(work.now()), Sku.supply_fen).label("supply_fen"),
            _stock(func.sum(Stock.available)).label("available"),
            _stock(func.sum(Stock.held)).label("held"),
            _stock(func.count()).label("buckets"),
            PriceChange.new_fen.label("asked_fen"),
        )
        .outerjoin(SkuSale, of_sku)
        .outerjoin(PriceChange, waits)
    )


def _stock(what: Any) -> Any:
    query = select(func.coalesce(what, 0)).where(Stock.merchant_id == Sku.merchant_id, Stock.sku_id == Sku.id)
    return query.correlate(Sku).scalar_subquery()


def sku_shown(row: Any, later: dict[UUID, Any]) -> SkuShown:
    """One row of `shown`."""
    sku, sale = row.Sku, row.SkuSale
    return SkuShown(
        id=sku.id,
        product_id=sku.product_id,
        values=tuple(sku.choice),
        code=sku.code,
        barcode=sku.barcode,
        grams=sku.grams,
        supply_fen=row.supply_fen,
        suggested_fen=sku.suggested_fen,
        sale_fen=sale.sale_fen if sale else None,
        member_fen=sale.member_fen if sale else None,
        available=int(row.available),
        held=int(row.held),
        low_mark=sku.low_mark,
        buckets=int(row.buckets),
        asked_fen=row.asked_fen,
        coming=later.get(sku.id),
    )


def photos_of(work: Work, product_ids: Sequence[UUID]) -> dict[UUID, tuple[Photo, ...]]:
    """Pictures by product, in order."""
    found: dict[UUID, list[Photo]] = defaultdict(list)
    query = select(ProductPhoto).where(ProductPhoto.product_id.in_(product_ids))
    for row in work.session.execute(query.order_by(ProductPhoto.position, ProductPhoto.id)).scalars():
        photo = Photo(row.id, row.full, row.wide, row.small, row.width, row.height, row.tone)
        found[row.product_id].append(photo)
    return {product_id: tuple(photos) for product_id, photos in found.items()}


def availability(work: Work, sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many pieces of each SKU can be bought now; asked on the worker's face, for pages of the shop."""
    query = select(Stock.sku_id, func.sum(Stock.available)).where(Stock.sku_id.in_(sku_ids)).group_by(Stock.sku_id)
    with borrowed(work, Scope(Face.JOB)):
        return {sku_id: int(total) for sku_id, total in work.session.execute(query)}
