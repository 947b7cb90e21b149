"""The real orders of February 2020 through the portal's own acts, and an independent recount from the file.

The file has one row for each order and neither lines nor suppliers. How it is mapped:

- A row's gross is 买家实际支付金额 + 退款金额: that column is net of the refund (see the README of the data).
- The rows go round thirty suppliers. Each has products of up to sixty SKUs, one SKU for each gross that occurs with
  him; an order is one piece of it. Supply is 80 % of the gross, rounded down to the fen.
- Thirty rows that follow each other are two carts of one buyer. Those with money are ordered together and paid by one
  payment with a part for each order, told by the sandbox provider. Those without were never paid: each is one piece of
  the supplier's cheapest good; the buyer cancels such a checkout, or its time passes, in turns.
- Refunded wholly: before shipping, so that the order closes; in turns asked for by the buyer and agreed to in bulk (the
  labels were printed), asked for and refunded at once (they were not), and granted by the supplier. Refunded in part:
  granted as an amount, in turns before the order completes and after it was settled.
- What is left ships in bulk, a parcel each, is received when its time passes, completes a week later and is settled,
  all by the worker's jobs.

The recount knows sums of the file and one formula: of a supply price S of an order with gross G and refund R the
supplier keeps S − S × R // G. Everything is booked in one July, so there is one statement each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.domain.aftersales import actions as aftersales
from portal.domain.aftersales.values import MOST_AT_ONCE as MOST_CASES_AT_ONCE
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.catalogue.values import Option, SkuDraft
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.models import LedgerTransfer
from portal.domain.ledger.queries import trial_balance
from portal.domain.ledger.values import AccountKind
from portal.domain.ordering import actions as ordering
from portal.domain.reference.values import CLAIM_DAYS, RECEIVE_DAYS
from portal.domain.settlement import queries
from portal.domain.settlement.values import Section
from portal.domain.shipping.actions import Sending
from portal.domain.shipping.values import MOST_AT_ONCE
from portal.domain.tenants.values import Kind
from portal.jobs import orders as jobs_of_orders
from portal.jobs import payments
from portal.jobs import settlement as jobs
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from portal.services import Services
from tests.domain.settlement.town import issue
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import MadeOrder
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.kernel import real

FILE = "tmall_orders_2020_02_01-21.csv.gz"
GROSS, REFUNDED, NET = 685_054_58, 183_001_89, 502_052_69
SUPPLIERS = 30
T = TypeVar("T")
pytestmark = pytest.mark.real_data


@dataclass(frozen=True)
class Row:
    """One order of the file, in fen."""

    supplier: int
    gross: int
    refund: int

    @property
    def supply(self) -> int:
        """What the supplier asks for."""
        return self.gross * 80 // 100

    @property
    def due(self) -> int:
        """What he is to keep of it."""
        return self.supply - self.supply * self.refund // self.gross if self.gross else 0


def read() -> list[Row]:
    """The rows of the file."""
    return [
        Row(
            at % SUPPLIERS,
            int((Decimal(row["买家实际支付金额"]) + Decimal(row["退款金额"])) * 100),
            int(Decimal(row["退款金额"]) * 100),
        )
        for at, row in enumerate(real.rows(FILE))
    ]


def late_of(rows: list[Row]) -> list[Row]:
    """Every other row of which a part was refunded: after its settlement."""
    return [row for row in rows if 0 < row.refund < row.gross][1::2]


class Replay:
    """Suppliers with a good for each price, and one buyer."""

    def __init__(self, world: World, rows: list[Row]) -> None:
        self.world, self.rows, self.buyer = world, rows, world.person()
        self.count = 1 + max(row.supplier for row in rows)
        self.suppliers = [world.merchant(Kind.SUPPLIER, f"供应商 {at + 1}") for at in range(self.count)]
        self.goods: dict[tuple[int, int], tuple[MadeProduct, int, int]] = {}
        for at, merchant in enumerate(self.suppliers):
            prices = sorted({row.gross for row in rows if row.supplier == at and row.gross} or {100})
            for number, lot in enumerate(_lots(prices, 60)):
                made = self._product(merchant, number, lot)
                self.goods |= {(at, price): (made, 1, nth) for nth, price in enumerate(lot)}
            self.goods[at, 0] = self.goods[at, prices[0]]
        self.made: list[tuple[Row, MadeOrder]] = []

    def _product(self, merchant: MadeMerchant, number: int, prices: list[int]) -> MadeProduct:
        options = (Option("价位", tuple(str(price) for price in prices)),)
        skus = tuple(SkuDraft((str(price),), price * 80 // 100, price, grams=1, opening=9_999) for price in prices)
        base = self.world.product_draft(f"通用商品 {number + 1}", options=options)
        draft = type(base)(base.name, base.category_id, None, base.detail, True, options, skus)
        return self.world.product(merchant, draft=draft)

    def play(self) -> None:
        """Everything, stage by stage."""
        for number, turn in enumerate(_lots(self.rows, self.count)):
            self._buy([row for row in turn if row.gross])
            self._leave([row for row in turn if not row.gross], cancel=number % 2 == 0)
        self._refund_unshipped([order for row, order in self.made if row.refund == row.gross])
        kept = [(row, order) for row, order in self.made if row.refund < row.gross]
        self._ship([order for _row, order in kept])
        late = dict.fromkeys(id(row) for row in late_of(self.rows))
        after = [(row, order) for row, order in kept if id(row) in late]
        self._pass(payments.end_expired, minutes=31)
        self._pass(jobs_of_orders.receive, days=RECEIVE_DAYS.default)
        for row, order in kept:
            if row.refund and id(row) not in late:
                self._grant(order, CaseKind.MONEY, row.refund)
        self._pass(jobs_of_orders.complete, days=CLAIM_DAYS.default)
        self._pass(jobs.settle_orders)
        for row, order in after:
            self._grant(order, CaseKind.MONEY, row.refund)

    def _buy(self, rows: list[Row]) -> None:
        """One checkout and one payment over an order at each of these suppliers."""
        if not rows:
            return
        orders = self.world.placed(self.buyer, *(self.goods[row.supplier, row.gross] for row in rows))
        self.world.pay(orders[0])
        of = {order.merchant_id: order for order in orders}
        self.made += [(row, of[self.suppliers[row.supplier].id]) for row in rows]

    def _leave(self, rows: list[Row], *, cancel: bool) -> None:
        """One checkout that nobody pays."""
        if not rows:
            return
        order, *_others = self.world.placed(self.buyer, *(self.goods[row.supplier, 0] for row in rows))
        if cancel:
            with self.world.work(Face.PERSON, person=self.buyer.id, kind=ActorKind.PERSON) as work:
                ordering.cancel(work, order.id)

    def _refund_unshipped(self, orders: list[MadeOrder]) -> None:
        """In turns asked for when the label was printed, asked for before that, and granted."""
        for order in orders[1::3]:
            self.world.case(order, CaseKind.UNSHIPPED)
        for order in orders[2::3]:
            self._grant(order, CaseKind.UNSHIPPED, None)
        for merchant in self.suppliers:
            for lot in _lots([order for order in orders[::3] if order.merchant_id == merchant.id], MOST_CASES_AT_ONCE):
                self.world.printed(*lot)
                cases = [self.world.case(order, CaseKind.UNSHIPPED) for order in lot]
                with self.world.answering(merchant.id) as work:
                    assert aftersales.agree_many(work, cases) == len(lot)

    def _ship(self, orders: list[MadeOrder]) -> None:
        """Each supplier's in lots, a parcel for each order."""
        for merchant in self.suppliers:
            own = [Sending(order.id, self.world.tracking()) for order in orders if order.merchant_id == merchant.id]
            for lot in _lots(own, MOST_AT_ONCE):
                assert len(self.world.sent(merchant.id, lot).orders) == len(lot)

    def _pass(self, job: Callable[[Services], int], **time: int) -> None:
        """Time passes, and the worker does what is due."""
        self.world.clock.advance(**time)
        while job(self.world.services):
            pass

    def _grant(self, order: MadeOrder, kind: CaseKind, fen: int | None) -> None:
        wish = aftersales.Wish(kind, Reason.NOT_WANTED, {order.lines[0]: 1}, fen)
        with self.world.answering(order.merchant_id) as work:
            aftersales.grant(work, order.id, wish, words="同意退款。", may=Permission.CASE_ANSWER)


