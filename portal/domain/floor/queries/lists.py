"""Reservations for pages: one's own, one by its link, those of a store on a day, and what comes soon to which table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.domain.floor.access import access_booking, access_linked
from portal.domain.floor.models import FloorTable, TableBooking, TableBookingTable
from portal.domain.floor.queries.slots import HOUSE
from portal.domain.floor.values import LIVING, Booking, BookingState, DepositKind
from portal.domain.stores.models import Store
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

MOST = 200
LONGEST = timedelta(hours=12)  # a stay, by the rules
VIEW = Permission.BOOKING_VIEW
Tables = dict[UUID, tuple[tuple[UUID, ...], tuple[str, ...]]]


def tables_of(work: Work, merchant_id: UUID, booking_ids: Iterable[UUID]) -> Tables:
    """The tables of each reservation, ids and names, in an office or on the worker's face."""
    query = (
        select(TableBookingTable.booking_id, FloorTable.id, FloorTable.name)
        .join(
            FloorTable,
            (FloorTable.merchant_id == TableBookingTable.merchant_id) & (FloorTable.id == TableBookingTable.table_id),
        )
        .where(TableBookingTable.merchant_id == merchant_id, TableBookingTable.booking_id.in_(list(booking_ids)))
        .order_by(func.length(FloorTable.name), FloorTable.name)
    )
    ids: dict[UUID, list[UUID]] = defaultdict(list)
    names: dict[UUID, list[str]] = defaultdict(list)
    for booking_id, table_id, name in work.session.execute(query):
        ids[booking_id].append(table_id)
        names[booking_id].append(name)
    return {one: (tuple(ids[one]), tuple(names[one])) for one in ids}


def _shown(row: TableBooking, store: str, tables: Tables) -> Booking:
    ids, names = tables.get(row.id, ((), ()))
    return Booking(
        *(row.id, row.merchant_id, row.store_id, store, row.number, BookingState(row.state), row.source),
        *(row.name, row.phone, row.people, row.starts_at, row.ends_at, names, ids),
        *(DepositKind(row.deposit_kind), row.deposit_fen, row.intent_id, row.held_until, row.free_until),
        *(row.note, row.reason, row.sequence, row.person_id, row.kept_fen),
    )


def _all(work: Work, rows: Sequence[TableBooking]) -> tuple[Booking, ...]:
    """The rows with names of stores and tables, on the worker's face."""
    tables: Tables = {}
    for merchant_id in {row.merchant_id for row in rows}:
        tables |= tables_of(work, merchant_id, [row.id for row in rows if row.merchant_id == merchant_id])
    named = select(Store.id, Store.name).where(Store.id.in_({row.store_id for row in rows}))
    names = {one.id: one.name for one in work.session.execute(named)} if rows else {}
    return tuple(_shown(row, names.get(row.store_id, ""), tables) for row in rows)


def mine(work: Work, *, most: int = 30) -> tuple[Booking, ...]:
    """The reservations of the person who acts, those to come first."""
    work.require(Permission.TABLE_BOOK)
    query = select(TableBooking).where(TableBooking.person_id == work.person_id)
    rows = work.session.scalars(query.order_by(TableBooking.starts_at.desc()).limit(most)).all()
    with borrowed(work, HOUSE):
        return _all(work, rows)


def booking(work: Work, booking_id: UUID, *, may: Permission) -> Booking:
    """One reservation in sight: one's own, or of a store in reach. Raises NotFound."""
    row = access_booking(work, booking_id, may=may)
    with borrowed(work, HOUSE):
        return _all(work, [row])[0]


def linked(work: Work, link: str) -> Booking:
    """The one that a link opens, for who has it. Raises NotFound."""
    with borrowed(work, HOUSE):
        return _all(work, [access_linked(work, link)])[0]


def on_day(work: Work, store_id: UUID, start: datetime, end: datetime, *, q: str = "") -> tuple[Booking, ...]:
    """The reservations of a store that begin within [start, end), by time; `q` looks in name, number and phone."""
    work.require(VIEW, store_id=store_id)
    query = _of_store(work, store_id).where(TableBooking.starts_at >= start, TableBooking.starts_at < end)
    query = query.where(TableBooking.state != BookingState.EXPIRED.value)
    if q:
        like = f"%{q.replace('%', '').replace('_', '')}%"
        columns = (TableBooking.name, TableBooking.number, TableBooking.phone)
        query = query.where(or_(*(column.ilike(like) for column in columns)))
    rows = work.session.scalars(query.order_by(TableBooking.starts_at, TableBooking.id).limit(MOST)).all()
    tables = tables_of(work, work.merchant_id, [row.id for row in rows])
    return tuple(_shown(row, "", tables) for row in rows)


def _of_store(work: Work, store_id: UUID) -> Any:
    return select(TableBooking).where(TableBooking.merchant_id == work.merchant_id, TableBooking.store_id == store_id)


def coming(work: Work, store_id: UUID, *, within: timedelta = timedelta(hours=2)) -> dict[UUID, Booking]:
    """Which table is reserved next within this time, or by who is late; for boards of the floor. Needs FLOOR_VIEW."""
    work.require(Permission.FLOOR_VIEW, store_id=store_id)
    query = _of_store(work, store_id).where(TableBooking.state.in_(LIVING), TableBooking.ends_at > work.now())
    soon = TableBooking.starts_at.between(work.now() - LONGEST, work.now() + within)
    query = query.where(soon).order_by(TableBooking.starts_at.desc())
    rows = work.session.scalars(query).all()
    tables = tables_of(work, work.merchant_id, [row.id for row in rows])
    found = {}
    for row in rows:
        shown = _shown(row, "", tables)
        found.update(dict.fromkeys(shown.table_ids, shown))
    return found
