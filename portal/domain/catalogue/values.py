"""States of products and price changes, reasons of stock movements, and what pages show of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.kernel.words import Text, say


class ProductState(StrEnum):
    """Where a product stands. What is on sale may carry a changed copy that waits for review; the card stays."""

    DRAFT = "draft"
    REVIEW = "review"
    ON_SALE = "on_sale"
    OFF_SALE = "off_sale"


MOVES: dict[ProductState, frozenset[ProductState]] = {
    ProductState.DRAFT: frozenset({ProductState.REVIEW}),
    ProductState.REVIEW: frozenset({ProductState.DRAFT, ProductState.ON_SALE, ProductState.OFF_SALE}),
    ProductState.ON_SALE: frozenset({ProductState.OFF_SALE}),
    ProductState.OFF_SALE: frozenset({ProductState.REVIEW, ProductState.ON_SALE}),
}

STATES: dict[ProductState, Text] = {
    ProductState.DRAFT: say("草稿"),
    ProductState.REVIEW: say("审核中"),
    ProductState.ON_SALE: say("在售"),
    ProductState.OFF_SALE: say("已下架"),
}


class Decision(StrEnum):
    """What became of a version that was handed in."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ChangeState(StrEnum):
    """What became of a new supply price. Small changes are `applied` without asking."""

    WAITING = "waiting"
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Movement(StrEnum):
    """Why stock changed."""

    RECEIVED = "received"
    COUNTED = "counted"
    DAMAGED = "damaged"
    RESERVED = "reserved"
    RELEASED = "released"
    TAKEN = "taken"
    RETURNED = "returned"
    SPLIT = "split"


MOVEMENTS: dict[Movement, Text] = {
    Movement.RECEIVED: say("入库"),
    Movement.COUNTED: say("盘点"),
    Movement.DAMAGED: say("报损"),
    Movement.RESERVED: say("销售占用"),
    Movement.RELEASED: say("取消释放"),
    Movement.TAKEN: say("出库"),
    Movement.RETURNED: say("退货入库"),
    Movement.SPLIT: say("分格"),
}
BY_HAND = (Movement.RECEIVED, Movement.COUNTED, Movement.DAMAGED, Movement.RETURNED)
"""What people enter themselves; the rest follows from orders."""


class HoldState(StrEnum):
    """A hold is taken when the goods leave, released when the order falls away or time runs out."""

    HELD = "held"
    TAKEN = "taken"
    RELEASED = "released"


MOST_OPTIONS = 3
MOST_SKUS = 60
MOST_PICTURES = 9
MOST_STOCK = 10_000_000
MOST_BUCKETS = 32
FRESH = "fresh"
"""The code of the category whose goods are not taken back without reason, unless somebody says so."""


@dataclass(frozen=True)
class Option:
    """What a product comes in: a name and its values in order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class SkuDraft:
    """One combination of options as the supplier writes it. Prices in fen, weight in grams; `opening` is the first
    stock of a combination that is new.
    """

    values: tuple[str, ...]
    supply_fen: int
    suggested_fen: int
    grams: int
    code: str = ""
    barcode: str = ""
    low_mark: int = 0
    opening: int = 0


@dataclass(frozen=True)
class ProductDraft:
    """A product as the supplier writes it."""

    name: str
    category_id: UUID
    brand_id: UUID | None
    detail: str
    returnable: bool
    options: tuple[Option, ...]
    skus: tuple[SkuDraft, ...]


@dataclass(frozen=True)
class Terms:
    """What a SKU costs the platform from a moment on; a line freezes the id and the price."""

    id: UUID
    sku_id: UUID
    supply_fen: int
    effective_at: datetime


@dataclass(frozen=True)
class Wanted:
    """So many of a SKU, for a reservation."""

    merchant_id: UUID
    sku_id: UUID
    quantity: int


@dataclass(frozen=True)
class SaleDraft:
    """What the platform asks for a SKU, in fen."""

    sku_id: UUID
    sale_fen: int
    member_fen: int | None


@dataclass(frozen=True)
class Brand:
    """A brand as pages offer it."""

    id: UUID
    name: str
    name_en: str
    hidden: bool


@dataclass(frozen=True)
class SkuShown:
    """A SKU as its office and the platform see it. `supply_fen` is what is in force, or asked for when nothing is yet;
    `asked_fen` a new price that waits.
    """

    id: UUID
    product_id: UUID
    values: tuple[str, ...]
    code: str
    barcode: str
    grams: int
    supply_fen: int
    suggested_fen: int
    sale_fen: int | None
    member_fen: int | None
    available: int
    held: int
    low_mark: int
    buckets: int
    asked_fen: int | None = None
    coming: Terms | None = None

    @property
    def label(self) -> str:
        """The combination in words; empty for a product without options."""
        return " / ".join(self.values)

    @property
    def is_low(self) -> bool:
        """At or below the threshold."""
        return self.low_mark > 0 and self.available <= self.low_mark

    @property
    def lowest_fen(self) -> int | None:
        """The least anybody pays: the lower of sale and member price."""
        prices = [one for one in (self.sale_fen, self.member_fen) if one is not None]
        return min(prices, default=None)

    @property
    def margin_fen(self) -> int | None:
        """What the platform keeps of a sale at the sale price."""
        return None if self.sale_fen is None else self.sale_fen - self.supply_fen

    @property
    def margin_bp(self) -> int | None:
        """The same in basis points of the sale price, rounded down."""
        return _share(self.margin_fen, self.sale_fen)

    @property
    def least_margin_fen(self) -> int | None:
        """What the platform keeps of a sale at the lowest price: this decides whether it loses or earns little."""
        return None if self.lowest_fen is None else self.lowest_fen - self.supply_fen

    @property
    def least_margin_bp(self) -> int | None:
        """The same in basis points of the lowest price, rounded down."""
        return _share(self.least_margin_fen, self.lowest_fen)

    @property
    def loses(self) -> bool:
        """True when somebody pays less than it costs."""
        return self.least_margin_fen is not None and self.least_margin_fen < 0

    def at(self, sale_fen: int, member_fen: int | None) -> SkuShown:
        """The same SKU at other prices."""
        return replace(self, sale_fen=sale_fen, member_fen=member_fen)


def _share(margin_fen: int | None, price_fen: int | None) -> int | None:
    return None if margin_fen is None or not price_fen else margin_fen * 10_000 // price_fen


@dataclass(frozen=True)
class Photo:
    """A picture of a product; the names are of files."""

    id: UUID
    full: str
    wide: str
    small: str
    width: int
    height: int
    tone: str


@dataclass(frozen=True)
class ProductShown:
    """A product with everything its office knows; `waiting` when a version is in review."""

    merchant_id: UUID
    merchant_name: str
    id: UUID
    name: str
    category_id: UUID
    brand_id: UUID | None
    brand: str
    detail: str
    returnable: bool
    options: tuple[Option, ...]
    state: ProductState
    reason: str
    forced_off: bool
    changed: bool
    waiting: UUID | None
    version: int
    updated_at: datetime
    skus: tuple[SkuShown, ...] = field(default=())
    photos: tuple[Photo, ...] = field(default=())
