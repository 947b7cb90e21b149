"""Keeps the cards of the street true: a product has one exactly while it is on sale and its merchant active.

What a card says comes from the version that was let in last, never from the supplier's copy; prices are the platform's.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.catalogue.actions.facts import last_approved
from portal.domain.catalogue.models import Product, ProductCard, SkuCard, SkuSale
from portal.domain.catalogue.rules.goods import bigrams
from portal.domain.catalogue.values import ProductState
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import MerchantState
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

_BULK = {"synchronize_session": False}
_KEPT = frozenset({"merchant_id", "product_id", "listed_at"})


def refresh_card(work: Work, merchant_id: UUID, product_id: UUID) -> None:
    """Write or take away the cards of one product."""
    work.session.flush()
    with borrowed(work, Scope(Face.JOB)):
        row = work.session.execute(
            select(Product, Merchant.name, Merchant.state)
            .join(Merchant, Merchant.id == Product.merchant_id)
            .where(Product.merchant_id == merchant_id, Product.id == product_id)
        ).one()
        facts = last_approved(work, row.Product)
        shown = row.Product.state == ProductState.ON_SALE and row.state == MerchantState.ACTIVE
        skus = _skus(work, row.Product, facts) if shown and facts else []
        drop_cards(work, merchant_id, product_id, keep_product=bool(skus))
        if skus:
            assert facts is not None
            _put(work, _card(work, row.Product, row.name, facts, skus))
            work.session.execute(insert(SkuCard).values(skus))


def drop_cards(work: Work, merchant_id: UUID, product_id: UUID | None = None, *, keep_product: bool = False) -> None:
    """Delete cards on the worker's face: of one product, or all of the merchant's."""
    skus = delete(SkuCard).where(SkuCard.merchant_id == merchant_id)
    products = delete(ProductCard).where(ProductCard.merchant_id == merchant_id)
    if product_id is not None:
        skus, products = (
            skus.where(SkuCard.product_id == product_id),
            products.where(ProductCard.product_id == product_id),
        )
    work.session.execute(skus, execution_options=_BULK)
    if not keep_product:
        work.session.execute(products, execution_options=_BULK)


def _skus(work: Work, product: Product, facts: dict[str, Any]) -> list[dict[str, Any]]:
    known = {UUID(one["id"]): (at, one) for at, one in enumerate(facts["skus"])}
    sales = work.session.execute(
        select(SkuSale).where(SkuSale.merchant_id == product.merchant_id, SkuSale.sku_id.in_(known))
    ).scalars()
    rows = []
    for sale in sales:
        position, one = known[sale.sku_id]
        rows.append(
            {
                "merchant_id": product.merchant_id,
                "sku_id": sale.sku_id,
                "product_id": product.id,
                "position": position,
                "choice": list(one["choice"]),
                "grams": one["grams"],
                "suggested_fen": one["suggested_fen"],
                "sale_fen": sale.sale_fen,
                "member_fen": sale.member_fen,
            }
        )
    return sorted(rows, key=lambda row: row["position"])


def _card(
    work: Work, product: Product, merchant: str, facts: dict[str, Any], skus: list[dict[str, Any]]
) -> dict[str, Any]:
    prices = [sku["sale_fen"] for sku in skus]
    members = [sku["member_fen"] for sku in skus if sku["member_fen"] is not None]
    words = [value for sku in skus for value in sku["choice"]]
    return {
        "merchant_id": product.merchant_id,
        "product_id": product.id,
        "name": facts["name"],
        "merchant_name": merchant,
        "brand": facts["brand"],
        "category_id": UUID(facts["category_id"]),
        "detail": facts["detail"],
        "returnable": facts["returnable"],
        "options": facts["options"],
        "pictures": facts["photos"],
        "from_fen": min(prices),
        "to_fen": max(prices),
        "member_from_fen": min(members) if members else None,
        "search": bigrams(facts["name"], facts["brand"], merchant, *words),
        "listed_at": work.now(),
        "refreshed_at": work.now(),
    }


def _put(work: Work, row: dict[str, Any]) -> None:
    new = insert(ProductCard).values(row)
    changes = {name: new.excluded[name] for name in row if name not in _KEPT}
    keys = [ProductCard.merchant_id, ProductCard.product_id]
    work.session.execute(new.on_conflict_do_update(index_elements=keys, set_=changes), execution_options=_BULK)
