"""Pictures of a product: added, put in order, taken away. The files are drawn anew before they come here."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.domain.catalogue import errors
from portal.domain.catalogue.access import access_product, access_waiting
from portal.domain.catalogue.actions.products import touch
from portal.domain.catalogue.models import Product, ProductPhoto, Revision
from portal.domain.catalogue.values import MOST_PICTURES
from portal.domain.stores.values import Picture
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def add_photos(work: Work, product_id: UUID, *, pictures: Sequence[Picture]) -> None:
    """Put pictures behind those that are there. Refuses more than nine in all."""
    product, rows = _open(work, product_id)
    if len(rows) + len(pictures) > MOST_PICTURES:
        raise Refusal(say("最多 %(most)s 张图片，请先删掉几张。", most=MOST_PICTURES), field="pictures")
    for position, picture in enumerate(pictures, len(rows) + 1):
        work.session.add(
            ProductPhoto(
                merchant_id=product.merchant_id,
                id=new_id(),
                product_id=product.id,
                position=position,
                full=picture.full,
                wide=picture.wide,
                small=picture.small,
                width=picture.width,
                height=picture.height,
                tone=picture.tone,
                created_at=work.now(),
            )
        )
    _done(work, product, "product.pictures_added")


def move_photo(work: Work, product_id: UUID, photo_id: UUID, *, up: bool) -> None:
    """One place forward or back; at the end of the row nothing happens."""
    product, rows = _open(work, product_id)
    at = _index(rows, photo_id)
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows, 1):
        row.position = position
    _done(work, product, "product.pictures_ordered")


def remove_photo(work: Work, product_id: UUID, photo_id: UUID) -> tuple[str, ...]:
    """Take a picture away; the names of files nobody needs any more (a version that was handed in keeps its own)."""
    product, rows = _open(work, product_id)
    row = rows.pop(_index(rows, photo_id))
    work.session.delete(row)
    for position, other in enumerate(rows, 1):
        other.position = position
    _done(work, product, "product.picture_removed")
    handed_in = select(Revision.id).where(
        Revision.merchant_id == product.merchant_id, Revision.product_id == product.id
    )
    kept = work.session.execute(handed_in.limit(1)).scalar() is not None
    return () if kept else (row.full, row.wide, row.small)


def _open(work: Work, product_id: UUID) -> tuple[Product, list[ProductPhoto]]:
    product = access_product(work, product_id, lock=True, may=Permission.PRODUCT_EDIT)
    if access_waiting(work, product) is not None:
        raise errors.ProductWaiting
    query = select(ProductPhoto).where(
        ProductPhoto.merchant_id == product.merchant_id, ProductPhoto.product_id == product.id
    )
    return product, list(work.session.execute(query.order_by(ProductPhoto.position, ProductPhoto.id)).scalars())


def _index(rows: Sequence[ProductPhoto], photo_id: UUID) -> int:
    for at, row in enumerate(rows):
        if row.id == photo_id:
            return at
    raise NotFound


def _done(work: Work, product: Product, action: str) -> None:
    work.session.flush()
    touch(work, product)
    work.audit(action, "product", product.id)
