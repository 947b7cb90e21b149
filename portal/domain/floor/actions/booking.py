"""Table reservations are made: by a person for himself, by the staff for who rings up; a deposit is asked for first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.floor import errors, rules
from portal.domain.floor.actions.placing import Party, place, remember
from portal.domain.floor.actions.telling import title_of, told
from portal.domain.floor.events import TableBooked
from portal.domain.floor.models import TableBooking
from portal.domain.floor.queries.plan import rules_of
from portal.domain.floor.values import (
    HOLD_FOR,
    LIVING,
    REMIND_BEFORE,
    BookingState,
    DepositKind,
    Made,
    Rules,
)
from portal.domain.identity.access import access_me
from portal.domain.ledger.values import Business
from portal.domain.payments import actions as payments
from portal.domain.stores.access import access_store
from portal.domain.stores.queries.cards import card
from portal.kernel import phones
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)  # nobody's own face may write down that a table is his
RIGHTS: Final = frozenset({Permission.PAYMENT_PAY, Permission.PAYMENT_EDIT})
BUSINESS: Final = "table"
MOST_LIVING: Final = 3
MOST_PARTY: Final = 200
NAME_MOST: Final = 60  # forms allow less; an account's own name may be longer
NOTE_MOST: Final = 100
FAR: Final = timedelta(days=400)
LATE: Final = timedelta(minutes=30)
"""How long after its time a reservation may still be written down."""


@dataclass(frozen=True)
class Guest:
    """Who comes, as the store knows him: a masked number of an account, or what was said on the telephone."""

    person_id: UUID | None
    name: str
    phone: str
    note: str


def book(work: Work, *, store_id: UUID, people: int, at: datetime, name: str = "", note: str = "") -> Made:
    """Reserve a table for oneself; with a deposit it is held for a quarter of an hour until that is paid.

    Refuses a store that takes none online, a time that is not offered, a party that is too large, more than three
    at one store, and Full.
    """
    work.require(Permission.TABLE_BOOK)
    shown, me = card(work, store_id), access_me(work)
    guest = _guest(me.id, name or me.name, phones.mask(me.phone or ""), note)
    with borrowed(work, HOUSE, RIGHTS):
        known = rules_of(work, shown.merchant_id, store_id)
        if not known.online:
            raise errors.NoOnline
        if not 1 <= people <= known.most_people:
            raise errors.TooManyPeople(known.most_people)
        if not rules.offered(shown.hours, known, at, work.now()):
            raise errors.NoSuchTime
        made = _make(work, Party(shown.merchant_id, store_id, new_id(), people, at), known, guest)
        _not_too_many(work, me.id, shown.merchant_id, store_id)
    return made


def take(
    work: Work,
    *,
    store_id: UUID,
    people: int,
    at: datetime,
    name: str,
    phone: str,
    note: str = "",
    tables: tuple[UUID, ...] = (),
    address: Callable[[str], str] | None = None,
) -> Made:
    """The staff takes a reservation by phone: at any time from now on, at the tables they choose or what fits best.

    `address` makes of its secret what opens it; who rang up is sent that by text.
    """
    access_store(work, store_id, may=Permission.BOOKING_EDIT)
    merchant_id = work.merchant_id
    if at < work.now() - LATE:
        raise errors.NoSuchTime
    refuse_wild(work, at, people)
    guest = _guest(None, name, phone, note)
    with borrowed(work, HOUSE, RIGHTS):
        known = rules_of(work, merchant_id, store_id)
        made = _make(work, Party(merchant_id, store_id, new_id(), people, at, tables), known, guest, address)
    work.audit("table.taken", "table_booking", made.booking_id, people=people)
    return made


def _guest(person_id: UUID | None, name: str, phone: str, note: str) -> Guest:
    """One line each, without signs that turn a list or a slip round."""
    called = clean_line(name, field="name", most=NAME_MOST, required=False)
    return Guest(person_id, called, phone, clean_line(note, field="note", most=NOTE_MOST, required=False))


def _make(work: Work, party: Party, known: Rules, guest: Guest, address: Callable[[str], str] | None = None) -> Made:
    """Write it down and reserve its place, on the worker's face. What the staff takes asks for no deposit."""
    online, link, now = guest.person_id is not None, rules.new_code(), work.now()
    deposit = known.deposit(party.people) if online else 0
    row = TableBooking(
        merchant_id=party.merchant_id,
        id=party.booking_id,
        store_id=party.store_id,
        number=rules.new_number(now),
        person_id=guest.person_id,
        source="online" if online else "staff",
        state=(BookingState.HELD if deposit else BookingState.BOOKED).value,
        name=guest.name,
        phone=guest.phone,
        people=party.people,
        starts_at=party.at,
        ends_at=rules.until(known, party.people, party.at)[0],
        deposit_kind=(known.deposit_kind if deposit else DepositKind.NONE).value,
        deposit_fen=deposit,
        kept_fen=0,
        held_until=now + HOLD_FOR if deposit else None,
        free_until=party.at - timedelta(minutes=known.free_minutes),
        remind_at=remind_at(party.at, now),
        note=guest.note,
        reason="",
        link=rules.digest(link),
        sequence=0,
        made_at=now,
        changed_at=now,
    )
    found = place(work, party, known)
    work.session.add(row)
    remember(work, party, found)
    if deposit:
        row.intent_id = _ask(work, row)
    else:
        work.publish(TableBooked(**told(work, row), address=address(link) if address else ""))
    work.session.flush()
    return Made(row.id, link, row.intent_id)


def refuse_wild(work: Work, at: datetime, people: int) -> None:
    """What no floor can be planned for, whoever says it."""
    if at > work.now() + FAR:
        raise errors.NoSuchTime
    if not 1 <= people <= MOST_PARTY:
        raise errors.TooManyPeople(MOST_PARTY)


def remind_at(at: datetime, now: datetime) -> datetime | None:
    """When to remind; not at all of what is near."""
    due = at - REMIND_BEFORE
    return due if due > now else None


def _ask(work: Work, row: TableBooking) -> UUID:
    return payments.ask(
        work,
        business=Business(BUSINESS, row.id),
        title=title_of(work, row),
        amount_fen=row.deposit_fen,
        expires_at=row.held_until,
        return_path=f"/tables/{row.id}",
        person_id=row.person_id,
    )


def _not_too_many(work: Work, person_id: UUID, merchant_id: UUID, store_id: UUID) -> None:
    """Nobody keeps tables for a whole evening. After the tables are held, so that windows of one person take turns."""
    mine = select(func.count()).select_from(TableBooking)
    mine = mine.where(TableBooking.person_id == person_id, TableBooking.merchant_id == merchant_id)
    mine = mine.where(TableBooking.store_id == store_id, TableBooking.state.in_(LIVING))
    if work.session.scalars(mine.where(TableBooking.ends_at > work.now())).one() > MOST_LIVING:
        raise errors.EnoughBooked(MOST_LIVING)
