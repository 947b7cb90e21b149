"""What was sent by mistake is mended: a shipment taken back while it still lies here, a wrong number corrected."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from portal.domain.aftersales.queries.rooms import rooms_of
from portal.domain.ordering import actions as ordering
from portal.domain.ordering.access import access_held as hold_order
from portal.domain.ordering.models import Order
from portal.domain.shipping import errors
from portal.domain.shipping.access import access_held, access_orders, access_parcel, access_turn
from portal.domain.shipping.events import ParcelRenumbered, ParcelUndone
from portal.domain.shipping.models import Parcel, ParcelCorrection, ParcelLine
from portal.domain.shipping.rules.paste import check_number
from portal.domain.shipping.rules.recognising import NAMES, recognise
from portal.domain.shipping.values import PARCEL_STATES, UNDO_TIME, ParcelState
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

HOUSE = Scope(Face.JOB)
ENDED = (ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.UNDONE)


def undo(work: Work, parcel_id: UUID) -> tuple[UUID, ...]:
    """Take a shipment back: its pieces are to ship again, its number is free. Returns the orders in it.

    Refuses what the carrier has collected, what left more than half an hour ago, and what is asked back as sent.
    """
    row = access_parcel(work, parcel_id, may=Permission.ORDER_SHIP)
    with borrowed(work, HOUSE):
        access_turn(work, row.merchant_id)
        orders, pieces = _inside(work, row)
        parcel = access_held(work, row)
        _check_undo(work, parcel)
        parcel.state, parcel.undone_at = ParcelState.UNDONE.value, work.now()
        parcel.undone_by, parcel.ask_at = work.actor.person_id, None
        work.session.flush()
        for order_id, counts in pieces.items():
            _check_cases(work, orders[order_id], counts)
            ordering.take_back_shipping(work, row.merchant_id, order_id, counts)
        work.publish(ParcelUndone(row.merchant_id, row.id, row.person_id, _numbers(orders)))
    work.audit("parcel.undone", "parcel", parcel_id, orders=len(orders))
    return tuple(orders)


def _check_undo(work: Work, parcel: Parcel) -> None:
    state = ParcelState(parcel.state)
    if state is ParcelState.UNDONE:
        raise errors.ParcelMoved(PARCEL_STATES[state])
    if state is not ParcelState.SENT or parcel.collected_at is not None:
        raise errors.TooLateToUndo(say("快递已经揽收，不能撤销发货了。需要的话请联系快递拦截。"))
    if work.now() - parcel.shipped_at > UNDO_TIME:
        raise errors.TooLateToUndo(say("发货超过半小时，不能撤销了。单号填错可以更正单号。"))


def _check_cases(work: Work, order: Order, pieces: dict[UUID, int]) -> None:
    """A case about goods that were sent would hang in the air, and one amount be asked back twice."""
    _held, lines = hold_order(work, order.merchant_id, order.id)
    rooms = rooms_of(work, order, lines)
    if not all(rooms[line_id].can_come_back(count) for line_id, count in pieces.items()):
        raise errors.TooLateToUndo(say("买家已经就发出的商品申请售后，不能撤销发货了。请先处理售后单。"))


def correct(work: Work, parcel_id: UUID, *, number: str, carrier: str = "") -> None:
    """Give a parcel its right number; the wrong one stays in its history. Refuses somebody else's number."""
    row = access_parcel(work, parcel_id, may=Permission.ORDER_SHIP)
    plain = check_number(number)
    found = recognise(plain)
    code = carrier or (found[0] if len(found) == 1 else "")
    if code not in NAMES:
        raise errors.CarrierUnclear(plain)
    with borrowed(work, HOUSE):
        access_turn(work, row.merchant_id)
        orders, _pieces = _inside(work, row)
        parcel = access_held(work, row)
        if parcel.state in ENDED:
            raise errors.ParcelMoved(PARCEL_STATES[ParcelState(parcel.state)])
        if (parcel.carrier, parcel.number) == (code, plain):
            raise Refusal(say("和现在的单号一样，没有改。"), field="number")
        _check_free(work, parcel, plain)
        _remember(work, parcel)
        parcel.carrier, parcel.number = code, plain
        parcel.state, parcel.collected_at = ParcelState.SENT.value, None
        parcel.ask_at, parcel.asked = work.now(), 0
        work.session.flush()
        work.publish(ParcelRenumbered(row.merchant_id, row.id, row.person_id, _numbers(orders)))
    work.audit("parcel.corrected", "parcel", parcel_id, carrier=code)


def _check_free(work: Work, parcel: Parcel, number: str) -> None:
    taken = (
        select(Order.number)
        .join(ParcelLine, (ParcelLine.merchant_id == Order.merchant_id) & (ParcelLine.order_id == Order.id))
        .join(Parcel, (Parcel.merchant_id == ParcelLine.merchant_id) & (Parcel.id == ParcelLine.parcel_id))
        .where(Parcel.merchant_id == parcel.merchant_id, Parcel.number == number, Parcel.id != parcel.id)
        .where(Parcel.state != ParcelState.UNDONE.value)
        .limit(1)
    )
    other = work.session.execute(taken).scalar()
    if other is not None:
        raise errors.NumberTaken(number, other)


def _remember(work: Work, parcel: Parcel) -> None:
    work.session.add(
        ParcelCorrection(
            merchant_id=parcel.merchant_id,
            id=new_id(),
            parcel_id=parcel.id,
            person_id=parcel.person_id,
            carrier=parcel.carrier,
            number=parcel.number,
            at=work.now(),
            by=work.actor.person_id,
        )
    )


def _inside(work: Work, parcel: Parcel) -> tuple[dict[UUID, Order], dict[UUID, dict[UUID, int]]]:
    """The orders in a parcel, held, and the pieces of each."""
    query = select(ParcelLine).where(ParcelLine.merchant_id == parcel.merchant_id, ParcelLine.parcel_id == parcel.id)
    pieces: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for line in work.session.scalars(query.execution_options(populate_existing=True)):
        pieces[line.order_id][line.line_id] = line.pieces
    orders, _lines = access_orders(work, parcel.merchant_id, list(pieces))
    return orders, dict(pieces)


def _numbers(orders: dict[UUID, Order]) -> tuple[tuple[UUID, str], ...]:
    return tuple((order.id, order.number) for order in orders.values())
