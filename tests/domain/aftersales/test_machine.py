"""Any row of shipping, asking, answering and waiting: rows, stock and ledger agree after each step, and nothing is
given back twice.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.aftersales import actions
from portal.domain.aftersales.values import REASONS, CaseKind, CaseState
from portal.domain.settlement import actions as settlement
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.aftersales.books import stand
from tests.factories.catalogue import MadeProduct
from tests.factories.onboarding import photo
from tests.factories.ordering import MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}
STEPS = (
    *("ask", "ask", "ask", "ship", "receive", "agree", "agree", "refuse", "offer", "accept", "again", "dispute"),
    *(
        "for_buyer",
        "for_merchant",
        "send",
        "came_back",
        "refuse_goods",
        "withdraw",
        "wait",
        "arrives",
        "grant",
        "print",
    ),
    "complete",
)


class Walk:
    """One order with its cases, and the steps that may be taken; what is refused changes nothing."""

    def __init__(self, world: World, order: MadeOrder, data: st.DataObject, evidence: bytes) -> None:
        self.world, self.order, self.data, self.evidence = world, order, data, evidence
        self.keep = world.services.storage
        self.settled = False

    def step(self) -> str:
        name = self.data.draw(st.sampled_from(STEPS))
        try:
            getattr(self, name)()
        except Refusal:
            return f"{name} refused"
        return name

    def one(self) -> UUID:
        cases = self.world.cases_of(self.order)
        if not cases:
            raise NotFound
        return self.data.draw(st.sampled_from(cases[-4:]))

    def amount(self) -> int:
        return self.data.draw(st.sampled_from([1, 777, 4590, 9180, 20_000]))

    def ask(self) -> None:
        kind = self.data.draw(st.sampled_from(CaseKind))
        reason = self.data.draw(st.sampled_from(REASONS[kind]))
        counts = self.data.draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
        amount = self.data.draw(st.none() | st.sampled_from([1, 777, 4590])) if kind is CaseKind.MONEY else None
        self.world.case(self.order, kind, *counts, reason=reason, amount_fen=amount)

    def ship(self) -> None:
        self.world.shipped(self.order, *self.data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2))))

    def receive(self) -> None:
        self.world.received(self.order)

    def print(self) -> None:
        self.world.printed(self.order)

    def agree(self) -> None:
        self.world.agreed(self.order, self.one())

    def refuse(self) -> None:
        self.world.refused(self.order, self.one())

    def offer(self) -> None:
        case, amount = self.one(), self.amount()
        with self.world.answering(self.order.merchant_id) as work:
            actions.offer(work, case, amount_fen=amount, note="少退一些。")

    def accept(self) -> None:
        case = self.one()
        offered = self.world.case_now(case).offer_fen or 1
        with self.world.buying(self.order.person) as work:
            actions.accept(work, case, offer_fen=offered)

    def again(self) -> None:
        case = self.one()
        with self.world.buying(self.order.person) as work:
            actions.ask_again(work, case, words="再看看。", storage=self.keep)

    def dispute(self) -> None:
        case = self.one()
        with self.world.buying(self.order.person) as work:
            actions.dispute(work, case, words="请平台看。", storage=self.keep)

    def for_buyer(self) -> None:
        case, amount = self.one(), self.data.draw(st.none() | st.sampled_from([1, 4590]))
        with self.world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
            actions.for_buyer(work, case, note="支持买家。", amount_fen=amount)

    def for_merchant(self) -> None:
        case = self.one()
        with self.world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
            actions.for_merchant(work, case, note="支持商家。")

    def send(self) -> None:
        self.world.sent_back(self.order, self.one())

    def came_back(self) -> None:
        case = self.one()
        line = self.world.case_now(case).lines[0]
        self.world.came_back(self.order, case, {line.line_id: self.data.draw(st.integers(0, line.pieces + 1))})

    def refuse_goods(self) -> None:
        case = self.one()
        with self.world.answering(self.order.merchant_id) as work:
            actions.refuse_goods(work, case, note="已拆封。", storage=self.keep, pictures=[self.evidence])

    def withdraw(self) -> None:
        case = self.one()
        with self.world.buying(self.order.person) as work:
            actions.withdraw(work, case)

    def wait(self) -> None:
        case = self.one()
        if self.world.case_now(case).due_at is not None:
            self.world.until_due(case)
            self.world.deadline(case)

    def arrives(self) -> None:
        case = self.one()
        if self.world.case_now(case).state is CaseState.REFUNDING:
            self.world.money_arrives(case)

    def grant(self) -> None:
        kind = self.data.draw(st.sampled_from([CaseKind.MONEY, CaseKind.UNSHIPPED]))
        reason = self.data.draw(st.sampled_from(REASONS[kind]))
        amount = self.amount() if kind is CaseKind.MONEY else None
        wish = actions.Wish(kind, reason, {self.order.lines[0]: 1}, amount)
        with self.world.answering(self.order.merchant_id) as work:
            actions.grant(work, self.order.id, wish, words="主动退款。", may=Permission.CASE_ANSWER)

    def complete(self) -> None:
        if self.world.completed(self.order):
            with self.world.work(Face.JOB) as work:
                self.settled = settlement.settle(work, self.order.merchant_id, self.order.id) or self.settled


def walk(world: World, make: Callable[[], MadeOrder], data: st.DataObject, evidence: bytes, most: int) -> None:
    one = Walk(world, make(), data, evidence)
    taken: list[str] = []
    for _ in range(data.draw(st.integers(1, most))):
        taken.append(one.step())
        now = stand(world, one.order, settled=one.settled)
        assert 0 <= now.refunded_fen <= now.paid_fen, taken
        assert now.escrow_fen >= 0, taken


@pytest.fixture
def evidence() -> bytes:
    return photo((9, 9, 9))


@pytest.fixture
def make(world: World, buyer: MadePerson, sausage: MadeProduct, supplier: MadeMerchant) -> Callable[[], MadeOrder]:
    paper = world.product(supplier, "抽纸", stock=1000, supply=1999, suggested=2990)
    return lambda: world.order(buyer, (sausage, 3), (paper, 2))


def test_any_walk_keeps_the_books(world: World, make: Callable[[], MadeOrder], evidence: bytes) -> None:
    @settings(max_examples=12, **QUIET)  # type: ignore[arg-type]
    @given(st.data())
    def walks(data: st.DataObject) -> None:
        walk(world, make, data, evidence, 10)

    walks()


@pytest.mark.prove
def test_long_walks_keep_the_books(world: World, make: Callable[[], MadeOrder], evidence: bytes) -> None:
    @settings(max_examples=150, **QUIET)  # type: ignore[arg-type]
    @given(st.data())
    def walks(data: st.DataObject) -> None:
        walk(world, make, data, evidence, 25)

    walks()
