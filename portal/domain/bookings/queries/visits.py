"""Visits as the client, his secret link and the store see them; the waiting list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select

from portal.domain.bookings import errors
from portal.domain.bookings.access import access_booking, access_linked
from portal.domain.bookings.models import Booking, BookingEvent, BookingFeed, BookingLine, Waiting
from portal.domain.bookings.queries.agreed import agreed, own_of
from portal.domain.bookings.queries.offers import HOUSE, places_of, starts
from portal.domain.bookings.rules.links import Link
from portal.domain.bookings.values import (
    LIVING,
    BookingShown,
    BookingState,
    EventShown,
    Happening,
    LineShown,
    Source,
    WaitShown,
    WaitState,
)
from portal.domain.stores.models import Store
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work

BOOK: Final = Permission.BOOKING_BOOK
FED_BACK: Final = timedelta(days=60)


def booking(work: Work, booking_id: UUID, *, may: Permission = BOOK) -> BookingShown:
    """One visit in reach: the client's own, or of a store in reach. Raises NotFound."""
    row = access_booking(work, booking_id, may=may)
    with borrowed(work, HOUSE):
        return _shown(work, [row], events=True)[0]


def linked(work: Work, link: Link) -> BookingShown:
    """One visit by its secret link, without sign-in. Raises LinkOver."""
    with borrowed(work, HOUSE):
        return _shown(work, [access_linked(work, link)], events=True)[0]


def of_house(work: Work, merchant_id: UUID, booking_id: UUID) -> BookingShown | None:
    """For reactions of features above, on whatever face."""
    with borrowed(work, HOUSE):
        row = work.session.get(Booking, (merchant_id, booking_id))
        return _shown(work, [row])[0] if row else None


def my_bookings(work: Work, *, over: bool = False, most: int = 50) -> tuple[BookingShown, ...]:
    """The person's visits: to come, next first; or those that are over, latest first."""
    work.require(BOOK)
    coming = [state.value for state in LIVING]
    query = select(Booking).where(Booking.person_id == work.person_id)
    if over:
        query = query.where(Booking.state.not_in(coming)).order_by(Booking.starts_at.desc(), Booking.id.desc())
    else:
        query = query.where(Booking.state.in_(coming)).order_by(Booking.starts_at, Booking.id)
    rows = list(work.session.scalars(query.limit(most)))
    with borrowed(work, HOUSE):
        return _shown(work, rows)


def bookings_between(
    work: Work, store_id: UUID, start: datetime, end: datetime, *, states: Sequence[BookingState] = ()
) -> tuple[BookingShown, ...]:
    """A store's visits that begin in [start, end). Needs BOOKING_VIEW and the store in reach."""
    work.require(Permission.BOOKING_VIEW, store_id=store_id)
    query = select(Booking).where(
        Booking.merchant_id == work.merchant_id,
        Booking.store_id == store_id,
        Booking.starts_at >= start,
        Booking.starts_at < end,
    )
    if states:
        query = query.where(Booking.state.in_([one.value for one in states]))
    return _shown(work, list(work.session.scalars(query.order_by(Booking.starts_at, Booking.id))))


def fed(work: Work, link: Link) -> tuple[BookingShown, ...]:
    """What a person's calendar feed holds: visits of the last weeks and all to come, cancelled ones as such."""
    with borrowed(work, HOUSE):
        feed = work.session.get(BookingFeed, link.id)
        if feed is None or feed.version != link.version:
            raise errors.LinkOver
        since = work.now() - FED_BACK
        query = select(Booking).where(Booking.person_id == link.id, Booking.starts_at >= since)
        query = query.where(Booking.state.not_in(["asked", "held"]))
        return _shown(work, list(work.session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(500))))


def times_to_move(work: Work, shown: BookingShown, first: date, days: int) -> dict[date, tuple[datetime, ...]]:
    """When a visit could be instead, as it was agreed; with whom the client asked for; no time when the
    store cannot give it any more.
    """
    empty: dict[date, tuple[datetime, ...]] = {first + timedelta(days=n): () for n in range(days)}
    try:
        chosen = agreed(work, shown.merchant_id, shown.store_id, shown.lines)
    except Refusal:
        return empty
    wanted = next((line.technician_id for line in shown.lines if line.requested), None)
    return starts(
        work,
        shown.merchant_id,
        shown.store_id,
        chosen,
        first,
        days,
        technician_id=wanted,
        without=own_of(shown.lines),
    )


