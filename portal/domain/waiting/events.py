"""What happened in a queue. Ids, the number and names that the reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class QueueEvent:
    """About one number; `person_id` is None for who took it at the door."""

    merchant_id: UUID
    store_id: UUID
    number_id: UUID
    person_id: UUID | None
    store: str
    text: str


@dataclass(frozen=True)
class QueueCalled(QueueEvent):
    """It is their turn."""

    minutes: int = 5


@dataclass(frozen=True)
class QueueSoon(QueueEvent):
    """Few are before them."""

    ahead: int = 3


@dataclass(frozen=True)
class QueueSkipped(QueueEvent):
    """They did not come; `back_by` is how many go first when they do."""

    back_by: int = 0
