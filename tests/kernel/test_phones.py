"""Phone numbers: one stored form, whatever was typed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.phones import is_demo, mask, normalise_mobile, normalise_phone, show
from portal.kernel.refusals import Refusal


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "0086-13800138000",
        "8613800138000",
        "１３８００１３８０００",
        "＋８６ １３８－００１３－８０００",
        "(138) 0013 8000",
        "138\u00a00013\u20108000",
    ],
)
def test_a_mobile_number_has_one_form(text):
    assert normalise_mobile(text) == "13800138000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1380013800",
        "138001380000",
        "12800138000",
        "1380013800a",
        "+1 212 555 0100",
        "076922810000",
        "1²800138000",
        "١٣٨٠٠١٣٨٠٠٠",
        "😀",
        "1" * 5000,
        "+852 9123 4567",
    ],
)
def test_what_is_no_mobile_number_is_refused(text):
    with pytest.raises(Refusal, match="手机号") as refused:
        normalise_mobile(text)
    assert refused.value.field == "phone"


@pytest.mark.parametrize("text", ["15400000001", "194 0000 0001"])
def test_the_demo_towns_numbers_count_in_the_demo_only(text):
    assert is_demo(normalise_mobile(text, demo=True))
    with pytest.raises(Refusal):
        normalise_mobile(text)
    assert not is_demo("13800138000")


@pytest.mark.parametrize(
    ("text", "stored", "shown"),
    [
        ("0769-2281 0000", "076922810000", "0769 2281 0000"),
        ("(0755) 12345678", "075512345678", "0755 1234 5678"),
        ("010-53655538", "01053655538", "010 5365 5538"),
        ("400-991-8881", "4009918881", "400 991 8881"),
        ("138 0013 8000", "13800138000", "138 0013 8000"),
    ],
)
def test_a_shops_number_may_be_a_landline(text, stored, shown):
    assert normalise_phone(text) == stored
    assert show(stored) == shown


@pytest.mark.parametrize("text", ["22810000", "0769", "0769-22810000转8", "95588", "110", ""])
def test_a_landline_needs_its_area_code(text):
    with pytest.raises(Refusal, match="电话"):
        normalise_phone(text)


def test_masks_hide_the_middle():
    assert mask("13800138000") == "138****8000"
    assert mask("4009918881") == "40****81"
    assert mask("110") == "***"
    assert show("abc") == "abc"


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    with suppress(Refusal):
        assert normalise_phone(text, demo=True).isascii()