def my_feed(work: Work) -> Link | None:
    """The person's feed, once he has asked for one."""
    work.require(BOOK)
    row = work.session.get(BookingFeed, work.person_id)
    return Link(row.person_id, row.version) if row else None


def waiting(work: Work) -> tuple[WaitShown, ...]:
    """Where the person waits."""
    work.require(BOOK)
    query = select(Waiting).where(Waiting.person_id == work.person_id, Waiting.state.in_(["waiting", "offered"]))
    rows = list(work.session.scalars(query.order_by(Waiting.day, Waiting.id)))
    with borrowed(work, HOUSE):
        return _waits(work, rows)


def waiting_in(work: Work, store_id: UUID) -> tuple[WaitShown, ...]:
    """Who waits in a store. Needs BOOKING_VIEW."""
    work.require(Permission.BOOKING_VIEW, store_id=store_id)
    query = select(Waiting).where(
        Waiting.merchant_id == work.merchant_id,
        Waiting.store_id == store_id,
        Waiting.state.in_(["waiting", "offered"]),
    )
    return _waits(work, list(work.session.scalars(query.order_by(Waiting.day, Waiting.id))))


def _waits(work: Work, rows: Sequence[Waiting]) -> tuple[WaitShown, ...]:
    names = _store_names(work, {(row.merchant_id, row.store_id) for row in rows})
    return tuple(
        WaitShown(
            *(row.merchant_id, row.id, row.store_id, names[row.store_id]),
            *(tuple(UUID(one) for one in row.service_ids), row.day, row.from_minute, row.until_minute),
            *(WaitState(row.state), row.booking_id, row.client_name, row.made_at),
        )
        for row in rows
    )


def _store_names(work: Work, stores: set[tuple[UUID, UUID]]) -> dict[UUID, str]:
    known: dict[UUID, str] = work.memo.setdefault("bookings.store_names", {})
    unknown = {one for one in stores if one[1] not in known}
    if unknown:
        merchants, ids = {one[0] for one in unknown}, {one[1] for one in unknown}
        query = select(Store.id, Store.name).where(Store.merchant_id.in_(merchants), Store.id.in_(ids))
        known.update({row.id: row.name for row in work.session.execute(query)})
    return known


def _shown(work: Work, rows: Sequence[Booking], *, events: bool = False) -> tuple[BookingShown, ...]:
    """Rows with their lines and the names of their stores: two statements, whatever their number."""
    if not rows:
        return ()
    names = _store_names(work, {(row.merchant_id, row.store_id) for row in rows})
    mine = and_(
        BookingLine.merchant_id.in_({row.merchant_id for row in rows}),
        BookingLine.booking_id.in_([row.id for row in rows]),
    )
    lines: dict[UUID, list[LineShown]] = {row.id: [] for row in rows}
    for line in work.session.scalars(select(BookingLine).where(mine).order_by(BookingLine.nth)):
        lines[line.booking_id].append(line_of(line))
    told = _events(work, rows[0]) if events else ()
    return tuple(shown_of(row, names[row.store_id], tuple(lines[row.id]), told) for row in rows)


def _events(work: Work, row: Booking) -> tuple[EventShown, ...]:
    query = select(BookingEvent).where(BookingEvent.merchant_id == row.merchant_id, BookingEvent.booking_id == row.id)
    found = work.session.scalars(query.order_by(BookingEvent.id))
    return tuple(EventShown(Happening(one.kind), one.at, one.by_kind, one.note) for one in found)


def line_of(row: BookingLine) -> LineShown:
    """A line's row as others know it."""
    return LineShown(
        *(row.id, row.service_id, row.name, row.technician_id, row.technician, row.requested),
        *(places_of(row.places), row.starts_at, row.ends_at, row.before_minutes, row.after_minutes),
        *(row.price_fen, row.pass_id, row.pass_use_id, row.session_id, row.keeps),
    )


def shown_of(
    row: Booking, store_name: str, lines: tuple[LineShown, ...], events: tuple[EventShown, ...] = ()
) -> BookingShown:
    """A booking's row as others know it."""
    taken = ("store_name", "lines", "events", "source", "state")
    facts: dict[str, Any] = {
        name: getattr(row, name) for name in BookingShown.__dataclass_fields__ if name not in taken
    }
    return BookingShown(
        **facts,
        store_name=store_name,
        source=Source(row.source),
        state=BookingState(row.state),
        lines=lines,
        events=events,
    )
