"""Parcels of orders with what is in them and what their carriers said; for both sides' pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.domain.ordering.models import OrderLine
from portal.domain.shipping.models import Parcel, ParcelCorrection, ParcelEvent, ParcelLine
from portal.domain.shipping.values import UNDO_TIME, Correction, ParcelPiece, ParcelShown, ParcelState, TrackEvent
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def parcels_of(work: Work, order_ids: Sequence[UUID], *, may: Permission) -> tuple[ParcelShown, ...]:
    """The parcels that hold pieces of these orders, in this face's reach, the first sent first. Four statements."""
    work.require(may)
    mine = select(ParcelLine.parcel_id).where(ParcelLine.order_id.in_(order_ids))
    rows = list(work.session.scalars(select(Parcel).where(Parcel.id.in_(mine)).order_by(Parcel.shipped_at, Parcel.id)))
    ids = [row.id for row in rows]
    if not ids:
        return ()
    pieces, events, former = _pieces(work, ids), _events(work, ids), _former(work, ids)
    return tuple(_shown(row, pieces[row.id], events[row.id], former[row.id]) for row in rows)


def _shown(row: Parcel, pieces: list[ParcelPiece], events: list[TrackEvent], former: list[Correction]) -> ParcelShown:
    state = ParcelState(row.state)
    return ParcelShown(
        id=row.id,
        merchant_id=row.merchant_id,
        person_id=row.person_id,
        carrier=row.carrier,
        number=row.number,
        state=state,
        shipped_at=row.shipped_at,
        undo_until=row.shipped_at + UNDO_TIME if state is ParcelState.SENT and row.collected_at is None else None,
        collected_at=row.collected_at,
        delivered_at=row.delivered_at,
        undone_at=row.undone_at,
        pieces=tuple(pieces),
        events=tuple(events),
        corrections=tuple(former),
    )


def _pieces(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[ParcelPiece]]:
    line = and_(OrderLine.merchant_id == ParcelLine.merchant_id, OrderLine.id == ParcelLine.line_id)
    query = (
        select(ParcelLine, OrderLine.name, OrderLine.choice)
        .join(OrderLine, line)
        .where(ParcelLine.parcel_id.in_(ids))
        .order_by(OrderLine.order_id, OrderLine.nth)
    )
    found: dict[UUID, list[ParcelPiece]] = defaultdict(list)
    for row, name, choice in work.session.execute(query):
        found[row.parcel_id].append(ParcelPiece(row.order_id, row.line_id, name, choice, row.pieces))
    return found


def _events(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[TrackEvent]]:
    mine = and_(Parcel.merchant_id == ParcelEvent.merchant_id, Parcel.id == ParcelEvent.parcel_id)
    of_its_number = func.starts_with(ParcelEvent.source_id, func.concat(Parcel.carrier, "/", Parcel.number, "/"))
    query: Any = select(ParcelEvent).join(Parcel, mine).where(ParcelEvent.parcel_id.in_(ids), of_its_number)
    found: dict[UUID, list[TrackEvent]] = defaultdict(list)
    for row in work.session.scalars(query.order_by(ParcelEvent.at.desc(), ParcelEvent.id.desc())):
        found[row.parcel_id].append(TrackEvent(row.at, ParcelState(row.state), row.text, row.place))
    return found


def _former(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[Correction]]:
    query = select(ParcelCorrection).where(ParcelCorrection.parcel_id.in_(ids)).order_by(ParcelCorrection.at.desc())
    found: dict[UUID, list[Correction]] = defaultdict(list)
    for row in work.session.scalars(query):
        found[row.parcel_id].append(Correction(row.carrier, row.number, row.at))
    return found
