"""A person's cart asked anew: what each thing costs now, whether it can be had, what sending it costs, what changed.

Nothing here comes from the page: prices from the cards of the street, pieces from stock, freight from its templates.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, tuple_

from portal.domain.catalogue.models import ProductCard, SkuCard, Stock
from portal.domain.freight import queries as freight
from portal.domain.freight.values import Quote as Freight
from portal.domain.ordering.models import CartItem
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.words import Text
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)
UNDO_FOR: Final = timedelta(minutes=10)
"""How long a removal may be undone."""


class Trouble(StrEnum):
    """Why a line cannot be bought as it stands."""

    OFF_SALE = "off_sale"
    SOLD_OUT = "sold_out"
    NOT_ENOUGH = "not_enough"
    NOT_SERVED = "not_served"


@dataclass(frozen=True)
class CartLine:
    """A line at today's price. `available` is what can be bought; `freight_fen` its share when it is chosen."""

    merchant_id: UUID
    product_id: UUID
    sku_id: UUID
    name: str
    choice: str
    picture: str
    returnable: bool
    grams: int
    quantity: int
    chosen: bool
    unit_fen: int
    seen_fen: int
    available: int
    trouble: Trouble | None
    freight_fen: int = 0

    @property
    def goods_fen(self) -> int:
        """What its pieces cost."""
        return self.unit_fen * self.quantity

    @property
    def counts(self) -> bool:
        """True when it is part of what would be bought."""
        return self.chosen and self.trouble is None

    @property
    def moved_fen(self) -> int:
        """How much dearer (above nought) or cheaper a piece is than when it was put in."""
        return 0 if self.trouble is Trouble.OFF_SALE else self.unit_fen - self.seen_fen


@dataclass(frozen=True)
class CartGroup:
    """One merchant's lines, and what sending the chosen ones costs."""

    merchant_id: UUID
    merchant_name: str
    lines: tuple[CartLine, ...]
    freight: Freight | None

    @property
    def goods_fen(self) -> int:
        """Chosen goods."""
        return sum(line.goods_fen for line in self.lines if line.counts)

    @property
    def freight_fen(self) -> int:
        """Freight of the chosen goods."""
        return sum(line.freight_fen for line in self.lines if line.counts)

    @property
    def refusal(self) -> Text | None:
        """What is not served at the place that was asked for."""
        return self.freight.refusal if self.freight else None


@dataclass(frozen=True)
class CartQuote:
    """The cart, asked at one moment for one place."""

    groups: tuple[CartGroup, ...]
    removed: int
    last_removed: str

    @property
    def lines(self) -> tuple[CartLine, ...]:
        """All lines of all merchants."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def goods_fen(self) -> int:
        """Chosen goods of all merchants."""
        return sum(group.goods_fen for group in self.groups)

    @property
    def freight_fen(self) -> int:
        """Freight of all merchants."""
        return sum(group.freight_fen for group in self.groups)

    @property
    def total_fen(self) -> int:
        """What is to be paid."""
        return self.goods_fen + self.freight_fen

    @property
    def pieces(self) -> int:
        """Chosen pieces that can be had."""
        return sum(line.quantity for line in self.lines if line.counts)

    @property
    def troubled(self) -> tuple[CartLine, ...]:
        """Chosen lines that cannot be bought as they stand."""
        return tuple(line for line in self.lines if line.chosen and line.trouble)

    @property
    def refusals(self) -> tuple[Text, ...]:
        """What the merchants do not send to the place."""
        return tuple(group.refusal for group in self.groups if group.refusal)

    @property
    def mark(self) -> str:
        """A fingerprint of what would be bought for how much: a page carries it, the server compares."""
        bought = [line for line in self.lines if line.counts]
        parts = [f"{line.sku_id}x{line.quantity}@{line.unit_fen}+{line.freight_fen}" for line in bought]
        return hashlib.sha256("|".join(sorted(parts)).encode()).hexdigest()[:16]


def quote(work: Work, *, region_code: str | None = None, only_chosen: bool = False) -> CartQuote:
    """The acting person's cart as it stands now, for this place (None: what most places pay)."""
    work.require(Permission.ORDER_BUY)
    rows = work.session.execute(_CART, {"person": work.person_id}).all()
    shown = [row for row in rows if row.CartItem.removed_at is None and (row.CartItem.chosen or not only_chosen)]
    left = available(work, [(row.CartItem.merchant_id, row.CartItem.sku_id) for row in shown if row.SkuCard])
    lines = [_line(row, left) for row in shown]
    names = {row.CartItem.merchant_id: _merchant(row) for row in shown}
    fees = _fees(work, lines, region_code)
    groups = [
        _group(merchant_id, name, [one for one in lines if one.merchant_id == merchant_id], fees.get(merchant_id))
        for merchant_id, name in names.items()
    ]
    undo = [row.CartItem for row in rows if _may_return(row.CartItem, work.now())]
    return CartQuote(tuple(groups), len(undo), undo[0].name if undo else "")


