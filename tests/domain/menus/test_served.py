"""What a store serves and what a pick costs: options, combos, hours, stores, sold out, 时价 and 称重."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portal.domain.menus import actions, queries
from portal.domain.menus.errors import BeyondReach, DishWrong, GroupsWrong, UntilWrong
from portal.domain.menus.rules import pricing
from portal.domain.menus.values import (
    NO_RULES,
    Dish,
    DishFacts,
    DishKind,
    DishState,
    Group,
    Menu,
    MenuFacts,
    Pick,
    Priced,
    Pricing,
)
from portal.kernel.hours import parse_week
from portal.kernel.permissions import ROLES, Role
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from tests.conftest import NOON
from tests.factories.menus import MadeMenu, group
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


class Place:
    """A merchant with a store and a menu."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.merchant: MadeMerchant = world.merchant()
        self.store: MadeStore = world.store(self.merchant)
        self.menu: MadeMenu = world.menu(self.merchant)

    def served(self, at: datetime = NOON, store: MadeStore | None = None) -> Menu:
        with self.world.work(Face.GUEST) as work:
            return queries.served(work, self.merchant.id, (store or self.store).id, at)

    def dish(self, dish_id: UUID) -> Dish:
        return self.served().by_id[dish_id]

    def quote(self, pick: Pick, at: datetime = NOON) -> Priced:
        with self.world.work(Face.SHOP) as work:
            return queries.quote(work, self.merchant.id, self.store.id, [pick], at)[0]


@pytest.fixture
def place(world: World) -> Place:
    return Place(world)


def choose(one: Group, *at: int) -> dict[UUID, list[UUID]]:
    return {one.id: [one.options[index].id for index in at]}


def test_options_add_to_a_dish_or_are_its_price(place: Place) -> None:
    size = group("规格", [("小", 3000), ("大", 5000)], full=True)
    more = group("加料", [("加面", 300), ("少盐", 0), ("不要香菜", -50)], most=2)
    beef = place.world.dish(place.menu, "牛腩", 3000, groups=[size, more], station="炒锅")
    assert place.dish(beef).from_fen == 3000
    bare = place.quote(Pick(beef))
    assert "规格" in str(bare.refusal)
    assert (bare.total_fen, bare.name) == (0, "牛腩")
    found = place.quote(Pick(beef, {**choose(size, 1), **choose(more, 0, 2)}, quantity=2))
    assert (found.unit_fen, found.total_fen, found.choice, found.station) == (5250, 10500, "大；加面、不要香菜", "炒锅")
    assert [(line["kind"], line["fen"]) for line in found.price] == [("full", 5000), ("option", 300), ("option", -50)]
    assert "最多选 2" in str(place.quote(Pick(beef, {**choose(size, 0), **choose(more, 0, 1, 2)})).refusal)
    assert "变了" in str(place.quote(Pick(beef, {**choose(size, 0), beef: [beef]})).refusal)
    assert "变了" in str(place.quote(Pick(beef, {size.id: [size.options[0].id] * 2})).refusal)
    assert "份数" in str(place.quote(Pick(beef, choose(size, 0), quantity=0)).refusal)


def test_what_is_weighed_and_what_has_the_price_of_the_day(place: Place) -> None:
    prawn = place.world.dish(place.menu, "基围虾", 6800, pricing=Pricing.WEIGHT, unit="斤")
    crab = place.world.dish(place.menu, "青蟹", 0, pricing=Pricing.MARKET, unit="只")
    assert "称重" in str(place.quote(Pick(prawn)).refusal)
    found = place.quote(Pick(prawn, grams=617))
    assert (found.unit_fen, found.total_fen, found.grams) == (6800, 8391, 617)  # 83.912
    assert "时价" in str(place.quote(Pick(crab)).refusal)
    assert place.quote(Pick(crab, quantity=3, price_fen=8850)).total_fen == 26550


