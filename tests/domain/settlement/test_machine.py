"""Buying, refunding, completing, settling, withdrawing in any row: after each step all books agree with a plain model.

The model is a dictionary of orders and what was paid out; it knows the rule of a line's money and nothing of ledgers.
Quick here; the long walk is marked `prove`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.models import LedgerBalance, LedgerEntry
from portal.domain.ledger.queries import trial_balance
from portal.domain.ledger.values import AccountKind
from portal.domain.ordering.rules import LineMoney
from portal.domain.payments.models import PaymentPart
from portal.domain.payouts.values import WithdrawalState
from portal.domain.sandbox.values import TransferPlan
from portal.domain.settlement import queries
from portal.domain.settlement import rules as settlement_rules
from portal.domain.settlement.models import Statement
from portal.domain.settlement.values import Period
from portal.jobs import payouts as bank
from portal.jobs import settlement as jobs
from portal.jobs.timetable import close_days
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from tests.domain.settlement.town import LineOf, Sold, complete, refund, sell
from tests.factories.world import World
from tests.walks import walk

K = AccountKind
LINES = st.lists(
    st.builds(LineOf, st.integers(1, 4), st.integers(100, 90_000), st.integers(10, 80_000), st.integers(0, 900)),
    min_size=1,
    max_size=2,
)


@dataclass
class Known:
    """An order as the model knows it: refunded goods and freight for each line."""

    sold: Sold
    lines: list[LineOf]
    merchant: int
    back: list[list[int]]
    settled: bool = False

    def money(self) -> list[LineMoney]:
        """Its lines now."""
        return [
            LineMoney(one.quantity, one.supply_fen, one.unit_fen * one.quantity, one.freight_fen, *back)
            for one, back in zip(self.lines, self.back, strict=True)
        ]


@dataclass
class Model:
    """What must be true, without a ledger."""

    orders: list[Known] = field(default_factory=list)
    asked: list[tuple[int, UUID, int, int]] = field(default_factory=list)
    gone: list[int] = field(default_factory=lambda: [0, 0])
    fees: int = 0


class Market(RuleBasedStateMachine):
    """Two suppliers, one buyer, one bank."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.buyer, self.boss = self.world.person(), self.world.operator()
        self.suppliers = [self.world.earner(0) for _ in range(2)]
        self.world.bank_plan(TransferPlan.PAID)
        self.before = self.house()

    def house(self) -> dict[AccountKind, int]:
        with self.world.work(Face.PLATFORM) as work:
            return {line.kind: line.balance for line in trial_balance(work)}

    @rule(at=st.integers(0, 1), lines=LINES)
    def buy(self, at: int, lines: list[LineOf]) -> None:
        sold = sell(self.world, self.buyer, self.suppliers[at][0], lines)
        self.model.orders.append(Known(sold, lines, at, [[0, 0] for _ in lines]))

    @rule(at=st.integers(0, 99), line=st.integers(0, 1), goods=st.integers(0, 100), freight=st.integers(0, 100))
    def give_back(self, at: int, line: int, goods: int, freight: int) -> None:
        """Before and after settlement, a share of what is left or all of it."""
        if not self.model.orders:
            return
        one = self.model.orders[at % len(self.model.orders)]
        nth = line % len(one.lines)
        money = one.money()[nth]
        fen = (money.goods_fen - money.refunded_goods_fen) * goods // 100
        more = (money.freight_fen - money.refunded_freight_fen) * freight // 100
        if fen + more:
            refund(self.world, one.sold, line=nth, goods_fen=fen, freight_fen=more)
            one.back[nth][0] += fen
            one.back[nth][1] += more

    @rule()
    def settle(self) -> None:
        """Time passes; everything that is due completes and is settled. What went back wholly is closed instead."""
        waiting = [one for one in self.model.orders if not one.settled]
        complete(self.world, *(one.sold for one in waiting))
        jobs.settle_orders(self.world.services)
        for one in waiting:
            one.settled = True

    @rule(at=st.integers(0, 1), fen=st.integers(10_000, 60_000))
    def ask_for_money(self, at: int, fen: int) -> None:
        merchant, owner = self.suppliers[at]
        try:
            withdrawal = self.world.withdrawal(merchant, owner, fen)
        except Refusal:
            return
        line = self.world.stands(withdrawal).line
        self.model.asked.append((at, withdrawal, line.amount_fen, line.fee_fen))

    @rule(plan=st.sampled_from([TransferPlan.PAID, TransferPlan.PAID, TransferPlan.RETURNED]))
    def pay_out(self, plan: TransferPlan) -> None:
        if not self.model.asked:
            return
        at, withdrawal, fen, fee = self.model.asked.pop(0)
        self.world.bank_plan(plan)
        if self.world.approved(withdrawal, self.boss) is not WithdrawalState.APPROVED:
            return
        bank.order(self.world.services, withdrawal=str(withdrawal))
        state = self.world.stands(withdrawal).line.state
        assert state is (WithdrawalState.PAID if plan is TransferPlan.PAID else WithdrawalState.RETURNED)
        if state is WithdrawalState.PAID:
            self.model.gone[at] += fen
            self.model.fees += fee

    @rule()
    def issue(self) -> None:
        """The month ends; every statement follows on the one before and is its entries."""
        self.world.clock.advance(days=20)
        close_days(self.world.services)
        jobs.issue_statements(self.world.services)
        for merchant, _owner in self.suppliers:
            with self.world.work(Face.OFFICE, merchant=merchant.id) as work:
                rows = work.session.scalars(select(Statement).order_by(Statement.first_day)).all()
                before = 0
                for row in rows:
                    before = self.check_statement(work, merchant.id, queries.period_of(row), before)

    @staticmethod
    def check_statement(work, merchant: UUID, period: Period, before: int | None = None) -> int:
        found, lines = queries.figures(work, merchant, period), queries.lines(work, merchant, period, most=10_000)
        assert before is None or found.opening_fen == before
        assert sum(line.amount_fen for line in lines) == found.change_fen
        assert found.opening_fen + found.change_fen == found.closing_fen
        return found.closing_fen

    @invariant()
    def suppliers_have_what_is_theirs(self) -> None:
        if not hasattr(self, "model"):
            return
        for at, (merchant, _owner) in enumerate(self.suppliers):
            due = sum(m.due_fen for one in self.model.orders if one.settled and one.merchant == at for m in one.money())
            with self.world.work(Face.OFFICE, merchant=merchant.id) as work:
                entries = select(func.coalesce(func.sum(LedgerEntry.amount), 0))
                assert work.session.scalar(entries) == due - self.model.gone[at]
                period, _cycle = queries.running(work, merchant.id)
                assert self.check_statement(work, merchant.id, period) == due - self.model.gone[at]
                waiting = [one for one in self.model.orders if not one.settled and one.merchant == at]
                kept = [one for one in waiting if any(money.left_fen for money in one.money())]
                coming = sum(money.due_fen for one in kept for money in one.money())
                assert queries.awaited(work, merchant.id) == queries.Awaited(len(kept), coming)

    @invariant()
    def the_house_agrees(self) -> None:
        if not hasattr(self, "model"):
            return
        now, orders = self.house(), self.model.orders
        moved = {kind: now.get(kind, 0) - self.before.get(kind, 0) for kind in K}
        assert sum(now.values()) == 0
        open_ = sum(money.left_fen for one in orders if not one.settled for money in one.money())
        assert moved[K.ESCROW] == open_, "what is completed has left the escrow to the fen"
        assert moved[K.REVENUE] == sum(m.margin_fen for one in orders if one.settled for m in one.money())
        assert moved[K.CLEARING] == -sum(money.left_fen for one in orders for money in one.money())
        assert (moved[K.FEES], moved[K.BANK]) == (self.model.fees, sum(self.model.gone) - self.model.fees)

    @invariant()
    def nothing_is_below_nought_and_no_refund_above_its_payment(self) -> None:
        with self.world.work(Face.PLATFORM) as work:
            assert (work.session.scalar(select(func.min(LedgerBalance.balance))) or 0) >= 0
            left = select(func.min(PaymentPart.amount_fen - PaymentPart.refunded_fen))
            assert (work.session.scalar(left) or 0) >= 0

    def teardown(self) -> None:
        with self.world.work(Face.JOB) as work:
            proof = ledger.prove(work)
        assert proof.differences == 0, proof.findings


