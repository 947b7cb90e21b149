"""Reading what became of an order from its rows, its stock and the ledger, and holding them against each other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.domain.aftersales.models import Case, CaseItem
from portal.domain.catalogue.models import Stock, StockMovement
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.payments.models import PaymentPart, PaymentRefund
from portal.kernel.scope import Face
from tests.domain.payments.books import total
from tests.factories.ordering import MadeOrder
from tests.factories.world import World

BACK = ("refunding", "refunded")


@dataclass(frozen=True)
class Stand:
    """An order after some steps; amounts in fen."""

    state: str
    paid_fen: int
    refunded_fen: int
    escrow_fen: int
    open_cases: int
    blocked: int
    cancelled: int
    returned: int
    restocked: int


def stand(world: World, order: MadeOrder, *, settled: bool = False) -> Stand:
    """All of it, after checking that rows, stock and books agree. `settled`: the escrow was handed out."""
    with world.work(Face.JOB) as work:
        row = work.session.scalars(select(Order).where(Order.id == order.id)).one()
        lines = list(work.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)))
        cases = list(work.session.scalars(select(Case).where(Case.order_id == order.id)))
        by_id = {case.id: case for case in cases}
        items = list(work.session.scalars(select(CaseItem).where(CaseItem.case_id.in_(by_id))))
        part = work.session.scalars(select(PaymentPart).where(PaymentPart.subject_id == order.id)).one()
        refunds = list(work.session.scalars(select(PaymentRefund).where(PaymentRefund.subject_id == order.id)))
        put = select(func.coalesce(func.sum(StockMovement.change), 0))
        put = put.where(StockMovement.business_id == order.id, StockMovement.kind == "returned")
        returned_stock = int(work.session.scalar(put) or 0)
    with world.work(Face.PLATFORM) as work:
        escrow = total(work, AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order.id))
    for line in lines:
        mine = [item for item in items if item.line_id == line.id and by_id[item.case_id].state in BACK]
        assert line.refunded_goods_fen == sum(item.goods_fen for item in mine) <= line.goods_fen
        assert line.refunded_freight_fen == sum(item.freight_fen for item in mine) <= line.freight_fen
        kinds = {kind: sum(i.pieces for i in mine if by_id[i.case_id].kind == kind) for kind in ("unshipped", "return")}
        assert (line.cancelled, line.returned) == (kinds["unshipped"], kinds["return"])
        waits = [item for item in items if item.line_id == line.id and _blocks(by_id[item.case_id])]
        assert line.blocked == sum(item.pieces for item in waits)
    decided = [case for case in cases if case.state in BACK]
    refunded = sum(case.goods_fen + case.freight_fen for case in decided)
    assert row.refunded_fen == refunded == part.refunded_fen == sum(one.amount_fen for one in refunds) <= row.total_fen
    assert {one.key for one in refunds} == {case.id for case in decided if case.goods_fen + case.freight_fen}
    assert row.open_cases == sum(case.ended_at is None and case.state not in BACK for case in cases)
    cancelled = sum(line.cancelled for line in lines)
    restocked = sum(item.restocked for item in items)
    assert returned_stock == cancelled + restocked
    if not settled:
        assert escrow == row.total_fen - refunded, "escrow = paid − refunded"
    blocked = sum(line.blocked for line in lines)
    came_back = sum(line.returned for line in lines)
    return Stand(row.state, row.total_fen, refunded, escrow, row.open_cases, blocked, cancelled, came_back, restocked)


def _blocks(case: Case) -> bool:
    return case.kind == "unshipped" and case.state in ("asked", "disputed")


def in_stock(world: World, sku: object) -> int:
    """What is available of a SKU."""
    with world.work(Face.JOB) as work:
        return int(work.session.scalar(select(func.sum(Stock.available)).where(Stock.sku_id == sku)) or 0)
