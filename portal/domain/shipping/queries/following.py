"""Parcels as their buyer follows them: on the order's page with the last word only, on a page of their own with all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, true

from portal.domain.ordering.models import Order, OrderLine
from portal.domain.shipping.access import access_parcel
from portal.domain.shipping.models import Parcel, ParcelEvent, ParcelLine
from portal.domain.shipping.values import ParcelPiece, ParcelState, TrackEvent
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


@dataclass(frozen=True)
class Followed:
    """A parcel on its way; `events` newest first, of its present number only. `orders` are the others in it."""

    id: UUID
    merchant_id: UUID
    carrier: str
    number: str
    state: ParcelState
    shipped_at: datetime
    delivered_at: datetime | None
    events: tuple[TrackEvent, ...]
    pieces: tuple[ParcelPiece, ...]
    orders: tuple[tuple[UUID, str], ...] = ()


def followed(work: Work, order_id: UUID) -> tuple[Followed, ...]:
    """The parcels that hold pieces of an order, the first sent first, with the last word of each. Two statements."""
    work.require(Permission.ORDER_BUY)
    last = (
        select(ParcelEvent)
        .where(_of_this_number())
        .order_by(ParcelEvent.at.desc(), ParcelEvent.id.desc())
        .limit(1)
        .correlate(Parcel)
        .lateral("last")
    )
    inside = select(ParcelLine.parcel_id).where(ParcelLine.order_id == order_id)
    heads = (
        select(Parcel, last.c.at, last.c.state, last.c.text, last.c.place)
        .outerjoin(last, true())
        .where(Parcel.id.in_(inside), Parcel.state != ParcelState.UNDONE.value)
        .order_by(Parcel.shipped_at, Parcel.id)
    )
    rows = work.session.execute(heads).all()
    if not rows:
        return ()
    line = and_(OrderLine.merchant_id == ParcelLine.merchant_id, OrderLine.id == ParcelLine.line_id)
    query = select(ParcelLine, OrderLine.name, OrderLine.choice).join(OrderLine, line)
    pieces = _pieces(work, query.where(ParcelLine.order_id == order_id))
    return tuple(
        _followed(row[0], [_event(row)] if row.at is not None else [], [one for pid, one in pieces if pid == row[0].id])
        for row in rows
    )


def follow(work: Work, order_id: UUID, parcel_id: UUID) -> Followed:
    """One parcel of an order with everything that was said. Raises NotFound."""
    row = access_parcel(work, parcel_id, may=Permission.ORDER_BUY)
    line = and_(OrderLine.merchant_id == ParcelLine.merchant_id, OrderLine.id == ParcelLine.line_id)
    query = select(ParcelLine, OrderLine.name, OrderLine.choice).join(OrderLine, line)
    pieces = [one for _pid, one in _pieces(work, query.where(ParcelLine.parcel_id == parcel_id))]
    if row.state == ParcelState.UNDONE or order_id not in {one.order_id for one in pieces}:
        raise NotFound
    said = select(ParcelEvent).where(ParcelEvent.parcel_id == parcel_id, _begins_with(row.carrier, row.number))
    events = work.session.scalars(said.order_by(ParcelEvent.at.desc(), ParcelEvent.id.desc()))
    ids = {one.order_id for one in pieces}
    orders = work.session.execute(select(Order.id, Order.number).where(Order.id.in_(ids)).order_by(Order.number))
    return _followed(
        row,
        [TrackEvent(one.at, ParcelState(one.state), one.text, one.place) for one in events],
        pieces,
        tuple((one.id, one.number) for one in orders),
    )


def _of_this_number() -> Any:
    """Said about the number that the parcel has now."""
    mark = func.concat(Parcel.carrier, "/", Parcel.number, "/")
    mine = (ParcelEvent.merchant_id == Parcel.merchant_id, ParcelEvent.parcel_id == Parcel.id)
    return and_(*mine, func.starts_with(ParcelEvent.source_id, mark))


def _begins_with(carrier: str, number: str) -> Any:
    return ParcelEvent.source_id.startswith(f"{carrier}/{number}/", autoescape=True)


def _event(row: Any) -> TrackEvent:
    return TrackEvent(row.at, ParcelState(row.state), row.text, row.place)


def _pieces(work: Work, query: Any) -> list[tuple[UUID, ParcelPiece]]:
    rows = work.session.execute(query.order_by(OrderLine.order_id, OrderLine.nth))
    return [
        (row.parcel_id, ParcelPiece(row.order_id, row.line_id, name, choice, row.pieces)) for row, name, choice in rows
    ]


def _followed(
    row: Parcel, events: list[TrackEvent], pieces: list[ParcelPiece], orders: tuple[tuple[UUID, str], ...] = ()
) -> Followed:
    return Followed(
        row.id,
        row.merchant_id,
        row.carrier,
        row.number,
        ParcelState(row.state),
        row.shipped_at,
        row.delivered_at,
        tuple(events),
        tuple(pieces),
        orders,
    )
