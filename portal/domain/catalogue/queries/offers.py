"""What pages of the street show of goods, and how they ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.domain.catalogue.rules.finding import Looked
from portal.domain.catalogue.values import Option
from portal.kernel.refusals import NotFound
from portal.kernel.words import say

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BIG = 2**53


class Sort(StrEnum):
    """How goods are ordered; the product's id settles what is equal."""

    BEST = "best"
    NEW = "new"
    CHEAP = "cheap"
    DEAR = "dear"


@dataclass(frozen=True)
class Cursor:
    """Where a list goes on: the key of the last row (a moment in microseconds, or fen) and its product."""

    key: int
    product_id: UUID

    def to_text(self) -> str:
        """For an address."""
        return f"{self.key}.{self.product_id.hex}"

    @classmethod
    def from_text(cls, text: str) -> Cursor | None:
        """What `to_text` wrote; None for anything else."""
        key, _, product = text[:60].partition(".")
        try:
            found = cls(int(key), UUID(product))
        except ValueError:
            return None
        return found if 0 <= found.key < _BIG else None


@dataclass(frozen=True)
class Asked:
    """Which goods a list shows; prices in fen."""

    looked: Looked | None = None
    category_ids: frozenset[UUID] = frozenset()
    merchant_id: UUID | None = None
    brand: str = ""
    low_fen: int | None = None
    high_fen: int | None = None
    returnable: bool = False
    in_stock: bool = False
    sort: Sort = Sort.BEST
    after: Cursor | None = None

    @property
    def plain(self) -> Asked:
        """The same words without filters."""
        return Asked(self.looked, sort=self.sort)


@dataclass(frozen=True)
class GoodsCard:
    """A product on the street. `left` is how many pieces of all its SKUs can be bought."""

    merchant_id: UUID
    product_id: UUID
    name: str
    merchant_name: str
    brand: str
    category_id: UUID
    returnable: bool
    pictures: tuple[dict[str, Any], ...]
    from_fen: int
    to_fen: int
    listed_at: datetime
    left: int = 0

    @property
    def cursor(self) -> dict[Sort, Cursor]:
        """Where the list goes on behind it, by order."""
        moment = Cursor((self.listed_at - EPOCH) // timedelta(microseconds=1), self.product_id)
        price = Cursor(self.from_fen, self.product_id)
        return {Sort.BEST: moment, Sort.NEW: moment, Sort.CHEAP: price, Sort.DEAR: price}


@dataclass(frozen=True)
class SkuOffer:
    """A SKU of a product's page; money in fen."""

    id: UUID
    choice: tuple[str, ...]
    grams: int
    suggested_fen: int
    sale_fen: int
    left: int


@dataclass(frozen=True)
class GoodsShown:
    """A product's page."""

    card: GoodsCard
    detail: str
    options: tuple[Option, ...]
    skus: tuple[SkuOffer, ...]


class GoodsGone(NotFound):
    """Not on sale, or never was."""

    def __init__(self) -> None:
        super().__init__(say("这件商品已下架，或者地址不对。"))


@dataclass(frozen=True)
class Found:
    """A page of goods, where it goes on, and beside few of them what else may be meant."""

    rows: tuple[GoodsCard, ...]
    after: Cursor | None
    alike: tuple[GoodsCard, ...] = ()
