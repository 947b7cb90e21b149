"""Who serves a visit, reserved in the calendar: chosen by the rule that pages show, decided by the calendar's locks.

When somebody was faster it is chosen anew from what is left, a few times; then the time is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.bookings import errors
from portal.domain.bookings.models import Booking, BookingLine, BookingSession
from portal.domain.bookings.ports import whose_turn
from portal.domain.bookings.queries.offers import free_of, joinable, midnight
from portal.domain.bookings.rules import slots
from portal.domain.bookings.rules.terms import parts_of
from portal.domain.bookings.values import HOLDER, LIVING, STEP, Offer, Res, Seated
from portal.domain.calendar import actions as calendar
from portal.domain.calendar.errors import Taken
from portal.domain.calendar.values import Claim, Interval
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.figures import SHANGHAI
from portal.kernel.work import Work

TRIES: Final = 4
Own = Mapping[UUID, tuple[Interval, ...]]


@dataclass(frozen=True)
class Wish:
    """What somebody wants: these services from then on, by this one or anybody. `overrides` is the reason of who puts
    it over what is there, or outside of hours; `own` is what the visit has now, `now` who does its services (by their
    places), `only` who shall do one of them.
    """

    merchant_id: UUID
    store_id: UUID
    booking_id: UUID
    offers: tuple[Offer, ...]
    starts_at: datetime
    technician_id: UUID | None = None
    overrides: str = ""
    own: Own = field(default_factory=dict)
    now: Mapping[int, UUID] = field(default_factory=dict)
    only: Mapping[int, UUID] = field(default_factory=dict)


def take(work: Work, wish: Wish) -> tuple[Seated, ...]:
    """Reserve it; who serves what. On the worker's face. Raises TimeTaken, NotAble."""
    check_able(wish)
    for _attempt in range(TRIES):
        seated = _choose(work, wish)
        if seated is None:
            raise errors.TimeTaken
        faults.point(work, "bookings.take.chosen")
        done = _reserve(work, wish, seated)
        if done is not None:
            return done
    raise errors.TimeTaken


def check_able(wish: Wish) -> None:
    """Refuse a technician who does not do it."""
    for nth, offer in enumerate(wish.offers):
        named, wanted = offer.able.get(slots.TECHNICIAN), wish.technician_id or wish.only.get(nth)
        if wanted is not None and named is not None and wanted not in {one.id for one in named}:
            raise errors.NotAble(offer.service.name)


def _choose(work: Work, wish: Wish) -> tuple[Seated, ...] | None:
    minutes = sum(offer.service.draft.minutes for offer in wish.offers)
    window = Interval(wish.starts_at, wish.starts_at + timedelta(minutes=minutes))
    free = free_of(work, wish.merchant_id, wish.offers, window, wish.own)
    sessions = joinable(work, wish.merchant_id, wish.store_id, wish.offers, window)
    found = slots.seat(
        parts_of(wish.offers),
        free,
        wish.starts_at,
        order=() if wish.technician_id else _turns(work, wish),
        technician_id=wish.technician_id,
        sessions=sessions,
        only=wish.only,
        now=wish.now,
    )
    return found if found is not None or not wish.overrides else _anyhow(work, wish)


def _anyhow(work: Work, wish: Wish) -> tuple[Seated, ...]:
    """Nobody is free, but somebody said why it has to be; a full session gets one seat more."""
    sessions = joinable(
        work, wish.merchant_id, wish.store_id, wish.offers, Interval(wish.starts_at, wish.starts_at + STEP), full=True
    )
    always = Interval(wish.starts_at - timedelta(days=2), wish.starts_at + timedelta(days=2))
    everybody = {res.id: (always,) for offer in wish.offers for kind in offer.able.values() for res in kind}
    found = slots.seat(
        parts_of(wish.offers),
        everybody,
        wish.starts_at,
        technician_id=wish.technician_id,
        sessions=sessions,
        only=wish.only,
        now=wish.now,
    )
    assert found is not None
    return found


def _turns(work: Work, wish: Wish) -> Sequence[UUID]:
    """The technicians in the order in which they are asked: the store's rule, else the least busy of that day."""
    who = [one.id for one in {res: 1 for offer in wish.offers for res in offer.able.get(slots.TECHNICIAN, ())}]
    if len(who) < 2:
        return who
    turns = whose_turn(work, wish.merchant_id, wish.store_id, who, wish.starts_at)
    if turns is not None:
        return turns
    busy = _busy(work, wish.merchant_id, who, wish.starts_at)
    return sorted(who, key=lambda one: busy.get(one, 0.0))


