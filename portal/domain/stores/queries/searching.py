"""What is asked of the street: where, which filters, which order, and where the last page ended.

A cursor carries the moment the list began and the key of its last row; a list is what the street was at that moment.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from portal.kernel.geo import Position
from portal.kernel.geo.positions import EARTH_RADIUS_METRES
from portal.kernel.refusals import Refusal
from portal.kernel.words import say

RADII: Final = (1000, 3000, 5000, 10_000)
"""Metres one may limit a list to; by rating and by sales a list is always limited."""
WIDEST: Final = RADII[-1]
_LIFE: Final = timedelta(hours=12)
_CURSOR: Final = struct.Struct(">BqdB")


class Sort(StrEnum):
    """How a list is ordered; distance settles what is equal."""

    DISTANCE = "distance"
    RATING = "rating"
    SALES = "sales"


class BadCursor(Refusal):
    """The link to the next rows is broken or too old."""

    status = 400

    def __init__(self) -> None:
        super().__init__(say("这份列表已经过期或链接不完整。请从头看起。"))


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: `value` is the rating or the sales, `chord` the straight line through the Earth in metres."""

    since: datetime
    chord: float
    store_id: UUID
    value: int = 0

    def to_text(self) -> str:
        """As it stands in an address."""
        micros = round(self.since.timestamp() * 1_000_000)
        head = _CURSOR.pack(1, micros, self.chord, 0) + self.value.to_bytes(5, "big", signed=True)
        return base64.urlsafe_b64encode(head + self.store_id.bytes).decode().rstrip("=")

    @classmethod
    def from_text(cls, text: str, now: datetime) -> Cursor:
        """What `to_text` wrote. Refuses (BadCursor) everything else, and lists that began half a day ago."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            version, micros, chord, zero = _CURSOR.unpack(raw[: _CURSOR.size])
            tail = raw[_CURSOR.size :]
            since = datetime.fromtimestamp(micros / 1_000_000, UTC)
            if version != 1 or zero or len(tail) != 21 or not (math.isfinite(chord) and chord >= 0):
                raise BadCursor
        except (binascii.Error, struct.error, ValueError, OverflowError, OSError) as broken:
            raise BadCursor from broken
        if not now - _LIFE <= since <= now + timedelta(minutes=1):
            raise BadCursor
        return cls(since, chord, UUID(bytes=tail[5:]), int.from_bytes(tail[:5], "big", signed=True))


@dataclass(frozen=True)
class Filters:
    """Which stores count. `category_ids` is the category with all below it, `category_root` the top of its tree."""

    open_now: bool = False
    with_coupons: bool = False
    category_root: UUID | None = None
    category_ids: frozenset[UUID] = frozenset()
    words: tuple[str, ...] = ()
    radius_metres: int | None = None


@dataclass(frozen=True)
class Search:
    """One page of what is near `here`."""

    here: Position
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.DISTANCE
    after: Cursor | None = None
    size: int = 20

    @property
    def radius_metres(self) -> int | None:
        """The limit in force: by rating and sales there always is one."""
        limit = self.filters.radius_metres
        return limit if limit is not None or self.sort is Sort.DISTANCE else WIDEST


def chord_of(metres: float) -> float:
    """The straight line under a great-circle distance."""
    return 2 * EARTH_RADIUS_METRES * math.sin(min(metres, math.pi * EARTH_RADIUS_METRES) / (2 * EARTH_RADIUS_METRES))


def metres_of(chord: float) -> float:
    """The great-circle distance above a straight line."""
    return 2 * EARTH_RADIUS_METRES * math.asin(min(1.0, chord / (2 * EARTH_RADIUS_METRES)))
