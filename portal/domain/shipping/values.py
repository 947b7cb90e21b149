"""States of parcels, of asked changes and of goods that are not there, and what pages show of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from portal.domain.ordering.values import Recipient
from portal.kernel.words import Text, say

UNDO_TIME: Final = timedelta(minutes=30)
"""For so long a shipment can be taken back, unless the carrier has collected it."""
MOST_AT_ONCE: Final = 200
REASON_MOST: Final = 200
FLAGS: Final = 5


class ParcelState(StrEnum):
    """Where a parcel is. The carrier's word moves it; the merchant's people make and undo it."""

    SENT = "sent"
    COLLECTED = "collected"
    MOVING = "moving"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    TROUBLE = "trouble"
    RETURNED = "returned"
    UNDONE = "undone"


P = ParcelState
PARCEL_STATES: Final[Mapping[ParcelState, Text]] = MappingProxyType(
    {
        P.SENT: say("等待揽收"),
        P.COLLECTED: say("已揽收"),
        P.MOVING: say("运输中"),
        P.DELIVERING: say("派送中"),
        P.DELIVERED: say("已签收"),
        P.TROUBLE: say("物流异常"),
        P.RETURNED: say("已退回"),
        P.UNDONE: say("已撤销发货"),
    }
)


class AddressState(StrEnum):
    """What became of a change that a buyer asked for."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Shortage(StrEnum):
    """What the merchant says about pieces he does not have."""

    LATER = "later"
    NEVER = "never"


class Answer(StrEnum):
    """What the buyer wants when goods are not there."""

    WAIT = "wait"
    REFUND = "refund"


@dataclass(frozen=True)
class TrackEvent:
    """One thing a carrier said about a parcel."""

    at: datetime
    state: ParcelState
    text: str
    place: str


@dataclass(frozen=True)
class ParcelPiece:
    """Pieces of one line in a parcel."""

    order_id: UUID
    line_id: UUID
    name: str
    choice: str
    pieces: int


@dataclass(frozen=True)
class Correction:
    """A number a parcel had before."""

    carrier: str
    number: str
    at: datetime


@dataclass(frozen=True)
class ParcelShown:
    """A parcel with what is in it and what its carrier said, newest first."""

    id: UUID
    merchant_id: UUID
    person_id: UUID
    carrier: str
    number: str
    state: ParcelState
    shipped_at: datetime
    undo_until: datetime | None
    collected_at: datetime | None
    delivered_at: datetime | None
    undone_at: datetime | None
    pieces: tuple[ParcelPiece, ...] = ()
    events: tuple[TrackEvent, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def order_ids(self) -> tuple[UUID, ...]:
        """The orders in it, each once."""
        return tuple(dict.fromkeys(piece.order_id for piece in self.pieces))


@dataclass(frozen=True)
class AddressShown:
    """A change of address that was asked for, with what stood before."""

    id: UUID
    order_id: UUID
    state: AddressState
    before: Recipient
    wanted: Recipient
    note: str
    reason: str
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class ShortageShown:
    """Goods of one line that are not there; `pieces` as many as were still to ship."""

    id: UUID
    order_id: UUID
    line_id: UUID
    kind: Shortage
    until: date | None
    pieces: int
    note: str
    answer: Answer | None
    reported_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
