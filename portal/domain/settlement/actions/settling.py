"""Handing out the money of completed orders, and taking it back when something is refunded later.

The order's row is locked first, then the merchant's balance, then the escrow: nobody waits in a circle. What is posted
follows `ordering.rules`, which knows only sums, so that any row of refunds ends alike.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.ledger import actions as ledger
from portal.domain.ledger import queries as books
from portal.domain.ledger.access import access_balance
from portal.domain.ledger.values import (
    HOUSE,
    AccountKind,
    AccountRef,
    Business,
    Journal,
    JournalKind,
    Posted,
    Transfer,
    TransferKind,
)
from portal.domain.ordering.models import OrderCost, OrderLine
from portal.domain.ordering.rules import LineMoney
from portal.domain.settlement import rules
from portal.domain.settlement.access import access_line_settlement, access_settlement
from portal.domain.settlement.models import LineSettlement, SettledTransfer
from portal.domain.settlement.values import Given
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

T, K = TransferKind, AccountKind
REVENUE = AccountRef(K.REVENUE, HOUSE)
NOTHING = Given(0, 0, 0)


def settle(work: Work, merchant_id: UUID, order_id: UUID) -> bool:
    """The worker's: hand out what is left of each line of a completed order; False when that was done before.

    The merchant's due becomes available at once; what he owes the platform is repaid out of it first.
    """
    with borrowed(work, Scope(Face.JOB)):
        row = access_settlement(work, merchant_id, order_id)
        if row.settled_at is not None:
            return False
        faults.point(work, "settlement.settle.checked")
        accounts = _Accounts(merchant_id, order_id)
        access_balance(work, accounts.available, lock=True)
        owed = -books.balance(work, accounts.receivable)
        for line, cost in _lines(work, merchant_id, order_id):
            owed -= _settle_line(work, accounts, line, _money(line, cost), owed)
        row.settled_at = work.now()
        work.session.flush()
        return True


def give_back(work: Work, merchant_id: UUID, order_id: UUID, line_id: UUID, goods_fen: int, freight_fen: int) -> Given:
    """Before a refund of a settled line: bring so much back into the escrow, from whom it went to, as it went there.

    Does nothing before the order is settled. The caller has locked nothing of the ledger yet, refunds afterwards, and
    counts both on the line. What the merchant does not have any more becomes his debt, which later income repays.
    """
    if goods_fen < 0 or freight_fen < 0:
        raise ValueError("a refund is nothing or more")
    with borrowed(work, Scope(Face.JOB)):
        try:
            order = access_settlement(work, merchant_id, order_id)
        except NotFound:
            return NOTHING
        if order.settled_at is None or not goods_fen + freight_fen:
            return NOTHING
        return _give_back(work, access_line_settlement(work, merchant_id, line_id), goods_fen, freight_fen)


class _Accounts:
    """Where the money of an order lies, and whose it becomes."""

    def __init__(self, merchant_id: UUID, order_id: UUID) -> None:
        self.business = Business("order", order_id)
        self.escrow = AccountRef(K.ESCROW, HOUSE, subject_id=order_id)
        self.available = AccountRef(K.AVAILABLE, merchant_id)
        self.receivable = AccountRef(K.RECEIVABLE, merchant_id)


def _lines(work: Work, merchant_id: UUID, order_id: UUID) -> list[tuple[OrderLine, OrderCost]]:
    query = (
        select(OrderLine, OrderCost)
        .join(OrderCost, (OrderCost.merchant_id == OrderLine.merchant_id) & (OrderCost.line_id == OrderLine.id))
        .where(OrderLine.merchant_id == merchant_id, OrderLine.order_id == order_id)
        .order_by(OrderLine.nth)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in work.session.execute(query)]


def _money(line: OrderLine, cost: OrderCost) -> LineMoney:
    return LineMoney(
        line.quantity,
        cost.supply_fen,
        line.goods_fen,
        line.freight_fen,
        line.refunded_goods_fen,
        line.refunded_freight_fen,
    )


def _settle_line(work: Work, accounts: _Accounts, line: OrderLine, money: LineMoney, owed: int) -> int:
    """Post one line and remember what was posted; returns how much of the debt was repaid."""
    due, margin, repaid = money.due_fen, money.margin_fen, min(max(owed, 0), money.due_fen)
    asked = [
        (T.SUBSIDY, REVENUE, accounts.escrow, -margin),
        (T.SETTLE_NOW, accounts.escrow, accounts.available, due),
        (T.MARGIN, accounts.escrow, REVENUE, margin),
        (T.SHORTFALL_REPAID, accounts.available, accounts.receivable, repaid),
    ]
    moved = [Transfer(*one, line_id=line.id) for one in asked if one[3] > 0]
    posted: dict[TransferKind, Posted] = {}
    if moved:
        key = f"line/{line.id}/settled"
        journal = ledger.post(work, kind=JournalKind.SETTLEMENT, key=key, business=accounts.business, transfers=moved)
        posted = {one.transfer.kind: one for one in journal.transfers}
        _remember(work, line.merchant_id, line.order_id, line.id, journal)
    shared = posted.get(T.MARGIN) or posted.get(T.SUBSIDY)
    work.session.add(
        LineSettlement(
            merchant_id=line.merchant_id,
            line_id=line.id,
            order_id=line.order_id,
            settled_at=work.now(),
            goods_back_fen=line.refunded_goods_fen,
            freight_back_fen=line.refunded_freight_fen,
            supplier_fen=due,
            supplier_back_fen=0,
            margin_fen=margin,
            margin_back_fen=0,
            supplier_transfer_id=posted[T.SETTLE_NOW].id if due else None,
            margin_transfer_id=shared.id if shared else None,
            returns=0,
        )
    )
    return repaid


def _give_back(work: Work, row: LineSettlement, goods_fen: int, freight_fen: int) -> Given:
    accounts = _Accounts(row.merchant_id, row.order_id)
    line = work.session.scalars(
        select(OrderLine).where(OrderLine.merchant_id == row.merchant_id, OrderLine.id == row.line_id)
    ).one()
    cost = work.session.scalars(
        select(OrderCost).where(OrderCost.merchant_id == row.merchant_id, OrderCost.line_id == row.line_id)
    ).one()
    before = LineMoney(
        *(line.quantity, cost.supply_fen, line.goods_fen, line.freight_fen),
        *(row.goods_back_fen, row.freight_back_fen),
    )
    back, _after = rules.taken_back(before, goods_fen=goods_fen, freight_fen=freight_fen)
    faults.point(work, "settlement.give_back.checked")
    own = min(back.due_fen, access_balance(work, accounts.available, lock=True))
    given = Given(own, back.due_fen - own, back.margin_fen)
    row.returns += 1
    row.goods_back_fen += goods_fen
    row.freight_back_fen += freight_fen
    row.supplier_back_fen += back.due_fen
    row.margin_back_fen += back.margin_fen
    journal = ledger.post(
        work,
        kind=JournalKind.REFUND,
        key=f"line/{row.line_id}/back/{row.returns}",
        business=accounts.business,
        transfers=_reversals(accounts, row, given),
    )
    _remember(work, row.merchant_id, row.order_id, row.line_id, journal)
    work.session.flush()
    return given


def _reversals(accounts: _Accounts, row: LineSettlement, given: Given) -> list[Transfer]:
    """Each points at what it undoes, at the rate that was charged; a debt undoes nothing, it is new."""
    settled, shared, line = row.supplier_transfer_id, row.margin_transfer_id, row.line_id
    asked = [
        (T.SETTLE_NOW_REVERSED, accounts.available, accounts.escrow, given.supplier_fen, settled),
        (T.SHORTFALL, accounts.receivable, accounts.escrow, given.shortfall_fen, None),
        (T.MARGIN_REVERSED, REVENUE, accounts.escrow, given.margin_fen, shared),
        (T.SUBSIDY_REVERSED, accounts.escrow, REVENUE, -given.margin_fen, shared),
    ]
    return [Transfer(*one, line) for one in asked if one[3] > 0]


def _remember(work: Work, merchant_id: UUID, order_id: UUID, line_id: UUID, journal: Journal) -> None:
    work.session.add_all(
        SettledTransfer(merchant_id=merchant_id, transfer_id=one.id, line_id=line_id, order_id=order_id)
        for one in journal.transfers
    )
