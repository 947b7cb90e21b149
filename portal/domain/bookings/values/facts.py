"""Services as they are offered, visits as they are planned and as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.domain.bookings.values.states import (
    BookingState,
    Happening,
    Missed,
    Prepay,
    ServiceState,
    Source,
    WaitState,
)


@dataclass(frozen=True)
class ServiceDraft:
    """A service as its merchant writes it; lengths in minutes, money in fen."""

    name: str
    minutes: int
    price_fen: int
    category: str = ""
    words: str = ""
    before_minutes: int = 0
    after_minutes: int = 0
    prepay: Prepay = Prepay.NONE
    prepay_fen: int = 0
    cancel_minutes: int = 120
    missed: Missed = Missed.RETURN
    group_size: int = 1
    needs: frozenset[str] = frozenset({"technician"})
    doers: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class PictureShown:
    """A picture of a service: names of its files, its size and its main colour."""

    id: UUID
    wide: str
    small: str
    width: int
    height: int
    tone: str


@dataclass(frozen=True)
class ServiceShown:
    """A service as pages and the features above know it."""

    merchant_id: UUID
    id: UUID
    state: ServiceState
    draft: ServiceDraft
    position: int
    pictures: tuple[PictureShown, ...] = ()

    @property
    def cover(self) -> PictureShown | None:
        """What rows show of it."""
        return self.pictures[0] if self.pictures else None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.draft.name


@dataclass(frozen=True)
class Res:
    """A resource that can serve: a technician, a room, a device."""

    id: UUID
    kind: str
    name: str


@dataclass(frozen=True)
class Offer:
    """A service in one store: for each kind it needs, who or what can serve, in the store's order."""

    service: ServiceShown
    able: Mapping[str, tuple[Res, ...]]

    @property
    def possible(self) -> bool:
        """False when the store lacks something it needs."""
        return all(self.able.values())


@dataclass(frozen=True)
class Part:
    """One service within a visit: minutes after the visit's beginning, whom it takes."""

    offer: Offer
    offset: int

    @property
    def minutes(self) -> int:
        """How long the client is there for it."""
        return self.offer.service.draft.minutes


@dataclass(frozen=True)
class Seated:
    """One service of a visit with those who serve it; `session_id` when it joins others."""

    part: Part
    starts_at: datetime
    ends_at: datetime
    technician: Res | None
    places: tuple[Res, ...]
    requested: bool = False
    session_id: UUID | None = None

    @property
    def resources(self) -> tuple[Res, ...]:
        """All it takes."""
        return ((self.technician,) if self.technician else ()) + self.places


@dataclass(frozen=True)
class Terms:
    """What a visit costs and what of it is asked for in advance; `keep_fen` stays after a no-show."""

    price_fen: int
    prepay_fen: int
    keep_fen: int
    cancel_minutes: int
    minutes: int
    keep_uses: int = 0  # uses of passes that stay with the store in the same way


@dataclass(frozen=True)
class Made:
    """A booking just made; with `intent_id` somebody has to pay first."""

    booking_id: UUID
    intent_id: UUID | None = None


@dataclass(frozen=True)
class LineShown:
    """One service of a visit."""

    id: UUID
    service_id: UUID
    name: str
    technician_id: UUID | None
    technician: str
    requested: bool
    places: tuple[Res, ...]
    starts_at: datetime
    ends_at: datetime
    before_minutes: int
    after_minutes: int
    price_fen: int
    pass_id: UUID | None
    pass_use_id: UUID | None
    session_id: UUID | None
    keeps: bool


@dataclass(frozen=True)
class EventShown:
    """A line of the timeline."""

    kind: Happening
    at: datetime
    by_kind: str
    note: str


@dataclass(frozen=True)
class BookingShown:
    """A visit as pages show it; money in fen."""

    merchant_id: UUID
    id: UUID
    store_id: UUID
    store_name: str
    number: str
    person_id: UUID | None
    client_name: str
    client_phone: str
    source: Source
    state: BookingState
    starts_at: datetime
    ends_at: datetime
    price_fen: int
    prepay_fen: int
    keep_fen: int
    refunded_fen: int
    paid: bool
    intent_id: UUID | None
    cancel_until: datetime
    code: str
    secret: bytes
    link_version: int
    sequence: int
    note: str
    made_at: datetime
    changed_at: datetime
    held_until: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    ended_why: str
    lines: tuple[LineShown, ...] = ()
    events: tuple[EventShown, ...] = ()

    @property
    def open(self) -> bool:
        """True while it is still to come."""
        return self.state in (BookingState.ASKED, BookingState.HELD, BookingState.BOOKED)

    def free_to_cancel(self, now: datetime) -> bool:
        """True while calling it off costs nothing."""
        return now < self.cancel_until

    @property
    def title(self) -> str:
        """Its services in a line."""
        return "、".join(line.name for line in self.lines)


@dataclass(frozen=True)
class WaitShown:
    """Somebody's place on the waiting list."""

    merchant_id: UUID
    id: UUID
    store_id: UUID
    store_name: str
    service_ids: tuple[UUID, ...]
    day: date
    from_minute: int
    until_minute: int
    state: WaitState
    booking_id: UUID | None
    client_name: str
    made_at: datetime
