"""A version of a product as data: what is handed in, compared and shown. Names are copied."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.catalogue.models import BrandRow, Product, ProductPhoto, Revision, Sku
from portal.kernel.work import Work


def live_skus(work: Work, merchant_id: UUID, product_id: UUID) -> list[Sku]:
    """The SKUs that are still made, in order."""
    query = select(Sku).where(Sku.merchant_id == merchant_id, Sku.product_id == product_id, Sku.ended_at.is_(None))
    return list(work.session.execute(query.order_by(Sku.position, Sku.id)).scalars())


def facts_of(work: Work, product: Product) -> dict[str, Any]:
    """The present copy."""
    brand = work.session.execute(select(BrandRow.name).where(BrandRow.id == product.brand_id)).scalar() or ""
    photos = select(ProductPhoto).where(
        ProductPhoto.merchant_id == product.merchant_id, ProductPhoto.product_id == product.id
    )
    photos = photos.order_by(ProductPhoto.position, ProductPhoto.id)
    return {
        "name": product.name,
        "category_id": str(product.category_id),
        "brand": brand,
        "detail": product.detail,
        "returnable": product.returnable,
        "options": product.options,
        "photos": [_photo(one) for one in work.session.execute(photos).scalars()],
        "skus": [_sku(one) for one in live_skus(work, product.merchant_id, product.id)],
    }


def _photo(row: ProductPhoto) -> dict[str, Any]:
    names = ("full", "wide", "small", "width", "height", "tone")
    return {"id": str(row.id), **{name: getattr(row, name) for name in names}}


def _sku(row: Sku) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "choice": list(row.choice),
        "code": row.code,
        "barcode": row.barcode,
        "grams": row.grams,
        "supply_fen": row.supply_fen,
        "suggested_fen": row.suggested_fen,
    }


def content(facts: dict[str, Any]) -> dict[str, Any]:
    """What the street would see of it: without prices and codes, which go their own ways."""
    skus = [{name: one[name] for name in ("id", "choice", "barcode", "grams")} for one in facts["skus"]]
    return {**facts, "skus": skus}


def last_approved(work: Work, product: Product) -> dict[str, Any] | None:
    """What was let in last; None when nothing was."""
    query = select(Revision.facts).where(
        Revision.merchant_id == product.merchant_id, Revision.product_id == product.id, Revision.decision == "approved"
    )
    return work.session.execute(query.order_by(Revision.decided_at.desc(), Revision.id.desc()).limit(1)).scalar()
