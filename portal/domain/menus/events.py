"""What happened to a menu that others care about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class DishStopped:
    """A dish is sold out in a store, until a moment or until somebody brings it back."""

    merchant_id: UUID
    store_id: UUID
    dish_id: UUID
    until: datetime | None


@dataclass(frozen=True)
class DishResumed:
    """It can be had again."""

    merchant_id: UUID
    store_id: UUID
    dish_id: UUID
