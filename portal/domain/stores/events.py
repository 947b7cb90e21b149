"""What happened to stores."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class StoreListed:
    """A store came onto the street."""

    merchant_id: UUID
    store_id: UUID


@dataclass(frozen=True)
class StoreWithdrawn:
    """A store was taken off the street, for now."""

    merchant_id: UUID
    store_id: UUID


@dataclass(frozen=True)
class StoreClosedDown:
    """A store closed for good."""

    merchant_id: UUID
    store_id: UUID
