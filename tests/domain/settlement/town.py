"""Orders for settlement's tests: paid through the payments, received, completed by the portal's own acts.

Only the rows that checkout and shipping would have written are put in by hand, so that lines may have any money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.domain.ledger import queries as books
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.ordering import actions as ordering
from portal.domain.ordering.models import Checkout, Order, OrderCost, OrderLine
from portal.domain.payments import actions as payments
from portal.domain.payments.values import Part
from portal.domain.settlement import actions
from portal.domain.settlement.models import Statement
from portal.domain.settlement.values import Given
from portal.jobs import settlement as jobs
from portal.jobs.timetable import close_days
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@dataclass(frozen=True)
class LineOf:
    """A line to be made: pieces, what one costs the consumer and the platform, and the freight."""

    quantity: int = 1
    unit_fen: int = 4590
    supply_fen: int = 3200
    freight_fen: int = 0


@dataclass(frozen=True)
class Sold:
    """An order a test knows."""

    merchant_id: UUID
    order_id: UUID
    lines: tuple[UUID, ...]
    payment_id: UUID
    total_fen: int


def sell(world: World, person: MadePerson, merchant: MadeMerchant, lines: Sequence[LineOf]) -> Sold:
    """Paid and received; the time for claims runs for seven days."""
    order_id, checkout_id, now = new_id(), new_id(), world.clock.now()
    goods = sum(line.quantity * line.unit_fen for line in lines)
    freight = sum(line.freight_fen for line in lines)
    total = goods + freight
    payment_id = world.paid(person, total, parts=(Part(order_id, total),))
    ids = tuple(new_id() for _ in lines)
    with world.work(Face.JOB) as work:
        work.session.add(_checkout(person, checkout_id, payment_id, total, now))
        work.session.flush()
        work.session.add(
            Order(
                merchant_id=merchant.id,
                id=order_id,
                number=order_id.hex[-12:],
                person_id=person.id,
                checkout_id=checkout_id,
                merchant_name="松湖优选",
                state="received",
                close_reason=None,
                goods_fen=goods,
                freight_fen=freight,
                total_fen=total,
                refunded_fen=0,
                pieces=sum(line.quantity for line in lines),
                recipient="陈静",
                phone="15400000001",
                region_code="441900",
                region_names=["广东省", "东莞市"],
                detail="大围街 8 号",
                buyer_note="",
                open_cases=0,
                placed_at=now,
                paid_at=now,
                received_at=now,
                claim_until=now + timedelta(days=7),
            )
        )
        work.session.flush()
        for nth, (line_id, line) in enumerate(zip(ids, lines, strict=True)):
            work.session.add(_line(merchant.id, order_id, person.id, nth, line_id, line))
        work.session.flush()
        for line_id, line in zip(ids, lines, strict=True):
            work.session.add(_cost(merchant.id, order_id, line_id, line))
    return Sold(merchant.id, order_id, ids, payment_id, total)


def _checkout(person: MadePerson, checkout_id: UUID, payment_id: UUID, total: int, now: object) -> Checkout:
    facts = {"created_at": now, "expires_at": now, "ended_at": now}
    return Checkout(person_id=person.id, id=checkout_id, intent_id=payment_id, state="paid", amount_fen=total, **facts)


def _line(merchant_id: UUID, order_id: UUID, person_id: UUID, nth: int, line_id: UUID, line: LineOf) -> OrderLine:
    return OrderLine(
        merchant_id=merchant_id,
        id=line_id,
        order_id=order_id,
        person_id=person_id,
        nth=nth,
        product_id=uuid4(),
        sku_id=uuid4(),
        name=f"广式腊肠 {nth + 1}",
        choice="500 克",
        picture="",
        code="0001-1",
        grams=500,
        returnable=True,
        quantity=line.quantity,
        unit_fen=line.unit_fen,
        goods_fen=line.unit_fen * line.quantity,
        freight_fen=line.freight_fen,
        shipped=line.quantity,
        cancelled=0,
        returned=0,
        blocked=0,
        refunded_goods_fen=0,
        refunded_freight_fen=0,
    )


def _cost(merchant_id: UUID, order_id: UUID, line_id: UUID, line: LineOf) -> OrderCost:
    facts = {"merchant_id": merchant_id, "line_id": line_id, "order_id": order_id}
    return OrderCost(**facts, terms_id=uuid4(), supply_fen=line.supply_fen)


def refund(world: World, sold: Sold, *, line: int = 0, goods_fen: int = 0, freight_fen: int = 0) -> Given:
    """Money goes back as a case does it: out of whom it went to, to the payer, counted on the line."""
    with world.work(Face.JOB) as work:
        given = actions.give_back(work, sold.merchant_id, sold.order_id, sold.lines[line], goods_fen, freight_fen)
        amount = goods_fen + freight_fen
        payments.refund(work, sold.payment_id, subject_id=sold.order_id, amount_fen=amount, key=new_id())
        ordering.write_back(work, sold.merchant_id, sold.lines[line], goods_fen=goods_fen, freight_fen=freight_fen)
    return given


def complete(world: World, *sold: Sold) -> None:
    """The time for claims passes, the orders complete; nothing is settled yet."""
    world.clock.advance(days=7, minutes=1)
    for one in sold:
        with world.work(Face.JOB) as work:
            ordering.complete_due(work, one.merchant_id, one.order_id)


def settle(world: World, *sold: Sold) -> int:
    """Completed and settled."""
    complete(world, *sold)
    return jobs.settle_orders(world.services)


def balance(world: World, kind: AccountKind, owner: UUID = HOUSE, subject: UUID | None = None) -> int:
    """What an account has."""
    with world.work(Face.JOB) as work:
        return books.balance(work, AccountRef(kind, owner, subject_id=subject))


def escrow(world: World, sold: Sold) -> int:
    """What lies in the order's escrow."""
    return balance(world, AccountKind.ESCROW, subject=sold.order_id)


def issue(world: World, *, days: int = 40) -> list[UUID]:
    """Time passes, days are closed, statements come out; their ids, the earliest first."""
    world.clock.advance(days=days)
    close_days(world.services)
    jobs.issue_statements(world.services)
    with world.work(Face.JOB) as work:
        return list(work.session.scalars(select(Statement.id).order_by(Statement.merchant_id, Statement.first_day)))


def line_money(world: World, sold: Sold, line: int = 0) -> tuple[int, int]:
    """What was refunded of a line: goods, freight."""
    with world.work(Face.JOB) as work:
        row = work.session.scalars(select(OrderLine).where(OrderLine.id == sold.lines[line])).one()
        return row.refunded_goods_fen, row.refunded_freight_fen
