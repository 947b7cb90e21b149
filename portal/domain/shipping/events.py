"""What happened on the way of goods. Published on the worker's face, in the transaction that made it so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.domain.shipping.values import Answer, ParcelState, Shortage


@dataclass(frozen=True)
class ParcelSent:
    """A parcel has its number. `orders` are ids with the numbers people know."""

    merchant_id: UUID
    parcel_id: UUID
    person_id: UUID
    carrier: str
    number: str
    orders: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class ParcelUndone:
    """It does not leave after all."""

    merchant_id: UUID
    parcel_id: UUID
    person_id: UUID
    orders: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class ParcelRenumbered:
    """Its number was wrong: the carrier is asked anew."""

    merchant_id: UUID
    parcel_id: UUID
    person_id: UUID
    orders: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class AddressAsked:
    """A buyer wants an order sent elsewhere."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    number: str


@dataclass(frozen=True)
class AddressDecided:
    """The merchant agreed or refused."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    number: str
    agreed: bool


@dataclass(frozen=True)
class StockReported:
    """The merchant does not have what a line needs; the buyer chooses to wait or to have his money back."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    line_id: UUID
    number: str
    name: str
    kind: Shortage
    until: date | None
    pieces: int


@dataclass(frozen=True)
class StockAnswered:
    """The buyer chose. `answer` REFUND asks for the money of `pieces`: the refund itself is after-sales' affair."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    line_id: UUID
    number: str
    name: str
    answer: Answer
    pieces: int


@dataclass(frozen=True)
class ParcelProgressed:
    """The carrier said what people want to know: it is being brought, it arrived, it is stuck, it went back."""

    merchant_id: UUID
    parcel_id: UUID
    person_id: UUID
    carrier: str
    number: str
    state: ParcelState
    orders: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class ShippingDue:
    """The courier comes soon, and so many orders of a merchant have not left."""

    merchant_id: UUID
    count: int
