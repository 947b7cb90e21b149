"""What happened to orders. Published on the worker's face, in the transaction that made it so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.ordering.values import CloseReason


@dataclass(frozen=True)
class OrderPlaced:
    """It waits for its payment."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class OrderPaid:
    """The money lies in its escrow; the merchant has something to ship."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    number: str


@dataclass(frozen=True)
class OrderClosed:
    """Nobody waits for anything any more."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    number: str
    why: CloseReason


@dataclass(frozen=True)
class OrderShipped:
    """Pieces left; `whole` when nothing is left to ship."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    number: str
    whole: bool


@dataclass(frozen=True)
class OrderReceived:
    """The buyer has it, by his word or by the time that passed."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
    number: str
    by_itself: bool


@dataclass(frozen=True)
class OrderCompleted:
    """The time for claims is over: the money may be handed out."""

    merchant_id: UUID
    order_id: UUID
    person_id: UUID
