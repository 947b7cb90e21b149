"""Commissions: which rule holds, what it brings once, and what a refund takes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.domain.bookings import actions as bookings
from portal.domain.calendar import actions as calendar
from portal.domain.commissions import actions, errors, queries, rules
from portal.domain.commissions.actions import Piece
from portal.domain.commissions.values import Kind, Month, Rule, RuleDraft, Turn
from portal.domain.passes import actions as passes
from portal.domain.passes.models import Pass
from portal.domain.payments.models import PaymentRefund
from portal.kernel.database import new_id
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.bookings import SHANGHAI_FOUR
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

AT = datetime(2026, 7, 1, tzinfo=UTC)
STORE, SERVICE = new_id(), new_id()


def a_rule(**changes: object) -> Rule:
    facts = {"id": new_id(), "kind": Kind.WORK, "store_id": None, "subject_id": None, "turn": Turn.ANY}
    return Rule(**{**facts, "percent_bp": 1000, "fixed_fen": None, "made_at": AT, **changes})  # type: ignore[arg-type]


ORDERED = (
    a_rule(),
    a_rule(turn=Turn.REQUESTED),
    a_rule(store_id=STORE),
    a_rule(store_id=STORE, turn=Turn.REQUESTED),
    a_rule(subject_id=SERVICE),
    a_rule(subject_id=SERVICE, store_id=STORE, turn=Turn.REQUESTED),
)
"""From the most general to the most particular."""


@pytest.mark.parametrize("many", range(1, len(ORDERED) + 1))
def test_the_most_particular_rule_holds(many: int) -> None:
    others = (
        a_rule(kind=Kind.CARD_USE, subject_id=SERVICE),
        a_rule(subject_id=new_id()),
        a_rule(store_id=new_id()),
        a_rule(turn=Turn.ROTATED, subject_id=SERVICE, store_id=STORE),
    )
    given_rules = [*others, *reversed(ORDERED[:many])]
    found = rules.pick(given_rules, Kind.WORK, subject_id=SERVICE, store_id=STORE, requested=True)
    assert found is ORDERED[many - 1]
    assert rules.pick([], Kind.WORK, subject_id=SERVICE, store_id=STORE, requested=True) is None


@given(st.integers(0, 10_000_00), st.integers(1, 10_000_00), st.lists(st.integers(0, 3_000_00), max_size=8))
def test_refunds_take_back_all_in_the_end_and_never_more(amount: int, whole: int, refunds: list[int]) -> None:
    taken, returned = 0, 0
    for one in (*refunds, whole):
        returned += one
        now = rules.back(amount, whole, returned)
        assert taken <= now <= amount
        taken = now
    assert taken == amount


def a_piece(store: UUID, technician: UUID, **changes: object) -> Piece:
    line, booking = new_id(), new_id()
    piece = Piece(Kind.WORK, store, technician, "黄嘉怡", line, booking, SERVICE, "补水 60 分钟", "陈**", False, 16_800)
    return replace(piece, **changes)  # type: ignore[arg-type]


@pytest.fixture
def merchant(world: World) -> MadeMerchant:
    return world.merchant()


def test_a_month(world: World, merchant: MadeMerchant) -> None:
    store = world.store(merchant)
    month = queries.this_month(world.clock.now())
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        who = calendar.add(work, store_id=store.id, kind="technician", name="黄嘉怡")
        actions.add_rule(work, RuleDraft(Kind.WORK, None, None, Turn.ANY, 1_500, None))
        asked = RuleDraft(Kind.WORK, store.id, None, Turn.REQUESTED, 2_000, None)
        rule = actions.add_rule(work, asked)
        actions.add_rule(work, RuleDraft(Kind.CARD_USE, None, SERVICE, Turn.ANY, None, 1_000))
        with pytest.raises(errors.RuleTwice):
            actions.add_rule(work, asked)
        turned = a_piece(store.id, who)
        wanted = a_piece(store.id, who, requested=True, base_fen=9_999)
        by_pass = a_piece(store.id, who, kind=Kind.CARD_USE)
        unknown = a_piece(store.id, who, kind=Kind.CARD_SALE)
        assert actions.earn(work, merchant.id, [turned, wanted, by_pass, unknown]) == 3
        assert actions.earn(work, merchant.id, [turned, wanted]) == 0  # told twice
        actions.end_rule(work, rule)  # what was earned stays
        assert actions.return_to_client(work, merchant.id, turned.group_id, 5_000) == 750
        assert actions.return_to_client(work, merchant.id, turned.group_id, 11_800) == 1_770
        lines, more = queries.entries(work, month)
        fixed = next(line for line in lines if line.kind is Kind.CARD_USE)
        actions.take_back(work, fixed.id, reason="记错技师")
        actions.take_back(work, fixed.id, reason="记错技师")
        total = queries.totals(work, month)[0]
    assert (len(lines), more) == (5, False)
    assert [line.amount_fen for line in lines] == [-1_770, -750, 1_000, 1_999, 2_520]
    assert (total.work_fen, total.card_use_fen, total.back_fen) == (4_519, 1_000, -3_520)
    assert (total.total_fen, total.pieces, total.requested) == (1_999, 3, 1)


def test_what_was_paid_twice_goes_back_without_the_commission(world: World) -> None:
    salon = world.salon()
    with world.work(Face.OFFICE, merchant=salon.merchant.id) as work:
        actions.add_rule(work, RuleDraft(Kind.WORK, None, None, Turn.ANY, 1_000, None))
    made = world.book(salon)
    assert made.intent_id is not None
    one, two = (world.attempt(salon.client, made.intent_id, again=again) for again in (False, True))
    world.told(world.paid_fact(one, 5000))
    world.told(world.paid_fact(two, 5000, provider_no="SB2"))
    world.clock.at = SHANGHAI_FOUR
    with world.work(Face.OFFICE, merchant=salon.merchant.id) as work:
        bookings.arrive(work, made.booking_id)
        bookings.finish(work, made.booking_id)
    with world.work(Face.JOB) as work:
        refund = work.session.scalars(select(PaymentRefund.id)).one()
    world.told(world.refund_fact(refund, 5000))
    with world.work(Face.OFFICE, merchant=salon.merchant.id) as work:
        lines, _more = queries.entries(work, queries.this_month(world.clock.now()))
    assert [line.amount_fen for line in lines] == [1_680]


def test_a_pass_is_credited_once_and_for_what_was_not_given_back(world: World) -> None:
    salon = world.salon()
    bought = world.bought_pass(salon.client, world.pass_kind(salon.merchant))
    world.booked(salon, passes={salon.service: bought.id})  # holds a use, so that the pass goes on after a refund
    with world.work(Face.OFFICE, merchant=salon.merchant.id) as work:
        actions.add_rule(work, RuleDraft(Kind.CARD_SALE, None, None, Turn.ANY, 1_000, None))
        left = work.session.scalars(select(Pass.price_fen)).one() // 10
        passes.refund(work, bought.id, shown_fen=9 * left, reason="搬家了")
        actions.credit_sale(work, bought.id, salon.doers[0].id)
        with pytest.raises(errors.NotSoldHere):
            actions.credit_sale(work, bought.id, salon.doers[1].id)
        lines, _more = queries.entries(work, queries.this_month(world.clock.now()))
    assert [(line.base_fen, line.amount_fen) for line in lines] == [(left, left // 10)]


def test_what_is_refused(world: World, merchant: MadeMerchant) -> None:
    strangers = world.store(world.merchant())
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        for draft in (
            RuleDraft(Kind.WORK, None, None, Turn.ANY, None, None),
            RuleDraft(Kind.WORK, None, None, Turn.ANY, 1_000, 1_000),
            RuleDraft(Kind.WORK, None, None, Turn.ANY, 10_001, None),
            RuleDraft(Kind.CARD_SALE, None, None, Turn.REQUESTED, 1_000, None),
        ):
            with pytest.raises(Refusal):
                actions.add_rule(work, draft)
        with pytest.raises(NotFound):
            actions.take_back(work, new_id(), reason="没有这笔")
        with pytest.raises(NotFound):
            actions.add_rule(work, RuleDraft(Kind.WORK, strangers.id, None, Turn.ANY, 1_000, None))


def test_months_follow_each_other() -> None:
    december = Month(datetime(2026, 12, 1, tzinfo=UTC).date())
    assert (december.name, str(december.after), str(december.before)) == ("2026-12", "2027-01-01", "2026-11-01")
    assert str(Month(december.after).before) == "2026-12-01"
