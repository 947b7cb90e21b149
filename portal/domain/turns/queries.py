"""Today's list for pages, and the order in which a store's technicians come when nobody was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.calendar.models import Reservation, Resource
from portal.domain.turns import rules
from portal.domain.turns.models import TurnEntry, TurnPlace, TurnRuleRow
from portal.domain.turns.values import Declined, Logged, Place, Requested, Turn, TurnBoard, TurnRule
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

LOG = 12


def order(work: Work, merchant_id: UUID, store_id: UUID) -> tuple[UUID, ...]:
    """Technicians who are in today's list, the next one first; for bookings of "anyone"."""
    query = select(TurnPlace.resource_id).where(
        TurnPlace.merchant_id == merchant_id,
        TurnPlace.store_id == store_id,
        TurnPlace.day == rules.turn_day(work.now()),
        TurnPlace.present,
    )
    return tuple(work.session.scalars(query.order_by(TurnPlace.place, TurnPlace.resource_id)))


def decide(
    work: Work, merchant_id: UUID, store_id: UUID, technician_ids: Sequence[UUID], at: datetime
) -> Sequence[UUID] | None:
    """Whose turn a booking of "anyone" is: who is in today's list in its order, then the others. None for other days
    and for stores that keep no list today: then the bookings' own rule holds.
    """
    if rules.turn_day(at) != rules.turn_day(work.now()):
        return None
    turns = [one for one in order(work, merchant_id, store_id) if one in set(technician_ids)]
    return [*turns, *(one for one in technician_ids if one not in turns)] if turns else None


def board(work: Work, store_id: UUID) -> TurnBoard:
    """Everybody who works in the store: first who is in the list, in order, then the others. Four statements."""
    work.require(Permission.BOOKING_VIEW, store_id=store_id)
    day = rules.turn_day(work.now())
    rows = _technicians(work, store_id, day)
    taken = busy(work, work.merchant_id, [row.id for row in rows])
    places: list[Place] = []
    for row in rows:
        nth = sum(one.present for one in places) + 1 if row.present else 0
        counts = (row.taken or 0, row.requested or 0, row.declined or 0)
        places.append(Place(row.id, row.name, nth, bool(row.present), row.id in taken, *counts))
    first = next((one.resource_id for one in places if one.present and not one.busy), None)
    return TurnBoard(day, rule(work, store_id), tuple(places), first, _log(work, store_id, day))


def rule(work: Work, store_id: UUID) -> TurnRule:
    """The store's rule, or the usual one."""
    found = work.session.scalars(
        select(TurnRuleRow).where(TurnRuleRow.merchant_id == work.merchant_id, TurnRuleRow.store_id == store_id)
    ).one_or_none()
    return TurnRule(Requested(found.requested), Declined(found.declined)) if found else TurnRule()


def busy(work: Work, merchant_id: UUID, resource_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Who of these is reserved at this moment."""
    query = select(Reservation.resource_id).where(
        Reservation.merchant_id == merchant_id,
        Reservation.resource_id.in_(resource_ids),
        Reservation.during.op("@>")(work.now()),
    )
    return frozenset(work.session.scalars(query)) if resource_ids else frozenset()


def counted(work: Work, merchant_id: UUID, booking_id: UUID, resource_id: UUID) -> bool:
    """Whether this booking already counts as a turn of his."""
    query = select(func.count()).select_from(TurnEntry)
    same = (TurnEntry.booking_id == booking_id, TurnEntry.resource_id == resource_id)
    return bool(work.session.scalar(query.where(TurnEntry.merchant_id == merchant_id, *same)))


def _technicians(work: Work, store_id: UUID, day: date) -> Sequence[Any]:
    joined = (
        (TurnPlace.merchant_id == Resource.merchant_id)
        & (TurnPlace.resource_id == Resource.id)
        & (TurnPlace.day == day)
    )
    counts = (TurnPlace.present, TurnPlace.place, TurnPlace.taken, TurnPlace.requested, TurnPlace.declined)
    query = (
        select(Resource.id, Resource.name, *counts)
        .outerjoin(TurnPlace, joined)
        .where(Resource.merchant_id == work.merchant_id, Resource.store_id == store_id)
        .where(Resource.kind == "technician", Resource.active)
        .order_by(TurnPlace.present.desc().nulls_last(), TurnPlace.place, Resource.position, Resource.id)
    )
    return work.session.execute(query).all()


def _log(work: Work, store_id: UUID, day: date) -> tuple[Logged, ...]:
    query = (
        select(TurnEntry.id, Resource.name, TurnEntry.kind, TurnEntry.note, TurnEntry.at)
        .join(Resource, (Resource.merchant_id == TurnEntry.merchant_id) & (Resource.id == TurnEntry.resource_id))
        .where(TurnEntry.merchant_id == work.merchant_id, TurnEntry.store_id == store_id, TurnEntry.day == day)
        .order_by(TurnEntry.id.desc())
        .limit(LOG)
    )
    return tuple(Logged(row.id, row.name, Turn(row.kind), row.note, row.at) for row in work.session.execute(query))