@pytest.fixture
def machine(world: World) -> type[Market]:
    return type("MarketOfWorld", (Market,), {"world": world})


def test_all_books_agree_after_every_step(machine: type[Market]) -> None:
    walk(machine, 6, 20)


@pytest.mark.prove
def test_all_books_agree_after_every_step_of_long_walks(machine: type[Market]) -> None:
    walk(machine, 40, 40)


def late_refund(machine: type[Market]) -> None:
    """The shortest row in which a wrong share can show."""
    walk = machine()
    walk.begin()
    walk.buy(0, [LineOf(2, 4590, 3200, 600)])
    walk.settle()
    walk.give_back(0, 0, 40, 0)
    walk.suppliers_have_what_is_theirs()
    walk.the_house_agrees()
    walk.teardown()


def test_planted_errors_are_found(machine: type[Market], monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative controls: a fen on the wrong side is found by the model, a wrong sign by the ledger itself."""
    late_refund(machine)
    real = settlement_rules.taken_back

    def plant(wrong) -> None:
        def planted(before: LineMoney, *, goods_fen: int, freight_fen: int):
            back, after = real(before, goods_fen=goods_fen, freight_fen=freight_fen)
            return wrong(back), after

        monkeypatch.setattr(settlement_rules, "taken_back", planted)

    plant(lambda back: settlement_rules.Share(back.due_fen - 1, back.margin_fen + 1))
    with pytest.raises(AssertionError):
        late_refund(machine)
    plant(lambda back: settlement_rules.Share(back.due_fen, -back.margin_fen))
    with pytest.raises(ValueError, match="not what the posting says"):
        late_refund(machine)
