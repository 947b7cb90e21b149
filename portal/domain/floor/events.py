"""What happened to table reservations. Ids, times and names that the reader may know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class TableEvent:
    """A reservation; `person_id` is None when the staff took it, then `phone` may be told by text."""

    merchant_id: UUID
    store_id: UUID
    booking_id: UUID
    person_id: UUID | None
    phone: str
    store: str
    people: int
    starts_at: datetime


@dataclass(frozen=True)
class TableBooked(TableEvent):
    """It is sure. `address` opens it without an account: who has none is told it, nobody else."""

    address: str = field(default="", repr=False)


@dataclass(frozen=True)
class TableMoved(TableEvent):
    """Another time, or another size."""

    by_staff: bool = False


@dataclass(frozen=True)
class TableCancelled(TableEvent):
    """It will not be; `reason` is what the staff says."""

    by_staff: bool = False
    reason: str = ""
    back_fen: int = 0


@dataclass(frozen=True)
class TableMissed(TableEvent):
    """Nobody came; `kept_fen` of the deposit is the store's, `back_fen` goes back."""

    kept_fen: int = 0
    back_fen: int = 0


@dataclass(frozen=True)
class TableSeated(TableEvent):
    """They sit down at these tables."""

    table_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class TableSoon(TableEvent):
    """It begins soon."""
