"""What somebody typed, as pairs of signs: folded, bounded, and loose enough for one wrong sign."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalogue.queries.offers import Cursor
from portal.domain.catalogue.rules.finding import MOST_PAIRS, look_for
from portal.domain.catalogue.rules.goods import bigrams


@pytest.mark.parametrize(
    ("typed", "pairs", "signs"),
    [
        ("广式腊肠", ("广式", "式腊", "腊肠"), ()),
        ("ＡＢｃ", ("ab", "bc"), ()),
        ("茶", (), ("茶",)),
        ("腊肠!礼_盒", ("腊肠",), ("礼", "盒")),
        ("  %_\\ \x00🍵", (), ()),
        ("", (), ()),
    ],
)
def test_words_become_pairs(typed: str, pairs: tuple[str, ...], signs: tuple[str, ...]) -> None:
    looked = look_for(typed)
    assert (looked.pairs, looked.signs) == (pairs, signs)
    assert bool(looked) == bool(pairs or signs)


@given(st.text(max_size=200))
def test_any_text_is_bounded_and_never_an_error(typed: str) -> None:
    looked = look_for(typed)
    assert len(looked.pairs) <= MOST_PAIRS
    assert all(len(pair) == 2 and pair == pair.casefold() for pair in looked.pairs)
    assert all(part for way in looked.ways for part in way)


@given(st.text("广岭南松湖莞香甜辣咸鲜", min_size=2, max_size=20), st.data())
def test_one_wrong_sign_still_finds_it(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    wrong = look_for(name[:at] + "错" + name[at + 1 :])
    held = set(bigrams(name))
    if len(name) > 3:
        assert any(set(part) <= held for way in wrong.ways for part in way)


@given(st.integers(0, 2**53 - 1), st.uuids())
def test_where_a_list_goes_on_survives_an_address(key: int, product: UUID) -> None:
    assert Cursor.from_text(Cursor(key, product).to_text()) == Cursor(key, product)
