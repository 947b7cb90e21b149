"""The board and the list of a merchant's orders: tiles, rows, filters. Counting stops at a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, false, func, or_, select, tuple_

from portal.domain.ordering.models import Order, OrderMark
from portal.domain.ordering.values import OPEN_STATES, OrderState
from portal.domain.shipping.models import Parcel, ParcelLine, StockReport
from portal.domain.shipping.queries.matching import matching
from portal.domain.shipping.queries.rows import Row, dress
from portal.domain.shipping.rules.pick_ups import PickUp, next_pick_up
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

BOARD: Final = 100
PAGE: Final = 30
MOST: Final = 1000


class Tile(StrEnum):
    """The five figures of the board, each a filter."""

    TO_SHIP = "to_ship"
    OVERDUE = "overdue"
    NO_STOCK = "no_stock"
    CASES = "cases"
    SETTLING = "settling"


@dataclass(frozen=True)
class Asked:
    """Which orders a list shows; `after` is the last order of the page before. Days are those of payment."""

    tile: Tile | None = None
    state: OrderState | None = None
    words: str = ""
    first: date | None = None
    last: date | None = None
    flag: int | None = None
    carrier: str = ""
    printed: bool | None = None
    after: UUID | None = None


def tiles(work: Work) -> dict[Tile, int]:
    """How many orders each tile holds; 1000 means a thousand or more."""
    work.require(Permission.ORDER_VIEW)
    counts = [_capped(work, tile).label(tile.value) for tile in Tile]
    row = work.session.execute(select(*counts)).one()
    return {tile: int(getattr(row, tile.value)) for tile in Tile}


def _capped(work: Work, tile: Tile) -> Any:
    few = select(Order.id).where(Order.merchant_id == work.merchant_id, _of_tile(work, tile)).limit(MOST).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def _of_tile(work: Work, tile: Tile) -> Any:
    if tile is Tile.TO_SHIP:
        return Order.state.in_(OPEN_STATES)
    if tile is Tile.OVERDUE:
        return and_(Order.state.in_(OPEN_STATES), Order.ship_by < work.now())
    if tile is Tile.NO_STOCK:
        short = select(StockReport.order_id).where(
            StockReport.merchant_id == work.merchant_id, StockReport.ended_at.is_(None)
        )
        return and_(Order.id.in_(short), Order.state.in_(OPEN_STATES))
    if tile is Tile.CASES:
        return Order.open_cases > 0
    return Order.state == OrderState.RECEIVED


def board(work: Work, pick_up: PickUp | None = None, after: UUID | None = None) -> tuple[tuple[Row, ...], bool]:
    """What is to ship, the most urgent first, with what stands in the way; and whether there is more."""
    work.require(Permission.ORDER_VIEW)
    query = _base(work).where(Order.state.in_(OPEN_STATES))
    if pick_up is not None:
        query = query.where(_of_pick_up(work, pick_up))
    if after is not None:
        last = select(Order.ship_by, Order.id).where(Order.merchant_id == work.merchant_id, Order.id == after)
        query = query.where(tuple_(Order.ship_by, Order.id) > last.scalar_subquery())
    found = work.session.execute(query.order_by(Order.ship_by, Order.id).limit(BOARD + 1)).all()
    return dress(work, found[:BOARD]), len(found) > BOARD


def _of_pick_up(work: Work, pick_up: PickUp) -> Any:
    now = work.now()
    coming = next_pick_up(now)
    return {
        PickUp.OVERDUE: Order.ship_by < now,
        PickUp.NEXT: and_(Order.ship_by >= now, Order.ship_by <= coming),
        PickUp.LATER: Order.ship_by > coming,
    }[pick_up]


def listed(work: Work, asked: Asked) -> tuple[tuple[Row, ...], bool]:
    """A page of orders, the newest first; and whether there is more. Unpaid ones are not there."""
    work.require(Permission.ORDER_VIEW)
    query = _filtered(work, _base(work).where(Order.paid_at.is_not(None)), asked)
    if asked.after is not None:
        query = query.where(Order.id < asked.after)
    found = work.session.execute(query.order_by(Order.id.desc()).limit(PAGE + 1)).all()
    return dress(work, found[:PAGE]), len(found) > PAGE


def several(work: Work, order_ids: Sequence[UUID]) -> tuple[Row, ...]:
    """These orders in the order they were named. Raises NotFound when one of them is another's."""
    work.require(Permission.ORDER_VIEW)
    found = work.session.execute(_base(work).where(Order.id.in_(order_ids))).all()
    rows = {row.id: row for row in dress(work, found)}
    if any(order_id not in rows for order_id in order_ids):
        raise NotFound
    return tuple(rows[order_id] for order_id in dict.fromkeys(order_ids))


def _base(work: Work) -> Any:
    """The columns of a row with the marks beside them."""
    beside = and_(OrderMark.merchant_id == Order.merchant_id, OrderMark.order_id == Order.id)
    columns = (
        *(Order.id, Order.number, Order.state, Order.person_id, Order.ship_by, Order.paid_at, Order.pieces),
        *(Order.recipient, Order.phone, Order.region_code, Order.region_names, Order.detail, Order.buyer_note),
        *(Order.open_cases, OrderMark.flag, OrderMark.note, OrderMark.picked_at, OrderMark.printed_at),
    )
    return select(*columns).outerjoin(OrderMark, beside).where(Order.merchant_id == work.merchant_id)


def _filtered(work: Work, query: Any, asked: Asked) -> Any:
    wanted: list[Any] = []
    if asked.tile is not None:
        wanted.append(_of_tile(work, asked.tile))
    if asked.state is not None:
        wanted.append(Order.state == asked.state.value)
    if asked.words:
        wanted.append(or_(false(), *matching(work, asked.words)))
    if asked.carrier:
        wanted.append(Order.id.in_(_with_carrier(work, asked.carrier)))
    return query.where(*wanted, *_in_days(asked), *_with_marks(asked))


def _in_days(asked: Asked) -> list[Any]:
    wanted: list[Any] = []
    if asked.first is not None:
        wanted.append(Order.paid_at >= _begins(asked.first))
    if asked.last is not None:
        wanted.append(Order.paid_at < _begins(date.fromordinal(asked.last.toordinal() + 1)))
    return wanted


def _with_marks(asked: Asked) -> list[Any]:
    wanted: list[Any] = []
    if asked.flag is not None:
        wanted.append(OrderMark.flag == asked.flag if asked.flag else _is_bare())
    if asked.printed is not None:
        done = OrderMark.printed_at.is_not(None)
        wanted.append(done if asked.printed else or_(OrderMark.order_id.is_(None), ~done))
    return wanted


def _is_bare() -> Any:
    return or_(OrderMark.order_id.is_(None), OrderMark.flag == 0)


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _with_carrier(work: Work, carrier: str) -> Any:
    inside = and_(ParcelLine.merchant_id == Parcel.merchant_id, ParcelLine.parcel_id == Parcel.id)
    return (
        select(ParcelLine.order_id)
        .join(Parcel, inside)
        .where(Parcel.merchant_id == work.merchant_id, Parcel.carrier == carrier, Parcel.undone_at.is_(None))
    )
