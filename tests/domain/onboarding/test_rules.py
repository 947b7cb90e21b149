"""Licence numbers, bank accounts, what is missing, what differs: pure rules."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.onboarding import rules
from portal.domain.onboarding.values import (
    MOVES,
    ApplicationState,
    DocumentKind,
    Particulars,
)
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import Conflict, Refusal
from tests.factories.onboarding import licence_number

WHOLE = Particulars(
    name="松湖小铺",
    legal_name="东莞市松湖小铺",
    licence_number=licence_number(7),
    representative="李建国",
    contact_name="王秀兰",
    contact_phone="15400020007",
    address="桂香路 7 号",
    category_id=UUID(int=7),
    bank_holder="东莞市松湖小铺",
    bank_name="松湖银行",
    bank_last4="0007",
)
PAPERS = (DocumentKind.LICENCE, DocumentKind.SHOP_FRONT)
CARD = "9999990000000007"


@pytest.mark.parametrize("number", ["91350100M000100Y43", "911101085923662400"])
def test_published_licence_numbers_pass(number: str) -> None:
    assert rules.is_licence(number)


def test_a_demo_licence_passes_in_demo_mode_only() -> None:
    assert rules.is_licence(licence_number(1), demo=True)
    assert not rules.is_licence(licence_number(1))


@given(place=st.integers(0, 17), sign=st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_sign_is_always_noticed(place: int, sign: str) -> None:
    number = licence_number(42)
    wrong = number[:place] + sign + number[place + 1 :]
    assert (wrong == number) == rules.is_licence(wrong, demo=True) or not 2 <= place <= 7


@pytest.mark.parametrize("number", ["", "1", "91350100M000100Y4O", "９１", "91350100m000100y43 ", "😀" * 18, "0" * 999])
def test_other_texts_are_no_licence(number: str) -> None:
    assert not rules.is_licence(number, demo=True)


def test_numbers_are_tidied_before_they_are_looked_at() -> None:
    assert rules.tidy_number(" ９1350100 m000-100y43 ") == "91350100M000100Y43"


def test_a_whole_application_has_no_problems() -> None:
    assert rules.problems(Kind.BRAND, WHOLE, CARD, PAPERS, demo=True) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("licence_number", "123"),
        ("contact_phone", "12345"),
        ("category_id", None),
        ("bank_name", ""),
    ],
)
def test_each_gap_is_named_with_its_field(field: str, value: object) -> None:
    found = rules.problems(Kind.BRAND, replace(WHOLE, **{field: value}), CARD, PAPERS, demo=True)
    assert [problem.field for problem in found] == [field]


def test_documents_and_bank_are_asked_for() -> None:
    found = rules.problems(Kind.BRAND, WHOLE, "", (), demo=True)
    assert [problem.field for problem in found] == ["bank_number", "licence", "shop_front"]


def test_a_centre_needs_a_region_and_no_category() -> None:
    facts = replace(WHOLE, category_id=None)
    assert [p.field for p in rules.problems(Kind.REGION, facts, CARD, PAPERS, demo=True)] == ["region_code"]
    assert rules.problems(Kind.REGION, replace(facts, region_code="4419"), CARD, PAPERS, demo=True) == ()


def test_demo_data_do_not_pass_in_production() -> None:
    found = {problem.field for problem in rules.problems(Kind.BRAND, WHOLE, CARD, PAPERS, demo=False)}
    assert found == {"licence_number", "contact_phone", "bank_number"}


@given(text=st.text(max_size=200))
def test_whatever_is_typed_is_kept_tidy_or_refused(text: str) -> None:
    try:
        tidy = rules.tidy(replace(WHOLE, name=text, contact_phone=text, licence_number=text))
        number = rules.tidy_bank_number(text)
    except Refusal:
        return
    assert len(tidy.name) <= 30
    assert "\n" not in tidy.name + number
    rules.problems(Kind.BRAND, tidy, number, (), demo=True)


def test_facts_survive_the_way_through_json() -> None:
    assert rules.from_facts(rules.as_facts(WHOLE)) == WHOLE


def test_differences_show_every_field_once() -> None:
    found = {d.field: (d.old, d.new) for d in rules.differences(WHOLE, replace(WHOLE, address="新址"))}
    changed = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
    assert changed == {"address": ("桂香路 7 号", "新址")}


@pytest.mark.parametrize("old", ApplicationState)
@pytest.mark.parametrize("new", ApplicationState)
def test_only_listed_moves_exist(old: ApplicationState, new: ApplicationState) -> None:
    if new in MOVES[old]:
        rules.check_move(old, new)
    else:
        with pytest.raises(Conflict):
            rules.check_move(old, new)
