"""Templates as their supplier keeps them, and what a cart is quoted."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import event

from portal.domain.freight import actions, queries
from portal.domain.freight.errors import DefaultNeeded, TemplateStale, TemplateUsed, TooManyTemplates
from portal.domain.freight.rules.places import names_by_code, read_places
from portal.domain.freight.values import MOST_TEMPLATES, Tariff, TemplateDraft, Unit, Zone
from portal.domain.regions.actions import load
from portal.domain.regions.values import Level, RegionName
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

KILO = Tariff(1000, 800, 1000, 300)
NEAR = Tariff(1000, 500, 1000, 200, 99_00)
DRAFT = TemplateDraft("按重量", Unit.WEIGHT, KILO, (Zone(("44",), NEAR),), ("65", "54", "81"))
REGIONS = [
    RegionName("22", "吉林省", Level.PROVINCE, None),
    RegionName("2202", "吉林市", Level.CITY, "22"),
    RegionName("11", "北京市", Level.PROVINCE, None),
    RegionName("1101", "市辖区", Level.CITY, "11"),
    RegionName("44", "广东省", Level.PROVINCE, None),
    RegionName("4419", "东莞市", Level.CITY, "44"),
    RegionName("45", "广西壮族自治区", Level.PROVINCE, None),
    RegionName("54", "西藏自治区", Level.PROVINCE, None),
    RegionName("65", "新疆维吾尔自治区", Level.PROVINCE, None),
]
NAMES = names_by_code(REGIONS)


@pytest.fixture
def merchant(world: World) -> MadeMerchant:
    with world.work(Face.JOB) as work:
        load(work, REGIONS)
    return world.merchant(Kind.SUPPLIER)


def desk(world: World, merchant: MadeMerchant) -> AbstractContextManager[Work]:
    return world.work(Face.OFFICE, merchant=merchant.id, kind=ActorKind.STAFF)


def make(world: World, merchant: MadeMerchant, draft: TemplateDraft = DRAFT, *, default: bool = False) -> UUID:
    with desk(world, merchant) as work:
        return actions.create(work, draft=draft, default=default)


def test_without_a_template_goods_travel_free(world: World, merchant: MadeMerchant) -> None:
    made = world.product(merchant)
    with world.work(Face.PERSON, person=world.person().id) as work:
        quote = queries.for_product(work, merchant.id, made.id, region_code="4419", grams=500, sale_fen=4590)
    assert (quote.fee_fen, quote.shares, [str(one) for one in quote.words]) == (0, (0,), ["包邮"])


def noted(sent: list[str], _connection: object, _cursor: object, statement: str, *_more: object) -> None:
    sent.append(statement)


def test_a_cart_is_quoted_in_two_statements(world: World, merchant: MadeMerchant) -> None:
    other = world.merchant(Kind.SUPPLIER)
    make(world, merchant, default=True)
    pieces = make(world, merchant, TemplateDraft("按件", Unit.PIECE, Tariff(1, 600, 1, 100)))
    one, two = world.product(merchant, "荔枝干"), world.product(merchant, "桂味")
    third = world.product(other, "抽纸")
    with desk(world, merchant) as work:
        assert actions.assign(work, [two.id], template_id=pieces) == 1
    cart = [(merchant.id, [(one.id, 2, 1200, 2000), (two.id, 3, 900, 3000)]), (other.id, [(third.id, 9, 9, 9)])]
    for face in (Face.PERSON, Face.SHOP, Face.JOB):
        sent: list[str] = []
        with world.work(face, person=one.id if face is Face.PERSON else None) as work:
            work.session.connection()
            note = partial(noted, sent)
            event.listen(world.engine, "before_cursor_execute", note)
            found = queries.quote(work, parcels=cart, region_code="441900120")
            event.remove(world.engine, "before_cursor_execute", note)
        assert len(sent) == 2
        assert (found[merchant.id].fee_fen, found[merchant.id].shares) == (700 + 800, (700, 800))
        assert str(found[merchant.id].hint) == "满 ¥99 包邮，还差 ¥79"
        assert found[other.id].fee_fen == 0
    with world.work(Face.PERSON, person=one.id) as work:
        far = queries.quote(work, parcels=cart, region_code="650102001")[merchant.id]
    assert (far.fee_fen, far.refused, str(far.refusal)) == (None, (one.id,), "“荔枝干”不送到这个地址。")


def test_a_template_is_kept_as_written_and_changed_once(world: World, merchant: MadeMerchant) -> None:
    made = make(world, merchant)
    with desk(world, merchant) as work:
        shown = queries.template(work, made)
        assert (shown.draft, shown.is_default, shown.version) == (DRAFT, False, 1)
        other = replace(DRAFT, name="改过", rest=None, zones=(Zone(("44", "45"), KILO),), unserved=())
        actions.edit(work, made, draft=other, version=1)
        assert queries.template(work, made).draft == other
    with desk(world, merchant) as work, pytest.raises(TemplateStale):
        actions.edit(work, made, draft=DRAFT, version=1)
    with desk(world, world.merchant(Kind.SUPPLIER)) as work, pytest.raises(NotFound):
        queries.template(work, made)


def test_one_default_and_no_goods_without_a_template(world: World, merchant: MadeMerchant) -> None:
    first, second = make(world, merchant, default=True), make(world, merchant, replace(DRAFT, name="乙"), default=True)
    product = world.product(merchant)
    with desk(world, merchant) as work:
        copied = actions.copy(work, first, name="按重量 副本")
        assert [(one.id, one.is_default) for one in queries.templates(work)] == [
            (second, True),
            (first, False),
            (copied, False),
        ]
        actions.assign(work, [product.id], template_id=first)
        with pytest.raises(TemplateUsed):
            actions.remove(work, first)
        with pytest.raises(DefaultNeeded):
            actions.remove(work, second)
        actions.remove(work, first, instead=copied)
        actions.remove(work, second, instead=copied)
        assert [(one.id, one.is_default, one.goods) for one in queries.templates(work)] == [(copied, True, 1)]
        actions.assign(work, [product.id], template_id=None)
        assert queries.goods(work, plain=True)[0][0].id == product.id
        actions.remove(work, copied)
        assert queries.templates(work) == ()
    foreign = world.product(world.merchant(Kind.SUPPLIER))
    with desk(world, merchant) as work, pytest.raises(NotFound):
        actions.assign(work, [foreign.id], template_id=None)


def test_there_is_an_end_of_templates(world: World, merchant: MadeMerchant) -> None:
    with desk(world, merchant) as work:
        for at in range(MOST_TEMPLATES):
            actions.create(work, draft=replace(DRAFT, name=str(at)))
        with pytest.raises(TooManyTemplates):
            actions.create(work, draft=DRAFT)


BAD = (
    (replace(DRAFT, name=" "), "name"),
    (replace(DRAFT, name="长" * 31), "name"),
    (replace(DRAFT, rest=None, zones=()), "rest"),
    (replace(DRAFT, zones=(Zone((), NEAR),)), "zones-0-cities"),
    (replace(DRAFT, zones=(Zone(("99",), NEAR),)), "zones-0-cities"),
    (replace(DRAFT, zones=(Zone(("44",), NEAR), Zone(("4419", "44"), NEAR))), "zones-1-cities"),
    (replace(DRAFT, zones=(Zone(("65",), NEAR),)), "zones-0-cities"),
    (replace(DRAFT, rest=replace(KILO, first_units=0)), "first"),
    (replace(DRAFT, rest=replace(KILO, next_units=10**9)), "next"),
    (replace(DRAFT, rest=replace(KILO, first_fen=10**9)), "first_fee"),
    (replace(DRAFT, zones=(Zone(("44",), replace(NEAR, next_fen=-1)),)), "zones-0-next_fee"),
    (replace(DRAFT, zones=(Zone(("44",), replace(NEAR, free_over_fen=0)),)), "zones-0-free_over"),
    (replace(DRAFT, free_over_fen=0), "free_over"),
)


def test_what_cannot_be_meant_is_refused(world: World, merchant: MadeMerchant) -> None:
    with desk(world, merchant) as work:
        for draft, field in BAD:
            with pytest.raises(Refusal) as refused:
                actions.create(work, draft=draft)
            assert refused.value.field == field


def test_places_are_typed_as_people_say_them() -> None:
    assert read_places(" 广东，东莞市/新疆 ", NAMES) == ("44", "4419", "65")
    assert read_places("吉林、吉林市", NAMES) == ("22", "2202")
    assert read_places("港澳台", NAMES) == ("81", "82", "71")
    assert read_places("西北 西南", NAMES) == ("65", "54")
    assert read_places("　", NAMES) == ()
    for typed, sentence in (("东宛市", "是不是“东莞市”"), ("市辖区", "请填省或市的名字"), ("x" * 300, "没有找到")):
        with pytest.raises(Refusal, match=sentence):
            read_places(typed, NAMES, field="cities")
