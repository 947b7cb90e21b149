"""Goods leave: whole orders, some pieces of one, several orders of one recipient in one parcel; many at once.

Shippers of a merchant take turns, then the orders are held, then everything is looked at again: what a page showed may
be over. A row that cannot leave is refused with its reason; the others leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select, update

from portal.domain.ordering import actions as ordering
from portal.domain.ordering.models import Order, OrderLine, OrderMark
from portal.domain.ordering.values import OPEN_STATES, STATES, OrderState
from portal.domain.shipping import errors
from portal.domain.shipping.access import access_orders, access_turn
from portal.domain.shipping.events import ParcelSent
from portal.domain.shipping.models import AddressChange, Parcel, ParcelLine, StockReport
from portal.domain.shipping.rules.paste import check_number
from portal.domain.shipping.rules.recognising import NAMES, recognise
from portal.domain.shipping.rules.standing import is_stale, whom
from portal.domain.shipping.values import MOST_AT_ONCE, AddressState, ParcelState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import Text, say
from portal.kernel.work import Work

HOUSE = Scope(Face.JOB)
BULK = {"synchronize_session": False}


@dataclass(frozen=True)
class Sending:
    """One row: an order with its number. `carrier` empty is recognised; `pieces` None is everything to ship."""

    order_id: UUID
    number: str
    carrier: str = ""
    pieces: Mapping[UUID, int] | None = None


@dataclass(frozen=True)
class Sent:
    """What left and what did not, with the reason."""

    parcels: tuple[UUID, ...] = ()
    orders: tuple[UUID, ...] = ()
    refused: tuple[tuple[UUID, Text], ...] = ()


@dataclass
class _Board:
    """Everything that is looked at, held."""

    orders: dict[UUID, Order]
    lines: dict[UUID, list[OrderLine]]
    asked: set[UUID] = field(default_factory=set)
    stale: set[UUID] = field(default_factory=set)


def ship(
    work: Work, order_ids: Sequence[UUID], *, number: str, carrier: str = "", pieces: Mapping[UUID, int] | None = None
) -> UUID:
    """One parcel: an order, some `pieces` of one, or several orders of the same recipient. Returns its id.

    Refuses as a whole, with the reason, when one of them cannot leave.
    """
    work.require(Permission.ORDER_SHIP)
    rows = [Sending(order_id, number, carrier, pieces) for order_id in order_ids]
    done = _send(work, rows, strict=True)
    return done.parcels[0]


def ship_many(work: Work, rows: Sequence[Sending]) -> Sent:
    """Many rows in one go: those that can leave do, the others are named with the reason. Same number, same parcel."""
    work.require(Permission.ORDER_SHIP)
    if not rows or len(rows) > MOST_AT_ONCE:
        raise Refusal(say("一次发 1 到 %(most)s 单。", most=MOST_AT_ONCE), field="paste")
    return _send(work, rows, strict=False)


def _send(work: Work, rows: Sequence[Sending], *, strict: bool) -> Sent:
    merchant_id = work.merchant_id
    with borrowed(work, HOUSE):
        access_turn(work, merchant_id)
        board = _look(work, merchant_id, [row.order_id for row in rows])
        faults.point(work, "shipping.send.checked")
        refused: list[tuple[UUID, Refusal]] = []
        groups = _groups(board, rows, refused)
        if strict and refused:
            raise refused[0][1]
        parcels, left = [], []
        for (carrier, number), group in groups.items():
            try:
                parcel = _parcel(work, board, carrier, number, group)
            except Refusal as refusal:
                if strict:
                    raise
                refused += [(row.order_id, refusal) for row in group]
                continue
            _fill(work, board, parcel, group)
            parcels.append(parcel.id)
            left += [row.order_id for row in group]
    work.audit("parcel.sent", "merchant", merchant_id, parcels=len(parcels), orders=len(left), refused=len(refused))
    said = tuple((order_id, refusal.sentence) for order_id, refusal in refused)
    return Sent(tuple(parcels), tuple(left), said)


def _groups(
    board: _Board, rows: Sequence[Sending], refused: list[tuple[UUID, Refusal]]
) -> dict[tuple[str, str], list[Sending]]:
    """Rows by their parcel; what cannot leave is put to `refused`."""
    groups: dict[tuple[str, str], list[Sending]] = {}
    seen: set[UUID] = set()
    for row in rows:
        try:
            if row.order_id in seen:
                raise errors.OrderTwice(board.orders[row.order_id].number)
            number = check_number(row.number)
            carrier, pieces = _carrier(number, row.carrier), _pieces(board, row)
        except Refusal as refusal:
            refused.append((row.order_id, refusal))
            continue
        seen.add(row.order_id)
        groups.setdefault((carrier, number), []).append(Sending(row.order_id, number, carrier, pieces))
    return groups


def _look(work: Work, merchant_id: UUID, order_ids: Sequence[UUID]) -> _Board:
    orders, lines = access_orders(work, merchant_id, order_ids)
    board = _Board(orders, lines)
    latest = func.max(AddressChange.decided_at).filter(AddressChange.state == AddressState.AGREED.value)
    asked = func.bool_or(AddressChange.state == AddressState.ASKED.value)
    changes = (
        select(AddressChange.order_id, asked, latest, func.max(OrderMark.printed_at))
        .outerjoin(
            OrderMark,
            (OrderMark.merchant_id == AddressChange.merchant_id) & (OrderMark.order_id == AddressChange.order_id),
        )
        .where(AddressChange.merchant_id == merchant_id, AddressChange.order_id.in_(list(orders)))
        .group_by(AddressChange.order_id)
    )
    for order_id, waits, agreed_at, printed_at in work.session.execute(changes):
        if waits:
            board.asked.add(order_id)
        if is_stale(agreed_at, printed_at):
            board.stale.add(order_id)
    return board


def _carrier(number: str, chosen: str) -> str:
    if chosen:
        if chosen not in NAMES:
            raise errors.CarrierUnclear(number)
        return chosen
    found = recognise(number)
    if len(found) != 1:
        raise errors.CarrierUnclear(number)
    return found[0]


def _pieces(board: _Board, row: Sending) -> dict[UUID, int]:
    """What of this order leaves now. Refuses when it must not."""
    order, lines = board.orders[row.order_id], board.lines[row.order_id]
    if order.state not in OPEN_STATES:
        raise errors.ShippedAlready(order.number, STATES[OrderState(order.state)])
    if row.order_id in board.asked:
        raise errors.AddressAsked(order.number)
    if row.order_id in board.stale:
        raise errors.LabelStale(order.number)
    if row.pieces is not None:
        return {line_id: count for line_id, count in row.pieces.items() if count}
    if any(line.blocked for line in lines):
        raise errors.AskedBack(order.number)
    pieces = {line.id: left for line in lines if (left := line.quantity - line.cancelled - line.shipped) > 0}
    if not pieces:
        raise errors.ShippedAlready(order.number, STATES[OrderState(order.state)])
    return pieces


def _parcel(work: Work, board: _Board, carrier: str, number: str, group: Sequence[Sending]) -> Parcel:
    """The parcel of this number: a new one, or the one that is on its way to the same recipient already."""
    orders = [board.orders[row.order_id] for row in group]
    if len({whom(order) for order in orders}) > 1:
        raise errors.NumberTwice(number)
    merchant_id = orders[0].merchant_id
    query = select(Parcel).where(
        Parcel.merchant_id == merchant_id, Parcel.number == number, Parcel.state != ParcelState.UNDONE.value
    )
    for known in work.session.scalars(query.execution_options(populate_existing=True)):
        first = (
            select(Order)
            .join(ParcelLine, (ParcelLine.merchant_id == Order.merchant_id) & (ParcelLine.order_id == Order.id))
            .where(ParcelLine.merchant_id == merchant_id, ParcelLine.parcel_id == known.id)
            .limit(1)
        )
        other = work.session.scalars(first).one()
        if whom(other) != whom(orders[0]):
            raise errors.NumberTaken(number, other.number)
        if known.carrier == carrier:
            return known
    return _new_parcel(work, orders[0], carrier, number)


def _new_parcel(work: Work, order: Order, carrier: str, number: str) -> Parcel:
    parcel = Parcel(
        merchant_id=order.merchant_id,
        id=new_id(),
        person_id=order.person_id,
        carrier=carrier,
        number=number,
        phone_tail=order.phone[-4:],
        state=ParcelState.SENT.value,
        shipped_at=work.now(),
        shipped_by=work.actor.person_id,
        ask_at=work.now(),
        asked=0,
    )
    work.session.add(parcel)
    work.session.flush()
    return parcel


def _fill(work: Work, board: _Board, parcel: Parcel, group: Sequence[Sending]) -> None:
    """Put the pieces in, let the orders know, and tell."""
    merchant_id = parcel.merchant_id
    inside = select(ParcelLine).where(ParcelLine.merchant_id == merchant_id, ParcelLine.parcel_id == parcel.id)
    known = {row.line_id: row for row in work.session.scalars(inside)}
    for row in group:
        pieces = dict(row.pieces or {})
        ordering.mark_shipped(work, merchant_id, row.order_id, pieces)
        for line_id, count in pieces.items():
            if line_id in known:
                known[line_id].pieces += count
                continue
            work.session.add(
                ParcelLine(
                    merchant_id=merchant_id,
                    parcel_id=parcel.id,
                    line_id=line_id,
                    order_id=row.order_id,
                    person_id=parcel.person_id,
                    pieces=count,
                )
            )
    _end_reports(work, board, group)
    work.session.flush()
    numbers = tuple((row.order_id, board.orders[row.order_id].number) for row in group)
    work.publish(ParcelSent(merchant_id, parcel.id, parcel.person_id, parcel.carrier, parcel.number, numbers))


def _end_reports(work: Work, board: _Board, group: Sequence[Sending]) -> None:
    """What left was there after all."""
    gone = [
        line.id
        for row in group
        for line in board.lines[row.order_id]
        if line.quantity - line.cancelled - line.shipped <= 0
    ]
    if gone:
        over = update(StockReport).where(
            StockReport.merchant_id == board.orders[group[0].order_id].merchant_id,
            StockReport.line_id.in_(gone),
            StockReport.ended_at.is_(None),
        )
        work.session.execute(over.values(ended_at=work.now()), execution_options=BULK)
