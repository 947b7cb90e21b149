"""What happened to goods that others tell about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ProductDecided:
    """A version was let in or refused (platform face); `person_id` handed it in."""

    merchant_id: UUID
    product_id: UUID
    name: str
    approved: bool
    person_id: UUID | None


@dataclass(frozen=True)
class ProductForcedOff:
    """The platform took a product off sale (platform face)."""

    merchant_id: UUID
    product_id: UUID
    name: str


@dataclass(frozen=True)
class PriceDecided:
    """A new supply price was approved or refused (platform face); `person_id` asked for it."""

    merchant_id: UUID
    product_id: UUID
    sku_id: UUID
    name: str
    approved: bool
    person_id: UUID | None


@dataclass(frozen=True)
class StockLow:
    """Stock fell to the threshold; once until it is filled up again (worker's face)."""

    merchant_id: UUID
    product_id: UUID
    sku_id: UUID
    name: str
    left: int
