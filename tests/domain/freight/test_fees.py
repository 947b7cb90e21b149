"""The fee: never negative, never less for more, free exactly from its threshold, indifferent to how zones are cut."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.freight.rules import fees
from portal.domain.freight.values import FreightLine, Quote, Tariff, TemplateDraft, Unit, Zone

KILO = Tariff(1000, 800, 1000, 300)
prices = st.integers(0, 50_00)
tariffs = st.builds(
    Tariff, st.integers(1, 3000), prices, st.integers(1, 3000), prices, st.none() | st.integers(1, 200_00)
)
lines = st.lists(
    st.builds(FreightLine, st.uuids(), st.integers(1, 20), st.integers(1, 30_000), st.integers(0, 100_00)),
    min_size=1,
    max_size=5,
)


def asked(draft: TemplateDraft, code: str | None, *found: FreightLine) -> Quote:
    template = uuid4()
    return fees.quote(uuid4(), found, [template] * len(found), {template: draft}, code)


@given(tariffs, st.integers(0, 100_000), st.integers(0, 10_000))
@settings(max_examples=40)
def test_more_never_costs_less(tariff: Tariff, units: int, more: int) -> None:
    assert 0 <= fees.fee(tariff, units) <= fees.fee(tariff, units + more)


@pytest.mark.parametrize(
    ("grams", "fen"), [(0, 0), (1, 800), (1000, 800), (1001, 1100), (2000, 1100), (2001, 1400), (3000, 1400)]
)
def test_a_begun_lot_is_a_whole_one(grams: int, fen: int) -> None:
    assert fees.fee(KILO, grams) == fen


@given(tariffs, lines, st.sampled_from(Unit))
@settings(max_examples=40)
def test_shares_add_up_and_free_begins_at_the_threshold(tariff: Tariff, found: list[FreightLine], unit: Unit) -> None:
    quote = asked(TemplateDraft("甲", unit, tariff), None, *found)
    assert quote.fee_fen == sum(quote.shares)
    assert len(quote.shares) == len(found)
    assert min(quote.shares) >= 0
    goods = sum(line.goods_fen for line in found)
    plain = fees.fee(tariff, sum(line.pieces if unit is Unit.PIECE else line.grams for line in found))
    for over, fee in ((goods, 0), (goods + 1, plain)):
        if over:
            limited = Tariff(tariff.first_units, tariff.first_fen, tariff.next_units, tariff.next_fen, over)
            assert asked(TemplateDraft("甲", unit, limited), None, *found).fee_fen == fee


@given(tariffs, tariffs, lines, st.sampled_from(("44", "4419", "441900120", "45", "65", None)))
@settings(max_examples=40)
def test_cutting_a_zone_changes_nothing(
    tariff: Tariff, rest: Tariff, found: list[FreightLine], code: str | None
) -> None:
    whole = TemplateDraft("甲", Unit.WEIGHT, rest, (Zone(("44", "45"), tariff),))
    cut = TemplateDraft(
        "甲", Unit.WEIGHT, rest, (Zone(("45",), tariff), Zone(("44",), tariff), Zone(("4419",), tariff))
    )
    assert asked(whole, code, *found).fee_fen == asked(cut, code, *found).fee_fen


def test_the_narrowest_place_decides() -> None:
    near, far = Tariff(1, 500, 1, 100), Tariff(1, 2000, 1, 1000)
    draft = TemplateDraft("甲", Unit.PIECE, KILO, (Zone(("44",), near), Zone(("6501",), far)), ("65", "4420"))
    places = {"441900120": near, "442000101": None, "650102001": far, "652300": None, "11": KILO, None: KILO}
    assert {code: fees.tariff_at(draft, code) for code in places} == places
    only = TemplateDraft("甲", Unit.PIECE, None, (Zone(("44",), near),))
    assert fees.tariff_at(only, "11") is None


def test_what_is_not_served_is_named() -> None:
    a, b, c = (FreightLine(uuid4(), 1, 500, 1000) for _ in range(3))
    served, not_there = uuid4(), uuid4()
    drafts = {
        served: TemplateDraft("甲", Unit.WEIGHT, KILO),
        not_there: TemplateDraft("乙", Unit.WEIGHT, KILO, unserved=("65",)),
    }
    followed: list[UUID | None] = [served, not_there, not_there]
    quote = fees.quote(uuid4(), (a, b, c), followed, drafts, "650102001")
    assert (quote.fee_fen, quote.refused) == (None, (b.product_id, c.product_id))
    assert str(fees.not_served(["荔枝干", "桂味"])) == "“荔枝干”、“桂味”不送到这个地址。"
    assert str(fees.not_served(list("甲乙丙丁"))) == "“甲”、“乙”、“丙”等 4 件商品不送到这个地址。"


def test_templates_beside_each_other_add_up() -> None:
    one, two, free = uuid4(), uuid4(), None
    drafts = {
        one: TemplateDraft("甲", Unit.WEIGHT, KILO),
        two: TemplateDraft("乙", Unit.PIECE, Tariff(2, 500, 1, 100, 99_00)),
    }
    goods = [FreightLine(uuid4(), 1, 1500, 3000), FreightLine(uuid4(), 4, 10, 87_00), FreightLine(uuid4(), 1, 500, 0)]
    quote = fees.quote(uuid4(), [*goods, goods[0]], [one, two, free, one], drafts, None)
    assert (quote.fee_fen, quote.shares) == (1400 + 700, (700, 700, 0, 700))
    assert [str(word) for word in quote.words] == ["首重 1 kg ¥8 + 续重 2 × ¥3", "首 2 件 ¥5 + 续件 2 × ¥1"]
    assert str(quote.hint) == "满 ¥99 包邮，还差 ¥12"


@pytest.mark.parametrize(
    ("draft", "line", "words"),
    [
        (TemplateDraft("甲", Unit.WEIGHT, KILO), (1, 800, 100), "首重 1 kg ¥8"),
        (TemplateDraft("甲", Unit.WEIGHT, Tariff(500, 0, 500, 250)), (1, 800, 100), "首重 0.5 kg ¥0 + 续重 1 × ¥2.50"),
        (TemplateDraft("甲", Unit.PIECE, Tariff(1, 600, 1, 0)), (9, 800, 100), "首件 ¥6"),
        (TemplateDraft("甲", Unit.PIECE, Tariff(3, 600, 1, 200)), (3, 800, 100), "3 件内 ¥6"),
        (TemplateDraft("甲", Unit.PIECE, Tariff(1, 0, 1, 0)), (9, 800, 100), "包邮"),
        (TemplateDraft("甲", Unit.WEIGHT, KILO, free_over_fen=100), (1, 800, 100), "满 ¥1 包邮"),
    ],
)
def test_a_fee_explains_itself(draft: TemplateDraft, line: tuple[int, int, int], words: str) -> None:
    quote = asked(draft, None, FreightLine(uuid4(), *line))
    assert [str(word) for word in quote.words] == [words]
    assert quote.hint is None


def test_in_short() -> None:
    line = FreightLine(uuid4(), 1, 500, 1000)
    draft = TemplateDraft("甲", Unit.WEIGHT, KILO, (Zone(("45",), Tariff(1, 0, 1, 0)),), ("65",))
    said = {
        code: str(fees.in_short(asked(draft, code, line), place))
        for code, place in (("4419", "东莞"), ("45", "广西"), ("65", "新疆"))
    }
    assert said == {"4419": "到东莞 ¥8", "45": "包邮", "65": "不送到新疆"}
