"""What stores are made of, frozen: states, facts that are entered, cards that are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from portal.kernel.geo import Datum, Position, from_datum
from portal.kernel.hours import WeeklyHours


class StoreState(StrEnum):
    """A store is prepared, shown on the street, or closed for good."""

    DRAFT = "draft"
    LISTED = "listed"
    CLOSED = "closed"


@dataclass(frozen=True)
class StoreName:
    """A store in a list to choose from."""

    id: UUID
    name: str
    state: StoreState


@dataclass(frozen=True)
class GivenPosition:
    """Coordinates as somebody gave them, with the datum they are meant in."""

    lat: float
    lng: float
    datum: Datum

    @cached_property
    def position(self) -> Position:
        """The place in WGS-84. Refuses what is not on Earth."""
        return from_datum(self.lat, self.lng, self.datum)


@dataclass(frozen=True)
class StoreFacts:
    """What a merchant says about a store. `hours` None is "not said yet"; `phone` is in its stored form."""

    name: str
    category_id: UUID | None = None
    phone: str | None = None
    region_code: str | None = None
    address: str = ""
    given: GivenPosition | None = None
    hours: WeeklyHours | None = None
    brand: str | None = None


@dataclass(frozen=True)
class Benefit:
    """A coupon in one line: `cut` takes `value` fen off, `percent` pays `value` per cent; from `threshold_fen` on."""

    kind: str
    value: int
    threshold_fen: int
    until: datetime

    def to_json(self) -> dict[str, Any]:
        """A small value for a jsonb column."""
        return {"k": self.kind, "v": self.value, "t": self.threshold_fen, "u": self.until.isoformat()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Benefit:
        """What `to_json` wrote."""
        return cls(stored["k"], stored["v"], stored["t"], datetime.fromisoformat(stored["u"]))


@dataclass(frozen=True)
class Picture:
    """A stored picture: the names of its files, the size of the large one in pixels and its dominant colour."""

    full: str
    wide: str
    small: str
    width: int
    height: int
    tone: str
    id: UUID | None = None