def _busy(work: Work, merchant_id: UUID, who: Sequence[UUID], at: datetime) -> dict[UUID, float]:
    """Seconds each is booked on the local day of a moment."""
    day = midnight(at.astimezone(SHANGHAI).date())
    seconds: Any = func.sum(func.extract("epoch", BookingLine.ends_at - BookingLine.starts_at))
    query = (
        select(BookingLine.technician_id, seconds)
        .join(Booking, (Booking.merchant_id == BookingLine.merchant_id) & (Booking.id == BookingLine.booking_id))
        .where(BookingLine.merchant_id == merchant_id, BookingLine.technician_id.in_(who))
        .where(BookingLine.starts_at >= day, BookingLine.starts_at < day + timedelta(days=1))
        .where(Booking.state.in_([*(state.value for state in LIVING), "done"]))
        .group_by(BookingLine.technician_id)
    )
    return {row[0]: float(row[1]) for row in work.session.execute(query)}


def _reserve(work: Work, wish: Wish, seated: tuple[Seated, ...]) -> tuple[Seated, ...] | None:
    """Seats in sessions first, then resources; None when somebody was faster."""
    alone = seated[0]
    if alone.session_id is not None:
        return seated if _join(work, wish, alone.session_id) else None
    if alone.part.offer.service.draft.group_size > 1:
        return _open(work, wish, alone)
    claims = _claims(wish, seated, wish.booking_id)
    try:
        if wish.own:
            calendar.move(work, wish.merchant_id, wish.booking_id, claims)
        else:
            calendar.reserve(work, claims)
    except Taken:
        return None
    return seated


def _claims(wish: Wish, seated: Sequence[Seated], holder_id: UUID) -> list[Claim]:
    return [
        Claim(
            wish.merchant_id,
            resource_id,
            one.start,
            one.end,
            HOLDER,
            holder_id,
            overrides=bool(wish.overrides),
            note=wish.overrides,
        )
        for resource_id, found in slots.ranges(seated).items()
        for one in found
    ]


def _join(work: Work, wish: Wish, session_id: UUID) -> bool:
    """One more seat, only while there is one, unless somebody said why it has to be."""
    more = BookingSession.taken + 1
    seats = func.greatest(BookingSession.seats, more) if wish.overrides else BookingSession.seats
    taken = work.session.execute(
        update(BookingSession)
        .where(BookingSession.merchant_id == wish.merchant_id, BookingSession.id == session_id)
        .where(BookingSession.taken > 0, more <= seats)
        .values(taken=more, seats=seats)
        .returning(BookingSession.id)
        .execution_options(synchronize_session=False)
    )
    return taken.scalar() is not None


def _open(work: Work, wish: Wish, seated: Seated) -> tuple[Seated, ...] | None:
    """The first of several: the session holds the resources. None when somebody opened it first."""
    session_id = new_id()
    try:
        calendar.reserve(work, _claims(wish, (seated,), session_id))
    except Taken:
        return None
    new = insert(BookingSession).values(
        merchant_id=wish.merchant_id,
        id=session_id,
        store_id=wish.store_id,
        service_id=seated.part.offer.service.id,
        technician_id=seated.technician.id if seated.technician else None,
        technician=seated.technician.name if seated.technician else "",
        places=stored(seated.places),
        starts_at=seated.starts_at,
        ends_at=seated.ends_at,
        seats=seated.part.offer.service.draft.group_size,
        taken=1,
    )
    if work.session.scalar(new.on_conflict_do_nothing().returning(BookingSession.id)) is None:
        calendar.release(work, wish.merchant_id, session_id)  # two who went over the calendar's word
        return None
    return (replace(seated, session_id=session_id),)


def give_back(work: Work, merchant_id: UUID, booking_id: UUID, lines: Sequence[BookingLine]) -> None:
    """All that a visit has in the calendar; a session's resources with its last seat. On the worker's face."""
    calendar.release(work, merchant_id, booking_id)
    for session_id in sorted({line.session_id for line in lines if line.session_id is not None}):
        leave(work, merchant_id, session_id)


def leave(work: Work, merchant_id: UUID, session_id: UUID) -> None:
    """One seat less."""
    left = work.session.execute(
        update(BookingSession)
        .where(BookingSession.merchant_id == merchant_id, BookingSession.id == session_id)
        .values(taken=BookingSession.taken - 1)
        .returning(BookingSession.taken)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    if left == 0:
        calendar.release(work, merchant_id, session_id)


def stored(places: Sequence[Res]) -> list[Any]:
    """Rooms and devices as a row keeps them."""
    return [[str(one.id), one.kind, one.name] for one in places]
