"""A visit is written down, on the worker's face: reserved first, then its row, its lines and what has to be paid.

Booking, the waiting list and moving all come through here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.bookings.actions import seating
from portal.domain.bookings.actions.telling import tell
from portal.domain.bookings.models import Booking, BookingLine
from portal.domain.bookings.rules.terms import cancel_until, with_passes
from portal.domain.bookings.values import (
    BUSINESS,
    HELD_FOR,
    REMIND_BEFORE,
    BookingState,
    Happening,
    Missed,
    Offer,
    Seated,
    Source,
    Terms,
)
from portal.domain.identity.models import Person
from portal.domain.identity.rules.names import masked_name
from portal.domain.ledger.values import Business
from portal.domain.passes import actions as passes
from portal.domain.payments import actions as payments
from portal.domain.vouchers.rules.codes import new_digits, new_secret
from portal.kernel import phones
from portal.kernel.database import new_id
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

BOOK: Final = Permission.BOOKING_BOOK
EDIT: Final = Permission.BOOKING_EDIT
Passes = Mapping[UUID, UUID]


@dataclass(frozen=True)
class Client:
    """Who comes; name and number masked already."""

    person_id: UUID | None
    name: str
    phone: str


@dataclass(frozen=True)
class Visit:
    """All that is known of a visit before it is written. `passes` are {service: pass}."""

    merchant_id: UUID
    store_id: UUID
    client: Client
    offers: tuple[Offer, ...]
    starts_at: datetime
    source: Source
    state: BookingState
    technician_id: UUID | None = None
    overrides: str = ""
    note: str = ""
    passes: Passes = field(default_factory=dict)
    id: UUID = field(default_factory=new_id)

    @property
    def terms(self) -> Terms:
        """What it costs; what the store books itself asks for nothing in advance."""
        found = with_passes(self.offers, self.passes)
        return replace(found, prepay_fen=0, keep_fen=0) if self.source in (Source.STAFF, Source.WALK_IN) else found


def myself(work: Work) -> Client:
    """The acting person as bookings name him: masked."""
    row = work.session.execute(select(Person.name, Person.phone).where(Person.id == work.person_id)).one()
    return Client(work.person_id, masked_name(row.name), phones.mask(row.phone or ""))


def write(work: Work, visit: Visit, *, held_until: datetime | None = None) -> Booking:
    """Reserve it and write it down, on the worker's face. Raises TimeTaken."""
    wish = seating.Wish(
        visit.merchant_id,
        visit.store_id,
        visit.id,
        visit.offers,
        visit.starts_at,
        technician_id=visit.technician_id,
        overrides=visit.overrides,
    )
    seated = seating.take(work, wish)
    row = Booking(**_row(work, visit, held_until))
    work.session.add(row)
    work.session.flush()
    add_lines(work, row, seated, visit.passes)
    tell(work, row, Happening.OFFERED if visit.state is BookingState.ASKED else Happening.MADE, visit.overrides)
    work.session.flush()
    return row


def _row(work: Work, visit: Visit, held_until: datetime | None) -> dict[str, Any]:
    terms, now = visit.terms, work.now()
    if visit.state is BookingState.HELD:
        held_until = now + HELD_FOR
    return {
        "merchant_id": visit.merchant_id,
        "id": visit.id,
        "store_id": visit.store_id,
        "number": f"{now.astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(10**10):010}",
        "person_id": visit.client.person_id,
        "client_name": visit.client.name,
        "client_phone": visit.client.phone,
        "source": visit.source.value,
        "state": visit.state.value,
        "starts_at": visit.starts_at,
        "ends_at": visit.starts_at + timedelta(minutes=terms.minutes),
        "price_fen": terms.price_fen,
        "prepay_fen": terms.prepay_fen,
        "keep_fen": terms.keep_fen,
        "refunded_fen": 0,
        "paid": False,
        "cancel_until": cancel_until(visit.starts_at, terms.cancel_minutes),
        "code": new_digits(),
        "secret": new_secret(),
        "link_version": 1,
        "sequence": 0,
        "note": visit.note,
        "made_at": now,
        "changed_at": now,
        "held_until": held_until,
        "remind_at": remind_at(visit.starts_at, now),
        "ended_why": "",
    }


def remind_at(starts_at: datetime, now: datetime) -> datetime | None:
    """When to remind; never of what begins soon anyway."""
    at = starts_at - REMIND_BEFORE
    return at if at > now else None


def add_lines(work: Work, row: Booking, seated: Sequence[Seated], paid_by: Passes) -> None:
    """The services of a visit as they were agreed; a pass that pays for one holds a use of it."""
    for nth, one in enumerate(seated, 1):
        service = one.part.offer.service
        pass_id = paid_by.get(service.id)
        line = BookingLine(
            merchant_id=row.merchant_id,
            id=new_id(),
            booking_id=row.id,
            person_id=row.person_id,
            nth=nth,
            service_id=service.id,
            name=service.name,
            technician_id=one.technician.id if one.technician else None,
            technician=one.technician.name if one.technician else "",
            requested=one.requested,
            keeps=service.draft.missed is Missed.KEEP,
            places=seating.stored(one.places),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            before_minutes=service.draft.before_minutes,
            after_minutes=service.draft.after_minutes,
            price_fen=service.draft.price_fen,
            pass_id=pass_id,
            pass_use_id=_use(work, row, pass_id, service.id) if pass_id else None,
            session_id=one.session_id,
        )
        work.session.add(line)
    work.session.flush()


def _use(work: Work, row: Booking, pass_id: UUID, service_id: UUID) -> UUID:
    return passes.hold_use(
        work,
        merchant_id=row.merchant_id,
        pass_id=pass_id,
        person_id=row.person_id,
        service_id=service_id,
        booking_id=row.id,
        at=row.starts_at,
        store_id=row.store_id,
    )


def ask_to_pay(work: Work, row: Booking) -> UUID:
    """The payment of what is asked for in advance; it ends when the time is not kept any more."""
    assert row.person_id is not None
    names = select(BookingLine.name).where(BookingLine.merchant_id == row.merchant_id, BookingLine.booking_id == row.id)
    title = "、".join(work.session.scalars(names.order_by(BookingLine.nth)))
    row.intent_id = payments.ask(
        work,
        business=Business(BUSINESS, row.id),
        title=title[:60],
        amount_fen=row.prepay_fen,
        expires_at=row.held_until,
        return_path=f"/bookings/{row.id}",
        person_id=row.person_id,
    )
    work.session.flush()
    return row.intent_id
