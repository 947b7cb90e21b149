"""Goods by the hundred, for lists that come in and go out: a fixed number of statements for any number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, select, true

from portal.domain.catalogue.models import BrandRow, Product, Revision, Sku, SupplyTerms
from portal.domain.catalogue.queries.desk import Asked, filtered
from portal.domain.catalogue.queries.skus import shown, sku_shown
from portal.domain.catalogue.values import Option, ProductDraft, ProductState, SkuDraft, SkuShown
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

LOT = 500


@dataclass(frozen=True)
class Copy:
    """A product as its supplier wrote it last, for writing it again; `waiting` when a version is in review.

    `skus` are the ids in the order of the draft.
    """

    id: UUID
    draft: ProductDraft
    version: int
    state: ProductState
    waiting: bool
    skus: tuple[UUID, ...]


def by_codes(work: Work, codes: Sequence[str]) -> dict[str, SkuShown]:
    """The office's SKUs of these codes that are still made."""
    work.require(Permission.PRODUCT_VIEW)
    ids = list(ids_by_code(work, codes).values())
    query = shown(work).where(Sku.id.in_(ids))
    return {row.Sku.code: sku_shown(row, {}) for row in work.session.execute(query)}


def ids_by_code(work: Work, codes: Sequence[str]) -> dict[str, UUID]:
    """The ids alone. One look into the index for each code: a list of codes would tempt a planner without statistics
    to read all of the merchant's SKUs.
    """
    work.require(Permission.PRODUCT_VIEW)
    asked = cast(sorted({code for code in codes if code}), ARRAY(Text))
    wanted = func.unnest(asked).table_valued("code").render_derived("wanted")
    live = (Sku.merchant_id == work.merchant_id, Sku.code != "", Sku.ended_at.is_(None))
    one = select(Sku.id).where(*live, Sku.code == wanted.c.code).limit(1).lateral("one")
    found = work.session.execute(select(wanted.c.code, one.c.id).select_from(wanted).join(one, true()))
    return {row[0]: row[1] for row in found}


def copies(work: Work, product_ids: Sequence[UUID]) -> dict[UUID, Copy]:
    """The office's products of these ids, each as a draft; a supply price that waits counts as written."""
    work.require(Permission.PRODUCT_VIEW)
    mine = (Product.merchant_id == work.merchant_id, Product.id.in_(product_ids))
    waits = select(Revision.product_id).where(Revision.merchant_id == work.merchant_id, Revision.decision == "waiting")
    waiting = set(work.session.execute(waits.where(Revision.product_id.in_(product_ids))).scalars())
    skus: dict[UUID, list[tuple[UUID, SkuDraft]]] = defaultdict(list)
    query = shown(work).where(Sku.merchant_id == work.merchant_id, Sku.product_id.in_(product_ids))
    for row in work.session.execute(query.where(Sku.ended_at.is_(None)).order_by(Sku.position, Sku.id)):
        skus[row.Sku.product_id].append((row.Sku.id, _sku(row)))
    return {
        row.id: Copy(
            row.id,
            ProductDraft(
                row.name,
                row.category_id,
                row.brand_id,
                row.detail,
                row.returnable,
                tuple(Option(one["name"], tuple(one["values"])) for one in row.options),
                tuple(draft for _id, draft in skus[row.id]),
            ),
            row.version,
            ProductState(row.state),
            row.id in waiting,
            tuple(sku_id for sku_id, _draft in skus[row.id]),
        )
        for row in work.session.execute(select(Product).where(*mine)).scalars()
    }


def _sku(row: Any) -> SkuDraft:
    sku = row.Sku
    return SkuDraft(
        values=tuple(sku.choice),
        supply_fen=row.asked_fen or sku.supply_fen,
        suggested_fen=sku.suggested_fen,
        grams=sku.grams,
        code=sku.code,
        barcode=sku.barcode,
        low_mark=sku.low_mark,
    )


@dataclass(frozen=True)
class Listed:
    """One SKU with its product, for a list that goes out."""

    product_id: UUID
    name: str
    category_id: UUID
    brand: str
    detail: str
    returnable: bool
    options: tuple[Option, ...]
    state: ProductState
    sku: SkuShown


def listed(work: Work, asked: Asked) -> Iterator[Listed]:
    """Every SKU of the products a list shows, in lots of products; the last of a lot leads to the next."""
    work.require(Permission.PRODUCT_VIEW)
    after: UUID | None = None
    while True:
        query = filtered(work, asked)
        if after is not None:
            query = query.where(Product.id > after)
        rows = work.session.execute(query.order_by(Product.id).limit(LOT)).all()
        if not rows:
            return
        products = {row.Product.id: (row.Product, row.brand or "") for row in rows}
        of_these = shown(work).where(Sku.merchant_id == work.merchant_id, Sku.product_id.in_(products))
        of_these = of_these.where(Sku.ended_at.is_(None)).order_by(Sku.product_id, Sku.position, Sku.id)
        for row in work.session.execute(of_these):
            yield _listed(*products[row.Sku.product_id], sku_shown(row, {}))
        after = max(products)
        work.session.expunge_all()


def _listed(one: Product, brand: str, sku: SkuShown) -> Listed:
    return Listed(
        one.id,
        one.name,
        one.category_id,
        brand,
        one.detail,
        one.returnable,
        tuple(Option(option["name"], tuple(option["values"])) for option in one.options),
        ProductState(one.state),
        sku,
    )


def brand_ids(work: Work) -> dict[str, UUID]:
    """Brands that may be chosen, by their names in either language."""
    rows = work.session.execute(select(BrandRow).where(BrandRow.hidden_at.is_(None))).scalars()
    return {name.casefold(): row.id for row in rows for name in (row.name, row.name_en) if name}


def with_terms(work: Work, sku_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these SKUs were let in, so that a new price is asked for and not just written."""
    work.require(Permission.PRODUCT_VIEW)
    query = select(SupplyTerms.sku_id).where(SupplyTerms.merchant_id == work.merchant_id)
    return set(work.session.execute(query.where(SupplyTerms.sku_id.in_(sku_ids)).distinct()).scalars())
