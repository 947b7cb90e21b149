"""What a store offers by time, and when it can be had: six statements for any number of resources and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, and_, any_, bindparam, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from portal.domain.bookings import errors
from portal.domain.bookings.models import BookingSession, Service, ServiceDoer, ServiceNeed
from portal.domain.bookings.rules import slots
from portal.domain.bookings.rules.terms import parts_of
from portal.domain.bookings.values import (
    HORIZON_DAYS,
    LEAD,
    MOST_SERVICES,
    NEEDS,
    Missed,
    Offer,
    PictureShown,
    Prepay,
    Res,
    ServiceDraft,
    ServiceShown,
    ServiceState,
)
from portal.domain.calendar import queries as calendar
from portal.domain.calendar.models import Resource
from portal.domain.calendar.values import Interval
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)
AROUND: Final = timedelta(hours=24)
"""A visit and its buffers reach no further beyond its beginning."""
_IDS: Final = bindparam("service_ids", type_=ARRAY(Service.__table__.c.id.type))
_NEEDED: Final = (
    select(func.array_agg(ServiceNeed.kind))
    .where(ServiceNeed.merchant_id == Service.merchant_id, ServiceNeed.service_id == Service.id)
    .scalar_subquery()
    .label("kinds")
)
_SERVICES: Final = fixed(
    select(*(getattr(Service, column.key) for column in Service.__table__.columns), _NEEDED)
    .where(Service.merchant_id == bindparam("of_merchant"))
    .where(or_(_IDS.is_(None), Service.id == any_(_IDS)))
    .where(or_(bindparam("stopped", type_=Boolean), Service.state == ServiceState.OFFERED.value))
    .order_by(Service.position, Service.id)
)
_PLACES: Final = fixed(
    select(Resource.id, Resource.kind, Resource.name, ServiceDoer.service_id)
    .outerjoin(
        ServiceDoer,
        and_(
            ServiceDoer.merchant_id == Resource.merchant_id,
            ServiceDoer.resource_id == Resource.id,
            ServiceDoer.service_id == any_(_IDS),
        ),
    )
    .where(Resource.merchant_id == bindparam("of_merchant"), Resource.store_id == bindparam("of_store"))
    .where(Resource.active, Resource.kind.in_(list(NEEDS)))
    .order_by(Resource.position, Resource.name, Resource.id)
)


def offers(
    work: Work, merchant_id: UUID, store_id: UUID, service_ids: Sequence[UUID] = (), *, stopped: bool = False
) -> tuple[Offer, ...]:
    """The services a store offers, in their order, with who and what can serve; those only that are possible there.

    With `service_ids` exactly these, in this order. Refuses too many, and what cannot be booked here; `stopped` also
    brings what is offered no more and what several share by now (for visits that were agreed before), else that is
    booked alone.
    """
    found = _found(work, merchant_id, store_id, service_ids, stopped=stopped)
    if not service_ids:
        return tuple(one for one in found.values() if one.possible)
    _check(found, service_ids, alone=not stopped)
    return tuple(found[one] for one in service_ids)


def chosen_of(
    work: Work, merchant_id: UUID, store_id: UUID, service_ids: Sequence[UUID]
) -> tuple[tuple[Offer, ...], tuple[Offer, ...]]:
    """These services, in this order, and what can be added to them, in two statements. Refuses as `offers` does."""
    found = _found(work, merchant_id, store_id)
    _check(found, service_ids)
    chosen = tuple(found[one] for one in service_ids)
    if any(one.service.draft.group_size > 1 for one in chosen):
        return chosen, ()
    rest = (one for key, one in found.items() if key not in service_ids and one.service.draft.group_size == 1)
    return chosen, tuple(one for one in rest if one.possible)


def _found(
    work: Work, merchant_id: UUID, store_id: UUID, service_ids: Sequence[UUID] = (), *, stopped: bool = False
) -> dict[UUID, Offer]:
    asked = {"of_merchant": merchant_id, "service_ids": list(service_ids) or None, "stopped": stopped}
    services = work.session.execute(_SERVICES, asked).all()
    here = {"of_merchant": merchant_id, "of_store": store_id, "service_ids": [row.id for row in services]}
    places = work.session.execute(_PLACES, here).all()
    return {row.id: Offer(service_of(row, row.kinds or ()), able(row.id, row.kinds or (), places)) for row in services}


def takes_bookings(work: Work, merchant_id: UUID, store_id: UUID) -> bool:
    """Whether a store offers anything by time: somebody there is named for a service that is offered."""
    query = (
        select(Service.id)
        .join(ServiceDoer, (ServiceDoer.merchant_id == Service.merchant_id) & (ServiceDoer.service_id == Service.id))
        .join(Resource, (Resource.merchant_id == ServiceDoer.merchant_id) & (Resource.id == ServiceDoer.resource_id))
        .where(Service.merchant_id == merchant_id, Service.state == ServiceState.OFFERED.value)
        .where(Resource.store_id == store_id, Resource.active)
    )
    return work.session.execute(query.limit(1)).first() is not None


def _check(found: Mapping[UUID, Offer], service_ids: Sequence[UUID], *, alone: bool = True) -> None:
    if len(service_ids) > MOST_SERVICES:
        raise errors.NoService(MOST_SERVICES)
    for one in service_ids:
        if one not in found or not found[one].possible:
            raise errors.NotOffered(found[one].service.name if one in found else "—")
        if alone and len(service_ids) > 1 and found[one].service.draft.group_size > 1:
            raise errors.Alone(found[one].service.name)


def able(service_id: UUID, needs: Sequence[str], places: Sequence[Any]) -> dict[str, tuple[Res, ...]]:
    """For each kind that is needed, who can: technicians by name; of the rest those named, else all."""
    found: dict[str, tuple[Res, ...]] = {}
    for kind in sorted(needs, reverse=True):
        named = [row for row in places if row.kind == kind and row.service_id == service_id]
        if not named and kind != slots.TECHNICIAN:
            named = [row for row in places if row.kind == kind]
        found[kind] = tuple({row.id: Res(row.id, row.kind, row.name) for row in named}.values())
    return found


def service_of(row: Any, needs: Sequence[str], doers: Sequence[UUID] = ()) -> ServiceShown:
    """A row as others know it."""
    draft = ServiceDraft(
        name=row.name,
        minutes=row.minutes,
        price_fen=row.price_fen,
        category=row.category,
        words=row.words,
        before_minutes=row.before_minutes,
        after_minutes=row.after_minutes,
        prepay=Prepay(row.prepay),
        prepay_fen=row.prepay_fen,
        cancel_minutes=row.cancel_minutes,
        missed=Missed(row.missed),
        group_size=row.group_size,
        needs=frozenset(needs),
        doers=frozenset(doers),
    )
    pictures = tuple(
        PictureShown(*(UUID(one["id"]), one["wide"], one["small"], one["width"], one["height"], one["tone"]))
        for one in row.pictures
    )
    return ServiceShown(row.merchant_id, row.id, ServiceState(row.state), draft, row.position, pictures)


def midnight(day: date) -> datetime:
    """The beginning of a local day, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def starts(
    work: Work,
    merchant_id: UUID,
    store_id: UUID,
    chosen: Sequence[Offer],
    first: date,
    days: int,
    *,
    technician_id: UUID | None = None,
    without: Mapping[UUID, Sequence[Interval]] | None = None,
    lead: timedelta = LEAD,
) -> dict[date, tuple[datetime, ...]]:
    """The times at which a visit of these services can begin on each of `days` days, none that are over.

    `without` is what the visit that is moved has now: it counts as free.
    """
    window = Interval(midnight(first), midnight(first + timedelta(days=days)))
    parts = parts_of(chosen)
    since = min(max(window.start, work.now()), window.end)  # nobody begins in the past
    free = free_of(work, merchant_id, chosen, Interval(since, window.end), without)
    sessions = joinable(work, merchant_id, store_id, chosen, window)
    found: dict[date, list[datetime]] = {first + timedelta(days=n): [] for n in range(days)}
    earliest, latest = work.now() + lead, work.now() + timedelta(days=HORIZON_DAYS + 1)
    for at in slots.starts(parts, free, window, technician_id=technician_id, sessions=sessions):
        if earliest <= at < latest:
            found[at.astimezone(SHANGHAI).date()].append(at)
    return {day: tuple(times) for day, times in found.items()}