def test_sold_out_at_once_everywhere_until_its_time(place: Place) -> None:
    world, merchant, store = place.world, place.merchant, place.store
    other = world.store(merchant)
    rice = world.dish(place.menu, "米饭", 200)
    meal = group("主食", [("配米饭", 0, rice), ("配面", 100)], least=1)
    combo = world.dish(place.menu, "单人餐", 2900, groups=[], kind=DishKind.COMBO)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.set_groups(work, combo, [meal], version=1)
        actions.stop(work, store.id, rice, until=NOON + timedelta(hours=2))
        with pytest.raises(UntilWrong):
            actions.stop(work, store.id, rice, until=NOON - timedelta(minutes=1))
    assert place.dish(rice).stopped
    assert not place.served(store=other).by_id[rice].stopped
    assert "售罄" in str(place.quote(Pick(rice)).refusal)
    assert "配米饭" in str(place.quote(Pick(combo, choose(meal, 0))).refusal)
    assert place.quote(Pick(combo, choose(meal, 1))).total_fen == 3000
    later = NOON + timedelta(hours=2)
    assert place.quote(Pick(rice), at=later).total_fen == 200
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.stop(work, store.id, rice)
        actions.resume(work, store.id, rice)
        actions.resume(work, store.id, rice)
    assert place.quote(Pick(rice)).total_fen == 200


def test_menus_have_hours_and_stores(place: Place) -> None:
    world, merchant = place.world, place.merchant
    noodles = world.dish(place.menu, "干拌面", 900)
    night = world.menu(merchant, "夜宵", hours="21:00-02:00")
    skewer = world.dish(night, "羊肉串", 500)
    one_am = NOON + timedelta(hours=13)
    assert set(place.served().by_id) == {noodles}
    assert set(place.served(one_am).by_id) == {noodles, skewer}
    assert "不供应" in str(place.quote(Pick(skewer)).refusal)
    assert place.quote(Pick(skewer), at=one_am).total_fen == 500
    other = world.store(merchant)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.edit_menu(work, night.id, MenuFacts("夜宵", everywhere=False, stores=(other.id,)))
        actions.set_choice(work, other.id, noodles, offered=False, price_fen=None)
    assert set(place.served().by_id) == {noodles}
    assert set(place.served(store=other).by_id) == {skewer}


def test_a_store_asks_its_own_price(place: Place) -> None:
    size = group("规格", [("小", 1000), ("大", 1500)], full=True)
    tea = place.world.dish(place.menu, "奶茶", 1000, groups=[size])
    with place.world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.set_choice(work, place.store.id, tea, offered=True, price_fen=1200)
    found = place.quote(Pick(tea, choose(size, 1)))
    assert (found.total_fen, sum(line["fen"] for line in found.price)) == (1700, 1700)
    assert place.dish(tea).from_fen == 1200


def test_groups_nobody_could_choose_from_are_refused(place: Place) -> None:
    dish = place.world.dish(place.menu)
    sizes = [group(name, [("小", 100), ("大", 200)], full=True) for name in ("规格", "份量")]
    for wrong in (sizes, [group("空", [])], [group("辣度", [("微辣", 0)], least=1, most=2)], [group("", [("a", 0)])]):
        with pytest.raises(GroupsWrong), place.world.work(Face.OFFICE, merchant=place.merchant.id) as work:
            actions.set_groups(work, dish, wrong, version=1)


def test_no_choice_is_the_price_of_what_is_weighed(place: Place) -> None:
    world, sizes = place.world, group("做法", [("清蒸", 6000), ("白灼", 5000)], full=True)
    shrimp = world.dish(place.menu, "虾", 5000, pricing=Pricing.WEIGHT)
    lamb = world.dish(place.menu, "羊", 9000, groups=[sizes])
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.set_choice(work, place.store.id, shrimp, offered=True, price_fen=6000)
    kept = place.dish(shrimp)
    with pytest.raises(GroupsWrong), world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.set_groups(work, shrimp, [sizes], version=1)
    with pytest.raises(GroupsWrong), world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.copy_groups(work, [shrimp], lamb)
    weighed = DishFacts("羊", 9000, pricing=Pricing.WEIGHT, sections=(place.menu.section_id,))
    with pytest.raises(DishWrong, match="整份价"), world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.edit(work, lamb, weighed, version=2)
    for dish, pick, fen in (
        (replace(kept, groups=(sizes,)), Pick(shrimp, choose(sizes, 0), grams=1000), 12000),
        (
            replace(kept, groups=(sizes,), pricing=Pricing.MARKET),
            Pick(shrimp, choose(sizes, 0), price_fen=8800),
            8800,
        ),
    ):  # what was written before this was refused
        assert pricing.price(dish, pick).total_fen == fen
    more = group("加料", [("蒜蓉", 300)])
    assert pricing.price(replace(kept, groups=(more,)), Pick(shrimp, choose(more, 0), grams=500)).total_fen == 6300