_CARD = and_(SkuCard.merchant_id == CartItem.merchant_id, SkuCard.sku_id == CartItem.sku_id)
_PRODUCT = and_(ProductCard.merchant_id == SkuCard.merchant_id, ProductCard.product_id == SkuCard.product_id)
_CART: Any = fixed(
    select(CartItem, SkuCard, ProductCard)
    .outerjoin(SkuCard, _CARD)
    .outerjoin(ProductCard, _PRODUCT)
    .where(CartItem.person_id == bindparam("person"))
    .order_by(CartItem.added_at.desc(), CartItem.sku_id)
    .execution_options(populate_existing=True)
)


def _may_return(item: CartItem, now: datetime) -> bool:
    return item.removed_at is not None and item.removed_at + UNDO_FOR > now


def _merchant(row: Any) -> str:
    return str(row.ProductCard.merchant_name if row.ProductCard else row.CartItem.merchant_name)


def _line(row: Any, left: Mapping[tuple[UUID, UUID], int]) -> CartLine:
    item, sku, card = row.CartItem, row.SkuCard, row.ProductCard
    on_sale = sku is not None and card is not None
    had = left.get((item.merchant_id, item.sku_id), 0)
    first = card.pictures[0]["small"] if on_sale and card.pictures else item.picture
    return CartLine(
        merchant_id=item.merchant_id,
        product_id=item.product_id,
        sku_id=item.sku_id,
        name=card.name if on_sale else item.name,
        choice=" / ".join(sku.choice) if on_sale else item.choice,
        picture=first,
        returnable=bool(on_sale and card.returnable),
        grams=sku.grams if on_sale else 0,
        quantity=item.quantity,
        chosen=item.chosen,
        unit_fen=sku.sale_fen if on_sale else item.seen_fen,
        seen_fen=item.seen_fen,
        available=had,
        trouble=_trouble(item.quantity, had) if on_sale else Trouble.OFF_SALE,
    )


def _trouble(quantity: int, had: int) -> Trouble | None:
    if had <= 0:
        return Trouble.SOLD_OUT
    return Trouble.NOT_ENOUGH if had < quantity else None


def _fees(work: Work, lines: Sequence[CartLine], region_code: str | None) -> dict[UUID, Freight]:
    parcels: dict[UUID, list[tuple[UUID, int, int, int]]] = {}
    for one in lines:
        if one.counts:
            asked = (one.product_id, one.quantity, one.grams * one.quantity, one.goods_fen)
            parcels.setdefault(one.merchant_id, []).append(asked)
    return freight.quote(work, parcels=list(parcels.items()), region_code=region_code) if parcels else {}


def _group(merchant_id: UUID, name: str, lines: Sequence[CartLine], fee: Freight | None) -> CartGroup:
    """Hand the fee out to the lines it is made of; what is not served there cannot be bought."""
    shares = iter(fee.shares if fee else ())
    refused = frozenset(fee.refused if fee else ())
    shown = []
    for line in lines:
        if line.counts and line.product_id in refused:
            shown.append(replace(line, trouble=Trouble.NOT_SERVED))
        elif line.counts and not refused:
            shown.append(replace(line, freight_fen=int(next(shares, 0))))
        else:
            shown.append(line)
    return CartGroup(merchant_id, name, tuple(shown), fee)


_AVAILABLE: Any = fixed(
    select(Stock.merchant_id, Stock.sku_id, func.sum(Stock.available))
    .where(tuple_(Stock.merchant_id, Stock.sku_id).in_(bindparam("skus", expanding=True)))
    .group_by(Stock.merchant_id, Stock.sku_id)
)


def available(work: Work, skus: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], int]:
    """How many pieces of each (merchant, SKU) can be bought now; asked on the worker's face."""
    if not skus:
        return {}
    with borrowed(work, HOUSE):
        rows = work.session.execute(_AVAILABLE, {"skus": list(skus)})
        return {(merchant, sku): int(total) for merchant, sku, total in rows}


_COUNT: Any = fixed(select(func.count()).select_from(CartItem).where(CartItem.removed_at.is_(None)))


def count(work: Work) -> int:
    """How many lines the cart has."""
    work.require(Permission.ORDER_BUY)
    return int(work.session.execute(_COUNT).scalar_one())
