"""A visit is booked: by the client, by the store for somebody who calls, or for a walk-in.

The time is reserved and the row written in one transaction; whoever has to pay in advance gets a payment that ends with
the time that is kept for him.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.bookings import errors
from portal.domain.bookings.actions.telling import HOUSE, RIGHTS, tell
from portal.domain.bookings.actions.writing import (
    BOOK,
    EDIT,
    Client,
    Passes,
    Visit,
    ask_to_pay,
    myself,
    write,
)
from portal.domain.bookings.events import BookingArrived, BookingBooked
from portal.domain.bookings.models import Booking
from portal.domain.bookings.queries.offers import offers
from portal.domain.bookings.rules import slots
from portal.domain.bookings.values import (
    HORIZON_DAYS,
    LEAD,
    LIVING,
    MOST_LIVING,
    NOTE_MOST,
    BookingState,
    Happening,
    Made,
    Source,
)
from portal.domain.identity.rules.names import masked_name
from portal.domain.stores import queries as stores
from portal.domain.stores.queries import StoreGone
from portal.kernel import phones
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.work import Work

NAME_MOST: Final = 20
_GRACE: Final = timedelta(minutes=30)
_FAR: Final = timedelta(days=HORIZON_DAYS + 1)


def book(
    work: Work,
    *,
    store_id: UUID,
    service_ids: Sequence[UUID],
    starts_at: datetime,
    technician_id: UUID | None = None,
    passes: Passes | None = None,
    note: str = "",
) -> Made:
    """The acting person books these services one after the other; with something to pay first the time is held for 15
    minutes, else it is booked. `passes` says which pass pays for which service.

    Refuses what the store does not offer, a time that is over, too soon, too far or off the grid, TimeTaken, a pass
    that is no good.
    """
    work.require(BOOK)
    if not service_ids:
        raise errors.NoService(1)
    try:
        store = stores.card(work, store_id)
    except StoreGone as gone:
        raise errors.NotThere from gone
    if not work.now() + LEAD <= starts_at < work.now() + _FAR or not slots.on_grid(starts_at):
        raise errors.TimeOver
    visit = Visit(
        merchant_id=store.merchant_id,
        store_id=store_id,
        client=myself(work),
        offers=offers(work, store.merchant_id, store_id, service_ids),
        starts_at=starts_at,
        source=Source.WEB,
        state=BookingState.BOOKED,
        technician_id=technician_id,
        note=clean_line(note, field="note", most=NOTE_MOST, required=False),
        passes=dict(passes or {}),
    )
    if visit.terms.prepay_fen:
        visit = replace(visit, state=BookingState.HELD)
    with borrowed(work, HOUSE, RIGHTS):
        row = write(work, visit)
        _not_too_many(work, row)
        if visit.state is BookingState.HELD:
            return Made(row.id, ask_to_pay(work, row))
        work.publish(BookingBooked(row.merchant_id, row.id, row.person_id))
        return Made(row.id)


def _not_too_many(work: Work, row: Booking) -> None:
    """After the time is reserved, whose locks let one person's windows take turns where it matters."""
    mine = (Booking.merchant_id == row.merchant_id, Booking.store_id == row.store_id)
    query = select(func.count()).select_from(Booking).where(*mine, Booking.person_id == row.person_id)
    living = [state.value for state in LIVING]
    if work.session.execute(query.where(Booking.state.in_(living))).scalar_one() > MOST_LIVING:
        raise errors.EnoughBooked(MOST_LIVING)


def book_for(
    work: Work,
    *,
    store_id: UUID,
    service_ids: Sequence[UUID],
    starts_at: datetime,
    client_name: str,
    client_phone: str = "",
    technician_id: UUID | None = None,
    overrides: str = "",
    note: str = "",
    demo: bool = False,
) -> UUID:
    """The store books for somebody who calls: nothing is asked for in advance. `overrides` is the reason why it goes
    over what is there or outside of hours; `demo` lets numbers of the demo town pass. Refuses as `book` does.
    """
    work.require(EDIT, store_id=store_id)
    if not work.now() - _GRACE <= starts_at < work.now() + _FAR:
        raise errors.TimeOver
    client = _client(client_name, client_phone, required=True, demo=demo)
    visit = _visit_by_staff(
        work, store_id, service_ids, starts_at, Source.STAFF, client, technician_id, overrides, note
    )
    with borrowed(work, HOUSE, RIGHTS):
        row = write(work, visit)
        work.publish(BookingBooked(row.merchant_id, row.id, None))
    if overrides:
        work.audit("booking.overridden", "booking", row.id, store=store_id)
    return row.id


def walk_in(
    work: Work,
    *,
    store_id: UUID,
    service_ids: Sequence[UUID],
    client_name: str = "",
    client_phone: str = "",
    technician_id: UUID | None = None,
    starts_at: datetime | None = None,
    overrides: str = "",
    note: str = "",
    demo: bool = False,
) -> UUID:
    """Somebody stands in the store (散客): served from now on, arrived at once. Refuses as `book_for`."""
    work.require(EDIT, store_id=store_id)
    at = (starts_at or work.now()).replace(second=0, microsecond=0)
    if abs(at - work.now()) > _GRACE:
        raise errors.TimeOver
    client = _client(client_name, client_phone, required=False, demo=demo)
    visit = _visit_by_staff(work, store_id, service_ids, at, Source.WALK_IN, client, technician_id, overrides, note)
    with borrowed(work, HOUSE, RIGHTS):
        row = write(work, visit)
        row.arrived_at = work.now()
        tell(work, row, Happening.ARRIVED)
        work.session.flush()
        work.publish(BookingArrived(row.merchant_id, row.id, None))
    if overrides:
        work.audit("booking.overridden", "booking", row.id, store=store_id)
    return row.id


def _client(name: str, phone: str, *, required: bool, demo: bool) -> Client:
    known = clean_line(name, field="client_name", most=NAME_MOST, required=required)
    digits = phones.normalise_phone(phone, demo=demo, field="client_phone") if phone.strip() else ""
    return Client(None, masked_name(known) if known else "", phones.mask(digits) if digits else "")


def _visit_by_staff(
    work: Work,
    store_id: UUID,
    service_ids: Sequence[UUID],
    starts_at: datetime,
    source: Source,
    client: Client,
    technician_id: UUID | None,
    overrides: str,
    note: str,
) -> Visit:
    if not service_ids:
        raise errors.NoService(1)
    return Visit(
        merchant_id=work.merchant_id,
        store_id=store_id,
        client=client,
        offers=offers(work, work.merchant_id, store_id, service_ids),
        starts_at=starts_at,
        source=source,
        state=BookingState.ARRIVED if source is Source.WALK_IN else BookingState.BOOKED,
        technician_id=technician_id,
        overrides=clean_line(overrides, field="overrides", most=NOTE_MOST, required=False),
        note=clean_line(note, field="note", most=NOTE_MOST, required=False),
    )
