"""Periods leave no day out; what goes back adds up to what was posted, whatever the row of refunds."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.ordering.rules import LineMoney
from portal.domain.settlement.rules import period_of, share, taken_back
from portal.domain.settlement.values import Cycle, Period

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
TERMS = st.lists(st.tuples(DAYS, st.sampled_from(Cycle)), max_size=5, unique_by=lambda one: one[0])
ONE = timedelta(days=1)


def test_periods_as_people_know_them() -> None:
    day = date(2028, 2, 20)  # a leap year
    assert period_of(day, ()) == (Period(date(2028, 2, 1), date(2028, 2, 29)), Cycle.MONTHLY)
    half = [(date(2028, 1, 1), Cycle.HALF_MONTHLY)]
    assert period_of(day, half)[0] == Period(date(2028, 2, 16), date(2028, 2, 29))
    assert period_of(date(2028, 2, 15), half)[0] == Period(date(2028, 2, 1), date(2028, 2, 15))
    weekly = [(date(2028, 1, 1), Cycle.WEEKLY)]
    assert period_of(day, weekly)[0] == Period(date(2028, 2, 14), date(2028, 2, 20))
    assert period_of(date(2028, 1, 1), weekly)[0] == Period(date(2028, 1, 1), date(2028, 1, 2)), "cut short"


@given(TERMS, DAYS, st.integers(1, 120))
def test_periods_follow_each_other_without_a_gap(terms: list[tuple[date, Cycle]], first: date, days: int) -> None:
    found = [period_of(first + at * ONE, terms)[0] for at in range(days)]
    assert all(one.first <= first + at * ONE <= one.last for at, one in enumerate(found))
    for one, two in pairwise(found):
        assert one == two or two.first == one.last + ONE


MONEY = st.builds(
    LineMoney,
    quantity=st.integers(1, 40),
    supply_fen=st.integers(0, 9_999),
    goods_fen=st.integers(1, 200_000),
    freight_fen=st.integers(0, 3_000),
)


@settings(max_examples=150)
@given(MONEY, st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=8))
def test_all_refunds_together_take_back_what_was_posted(money: LineMoney, parts: list[tuple[int, int]]) -> None:
    posted, now = share(money), money
    due = margin = 0
    for goods, freight in [*parts, (10_000, 10_000)]:  # the last one takes the rest
        asked_goods = (money.goods_fen - now.refunded_goods_fen) * goods // 10_000
        asked_freight = (money.freight_fen - now.refunded_freight_fen) * freight // 10_000
        back, now = taken_back(now, goods_fen=asked_goods, freight_fen=asked_freight)
        assert back.due_fen + back.margin_fen == asked_goods + asked_freight
        assert back.due_fen >= 0
        assert back.margin_fen == 0 or (back.margin_fen > 0) == (posted.margin_fen > 0), "a subsidy stays a subsidy"
        due, margin = due + back.due_fen, margin + back.margin_fen
    assert (due, margin) == (posted.due_fen, posted.margin_fen)


def test_a_whole_piece_takes_exactly_its_supply_price() -> None:
    money = LineMoney(quantity=3, supply_fen=3333, goods_fen=3 * 4590, freight_fen=500)
    back, _after = taken_back(money, goods_fen=4590, freight_fen=0)
    assert (back.due_fen, back.margin_fen) == (3333, 1257)
