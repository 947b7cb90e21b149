"""What a pasted column says: in the order of rows, as pairs in any order, with a spreadsheet's oddities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.shipping.rules.paste import aliases, check_number, problem_of, read_column, tidy
from portal.domain.shipping.rules.recognising import called, recognise
from portal.kernel.refusals import Refusal

ROWS = [f"260704{at:010}" for at in range(1, 6)]
KNOWN = aliases(ROWS)
SF = [f"SF12345678901{at:02}" for at in range(9)]


def pairs(text: str) -> list[tuple[str | None, str]]:
    return [(one.order, one.number) for one in read_column(text, ROWS, KNOWN)]


def test_numbers_only_go_down_the_rows() -> None:
    assert pairs("\n".join(SF[:5])) == list(zip(ROWS, SF, strict=False))
    assert pairs("快递单号\r\n" + "\r\n".join(SF[:3]) + "\r\n\r\n") == list(zip(ROWS[:3], SF, strict=False))


def test_a_blank_cell_leaves_its_row_out() -> None:
    assert pairs(f"{SF[0]}\n\n{SF[1]}") == [(ROWS[0], SF[0]), (ROWS[2], SF[1])]
    text = "\n\n".join(SF[:5])
    assert pairs(text) == list(zip(ROWS, SF, strict=False)), "as many as rows: the blanks mean nothing"


def test_bare_numbers_pass_over_rows_that_must_not_leave() -> None:
    held = {ROWS[0], ROWS[3]}
    found = read_column("\n".join(SF[:3]), ROWS, KNOWN, held)
    assert [(one.order, one.number) for one in found] == list(zip([ROWS[1], ROWS[2], ROWS[4]], SF, strict=False))
    every = read_column("\n".join(SF[:5]), ROWS, KNOWN, held)
    assert [one.order for one in every] == ROWS, "a number for every row: nothing is passed over"


@pytest.mark.parametrize("between", ["\t", ",", "，", "  ", " ", ";"])
def test_pairs_in_any_order(between: str) -> None:
    text = f"{ROWS[3]}{between}{SF[0]}\n{SF[1]}{between}{ROWS[0]}"
    assert pairs(text) == [(ROWS[3], SF[0]), (ROWS[0], SF[1])]


def test_a_column_with_the_carrier_helps() -> None:
    (one,) = read_column(f"订单号\t快递公司\t单号\n{ROWS[0]}\t中通快递\t76543210987654", ROWS, KNOWN)
    assert (one.order, one.number, one.carrier, one.problem) == (ROWS[0], "76543210987654", "zto", None)


def test_a_spreadsheet_that_lost_the_last_digit_of_an_order_is_understood() -> None:
    rounded = ROWS[2][:15] + "0"
    lone = aliases([ROWS[2]])
    assert read_column(f"{rounded}\t{SF[0]}", ROWS, lone)[0].order == ROWS[2]
    assert rounded not in aliases(ROWS), "two orders that differ in the last digit only: nothing is guessed"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请贴上快递单号"),
        ("   \n \n", "请贴上快递单号"),
        ("快递单号\n", "请贴上快递单号"),
        ("\n".join(SF), "这里只有 5 行订单"),
        ("\n".join(ROWS), "没有快递单号"),
        ("9" * 70_000, "一次最多贴"),
        ("1\n" * 1001, "一次最多贴"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read_column(text, ROWS, KNOWN)


def test_problems_stay_with_their_line() -> None:
    found = read_column(f"{ROWS[0]}\t7.73001E+13\n9999\t{SF[0]}\n{ROWS[1]}\t中通\n{ROWS[2]}\tab", ROWS, KNOWN)
    said = [str(one.problem) for one in found]
    assert "科学计数" in said[0]
    assert "没有找到" in said[1]
    assert "没有快递单号" in said[2]
    assert "没有快递单号" in said[3]


def test_tidy() -> None:
    assert tidy(" '７３１２ 3456-789.0 ") == "73123456-789"
    assert check_number("sf1234567890123") == "SF1234567890123"
    for wrong in ("", "abc", "🍒" * 9, "x" * 50, "<b>1</b>"):
        with pytest.raises(Refusal):
            check_number(wrong)
    assert problem_of("SF1234567890123") is None


def test_carriers_by_shape_and_by_name() -> None:
    assert recognise("SF1234567890123") == ("sf",)
    assert recognise("YT1234567890123") == ("yto",)
    assert len(recognise("123456789012")) > 1, "twelve digits may be several carriers'"
    assert recognise("A-1") == ()
    assert (called("顺丰"), called("中通快递"), called("快递")) == ("sf", "zto", None)


@given(st.text(max_size=400))
def test_nothing_typed_breaks_it(text: str) -> None:
    try:
        found = read_column(text, ROWS, KNOWN)
    except Refusal:
        return
    assert all(one.order is None or one.order in ROWS for one in found)
