"""Out of the escrow to the merchant less the fee, once for each act; back again in the same shares; debts."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.domain.earnings import actions, errors, rules
from portal.domain.earnings.models import Earning
from portal.domain.earnings.values import Returned
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.access import access_balance
from portal.domain.ledger.queries import balance
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Business
from portal.domain.reference.actions import terms
from portal.domain.reference.values import STORE_FEE_RATE
from portal.domain.settlement import queries as settlement
from portal.domain.settlement.values import Period
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.spoken import local_day
from portal.kernel.work import ActorKind
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

K = AccountKind


def earn(world: World, merchant: MadeMerchant, escrow: UUID, fen: int, nth: int = 1, **more: object) -> UUID | None:
    """One act of a booking."""
    with world.work(Face.JOB) as work:
        return actions.earn(
            work,
            merchant_id=merchant.id,
            business=Business("booking", escrow),
            subject_id=escrow,
            amount_fen=fen,
            nth=nth,
            **more,  # type: ignore[arg-type]
        )


def back(world: World, merchant: MadeMerchant, escrow: UUID, fen: int) -> Returned:
    """Before a refund."""
    with world.work(Face.JOB) as work:
        return actions.take_back(work, merchant_id=merchant.id, subject_id=escrow, amount_fen=fen)


def stand(world: World, merchant: MadeMerchant, escrow: UUID) -> tuple[int, int, int, int]:
    """Escrow, the merchant's balance and debt, the platform's fees; the books are proved."""
    with world.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0
    with world.work(Face.PLATFORM) as work:
        return (
            access_balance(work, AccountRef(K.ESCROW, HOUSE, subject_id=escrow)),
            access_balance(work, AccountRef(K.AVAILABLE, merchant.id)),
            balance(work, AccountRef(K.RECEIVABLE, merchant.id)),
            balance(work, AccountRef(K.FEES, HOUSE)),
        )


def test_once_for_each_act_less_the_fee(world: World) -> None:
    merchant, escrow = world.merchant(), uuid4()
    world.captured(100_00, escrow)
    first = earn(world, merchant, escrow, 60_00)
    assert earn(world, merchant, escrow, 60_00) == first
    with pytest.raises(errors.EarnedOtherwise):
        earn(world, merchant, escrow, 61_00)
    assert earn(world, merchant, escrow, 0, nth=2) is None
    assert stand(world, merchant, escrow) == (40_00, 58_20, 0, 1_80)


def test_back_in_the_same_shares_and_the_rest_is_a_debt(world: World) -> None:
    merchant, escrow, other = world.merchant(), uuid4(), uuid4()
    world.captured(100_00, escrow)
    earn(world, merchant, escrow, 60_00)
    earn(world, merchant, escrow, 40_00, nth=2)
    assert back(world, merchant, escrow, 50_00) == Returned(48_50, 0, 1_50)
    assert stand(world, merchant, escrow) == (50_00, 48_50, 0, 1_50)
    with pytest.raises(errors.TooMuchBack):
        back(world, merchant, escrow, 50_01)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        rows = work.session.scalars(select(Earning).order_by(Earning.nth)).all()
        assert [(row.back_fen, row.fee_back_fen) for row in rows] == [(10_00, 30), (40_00, 1_20)]
    with world.work(Face.JOB) as work:
        mine = AccountRef(K.AVAILABLE, merchant.id)
        ledger.hold(work, account=mine, amount=40_00, key="spent", business=Business("withdrawal", uuid4()))
    assert back(world, merchant, escrow, 50_00) == Returned(8_50, 40_00, 1_50)
    assert stand(world, merchant, escrow) == (100_00, 0, -40_00, 0)
    world.captured(200_00, other)
    earn(world, merchant, other, 100_00)
    assert stand(world, merchant, other) == (100_00, 57_00, 0, 3_00)


def test_the_fee_is_what_two_persons_set_from_its_day_on(world: World) -> None:
    merchant, escrow = world.merchant(), uuid4()
    world.captured(10_000, escrow)
    assert earn(world, merchant, escrow, 33)
    one, two = world.operator(), world.operator(Role.PLATFORM_OWNER)
    with world.work(Face.PLATFORM, person=one.id, kind=ActorKind.PLATFORM) as work:
        at = world.clock.now() + timedelta(days=1)
        value = terms.propose(work, STORE_FEE_RATE.name, value=1000, effective_at=at, note="试行")
    with world.work(Face.PLATFORM, person=two.id, kind=ActorKind.PLATFORM) as work:
        terms.confirm(work, value)
    earn(world, merchant, escrow, 33, nth=2)
    world.clock.advance(days=1, seconds=1)
    earn(world, merchant, escrow, 34, nth=3)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        rows = work.session.execute(select(Earning.rate, Earning.fee_fen).order_by(Earning.nth)).all()
    assert [tuple(row) for row in rows] == [(300, 0), (300, 1), (1000, 4)], "0.99, 1.98 and 5.38 fen, rounded down"


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=12), st.integers(0, 2000))
def test_many_parts_cost_as_much_as_one(parts: list[int], rate: int) -> None:
    done: list[rules.Earned] = []
    for part in parts:
        done.append(rules.Earned(part, rate, rules.fee_of(part, rate, done)))
    assert sum(one.fee_fen for one in done) == sum(parts) * rate // rules.WHOLE
    for one in done:
        kept = [rules.fee_kept(one, given_back) for given_back in range(one.amount_fen + 1)]
        assert kept[0] == one.fee_fen
        assert kept[-1] == 0
        assert all(0 <= before - after <= 1 for before, after in pairwise(kept))


def test_statement_and_margins_show_it(world: World) -> None:
    merchant, escrow = world.merchant(), uuid4()
    world.captured(100_00, escrow)
    earn(world, merchant, escrow, 100_00, title="补水护理", number="B12345")
    back(world, merchant, escrow, 20_00)
    today = local_day(world.clock.now())
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        lines = settlement.lines(work, merchant.id, Period(today, today))
        assert [(line.order_number, line.what, line.amount_fen) for line in lines] == [
            *(("B12345", "补水护理", 97_00), ("B12345", "补水护理", -19_40)),
        ]
        assert (lines[0].gross_fen, lines[0].fee_fen) == (100_00, 3_00)
        found = settlement.of_orders(work, merchant.id, Period(today, today), ["B12345"])
        assert len(found["B12345"]) == 2
    with world.work(Face.PLATFORM) as work:
        (line,) = settlement.margins(work, Period(today, today))
    assert (line.merchant_id, line.supplier_fen, line.margin_fen, line.sales_fen) == (merchant.id, 77_60, 2_40, 80_00)
