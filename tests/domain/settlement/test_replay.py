"""The real orders of February 2020 through the portal's own acts, and an independent recount from the file.

The file has one row for each order and neither lines nor suppliers. How it is mapped:

- A row's gross is 买家实际支付金额 + 退款金额: that column is net of the refund (see the README of the data).
- The supplier is one of three, chosen by CRC-32 of the row's region. His goods are products of up to sixty SKUs, one
  SKU for each gross that occurs; an order is one piece of it. Supply is 80 % of the gross, rounded down to the fen.
- A row with money: put in the cart, ordered, paid at the sandbox provider; the next rows of all three suppliers are one
  checkout with one payment over three orders. Refunded wholly: the supplier grants it
  before shipping, so that the order closes. Refunded in part: granted as an amount, in turns before the order completes
  and after it was settled. What is left ships, is received, completes a week later and is settled by the worker.
- A row without money was never paid: an order for one piece of the supplier's cheapest good, cancelled by its buyer.

The recount knows sums of the file and one formula: of a supply price S of an order with gross G and refund R the
supplier keeps S − S × R // G. Everything is booked in one July, so there is one statement each.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.domain.aftersales import actions as aftersales
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.catalogue.values import Option, SkuDraft
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.models import LedgerTransfer
from portal.domain.ledger.queries import trial_balance
from portal.domain.ledger.values import AccountKind
from portal.domain.ordering import actions as ordering
from portal.domain.ordering import queries as orders
from portal.domain.settlement import queries
from portal.domain.settlement.values import Section
from portal.domain.tenants.values import Kind
from portal.jobs import settlement as jobs
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.settlement.town import issue
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import MadeOrder
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.kernel import real

FILE = "tmall_orders_2020_02_01-21.csv.gz"
GROSS, REFUNDED, NET = 685_054_58, 183_001_89, 502_052_69
SUPPLIERS = 3
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
            zlib.crc32(row["收货地址"].encode()) % SUPPLIERS,
            int((Decimal(row["买家实际支付金额"]) + Decimal(row["退款金额"])) * 100),
            int(Decimal(row["退款金额"]) * 100),
        )
        for row in real.rows(FILE)
    ]


def late_of(rows: list[Row]) -> list[Row]:
    """Every other row of which a part was refunded: after its settlement."""
    return [row for row in rows if 0 < row.refund < row.gross][1::2]


class Replay:
    """Three suppliers with a good for each price, and one buyer."""

    def __init__(self, world: World, rows: list[Row]) -> None:
        self.world, self.rows, self.buyer = world, rows, world.person()
        self.suppliers = [world.merchant(Kind.SUPPLIER, f"供应商 {at + 1}") for at in range(SUPPLIERS)]
        self.goods: dict[tuple[int, int], tuple[MadeProduct, int]] = {}
        for at, merchant in enumerate(self.suppliers):
            prices = sorted({row.gross for row in rows if row.supplier == at and row.gross} or {100})
            for number, lot in enumerate(_lots(prices, 60)):
                made = self._product(merchant, number, lot)
                self.goods |= {(at, price): (made, nth) for nth, price in enumerate(lot)}

    def _product(self, merchant: MadeMerchant, number: int, prices: list[int]) -> MadeProduct:
        options = (Option("价位", tuple(str(price) for price in prices)),)
        skus = tuple(SkuDraft((str(price),), price * 80 // 100, price, grams=1, opening=9_999) for price in prices)
        base = self.world.product_draft(f"通用商品 {number + 1}", options=options)
        draft = type(base)(base.name, base.category_id, None, base.detail, True, options, skus)
        return self.world.product(merchant, draft=draft)

    def play(self) -> None:
        """Everything, each supplier's rows in the order of the file."""
        late = dict.fromkeys(id(row) for row in late_of(self.rows))
        after: list[tuple[MadeOrder, int]] = []
        for rows in zip_longest(*([row for row in self.rows if row.supplier == at] for at in range(SUPPLIERS))):
            turn = [row for row in rows if row is not None]
            for row, order in self._bought([row for row in turn if row.gross]):
                self._go_on(row, order, refund=id(row) not in late)
                if id(row) in late:
                    after.append((order, row.refund))
            for row in (row for row in turn if not row.gross):
                self._cancel(self.world.placed(self.buyer, self._good(row))[0])
        self._settle()
        for order, refund in after:
            self._grant(order, CaseKind.MONEY, refund)

    def _go_on(self, row: Row, order: MadeOrder, *, refund: bool) -> None:
        """Refunded wholly before shipping; else shipped and received, and then a part refunded."""
        if row.refund == row.gross:
            self._grant(order, CaseKind.UNSHIPPED, None)
            return
        self.world.shipped(order, 1)
        self.world.received(order)
        if refund and row.refund:
            self._grant(order, CaseKind.MONEY, row.refund)

    def _bought(self, rows: list[Row]) -> list[tuple[Row, MadeOrder]]:
        """One checkout and one payment over an order at each of these suppliers."""
        if not rows:
            return []
        orders = self.world.placed(self.buyer, *map(self._good, rows))
        self.world.pay(orders[0])
        of = {order.merchant_id: order for order in orders}
        return [(row, of[self.suppliers[row.supplier].id]) for row in rows]

    def _good(self, row: Row) -> tuple[MadeProduct, int, int]:
        cheapest = min(price for supplier, price in self.goods if supplier == row.supplier)
        made, nth = self.goods[row.supplier, row.gross or cheapest]
        return made, 1, nth

    def _cancel(self, order: MadeOrder) -> None:
        with self.world.work(Face.PERSON, person=self.buyer.id, kind=ActorKind.PERSON) as work:
            ordering.cancel(work, order.id)

    def _grant(self, order: MadeOrder, kind: CaseKind, fen: int | None) -> None:
        wish = aftersales.Wish(kind, Reason.NOT_WANTED, {order.lines[0]: 1}, fen)
        with self.world.work(Face.OFFICE, merchant=order.merchant_id, kind=ActorKind.STAFF) as work:
            aftersales.grant(work, order.id, wish, words="同意退款。", may=Permission.CASE_ANSWER)

    def _settle(self) -> None:
        self.world.clock.advance(days=8)
        more = True
        while more:
            with self.world.work(Face.JOB) as work:
                due = orders.due_to_complete(work)
            more = bool(due)
            for merchant_id, order_id in due:
                with self.world.work(Face.JOB) as work:
                    ordering.complete_due(work, merchant_id, order_id)
        jobs.settle_orders(self.world.services)


def _lots(prices: list[int], size: int) -> Iterator[list[int]]:
    for at in range(0, len(prices), size):
        yield prices[at : at + size]


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
    """Every 200th row, and some with a part refunded."""
    rows = read()
    replay(world, rows[::200] + [row for row in rows if 0 < row.refund < row.gross][:4])


@pytest.mark.prove
def test_every_real_order(world: World) -> None:
    """All 8,131 rows, to the fen."""
    rows = read()
    assert (sum(row.gross for row in rows), sum(row.refund for row in rows)) == (GROSS, REFUNDED)
    assert GROSS - REFUNDED == NET
    replay(world, rows)
