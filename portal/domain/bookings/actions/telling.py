"""The timeline of a booking, and the move from state to state: refused when it has moved on. On the worker's face."""

from __future__ import annotations

from typing import Final

from portal.domain.bookings import errors
from portal.domain.bookings.models import Booking, BookingEvent
from portal.domain.bookings.values import MOVES, STATES, BookingState, Happening
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import ActorKind, Work

HOUSE: Final = Scope(Face.JOB)
RIGHTS: Final = frozenset({Permission.PAYMENT_PAY, Permission.PAYMENT_EDIT})
_WHO: Final = {ActorKind.PERSON: "client", ActorKind.GUEST: "client", ActorKind.STAFF: "store"}
_ENDS: Final = frozenset({BookingState.DONE, BookingState.CANCELLED, BookingState.NO_SHOW})


def tell(work: Work, row: Booking, kind: Happening, note: str = "") -> None:
    """Add a line; `note` is read by both sides."""
    work.session.add(
        BookingEvent(
            merchant_id=row.merchant_id,
            id=new_id(),
            booking_id=row.id,
            person_id=row.person_id,
            kind=kind.value,
            at=work.now(),
            by_kind=_WHO.get(work.actor.kind, "system"),
            by_id=work.actor.person_id,
            note=note,
        )
    )


def check(row: Booking, to: BookingState) -> None:
    """Refuse what cannot be from here."""
    state = BookingState(row.state)
    if to not in MOVES[state]:
        raise errors.BookingMoved(STATES[state])


def step(work: Work, row: Booking, to: BookingState) -> None:
    """Move a held row. Refuses what cannot be from here."""
    check(row, to)
    row.state, row.changed_at = to.value, work.now()
    if to not in (BookingState.ASKED, BookingState.HELD):
        row.held_until = None
    if to is not BookingState.BOOKED:
        row.remind_at = None
    if to in _ENDS:
        row.ended_at = work.now()
