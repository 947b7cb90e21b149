"""The QR text and the digits: ours, altered, foreign, mistyped; each is told apart."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.vouchers import errors
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import Digits, Scanned

KEY = codes.signing_key("an installation's secret")
MINE = uuid4()
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def fresh() -> tuple[Scanned, str]:
    voucher = Scanned(MINE, codes.new_secret())
    return voucher, codes.write(voucher, KEY)


def test_what_is_written_is_read_back() -> None:
    voucher, text = fresh()
    assert codes.read(text, KEY, MINE) == voucher
    assert codes.read(f"  {text.lower()}\n", KEY, MINE) == voucher, "a gun with caps lock, a line end"


def test_the_text_is_short_and_alphanumeric() -> None:
    _voucher, text = fresh()
    assert set(text) <= ALPHANUMERIC
    assert len(text) == 60
    assert codes.SECRET_BYTES * 8 >= 60, "random bits"


@given(st.integers(0, 59), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.018"))
def test_no_altered_text_passes(at: int, sign: str) -> None:
    voucher, text = fresh()
    altered = text[:at] + sign + text[at + 1 :]
    if altered == text:
        return
    with pytest.raises(errors.CodeRefused):
        assert codes.read(altered, KEY, MINE) != voucher


def test_each_wrong_code_has_its_own_sentence() -> None:
    _voucher, text = fresh()
    other = codes.write(Scanned(uuid4(), codes.new_secret()), KEY)
    forged = codes.write(Scanned(MINE, codes.new_secret()), codes.signing_key("another installation"))
    for typed, refusal in (
        (other, errors.CodeForeign),
        (forged, errors.CodeForged),
        (text[:-1], errors.CodeForged),
        ("JS2" + text[3:], errors.CodeVersion),
        ("https://example.com/x", errors.CodeNotOurs),
        ("😀😀😀", errors.CodeNotOurs),
        ("", errors.CodeNotOurs),
        ("-1", errors.CodeWrongLength),
        ("1" * 13, errors.CodeWrongLength),
        ("9" * 399, errors.CodeWrongLength),
        ("9" * 401, errors.CodeNotOurs),
    ):
        with pytest.raises(refusal):
            codes.read(typed, KEY, MINE)


@pytest.mark.parametrize("typed", ["123456789012", "1234 5678 9012", "1234-5678-9012", "１２３４　５６７８　９０１２"])
def test_digits_are_read_as_people_type_them(typed: str) -> None:
    assert codes.read(typed, KEY, MINE) == Digits("123456789012")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_a_refusal(typed: str) -> None:
    assert isinstance(read_or_refused(typed), Digits | errors.CodeRefused)


def read_or_refused(typed: str) -> object:
    try:
        return codes.read(typed, KEY, MINE)
    except errors.CodeRefused as refused:
        return refused


def test_new_digits_are_twelve_and_never_begin_with_zero() -> None:
    for _ in range(200):
        digits = codes.new_digits()
        assert len(digits) == 12
        assert digits[0] != "0"
