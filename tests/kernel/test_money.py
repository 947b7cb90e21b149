"""Reading, sharing and rounding money: integers, and never a fen lost."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.money import Fen, allocate, parse_discount, parse_yuan, percent_of
from portal.kernel.refusals import Refusal


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("12.50", 1250),
        ("12.5", 1250),
        ("１２．５", 1250),
        ("0", 0),
        ("0.01", 1),
        ("¥ 1,280", 128_000),
        ("￥１，２８０．００", 128_000),
        ("30元", 3000),
        (" 007.10 ", 710),
        ("12.500", 1250),
        ("100000000", 100_000_000_00),
    ],
)
def test_yuan_are_read_as_people_type_them(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "请填写"),
        ("  ", "请填写"),
        ("-1", "负数"),
        ("−1", "负数"),
        ("－１", "负数"),
        ("1e5", "写成数字"),
        ("NaN", "写成数字"),
        ("inf", "写成数字"),
        ("0x10", "写成数字"),
        ("1_000", "写成数字"),
        ("1²", "写成数字"),
        ("١٢", "写成数字"),
        ("十二", "写成数字"),
        ("1,28", "写成数字"),
        ("1.2.3", "写成数字"),
        (".5", "写成数字"),
        ("+5", "写成数字"),
        ("12.505", "两位"),
        ("100000000.01", "太大"),
        ("9" * 30, "太大"),
        ("9" * 3000, "写成数字"),
        ("😀", "写成数字"),
        ("1\x002", "写成数字"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(text, says):
    with pytest.raises(Refusal, match=says) as refused:
        parse_yuan(text, field="price")
    assert refused.value.field == "price"


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    with suppress(Refusal):
        assert parse_yuan(text) >= 0


@given(st.integers(0, 100_000_000_00))
def test_every_amount_reads_back(fen):
    assert parse_yuan(f"{fen // 100}.{fen % 100:02}") == fen


@pytest.mark.parametrize(("text", "percent"), [("8.5", 85), ("８．５折", 85), ("8", 80), ("9.9 折", 99), ("0.1", 1)])
def test_a_discount_is_said_in_tenths(text, percent):
    assert parse_discount(text) == percent


@pytest.mark.parametrize("text", ["85", "10", "0", "0.0", "8.55", "-1", "", "8.5%", "八五"])
def test_a_discount_that_could_be_misread_is_refused(text):
    with pytest.raises(Refusal, match=r"8\.5 折"):
        parse_discount(text)


def test_a_third_of_a_yuan_goes_to_the_first():
    assert allocate(Fen(100), [1, 1, 1]) == [34, 33, 33]
    assert allocate(Fen(5), [0, 0]) == [3, 2]
    assert allocate(Fen(0), [3, 4]) == [0, 0]


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_parts_add_up_and_are_fair(total, weights):
    parts = allocate(Fen(total), weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    if any(weights):
        for part, weight in zip(parts, weights, strict=True):
            exact = Fraction(total * weight, sum(weights))
            assert abs(part - exact) < 1
            assert weight or part == 0
    for one, other in ((0, -1), (len(parts) // 2, 0)):
        if weights[one] > weights[other]:
            assert parts[one] >= parts[other]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [1, -1]), (1, [])])
def test_shares_that_make_no_sense_are_a_programming_error(total, weights):
    with pytest.raises(ValueError, match=r"not negative|nobody"):
        allocate(Fen(total), weights)


def test_half_a_fen_is_rounded_up():
    assert percent_of(Fen(1650), 85) == 1403  # 1402.5
    assert percent_of(Fen(10), 45) == 5  # 4.5
    assert percent_of(Fen(-10), 45) == -5
    assert percent_of(Fen(2990), Decimal("0.6")) == 18  # 17.94
    with pytest.raises(TypeError):
        percent_of(Fen(1), 8.5)  # type: ignore[arg-type]


@given(st.integers(0, 10**12), st.integers(0, 100))
def test_a_percentage_and_its_rest_are_the_whole_within_a_fen(amount, percent):
    assert abs(percent_of(Fen(amount), percent) + percent_of(Fen(amount), 100 - percent) - amount) <= 1
