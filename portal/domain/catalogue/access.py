"""The only ways to one product, one SKU, one version, one price change, one brand: permission, scope, lock."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain.catalogue.models import BrandRow, PriceChange, Product, Revision, Sku
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work

Row = TypeVar("Row", Product, Sku, PriceChange)


def access_product(
    work: Work, product_id: UUID, *, lock: bool = False, may: Permission = Permission.PRODUCT_VIEW
) -> Product:
    """The product of the merchant whose office is open, or any product on the platform's face. Raises NotFound."""
    return _one(work, Product, product_id, may, lock=lock)


def access_sku(work: Work, sku_id: UUID, *, lock: bool = False, may: Permission = Permission.PRODUCT_VIEW) -> Sku:
    """A SKU that is still made, as `access_product`."""
    sku = _one(work, Sku, sku_id, may, lock=lock)
    if sku.ended_at is not None:
        raise NotFound
    return sku


def access_change(work: Work, change_id: UUID, *, may: Permission) -> PriceChange:
    """A price change, locked, as `access_product`."""
    return _one(work, PriceChange, change_id, may, lock=True)


def _one(work: Work, model: type[Row], row_id: UUID, may: Permission, *, lock: bool) -> Row:
    work.require(may)
    query: Select[Any] = select(model).where(model.id == row_id)
    if work.scope.face is Face.OFFICE:
        query = query.where(model.merchant_id == work.merchant_id)
    query = query.execution_options(populate_existing=True)
    row: Row | None = work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def access_waiting(work: Work, product: Product) -> Revision | None:
    """The version of this product that waits for review, locked."""
    query = select(Revision).where(Revision.merchant_id == product.merchant_id, Revision.product_id == product.id)
    return work.session.execute(query.where(Revision.decision == "waiting").with_for_update()).scalar_one_or_none()


def access_brand(work: Work, brand_id: UUID) -> BrandRow:
    """The brand, or NotFound."""
    row = work.session.execute(select(BrandRow).where(BrandRow.id == brand_id)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row
