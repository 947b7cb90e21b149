"""The waiting list: somebody wants a day that is full; what is freed is held for the first who fits, until a deadline.

The offer is a booking that has its time in the calendar, made in the transaction that frees it. So nobody is offered
what somebody else can still take.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.bookings import errors
from portal.domain.bookings.access import access_booking, access_held, access_waiting
from portal.domain.bookings.actions.telling import HOUSE, RIGHTS, check, step, tell
from portal.domain.bookings.actions.writing import BOOK, Client, Visit, ask_to_pay, myself, write
from portal.domain.bookings.events import BookingBooked, BookingOffered
from portal.domain.bookings.models import Booking, Waiting
from portal.domain.bookings.queries.offers import midnight, offers, starts
from portal.domain.bookings.rules.slots import TECHNICIAN
from portal.domain.bookings.values import (
    HELD_FOR,
    HORIZON_DAYS,
    OFFERED_FOR,
    BookingState,
    Happening,
    Made,
    Source,
    WaitState,
)
from portal.domain.stores import queries as stores
from portal.domain.stores.queries import StoreGone
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.work import Work

MOST_ASKED: Final = 10
"""How many who wait are looked at when a time is freed."""
LOOK_AGAIN: Final = timedelta(minutes=10)


def wait(
    work: Work,
    *,
    store_id: UUID,
    service_ids: Sequence[UUID],
    day: date,
    technician_id: UUID | None = None,
    from_minute: int = 0,
    until_minute: int = 1440,
) -> UUID:
    """Wait for a time of this local day between these minutes after midnight; returns the place on the list.

    Refuses what the store does not offer, who does not do it there, a day that is over or too far, and waiting twice.
    """
    work.require(BOOK)
    try:
        store = stores.card(work, store_id)
    except StoreGone as gone:
        raise errors.NotThere from gone
    today = work.now().astimezone(SHANGHAI).date()
    if not today <= day <= today + timedelta(days=HORIZON_DAYS) or not 0 <= from_minute < until_minute <= 1800:
        raise errors.TimeOver
    wanted = offers(work, store.merchant_id, store_id, service_ids)
    doers = [{one.id for one in offer.able[TECHNICIAN]} for offer in wanted if TECHNICIAN in offer.able]
    if technician_id is not None and not all(technician_id in able for able in doers):
        raise errors.NotThere
    client = myself(work)
    with borrowed(work, HOUSE):
        new = insert(Waiting).values(
            merchant_id=store.merchant_id,
            id=new_id(),
            store_id=store_id,
            person_id=client.person_id,
            client_name=client.name,
            service_ids=[str(one) for one in service_ids],
            technician_id=technician_id,
            day=day,
            from_minute=from_minute,
            until_minute=until_minute,
            state=WaitState.WAITING.value,
            made_at=work.now(),
            changed_at=work.now(),
        )
        found = work.session.execute(new.on_conflict_do_nothing().returning(Waiting.id)).scalar()
    if found is None:
        raise errors.WaitingAlready
    return found


def withdraw(work: Work, waiting_id: UUID) -> None:
    """Wait no more. What is offered is declined by cancelling it."""
    work.require(BOOK)
    access_waiting(work, waiting_id)
    with borrowed(work, HOUSE):
        row = access_waiting(work, waiting_id, lock=True)
        if row.state == WaitState.WAITING:
            row.state, row.changed_at = WaitState.WITHDRAWN.value, work.now()
            work.session.flush()


def accept(work: Work, booking_id: UUID) -> Made:
    """Take what is offered, before its deadline; with something to pay first, it is held a little longer for that."""
    work.require(BOOK)
    mine = access_booking(work, booking_id, may=BOOK)
    merchant_id = mine.merchant_id
    with borrowed(work, HOUSE, RIGHTS):
        row, _lines = access_held(work, merchant_id, booking_id)
        to = BookingState.HELD if row.prepay_fen else BookingState.BOOKED
        check(row, to)
        if row.state != BookingState.ASKED or row.held_until is None or row.held_until <= work.now():
            raise errors.OfferOver
        faults.point(work, "bookings.accept.checked")
        step(work, row, to)
        tell(work, row, Happening.ACCEPTED)
        close(work, row, WaitState.TAKEN)
        if to is BookingState.HELD:
            row.held_until = work.now() + HELD_FOR
            work.session.flush()
            return Made(row.id, ask_to_pay(work, row))
        work.session.flush()
        work.publish(BookingBooked(row.merchant_id, row.id, row.person_id))
        return Made(row.id)


def close(work: Work, row: Booking, how: WaitState) -> None:
    """The place on the list whose offer this booking was."""
    work.session.execute(
        update(Waiting)
        .where(Waiting.merchant_id == row.merchant_id, Waiting.booking_id == row.id)
        .where(Waiting.state == WaitState.OFFERED.value)
        .values(state=how.value, changed_at=work.now())
        .execution_options(synchronize_session=False)
    )


def offer_freed(work: Work, merchant_id: UUID, store_id: UUID, freed: datetime) -> UUID | None:
    """A time of this day was freed: hold what fits the first who waits, and tell him; the booking, or None.

    On the worker's face. Whoever is being served by somebody else in this moment is passed over.
    """
    day = freed.astimezone(SHANGHAI).date()
    if midnight(day + timedelta(days=2)) <= work.now():
        return None
    query = (
        select(Waiting.id)
        .where(Waiting.merchant_id == merchant_id, Waiting.store_id == store_id)
        .where(Waiting.state == WaitState.WAITING.value, Waiting.day.in_([day - timedelta(days=1), day]))
        .order_by(Waiting.id)
        .limit(MOST_ASKED)
    )
    for waiting_id in list(work.session.scalars(query)):
        made = _try(work, merchant_id, waiting_id)
        if made is not None:
            return made
    return None


def _try(work: Work, merchant_id: UUID, waiting_id: UUID) -> UUID | None:
    """Hold one who waits, alone, so that another time that is freed now finds the next one; and offer what fits."""
    mine = (Waiting.merchant_id == merchant_id, Waiting.id == waiting_id)
    query = select(Waiting).where(*mine, Waiting.state == WaitState.WAITING.value).with_for_update(skip_locked=True)
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    faults.point(work, "bookings.offer.found")
    return _offer(work, row)


def look_again(work: Work) -> bool:
    """Whoever waits longest unasked is looked at again: a time may have come from elsewhere, a longer shift for
    example. False when nobody is due. On the worker's face.
    """
    query = (
        select(Waiting)
        .where(Waiting.state == WaitState.WAITING.value, Waiting.changed_at < work.now() - LOOK_AGAIN)
        .order_by(Waiting.changed_at, Waiting.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return False
    row.changed_at = work.now()
    work.session.flush()
    _offer(work, row)
    return True


def _offer(work: Work, row: Waiting) -> UUID | None:
    """The first time that fits somebody who waits; None when there is none."""
    wanted = [UUID(one) for one in row.service_ids]
    try:
        chosen = offers(work, row.merchant_id, row.store_id, wanted)
    except Refusal:
        return None
    since = midnight(row.day)
    earliest, latest = since + timedelta(minutes=row.from_minute), since + timedelta(minutes=row.until_minute)
    found = starts(work, row.merchant_id, row.store_id, chosen, row.day, 2, technician_id=row.technician_id)
    for at in (one for times in found.values() for one in times if earliest <= one < latest):
        visit = Visit(
            merchant_id=row.merchant_id,
            store_id=row.store_id,
            client=_client(work, row),
            offers=chosen,
            starts_at=at,
            source=Source.WAITING,
            state=BookingState.ASKED,
            technician_id=row.technician_id,
        )
        try:
            made = write(work, visit, held_until=min(work.now() + OFFERED_FOR, at))
        except (errors.TimeTaken, NotFound):
            continue
        row.state, row.booking_id, row.changed_at = WaitState.OFFERED.value, made.id, work.now()
        work.session.flush()
        work.publish(BookingOffered(row.merchant_id, made.id, row.person_id))
        return made.id
    return None


def _client(work: Work, row: Waiting) -> Client:
    """Who waits, as bookings name him."""
    from_before = select(Booking.client_phone).where(Booking.person_id == row.person_id).limit(1)
    return Client(row.person_id, row.client_name, work.session.scalar(from_before) or "")
