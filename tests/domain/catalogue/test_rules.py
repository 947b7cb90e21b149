"""Options, codes, prices and words of goods, without a database."""

from __future__ import annotations

import pytest

from portal.domain.catalogue.rules.goods import bigrams, check_digit, needs_approval, tidy_barcode
from portal.domain.catalogue.rules.options import combinations, read_options, read_values
from portal.domain.catalogue.values import MOST_SKUS, Option
from portal.kernel.refusals import Refusal


def test_values_are_read_as_people_type_them() -> None:
    assert read_values("原味、 麻辣,蒜香；\n微辣", field="f") == ("原味", "麻辣", "蒜香", "微辣")
    with pytest.raises(Refusal, match="重复"):
        read_values("红、Ｒｅｄ、red", field="f")


def test_every_combination_once_in_reading_order() -> None:
    options = (Option("口味", ("原味", "麻辣")), Option("重量", ("250 克", "500 克")))
    assert combinations(options) == (
        ("原味", "250 克"), ("原味", "500 克"), ("麻辣", "250 克"), ("麻辣", "500 克"),
    )  # fmt: skip
    assert combinations(()) == ((),), "a product without options has one SKU"


def test_too_many_combinations_and_half_options_are_refused() -> None:
    many = "、".join(str(at) for at in range(9))
    with pytest.raises(Refusal, match=f"81 种，最多 {MOST_SKUS} 种"):
        read_options([("a", "长", many), ("b", "宽", many)])
    with pytest.raises(Refusal, match="名称"):
        read_options([("a", "", "红、蓝")])
    with pytest.raises(Refusal, match="重复"):
        read_options([("a", "颜色", "红"), ("b", "颜色", "蓝")])
    assert read_options([("a", "", ""), ("b", "颜色", "红")]) == (Option("颜色", ("红",)),)


@pytest.mark.parametrize("code", ["6901234567892", "96385074", "036000291452", "16901234567899"])
def test_right_check_digits_pass(code: str) -> None:
    assert check_digit(code[:-1]) == code[-1]
    assert tidy_barcode(f" {code[:4]} {code[4:]}", field="f") == code


def test_a_wrong_check_digit_is_refused_and_other_codes_are_left_alone() -> None:
    with pytest.raises(Refusal, match="校验位"):
        tidy_barcode("6901234567893", field="f")
    assert tidy_barcode("SH-LC-500", field="f") == "SHLC500"
    assert tidy_barcode("12345", field="f") == "12345", "five digits look like nobody's GTIN"


@pytest.mark.parametrize(
    ("old", "new", "waits"),
    [(10_000, 11_000, False), (10_000, 11_001, True), (10_000, 9_000, False), (10_000, 8_999, True), (33, 36, False)],
)
def test_the_share_is_exact_at_the_fen(old: int, new: int, waits: bool) -> None:
    assert needs_approval(old, new, 10) is waits


def test_bigrams_fold_case_width_and_spaces() -> None:
    assert bigrams("抽纸 24包") == ["24", "4包", "抽纸", "纸2"]
    assert bigrams("ＡＢ c") == ["ab", "bc"]
    assert bigrams("米") == ["米"]
    assert set(bigrams("腊肠")) <= set(bigrams("广式腊肠"))
