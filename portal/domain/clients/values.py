"""What pages read of clients, and how much may be written about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

MOST_PHOTOS = 30
MOST_AT_ONCE = 6
MOST_WORDS = 500


class VisitState(StrEnum):
    """What became of a visit."""

    AHEAD = "ahead"
    ARRIVED = "arrived"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Care:
    """What somebody must know before he begins. Shown wherever a booking is shown."""

    client_id: UUID
    name: str
    allergies: str
    preferences: str
    note: str
    done: int

    @property
    def warns(self) -> bool:
        """True when something can hurt."""
        return bool(self.allergies)


@dataclass(frozen=True)
class ClientLine:
    """A client in a list."""

    id: UUID
    name: str
    phone_masked: str
    allergies: str
    preferences: str
    done: int
    missed: int
    last_at: datetime | None


@dataclass(frozen=True)
class Visit:
    """One visit in the words of its booking."""

    booking_id: UUID
    store_id: UUID
    store: str
    at: datetime
    what: str
    technician: str
    state: VisitState


@dataclass(frozen=True)
class Photo:
    """A photo that the reader may open; `stored` is its name among the private documents."""

    id: UUID
    caption: str
    store: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ClientShown:
    """A whole record. `photos` are those of the stores that the reader covers."""

    id: UUID
    name: str
    phone_masked: str
    account: bool
    allergies: str
    preferences: str
    note: str
    changed_at: datetime
    changed_by: str
    visits: tuple[Visit, ...]
    photos: tuple[Photo, ...]
    hidden_photos: int

    @property
    def done(self) -> int:
        """Visits that took place, among those shown."""
        return sum(visit.state is VisitState.DONE for visit in self.visits)
