"""States of checkouts and orders with their allowed moves, and an order as pages show it. Amounts in fen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from portal.kernel.paste.regions import plain
from portal.kernel.words import Text, say

MOST_CART_LINES: Final = 200
MOST_PIECES: Final = 9999
NOTE_MOST: Final = 200
BUSINESS: Final = "checkout"
"""What payments call the business row of a checkout."""


class CheckoutState(StrEnum):
    """One payment over several orders; it ends once."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OrderState(StrEnum):
    """Where one merchant's order stands."""

    UNPAID = "unpaid"
    PAID = "paid"
    PARTLY = "partly"
    SHIPPED = "shipped"
    RECEIVED = "received"
    COMPLETED = "completed"
    CLOSED = "closed"


S = OrderState
MOVES: Final[Mapping[OrderState, frozenset[OrderState]]] = MappingProxyType(
    {
        S.UNPAID: frozenset({S.PAID, S.CLOSED}),
        S.PAID: frozenset({S.PARTLY, S.SHIPPED, S.CLOSED}),
        S.PARTLY: frozenset({S.PAID, S.SHIPPED, S.CLOSED}),  # back to paid when a parcel is undone
        S.SHIPPED: frozenset({S.PAID, S.PARTLY, S.RECEIVED, S.CLOSED}),
        S.RECEIVED: frozenset({S.COMPLETED, S.CLOSED}),
        S.COMPLETED: frozenset(),  # a late refund leaves it completed
        S.CLOSED: frozenset(),
    }
)
OPEN_STATES: Final = (S.PAID, S.PARTLY)
"""The supplier still has something to ship."""

STATES: Final[Mapping[OrderState, Text]] = MappingProxyType(
    {
        S.UNPAID: say("待付款"),
        S.PAID: say("待发货"),
        S.PARTLY: say("部分发货"),
        S.SHIPPED: say("待收货"),
        S.RECEIVED: say("已收货"),
        S.COMPLETED: say("交易完成"),
        S.CLOSED: say("已关闭"),
    }
)


class CloseReason(StrEnum):
    """Why an order was closed."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class Happening(StrEnum):
    """Lines of an order's timeline."""

    PLACED = "placed"
    PAID = "paid"
    CLOSED = "closed"
    SHIPPED = "shipped"
    SHIPPING_UNDONE = "shipping_undone"
    RECEIVED = "received"
    COMPLETED = "completed"
    ADDRESS_CHANGED = "address_changed"
    NO_STOCK = "no_stock"
    CASE = "case"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class Recipient:
    """Who gets the parcel. `region_names` go from the province down."""

    name: str
    phone: str
    region_code: str
    region_names: tuple[str, ...]
    detail: str

    @property
    def place(self) -> str:
        """省市区街道, without names that only fill a table's column."""
        return " ".join(plain(self.region_names))


@dataclass(frozen=True)
class LineShown:
    """One line of an order; `to_ship` is what may leave now."""

    id: UUID
    order_id: UUID
    product_id: UUID
    sku_id: UUID
    name: str
    choice: str
    picture: str
    code: str
    grams: int
    returnable: bool
    quantity: int
    unit_fen: int
    goods_fen: int
    freight_fen: int
    shipped: int
    cancelled: int
    returned: int
    blocked: int
    refunded_goods_fen: int
    refunded_freight_fen: int

    @property
    def to_ship(self) -> int:
        """Pieces that are to leave and that nobody asks back."""
        return self.quantity - self.cancelled - self.blocked - self.shipped

    @property
    def left_fen(self) -> int:
        """What was paid for this line and not refunded."""
        return self.goods_fen + self.freight_fen - self.refunded_goods_fen - self.refunded_freight_fen


@dataclass(frozen=True)
class OrderShown:
    """An order with its lines, as both sides see it. What it cost the platform is not in here."""

    merchant_id: UUID
    merchant_name: str
    id: UUID
    number: str
    person_id: UUID
    checkout_id: UUID
    state: OrderState
    close_reason: CloseReason | None
    goods_fen: int
    freight_fen: int
    total_fen: int
    refunded_fen: int
    pieces: int
    recipient: Recipient
    buyer_note: str
    open_cases: int
    placed_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    shipped_at: datetime | None
    receive_by: datetime | None
    received_at: datetime | None
    claim_until: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    lines: tuple[LineShown, ...] = field(default=())