def free_of(
    work: Work,
    merchant_id: UUID,
    chosen: Sequence[Offer],
    window: Interval,
    without: Mapping[UUID, Sequence[Interval]] | None = None,
) -> dict[UUID, Sequence[Interval]]:
    """The free stretches of all that can serve a visit that begins in the window."""
    drafts = [offer.service.draft for offer in chosen]
    before = timedelta(minutes=max((one.before_minutes for one in drafts), default=0))
    after = timedelta(minutes=sum(one.minutes + one.after_minutes for one in drafts))
    ids = sorted({res.id for offer in chosen for kind in offer.able.values() for res in kind})
    free = calendar.free(work, merchant_id, ids, window.start - before, window.end + after)
    own = without or {}
    return {one: slots.joined([*found, *own.get(one, ())]) if one in own else found for one, found in free.items()}


def joinable(
    work: Work, merchant_id: UUID, store_id: UUID, chosen: Sequence[Offer], window: Interval, *, full: bool = False
) -> list[slots.Joinable]:
    """Sessions of these services with a seat left, with `full` also the others; asks nothing when none of them is for
    several.
    """
    shared = [offer.service.id for offer in chosen if offer.service.draft.group_size > 1]
    if not shared:
        return []
    query = select(BookingSession).where(
        BookingSession.merchant_id == merchant_id,
        BookingSession.store_id == store_id,
        BookingSession.service_id.in_(shared),
        BookingSession.starts_at >= window.start,
        BookingSession.starts_at < window.end + AROUND,
        BookingSession.taken > 0,
        true() if full else BookingSession.taken < BookingSession.seats,
    )
    with borrowed(work, HOUSE):
        rows = list(work.session.scalars(query.order_by(BookingSession.starts_at, BookingSession.id)))
    return [
        slots.Joinable(
            row.id,
            row.service_id,
            Res(row.technician_id, slots.TECHNICIAN, row.technician) if row.technician_id else None,
            places_of(row.places),
            row.starts_at,
        )
        for row in rows
    ]


def places_of(stored: Sequence[Any]) -> tuple[Res, ...]:
    """Rooms and devices as a row keeps them."""
    return tuple(Res(UUID(one[0]), one[1], one[2]) for one in stored)
