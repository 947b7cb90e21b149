"""Where a party sits: the one writing path of reservations, on the worker's face, by the rule that pages show.

All tables that would fit are held in the order of their ids, then read, then decided: nobody waits in a circle, and of
many at once exactly as many come in as there are tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from portal.domain.calendar import queries as calendar
from portal.domain.calendar.access import hold
from portal.domain.calendar.actions import release, reserve
from portal.domain.calendar.errors import Taken
from portal.domain.calendar.models import Reservation
from portal.domain.calendar.values import Claim, Holder
from portal.domain.floor import errors, rules
from portal.domain.floor.models import TableBooking, TableBookingTable
from portal.domain.floor.queries.plan import Plan, floor_of
from portal.domain.floor.rules import Choice
from portal.domain.floor.values import Rules
from portal.kernel import faults
from portal.kernel.refusals import NotFound
from portal.kernel.rows import add_rows
from portal.kernel.work import Work


@dataclass(frozen=True)
class Party:
    """Who wants a place, and when. `tables` is what the staff chose, empty for whatever fits best."""

    merchant_id: UUID
    store_id: UUID
    booking_id: UUID
    people: int
    at: datetime
    tables: tuple[UUID, ...] = ()


def place(work: Work, party: Party, known: Rules) -> Choice:
    """Reserve the best place that is free, for `remember` to write down. Refuses with Full or TableTaken."""
    floor = floor_of(work, party.merchant_id, party.store_id)
    choices = _choices(floor, party)
    start, end = party.at, rules.until(known, party.people, party.at)[1]
    ids = sorted({one for choice in choices for one in choice.table_ids})
    faults.point(work, "floor.place.asked")
    hold(work, party.merchant_id, ids)
    free = calendar.free(work, party.merchant_id, ids, start, end)
    found = rules.first_free(choices, free, start, end)
    faults.point(work, "floor.place.checked")
    if found is None:
        raise errors.TableTaken("、".join(choices[0].names)) if party.tables else errors.Full
    claims = [
        Claim(party.merchant_id, one, start, end, Holder.TABLE, party.booking_id, unbound=True)
        for one in found.table_ids
    ]
    try:
        reserve(work, claims)
    except Taken as taken:
        raise errors.Full from taken
    return found


def place_again(work: Work, party: Party, known: Rules) -> Choice:
    """The same for who has a place: what he has is given back first. A refusal leaves everything as it was."""
    before = select(TableBookingTable.table_id).where(
        TableBookingTable.merchant_id == party.merchant_id, TableBookingTable.booking_id == party.booking_id
    )
    floor = floor_of(work, party.merchant_id, party.store_id)
    ids = {one for choice in _choices(floor, party) for one in choice.table_ids}
    hold(work, party.merchant_id, [*ids, *work.session.scalars(before)])
    with work.session.begin_nested():
        release(work, party.merchant_id, party.booking_id)
        found = place(work, party, known)
    remember(work, party, found)
    return found


def _choices(floor: Plan, party: Party) -> Sequence[Choice]:
    if not party.tables:
        found = rules.fitting(floor.tables, floor.joins, party.people)
        if not found:
            raise errors.Full
        return found
    names = {table.id: table for table in floor.in_use}
    if not set(party.tables) <= set(names):
        raise NotFound
    chosen = [names[one] for one in party.tables]
    seats = sum(table.most for table in chosen)
    return [Choice(party.tables, tuple(table.name for table in chosen), seats, (0, seats, ""))]


def remember(work: Work, party: Party, found: Choice) -> None:
    """Which tables it is, for the time after they are free again."""
    work.session.flush()
    work.session.execute(
        delete(TableBookingTable)
        .where(TableBookingTable.merchant_id == party.merchant_id, TableBookingTable.booking_id == party.booking_id)
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"merchant_id": party.merchant_id, "booking_id": party.booking_id, "table_id": one} for one in found.table_ids
    ]
    add_rows(work, TableBookingTable, rows)


def free_place(work: Work, row: TableBooking) -> None:
    """Give back what it reserved; its tables stay remembered."""
    release(work, row.merchant_id, row.id)


def has_place(work: Work, row: TableBooking) -> bool:
    """False once what it reserved was given back."""
    query = select(Reservation.id).where(Reservation.merchant_id == row.merchant_id, Reservation.holder_id == row.id)
    return work.session.scalars(query.limit(1)).one_or_none() is not None