def test_table_rules_and_other_peoples_dishes(place: Place) -> None:
    world, merchant = place.world, place.merchant
    tissue = world.dish(place.menu, "纸巾", 200)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert queries.table_rules(work, merchant.id, place.store.id) == NO_RULES
        rules = type(NO_RULES)(300, "茶位费", (tissue,), "before", "guest", shared=False, joins="asked")
        actions.set_table_rules(work, place.store.id, rules)
        assert queries.table_rules(work, merchant.id, place.store.id) == rules
    stranger = world.merchant()
    shop = world.store(stranger)
    with world.work(Face.OFFICE, merchant=stranger.id) as work:
        for store, dish in ((shop.id, tissue), (place.store.id, tissue)):
            with pytest.raises(NotFound):
                actions.stop(work, store, dish)


@contextmanager
def in_charge_of(place: Place, store: MadeStore) -> Iterator[Work]:
    scope = Scope(Face.OFFICE, merchant_id=place.merchant.id, store_ids=frozenset({store.id}))
    world, actor = place.world, Actor(ActorKind.STAFF)
    with open_work(world.engine, scope=scope, actor=actor, clock=world.clock, permissions=ROLES[Role.MANAGER]) as work:
        yield work


def test_who_is_in_charge_of_one_store_changes_nothing_for_the_others(place: Place) -> None:
    other = place.world.store(place.merchant)
    beef, both = place.world.dish(place.menu, "吊龙"), (place.store.id, other.id)
    facts = MenuFacts("午市", everywhere=False, stores=both)
    with place.world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.edit_menu(work, place.menu.id, facts)
    with in_charge_of(place, place.store) as work:
        actions.edit_menu(work, place.menu.id, MenuFacts("午市新", everywhere=False, stores=(place.store.id,)))
        assert queries.menus(work)[0].name == "午市新"
    assert [len(place.served(store=one).by_id) for one in (place.store, other)] == [1, 1]
    with in_charge_of(place, place.store) as work:
        actions.edit_menu(work, place.menu.id, MenuFacts("午市", everywhere=False))
    assert [len(place.served(store=one).by_id) for one in (place.store, other)] == [0, 1]
    dish = DishFacts("吊龙", 1, sections=(place.menu.section_id,))
    refused: tuple[Callable[[Work], object], ...] = (
        lambda work: actions.edit_menu(work, place.menu.id, MenuFacts("午市")),
        lambda work: actions.edit_menu(work, place.menu.id, MenuFacts("午市", everywhere=False, active=False)),
        lambda work: actions.edit_menu(work, place.menu.id, MenuFacts("午市", parse_week("09:00-10:00"), False)),
        lambda work: actions.create_menu(work, MenuFacts("夜宵")),
        lambda work: actions.edit(work, beef, dish, version=1),
        lambda work: actions.set_state(work, [beef], DishState.OFF),
        lambda work: actions.raise_prices(work, [beef], fen=100),
        lambda work: actions.set_groups(work, beef, [], version=1),
    )
    for act in refused:
        with pytest.raises(BeyondReach), in_charge_of(place, place.store) as work:
            act(work)
    with place.world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.edit_menu(work, place.menu.id, MenuFacts("午市", everywhere=False, stores=(place.store.id,)))
    with in_charge_of(place, place.store) as work:
        actions.raise_prices(work, [beef], fen=100)
        actions.set_state(work, [beef], DishState.GONE)
        actions.edit_menu(work, place.menu.id, MenuFacts("午市", everywhere=False, stores=(), active=False))
