"""Collect, redeem, undo and the passing of time against a model that fits on one screen: they never disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from portal.domain.vouchers import actions, errors
from portal.domain.vouchers.models import CouponCounter, Redemption, Voucher
from portal.domain.vouchers.values import UndoReason
from portal.kernel.scope import Face
from tests.conftest import NOON
from tests.domain.vouchers.town import Town, a_town
from tests.factories.persons import MadePerson
from tests.factories.vouchers import JULY, MadeVoucher
from tests.factories.world import World

TOTAL, SHARE, DAYS, UNDO = 3, 2, 2, timedelta(minutes=60)


@dataclass
class Held:
    """The model of one voucher."""

    voucher: MadeVoucher
    expires_at: Any
    used: tuple[Any, Any] | None = None  # redemption, when


@dataclass
class Model:
    """The model of the town: what must be true."""

    held: dict[Any, list[Held]] = field(default_factory=dict)
    redemptions: int = 0
    undone: int = 0

    @property
    def issued(self) -> int:
        return sum(len(mine) for mine in self.held.values())


class Street(RuleBasedStateMachine):
    """Two people, one coupon with three vouchers, a clerk; hours pass."""

    world: World
    town: Town
    people: tuple[MadePerson, MadePerson]

    def __init__(self) -> None:
        super().__init__()
        self.world.clock.at = NOON
        self.model = Model({person.id: [] for person in self.people})
        facts = {"valid_from": None, "valid_until": None, "valid_days": DAYS, "collect_until": JULY[1]}
        self.coupon = self.world.coupon(self.town.merchant, self.town.store, total=TOTAL, per_person=SHARE, **facts)

    @rule(who=st.integers(0, 1))
    def collect(self, who: int) -> None:
        person = self.people[who]
        mine = self.model.held[person.id]
        expected = errors.CouponSoldOut if self.model.issued >= TOTAL else None
        expected = errors.CouponHeld if len(mine) >= SHARE and expected is None else expected
        got = refusal_or(lambda: self.world.collected(self.coupon, person))
        if expected is not None:
            assert isinstance(got, expected), got
            return
        assert isinstance(got, MadeVoucher)
        midnight = self.world.clock.at.replace(hour=16, minute=0, second=0)  # 24:00 in Shanghai
        today_ends = midnight if self.world.clock.at < midnight else midnight + timedelta(days=1)
        mine.append(Held(got, today_ends + timedelta(days=DAYS - 1)))

    def all_held(self) -> list[Held]:
        return [one for mine in self.model.held.values() for one in mine]

    @precondition(lambda self: self.all_held())
    @rule(which=st.integers(0, 99))
    def redeem(self, which: int) -> None:
        one = self.all_held()[which % len(self.all_held())]
        expected = None
        if one.used is not None:
            expected = errors.VoucherSpent
        elif self.world.clock.at >= one.expires_at:
            expected = errors.VoucherExpired
        town = self.town
        got = refusal_or(lambda: self.world.redeemed(town.merchant, town.clerk, town.store, one.voucher))
        if expected is not None:
            assert isinstance(got, expected), got
            return
        one.used = (got, self.world.clock.at)
        self.model.redemptions += 1

    @precondition(lambda self: any(one.used for one in self.all_held()))
    @rule(which=st.integers(0, 99))
    def undo(self, which: int) -> None:
        used = [one for one in self.all_held() if one.used]
        one = used[which % len(used)]
        redemption, at = one.used or (None, None)

        def act() -> None:
            with self.world.at_counter(self.town.merchant, self.town.clerk) as work:
                actions.undo(work, redemption, store_id=self.town.store.id, reason=UndoReason.NOT_PAID)

        got = refusal_or(act)
        if self.world.clock.at > at + UNDO:
            assert isinstance(got, errors.UndoTooLate), got
            return
        assert got is None, got
        assert isinstance(refusal_or(act), errors.UndoneBefore)
        one.used = None
        self.model.undone += 1

    @rule(minutes=st.sampled_from([1, 30, 31, 60, 61, 12 * 60, 24 * 60]))
    def wait(self, minutes: int) -> None:
        self.world.clock.advance(minutes=minutes)

    @invariant()
    def the_database_agrees(self) -> None:
        merchant = self.town.merchant.id
        with self.world.work(Face.OFFICE, merchant=merchant) as work:
            ask = work.session.execute
            mine = CouponCounter.coupon_id == self.coupon
            assert ask(select(CouponCounter.issued).where(mine)).scalar() == self.model.issued
            of_coupon = Redemption.coupon_id == self.coupon
            rows = ask(select(func.count(), func.count(Redemption.undone_at)).where(of_coupon)).one()
            assert tuple(rows) == (self.model.redemptions, self.model.undone)
            used = ask(select(func.count()).where(Voucher.coupon_id == self.coupon, Voucher.state == "used")).scalar()
            assert used == self.model.redemptions - self.model.undone


def refusal_or(act: Any) -> Any:
    """What came back, or the refusal."""
    try:
        return act()
    except errors.Refusal as refusal:
        return refusal


@pytest.mark.parametrize(
    ("examples", "steps"), [(12, 20), pytest.param(150, 50, marks=pytest.mark.prove)], ids=["short", "long"]
)
def test_the_portal_and_the_model_never_disagree(world: World, examples: int, steps: int) -> None:
    town = a_town(world)
    people = (world.person(), world.person())
    machine = type("Street", (Street,), {"world": world, "town": town, "people": people})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
