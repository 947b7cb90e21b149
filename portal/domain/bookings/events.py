"""What happened to bookings. Ids only; `person_id` is None for a walk-in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class BookingOffered:
    """A freed time is held for somebody on the waiting list until a deadline."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class BookingBooked:
    """It holds: nothing to pay in advance, or it was paid."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID | None


@dataclass(frozen=True)
class BookingMoved:
    """Another time, or somebody else does it."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID | None


@dataclass(frozen=True)
class BookingCancelled:
    """Called off by anybody, or out of time before it was paid or accepted (`held`: it never held)."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID | None
    held: bool = False


@dataclass(frozen=True)
class BookingArrived:
    """The client is there."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID | None


@dataclass(frozen=True)
class BookingDone:
    """The service was given; what was prepaid is earned. `unseen`: so it is taken, as nobody marked it for a day."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID | None
    unseen: bool = False


@dataclass(frozen=True)
class BookingMissed:
    """The client did not come. `unseen`: so it is taken, as nobody marked it for a day; everything goes back."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID | None
    unseen: bool = False


@dataclass(frozen=True)
class BookingReminded:
    """It begins soon."""

    merchant_id: UUID
    booking_id: UUID
    person_id: UUID
