"""Goods that are not there: the merchant says so per line, with a day or for good; the buyer waits or has his money.

The money goes back by a case of after-sales that the merchant's own word has granted.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.domain.aftersales import actions as aftersales
from portal.domain.aftersales.actions import Wish
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.ordering import actions as ordering
from portal.domain.ordering.access import access_held as hold_order
from portal.domain.ordering.access import access_order
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.ordering.values import OPEN_STATES, STATES, Happening, OrderState
from portal.domain.shipping import errors
from portal.domain.shipping.access import access_held, access_report
from portal.domain.shipping.events import StockAnswered, StockReported
from portal.domain.shipping.models import StockReport
from portal.domain.shipping.values import REASON_MOST, Answer, Shortage
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.spoken import local_day
from portal.kernel.words import say
from portal.kernel.work import Work

HOUSE = Scope(Face.JOB)
LONGEST = timedelta(days=90)
GRANTS = frozenset({Permission.CASE_ANSWER})
SAID = say("商家缺货，买家选择退款。")


def report(
    work: Work, order_id: UUID, line_id: UUID, *, kind: Shortage, until: date | None = None, note: str = ""
) -> UUID:
    """The merchant does not have what is still to ship of this line. A day is needed when it comes later."""
    order = access_order(work, order_id, may=Permission.ORDER_SHIP)
    note = clean_line(note, field="note", most=REASON_MOST, required=False)
    until = _checked_day(work, until) if kind is Shortage.LATER else None
    with borrowed(work, HOUSE):
        held, lines = hold_order(work, order.merchant_id, order_id)
        line = next((one for one in lines if one.id == line_id), None)
        if line is None:
            raise NotFound
        if held.state not in OPEN_STATES:
            raise errors.ShippedAlready(held.number, STATES[OrderState(held.state)])
        left = to_ship(line)
        if left <= 0:
            raise Conflict(say("这一行没有要发的了，不用报缺货。"))
        _end_open(work, line)
        row = _write(work, held, line, kind, until, left, note)
        ordering.tell(work, held, Happening.NO_STOCK, line.name)
        work.publish(
            StockReported(
                held.merchant_id, order_id, held.person_id, line_id, held.number, line.name, kind, until, left
            )
        )
    work.audit("stock.reported", "order", order_id, kind=kind.value)
    return row.id


def _checked_day(work: Work, until: date | None) -> date:
    today = local_day(work.now())
    if until is None or not today < until <= today + LONGEST:
        raise Refusal(say("请填到货日期：明天起 90 天以内。"), field="until")
    return until


def _end_open(work: Work, line: OrderLine) -> None:
    """A new word replaces the old one."""
    query = select(StockReport).where(
        StockReport.merchant_id == line.merchant_id, StockReport.line_id == line.id, StockReport.ended_at.is_(None)
    )
    for old in work.session.scalars(query.with_for_update()):
        old.ended_at = work.now()
    work.session.flush()


def _write(
    work: Work, order: Order, line: OrderLine, kind: Shortage, until: date | None, pieces: int, note: str
) -> StockReport:
    row = StockReport(
        merchant_id=order.merchant_id,
        id=new_id(),
        order_id=order.id,
        line_id=line.id,
        person_id=order.person_id,
        kind=kind.value,
        until=until,
        pieces=pieces,
        note=note,
        reported_at=work.now(),
        reported_by=work.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()
    return row


def restock(work: Work, report_id: UUID) -> UUID:
    """The goods are there after all. Returns the order's id."""
    row = access_report(work, report_id, may=Permission.ORDER_SHIP)
    with borrowed(work, HOUSE):
        hold_order(work, row.merchant_id, row.order_id)
        held = access_held(work, row)
        if held.ended_at is not None:
            raise errors.ReportOver
        held.ended_at = work.now()
        work.session.flush()
    work.audit("stock.restocked", "order", row.order_id)
    return row.order_id


def answer_shortage(work: Work, report_id: UUID, answer: Answer) -> UUID:
    """The buyer waits, or wants his money back for those pieces, which he gets at once: the merchant himself said that
    he cannot send them. Returns the order's id.
    """
    row = access_report(work, report_id, may=Permission.ORDER_BUY)
    with borrowed(work, HOUSE):
        order, lines = hold_order(work, row.merchant_id, row.order_id)
        held = access_held(work, row)
        if held.ended_at is not None or held.answer == Answer.REFUND:
            raise errors.ReportOver
        held.answer, held.answered_at = answer.value, work.now()
        if answer is Answer.REFUND:
            held.ended_at = work.now()
        work.session.flush()
        name = next(line.name for line in lines if line.id == row.line_id)
        work.publish(
            StockAnswered(
                order.merchant_id, order.id, order.person_id, row.line_id, order.number, name, answer, row.pieces
            )
        )
        left = next(to_ship(line) for line in lines if line.id == row.line_id)
        if answer is Answer.REFUND and left:
            wish = Wish(CaseKind.UNSHIPPED, Reason.NO_STOCK, {row.line_id: min(left, row.pieces)})
            with borrowed(work, HOUSE, GRANTS):
                aftersales.grant(work, order.id, wish, words=str(SAID), may=Permission.CASE_ANSWER)
    work.audit("stock.answered", "order", row.order_id, answer=answer.value)
    return row.order_id


def to_ship(line: OrderLine) -> int:
    """Pieces that may leave now."""
    return line.quantity - line.cancelled - line.blocked - line.shipped
