"""Goods as the street finds them: pages in a steady order, what is alike, one product with what can be bought of it.

Everything is read from the cards. Only stock is asked for on the worker's face, as a number of pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, not_, or_, select, text, tuple_

from portal.domain.catalogue.models import ProductCard, SkuCard, Stock
from portal.domain.catalogue.queries.offers import EPOCH, Asked, Found, GoodsCard, GoodsGone, GoodsShown, SkuOffer, Sort
from portal.domain.catalogue.queries.skus import availability
from portal.domain.catalogue.rules.finding import Looked
from portal.domain.catalogue.values import Option
from portal.kernel.faces import borrowed
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

PAGE, FEW, ALIKE, CANDIDATES, MOST_SUPPLIERS = 24, 6, 12, 400, 60


def find(work: Work, asked: Asked) -> Found:
    """A page of what holds every word; when that is few, beside it what is alike, nearest first."""
    rows = [] if asked.looked is not None and not asked.looked else _page(work, asked)
    shown, further = rows[:PAGE], len(rows) > PAGE
    alike = _alike(work, asked, shown) if asked.looked and asked.after is None and len(shown) < FEW else []
    stocked = with_stock(work, [*shown, *alike])
    after = shown[-1].cursor[asked.sort] if further else None
    return Found(stocked[: len(shown)], after, stocked[len(shown) :])


def newest(work: Work, *, most: int = ALIKE, merchant_id: UUID | None = None) -> tuple[GoodsCard, ...]:
    """What came last."""
    return with_stock(work, _page(work, Asked(merchant_id=merchant_id), most=most))


def beside(work: Work, card: GoodsCard, *, most: int = 8) -> tuple[GoodsCard, ...]:
    """Others of the same category, the latest first."""
    rows = _page(work, Asked(category_ids=frozenset({card.category_id})), most=most + 1)
    return with_stock(work, [one for one in rows if one.product_id != card.product_id][:most])


def _page(work: Work, asked: Asked, *, most: int = PAGE + 1) -> list[GoodsCard]:
    query = _ordered(select(ProductCard), asked)
    if asked.looked:
        query = query.where(_holds(asked.looked))
    with _face(work, asked):
        rows = work.session.execute(_sieved(query, asked).limit(most)).scalars().all()
        return [_card(row) for row in rows]


def _face(work: Work, asked: Asked) -> AbstractContextManager[None]:
    """Whether something can be bought only the worker sees."""
    return borrowed(work, Scope(Face.JOB)) if asked.in_stock else nullcontext()


def _ordered(query: Any, asked: Asked) -> Any:
    price = asked.sort in (Sort.CHEAP, Sort.DEAR)
    keys = (ProductCard.from_fen if price else ProductCard.listed_at, ProductCard.product_id)
    up = asked.sort is Sort.CHEAP
    if asked.after is not None:
        key = asked.after.key if price else EPOCH + timedelta(microseconds=asked.after.key)
        here, last = tuple_(*keys), tuple_(key, asked.after.product_id)
        query = query.where(here > last if up else here < last)
    return query.order_by(*keys) if up else query.order_by(*(one.desc() for one in keys))


def _holds(looked: Looked) -> Any:
    every = [ProductCard.name.icontains(sign, autoescape=True) for sign in looked.signs]
    return and_(*every, *([ProductCard.search.contains(list(looked.pairs))] if looked.pairs else []))


def _sieved(query: Any, asked: Asked) -> Any:
    if asked.category_ids:
        query = query.where(ProductCard.category_id.in_(asked.category_ids))
    if asked.merchant_id is not None:
        query = query.where(ProductCard.merchant_id == asked.merchant_id)
    if asked.brand:
        query = query.where(ProductCard.brand == asked.brand)
    if asked.low_fen is not None:
        query = query.where(ProductCard.to_fen >= asked.low_fen)
    if asked.high_fen is not None:
        query = query.where(ProductCard.from_fen <= asked.high_fen)
    if asked.returnable:
        query = query.where(ProductCard.returnable)
    return query.where(_can_be_bought()) if asked.in_stock else query


def _can_be_bought() -> Any:
    stock = and_(Stock.merchant_id == SkuCard.merchant_id, Stock.sku_id == SkuCard.sku_id, Stock.available > 0)
    mine = and_(SkuCard.merchant_id == ProductCard.merchant_id, SkuCard.product_id == ProductCard.product_id)
    return select(SkuCard.sku_id).join(Stock, stock).where(mine).correlate(ProductCard).exists()


def _alike(work: Work, asked: Asked, shown: Sequence[GoodsCard]) -> list[GoodsCard]:
    """By how many of the pairs they hold, among at most 400 that hold some; not what is shown already.

    When filters left nothing, what they hid comes first.
    """
    assert asked.looked is not None
    known = {one.product_id for one in shown}
    found = [] if shown or asked.plain == replace(asked, after=None) else _page(work, asked.plain, most=ALIKE)
    for way in asked.looked.ways if not found else ():
        found = found or _nearest(work, asked.looked, way)
    return [one for one in found if one.product_id not in known][:ALIKE]


def _nearest(work: Work, looked: Looked, way: tuple[tuple[str, ...], ...]) -> list[GoodsCard]:
    some = or_(*(ProductCard.search.contains(list(pairs)) for pairs in way))
    if all(len(pairs) == 1 for pairs in way):
        some = ProductCard.search.overlap(list(looked.pairs))
    among = select(ProductCard.merchant_id, ProductCard.product_id, ProductCard.search)
    near = among.where(some, not_(_holds(looked))).limit(CANDIDATES).subquery()
    signs = func.unnest(near.c.search).table_valued("pair").render_derived("signs")
    held = select(func.count()).select_from(signs).where(signs.c.pair.in_(looked.pairs))
    share = held.correlate(near).scalar_subquery()
    best = select(near.c.merchant_id, near.c.product_id, share.label("share")).order_by(share.desc(), near.c.product_id)
    top = best.limit(2 * ALIKE).subquery()
    same = and_(ProductCard.merchant_id == top.c.merchant_id, ProductCard.product_id == top.c.product_id)
    query = select(ProductCard).join(top, same)
    query = query.order_by(top.c.share.desc(), ProductCard.listed_at.desc(), ProductCard.product_id.desc())
    return [_card(row) for row in work.session.execute(query).scalars()]


def with_stock(work: Work, cards: Sequence[GoodsCard]) -> tuple[GoodsCard, ...]:
    """The same cards with what can be bought of them."""
    if not cards:
        return ()
    of_sku = and_(Stock.merchant_id == SkuCard.merchant_id, Stock.sku_id == SkuCard.sku_id)
    query = select(SkuCard.product_id, func.sum(Stock.available)).join(Stock, of_sku)
    query = query.where(SkuCard.product_id.in_([one.product_id for one in cards])).group_by(SkuCard.product_id)
    with borrowed(work, Scope(Face.JOB)):
        left = {product_id: int(total) for product_id, total in work.session.execute(query)}
    return tuple(replace(one, left=left.get(one.product_id, 0)) for one in cards)


def shown(work: Work, product_id: UUID) -> GoodsShown:
    """One product with its SKUs. Raises GoodsGone when it is not on sale."""
    row = work.session.execute(select(ProductCard).where(ProductCard.product_id == product_id)).scalar_one_or_none()
    if row is None:
        raise GoodsGone
    query = select(SkuCard).where(SkuCard.merchant_id == row.merchant_id, SkuCard.product_id == product_id)
    skus = work.session.execute(query.order_by(SkuCard.position, SkuCard.sku_id)).scalars().all()
    left = availability(work, [sku.sku_id for sku in skus])
    offers = tuple(
        SkuOffer(
            sku.sku_id, tuple(sku.choice), sku.grams, sku.suggested_fen, sku.sale_fen, max(0, left.get(sku.sku_id, 0))
        )
        for sku in skus
    )
    options = tuple(Option(one["name"], tuple(one["values"])) for one in row.options)
    card = replace(_card(row), left=sum(offer.left for offer in offers))
    return GoodsShown(card, row.detail, options, offers)


def _card(row: ProductCard) -> GoodsCard:
    return GoodsCard(
        row.merchant_id,
        row.product_id,
        row.name,
        row.merchant_name,
        row.brand,
        row.category_id,
        row.returnable,
        tuple(row.pictures),
        row.from_fen,
        row.to_fen,
        row.listed_at,
    )


_SUPPLIERS = text("""
WITH RECURSIVE those AS (
  (SELECT merchant_id, merchant_name FROM product_cards ORDER BY merchant_id LIMIT 1)
  UNION ALL
  SELECT further.* FROM those, LATERAL (
    SELECT merchant_id, merchant_name FROM product_cards WHERE merchant_id > those.merchant_id
    ORDER BY merchant_id LIMIT 1) AS further
) SELECT merchant_id, merchant_name FROM those LIMIT :most
""")


def suppliers(work: Work) -> tuple[tuple[UUID, str], ...]:
    """Merchants with goods on sale, by name; at most sixty are offered."""
    rows = work.session.execute(_SUPPLIERS, {"most": MOST_SUPPLIERS}).all()
    return tuple(sorted(((row.merchant_id, row.merchant_name) for row in rows), key=lambda one: one[1]))


def window(work: Work, merchant_id: UUID) -> tuple[str, int]:
    """A merchant's name and how many goods it has on sale. Raises NotFound when none."""
    query = select(func.min(ProductCard.merchant_name), func.count()).where(ProductCard.merchant_id == merchant_id)
    name, count = work.session.execute(query).one()
    if not count:
        raise NotFound(say("这家供应商现在没有在售的商品。"))
    return name, count