def _lots(things: list[T], size: int) -> Iterator[list[T]]:
    for at in range(0, len(things), size):
        yield things[at : at + size]


def sums(world: World) -> tuple[dict[AccountKind, int], dict[str, int]]:
    """What all accounts of each kind have, and how much each kind of transfer moved."""
    with world.work(Face.PLATFORM) as work:
        moved = select(LedgerTransfer.kind, func.sum(LedgerTransfer.amount)).group_by(LedgerTransfer.kind)
        return {line.kind: line.balance for line in trial_balance(work)}, {
            kind: int(total) for kind, total in work.session.execute(moved)
        }


def replay(world: World, rows: list[Row]) -> None:
    """Play the rows; every book agrees with the recount from the file."""
    play = Replay(world, rows)
    play.play()
    has, moved = sums(world)
    kept = [row for row in rows if row.refund < row.gross]
    gross, refunded = sum(row.gross for row in rows), sum(row.refund for row in rows)
    assert (moved["capture"], moved.get("capture_reversed", 0)) == (gross, refunded)
    assert has[AccountKind.CLEARING] == refunded - gross
    assert has[AccountKind.ESCROW] == 0
    due = sum(row.due for row in kept)
    assert has[AccountKind.REVENUE] == gross - refunded - due
    assert has[AccountKind.AVAILABLE] + has.get(AccountKind.RECEIVABLE, 0) == due
    with world.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0
    late = {id(row) for row in late_of(rows)}
    issued = issue(world)
    assert len(issued) == len({row.supplier for row in kept})
    for statement in issued:
        _check_statement(world, play, statement, kept, late)


