"""Passes bought, held, used, undone, given back, refunded, expired in any row: after each step all books agree with a
plain model of counters, whatever the price, the number of uses and the platform's fee.

Quick here; the long walk is marked `prove`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from portal.domain.earnings.models import Earning
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.models import LedgerBalance, LedgerEntry
from portal.domain.ledger.queries import trial_balance
from portal.domain.ledger.values import AccountKind
from portal.domain.passes import actions
from portal.domain.passes import rules as pass_rules
from portal.domain.passes.values import PassState, UseState
from portal.domain.settlement import queries as settlement
from portal.domain.vouchers.values import Digits
from portal.jobs import passes as jobs
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.passes import MadePass
from tests.factories.world import World
from tests.walks import walk

K = AccountKind
PRICES = st.one_of(st.integers(1, 50), st.integers(1_00, 3000_00))


@dataclass
class Known:
    """A pass as the model knows it."""

    made: MadePass
    uses: int
    price: int
    bought_day: int
    used: list[UUID] = field(default_factory=list)
    held: list[UUID] = field(default_factory=list)
    gone: int = 0  # refunded
    lapsed: int = 0
    refunded_fen: int = 0

    @property
    def left(self) -> int:
        """Uses that nobody has."""
        return self.uses - len(self.used) - len(self.held) - self.gone - self.lapsed


class Salon(RuleBasedStateMachine):
    """One merchant, one store, one client with many passes of thirty days."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.merchant, self.client = self.world.merchant(), self.world.person()
        self.store = self.world.store(self.merchant).id
        self.clerk = self.world.staff(self.merchant)
        self.passes: list[Known] = []
        self.day = 0
        self.world.clock.advance(days=31)
        jobs.expire(self.world.services)  # what an earlier walk left is over before this one begins
        self.before = self.house()

    def house(self) -> dict[AccountKind, int]:
        """The platform's own accounts."""
        with self.world.work(Face.PLATFORM) as work:
            return {line.kind: line.balance for line in trial_balance(work)}

    @rule(uses=st.integers(1, 12), price=PRICES)
    def buy(self, uses: int, price: int) -> None:
        kind = self.world.pass_kind(self.merchant, uses=uses, price_fen=price, worth_fen=0, valid_days=30)
        self.passes.append(Known(self.world.bought_pass(self.client, kind), uses, price, self.day))

    def pick(self, at: int) -> Known | None:
        """One of them."""
        return self.passes[at % len(self.passes)] if self.passes else None

    def is_over(self, one: Known) -> bool:
        """Its thirty days are over."""
        return self.day > one.bought_day + 30

    @rule(at=st.integers(0, 9))
    def hold(self, at: int) -> None:
        one = self.pick(at)
        if one is None:
            return
        facts = {"merchant_id": self.merchant.id, "pass_id": one.made.id, "person_id": self.client.id}
        try:
            with self.world.work(Face.JOB) as work:
                use = actions.hold_use(work, **facts, service_id=uuid4(), booking_id=uuid4())
        except Refusal:
            assert one.left == 0 or self.is_over(one)
            return
        assert one.left > 0
        assert not self.is_over(one)
        one.held.append(use)

    @rule(at=st.integers(0, 9), arrives=st.booleans())
    def end_booking(self, at: int, arrives: bool) -> None:
        """It is kept or cancelled; what comes back to an expired pass lapses."""
        one = self.pick(at)
        if one is None or not one.held:
            return
        use = one.held.pop()
        with self.world.work(Face.JOB) as work:
            if arrives:
                actions.use(work, use)
                one.used.append(use)
            else:
                actions.give_back(work, use)
        if not arrives and self.is_over(one):
            one.lapsed += one.left

    @rule(at=st.integers(0, 9), undone=st.booleans())
    def use_at_counter(self, at: int, undone: bool) -> None:
        one = self.pick(at)
        if one is None:
            return
        try:
            with self.world.at_counter(self.merchant, self.clerk) as work:
                use = actions.use_at_counter(work, code=Digits(one.made.digits), store_id=self.store)
        except Refusal:
            assert one.left == 0 or self.is_over(one)
            return
        assert one.left > 0
        if undone:
            with self.world.at_counter(self.merchant, self.clerk) as work:
                actions.undo(work, use, store_id=self.store)
        else:
            one.used.append(use)

    @rule(at=st.integers(0, 9), by_merchant=st.booleans())
    def refund(self, at: int, by_merchant: bool) -> None:
        one = self.pick(at)
        if one is None:
            return
        fen = one.price - one.price * (one.uses - one.gone - one.left) // one.uses - one.refunded_fen
        face = {"merchant": self.merchant.id} if by_merchant else {"person": self.client.id}
        kind = ActorKind.STAFF if by_merchant else ActorKind.PERSON
        try:
            with self.world.work(Face.OFFICE if by_merchant else Face.PERSON, **face, kind=kind) as work:
                if by_merchant:
                    actions.refund(work, one.made.id, shown_fen=fen, reason="顾客搬家")
                else:
                    actions.refund_mine(work, one.made.id, shown_fen=fen)
        except Refusal:
            assert one.left == 0 or fen == 0 or (not by_merchant and self.day > one.bought_day + 7)
            return
        one.gone += one.left
        one.refunded_fen += fen

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.day += days
        self.world.clock.advance(days=days)
        jobs.expire(self.world.services)
        for one in self.passes:
            if self.is_over(one):
                one.lapsed += one.left

    @invariant()
    def passes_agree_with_the_model(self) -> None:
        for one in getattr(self, "passes", []):
            line = self.world.pass_of(one.made.id, self.merchant.id).line
            assert line.tally.used == len(one.used)
            assert line.tally.held == len(one.held)
            assert (line.tally.back, line.tally.lapsed) == (one.gone, one.lapsed)
            assert line.earned_fen == one.price * (len(one.used) + one.lapsed) // one.uses
            assert line.refunded_fen == one.refunded_fen
            assert line.earned_fen + line.refunded_fen <= one.price
            if one.left == 0 and not one.held:
                assert line.earned_fen + line.refunded_fen == one.price, "all uses gone, the price is shared out"
                assert line.state in (PassState.SPENT, PassState.EXPIRED, PassState.REFUNDED)

    @invariant()
    def all_books_agree(self) -> None:
        if not hasattr(self, "passes"):
            return
        now = self.house()
        moved = {kind: now.get(kind, 0) - self.before.get(kind, 0) for kind in K}
        earned = sum(one.price * (len(one.used) + one.lapsed) // one.uses for one in self.passes)
        paid, back = sum(one.price for one in self.passes), sum(one.refunded_fen for one in self.passes)
        assert sum(now.values()) == 0
        assert moved[K.ESCROW] == paid - back - earned
        assert moved[K.CLEARING] == back - paid
        with self.world.work(Face.OFFICE, merchant=self.merchant.id) as work:
            rows = work.session.scalars(select(Earning)).all()
            assert sum(row.amount_fen - row.back_fen for row in rows) == earned
            fees = sum(row.fee_fen - row.fee_back_fen for row in rows)
            assert 0 <= fees <= earned
            entries = work.session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0)))
            assert (
                entries
                == earned - fees
                == sum(row.amount_fen - row.fee_fen for row in rows)
                - sum(row.back_fen - row.fee_back_fen for row in rows)
            )
            period, _cycle = settlement.running(work, self.merchant.id)
            found = settlement.figures(work, self.merchant.id, period)
            lines = settlement.lines(work, self.merchant.id, period, most=10_000)
            assert sum(line.amount_fen for line in lines) == found.change_fen, "the statement is its entries"
            assert found.opening_fen + found.change_fen == found.closing_fen == entries
        assert moved[K.FEES] == fees

    @invariant()
    def nothing_is_below_nought(self) -> None:
        with self.world.work(Face.PLATFORM) as work:
            assert (work.session.scalar(select(func.min(LedgerBalance.balance))) or 0) >= 0

    def teardown(self) -> None:
        with self.world.work(Face.JOB) as work:
            proof = ledger.prove(work)
        assert proof.differences == 0, proof.findings


