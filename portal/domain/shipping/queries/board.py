"""The board and the list of a merchant's orders: tiles, rows, filters. Counting stops at a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, and_, bindparam, false, func, literal_column, or_, select, tuple_
from sqlalchemy.dialects.postgresql import UUID as PgUuid  # noqa: N811  # told apart from uuid.UUID

from portal.domain.ordering.models import Order, OrderMark
from portal.domain.ordering.values import OPEN_STATES, OrderState
from portal.domain.shipping.models import Parcel, ParcelLine, StockReport
from portal.domain.shipping.queries.matching import matching
from portal.domain.shipping.queries.rows import Row, among, dress
from portal.domain.shipping.rules.pick_ups import PickUp, next_pick_up
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import fixed
from portal.kernel.work import Work

BOARD: Final = 100
PAGE: Final = 30
MOST: Final = 1000
MERCHANT, AFTER = (bindparam(name, type_=PgUuid(as_uuid=True)) for name in ("merchant", "after"))
NOW, COMING = (bindparam(name, type_=DateTime(timezone=True)) for name in ("now", "coming"))


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
    row = work.session.execute(_counts(), _values(work)).one()
    return dict(zip(Tile, row, strict=True))


def _values(work: Work) -> dict[str, Any]:
    now = work.now()
    return {"merchant": work.merchant_id, "now": now, "coming": next_pick_up(now)}


@cache
def _counts() -> Any:
    return fixed(select(*(_capped(tile) for tile in Tile)))


def _capped(tile: Tile) -> Any:
    few = select(Order.id).where(Order.merchant_id == MERCHANT, _of_tile(tile)).limit(literal_column(str(MOST)))
    return select(func.count()).select_from(few.subquery()).scalar_subquery()


def _of_tile(tile: Tile) -> Any:
    if tile is Tile.TO_SHIP:
        return Order.state.in_(OPEN_STATES)
    if tile is Tile.OVERDUE:
        return and_(Order.state.in_(OPEN_STATES), Order.ship_by < NOW)
    if tile is Tile.NO_STOCK:
        short = select(StockReport.order_id).where(StockReport.merchant_id == MERCHANT, StockReport.ended_at.is_(None))
        return and_(Order.id.in_(short), Order.state.in_(OPEN_STATES))
    if tile is Tile.CASES:
        return Order.open_cases > 0
    return Order.state == OrderState.RECEIVED


def board(work: Work, pick_up: PickUp | None = None, after: UUID | None = None) -> tuple[tuple[Row, ...], bool]:
    """What is to ship, the most urgent first, with what stands in the way; and whether there is more."""
    work.require(Permission.ORDER_VIEW)
    query = _urgent(pick_up, begins=after is None)
    found = work.session.execute(query, {**_values(work), "after": after}).all()
    return dress(work, found[:BOARD]), len(found) > BOARD


@cache
def _urgent(pick_up: PickUp | None, *, begins: bool) -> Any:
    query = _base().where(Order.state.in_(OPEN_STATES))
    if pick_up is not None:
        query = query.where(_of_pick_up(pick_up))
    if not begins:
        last = select(Order.ship_by, Order.id).where(Order.merchant_id == MERCHANT, Order.id == AFTER)
        query = query.where(tuple_(Order.ship_by, Order.id) > last.scalar_subquery())
    return fixed(query.order_by(Order.ship_by, Order.id).limit(literal_column(str(BOARD + 1))))


def _of_pick_up(pick_up: PickUp) -> Any:
    return {
        PickUp.OVERDUE: Order.ship_by < NOW,
        PickUp.NEXT: and_(Order.ship_by >= NOW, Order.ship_by <= COMING),
        PickUp.LATER: Order.ship_by > COMING,
    }[pick_up]


def listed(work: Work, asked: Asked, *, most: int = PAGE) -> tuple[tuple[Row, ...], bool]:
    """A page of orders, the newest first; and whether there is more. Unpaid ones are not there."""
    work.require(Permission.ORDER_VIEW)
    query = _filtered(work, _base().where(Order.paid_at.is_not(None)), asked)
    if asked.after is not None:
        query = query.where(Order.id < asked.after)
    found = work.session.execute(query.order_by(Order.id.desc()).limit(most + 1), _values(work)).all()
    return dress(work, found[:most]), len(found) > most


def several(work: Work, order_ids: Sequence[UUID]) -> tuple[Row, ...]:
    """These orders in the order they were named. Raises NotFound when one of them is another's."""
    work.require(Permission.ORDER_VIEW)
    found = work.session.execute(_base().where(among(Order.id, order_ids)), _values(work)).all()
    rows = {row.id: row for row in dress(work, found)}
    if any(order_id not in rows for order_id in order_ids):
        raise NotFound
    return tuple(rows[order_id] for order_id in dict.fromkeys(order_ids))


def _base() -> Any:
    """The columns of a row with the marks beside them."""
    beside = and_(OrderMark.merchant_id == Order.merchant_id, OrderMark.order_id == Order.id)
    columns = (
        *(Order.id, Order.number, Order.state, Order.person_id, Order.ship_by, Order.paid_at, Order.pieces),
        *(Order.recipient, Order.phone, Order.region_code, Order.region_names, Order.detail, Order.buyer_note),
        *(Order.open_cases, OrderMark.flag, OrderMark.note, OrderMark.picked_at, OrderMark.printed_at),
    )
    return select(*columns).outerjoin(OrderMark, beside).where(Order.merchant_id == MERCHANT)


def _filtered(work: Work, query: Any, asked: Asked) -> Any:
    wanted: list[Any] = []
    if asked.tile is not None:
        wanted.append(_of_tile(asked.tile))
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