def _check_statement(world: World, play: Replay, statement: UUID, kept: list[Row], late: set[int]) -> None:
    with world.work(Face.PLATFORM) as work:
        shown = queries.statement(work, statement)
        found = queries.figures(work, shown.merchant_id, shown.period)
        lines = queries.lines(work, shown.merchant_id, shown.period, most=100_000)
    at = next(at for at, merchant in enumerate(play.suppliers) if merchant.id == shown.merchant_id)
    own = [row for row in kept if row.supplier == at]
    settled = sum(row.supply if id(row) in late else row.due for row in own)
    back = sum(row.due - row.supply for row in own if id(row) in late)
    assert (found.sums[Section.SETTLED], found.sums[Section.REFUNDED]) == (settled, back)
    assert found.closing_fen == sum(row.due for row in own)
    assert found.counts[Section.SETTLED] == sum(row.supply > 0 and (id(row) in late or row.due > 0) for row in own)
    assert sum(line.amount_fen for line in lines) == found.closing_fen


def test_a_slice_of_the_real_orders(world: World) -> None:
    """Every 300th row, and some with a part refunded, at three suppliers."""
    rows = read()
    some = rows[::300] + [row for row in rows if 0 < row.refund < row.gross][:4]
    assert sum(row.refund == row.gross > 0 for row in some) >= 3  # one for each way in which they are refunded
    replay(world, [replace(row, supplier=at % 3) for at, row in enumerate(some)])


@pytest.mark.prove
def test_every_real_order(world: World) -> None:
    """All 8,131 rows, to the fen."""
    rows = read()
    assert (sum(row.gross for row in rows), sum(row.refund for row in rows)) == (GROSS, REFUNDED)
    assert GROSS - REFUNDED == NET
    replay(world, rows)