@pytest.fixture
def machine(world: World) -> type[Salon]:
    return type("SalonOfWorld", (Salon,), {"world": world})


def test_all_books_agree_after_every_step(machine: type[Salon]) -> None:
    walk(machine, 4, 20)


@pytest.mark.prove
def test_all_books_agree_after_every_step_of_long_walks(machine: type[Salon]) -> None:
    walk(machine, 20, 40)


def test_a_planted_error_is_found(machine: type[Salon], monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: each use rounded for itself loses fen, and the model sees it."""

    def row() -> None:
        walk = machine()
        walk.begin()
        walk.buy(3, 100)
        walk.use_at_counter(0, False)
        walk.use_at_counter(0, False)
        walk.use_at_counter(0, False)
        walk.passes_agree_with_the_model()

    row()
    alone = property(lambda tally: tally.price_fen // tally.uses * (tally.used + tally.lapsed))
    monkeypatch.setattr(pass_rules.Tally, "earned_fen", alone)
    with pytest.raises(AssertionError):
        row()


def test_uses_keep_their_value(machine: type[Salon]) -> None:
    """Three uses for a yuan: 33, 33, 34 fen; undone in the middle the next one has the value of the undone one."""
    walk = machine()
    walk.begin()
    walk.buy(3, 100)
    walk.use_at_counter(0, False)
    walk.use_at_counter(0, True)
    walk.use_at_counter(0, False)
    walk.use_at_counter(0, False)
    shown = walk.world.pass_of(walk.passes[0].made.id, walk.merchant.id)
    assert [use.value_fen for use in reversed(shown.uses) if use.state is UseState.USED] == [33, 33, 34]
    walk.all_books_agree()
    walk.teardown()
