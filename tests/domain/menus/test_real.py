"""Real menus with their dirt: mended by decisions a person takes, then served; counts and prices are the file's.

The oracle reads the file by itself, with decimals: price × scale, plus what the picks add, or the price of the size.
"""

from __future__ import annotations

import json
import lzma
import random
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.domain.menus import actions, queries
from portal.domain.menus.models import MenuImport, MenuImportRow
from portal.domain.menus.rules import captured
from portal.domain.menus.rules.repair import YUAN, Trouble
from portal.domain.menus.values import Dish, MenuFacts, Pick
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.conftest import NOON
from tests.factories.world import World
from tests.kernel.real import FOLDER

pytestmark = pytest.mark.real_data
DIRTY = {
    "天下客木桶饭": "fen",
    "一碗牛肉面富力中心店": "hundredths of a yuan",
    "冰润甜品": "no prices",
    "壹只卤鹅": "nameless dishes",
    "中山市石岐区哲信牛杂社餐饮店": "sizes with full prices, repeated names",
    "煲仔王(银田店)": "options that take off",
}
TYPED = 2800  # what a person types where the file has no price


def shops() -> list[dict[str, Any]]:
    file = FOLDER / "menus_qr.json.xz"
    if not file.exists():
        pytest.skip(f"real data absent: {file.name} (set PORTAL_DATA)")
    return list(json.loads(lzma.decompress(file.read_bytes()))["shops"])


def yuan(text: str) -> Decimal:
    return Decimal(text or "0")


def name(facts: dict[str, Any]) -> None:
    facts["name"] = "还没起名"


def price(facts: dict[str, Any]) -> None:
    facts["fen"] = TYPED


def accept(facts: dict[str, Any]) -> None:
    for group in facts["groups"]:
        group["full"] = bool(group["guess"])


def first_only(facts: dict[str, Any]) -> None:
    for group in [group for group in facts["groups"] if group["full"]][1:]:
        group["full"] = False


def options(facts: dict[str, Any]) -> None:
    for value in (value for group in facts["groups"] for value in group["values"]):
        value["name"] = value["name"] or "未命名"
        value["fen"] = 0 if not value["price"] else value["fen"]


DECISIONS = (
    (Trouble.NAMELESS, name),
    (Trouble.NO_PRICE, price),
    (Trouble.FULL_PRICE, accept),
    (Trouble.TWO_FULL, first_only),
    (Trouble.OPTION_NAME, options),
    (Trouble.OPTION_PRICE, options),
)


def mended(work: Work, import_id: UUID) -> None:
    """What a person decides in the preview."""
    for trouble, change in DECISIONS:
        actions.mend_troubled(work, import_id, trouble, change)
    actions.settle_repeats(work, import_id)


def due(food: dict[str, Any], dish: Dish, pick: Pick, scale: Decimal) -> int:
    """The file's answer for these picks, in fen."""
    base = yuan(food["price"]) * scale or Decimal(TYPED) / 100
    extra, sized = Decimal(0), False
    groups = [one for one in food["options"] if one["values"]]
    for group, kept in zip(groups, dish.groups, strict=True):
        prices = dict(zip((option.id for option in kept.options), group["values"], strict=True))
        chosen = sum(yuan(prices[option]["price"]) * scale for option in pick.options.get(kept.id, ()))
        if group["absolute_price_guess"] and not sized:
            base, sized = Decimal(chosen), True
        else:
            extra += chosen
    return int(max(base + extra, Decimal(0)) * 100)


def some_pick(dish: Dish, chance: random.Random) -> Pick:
    chosen = {}
    for group in dish.groups:
        count = chance.randint(group.least, min(group.most, 4))
        chosen[group.id] = [one.id for one in chance.sample(group.options, count)]
    return Pick(dish.id, chosen, quantity=chance.randint(1, 3))


def serve(world: World, wanted: list[dict[str, Any]], tries: int) -> None:
    merchant = world.merchant()
    store = world.store(merchant)
    found = captured.read(json.dumps({"shops": wanted}).encode())
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        ids = actions.bring(work, found, file_name="menus.json")
    chance, foods_served, groups_served = random.Random(7), 0, 0
    for shop, import_id in zip(wanted, ids, strict=True):
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            held = work.session.get(MenuImport, (merchant.id, import_id))
            assert held is not None
            scale = Decimal(str(shop["price_scale"] or 1))
            assert held.scale_guess == int(scale * YUAN), shop["shop_name"]
            actions.set_scale(work, import_id, held.scale_guess)
            mended(work, import_id)
            menu_id = actions.apply(work, import_id, MenuFacts(shop["shop_name"][:30]))
        with world.work(Face.SHOP) as work:
            menu = queries.served(work, merchant.id, store.id, NOON)
        foods = [food for category in shop["categories"] for food in category["foods"]]
        served = [dish for section in menu.sections for dish in section.dishes]
        names = [category["name"] for category in shop["categories"] if category["foods"]]
        assert [section.name for section in menu.sections] == names
        assert [dish.name for dish in served] == [food["name"].strip() or "还没起名" for food in foods]
        foods_served += len(served)
        groups_served += sum(len(dish.groups) for dish in served)
        priced(world, (merchant.id, store.id), list(zip(foods, served, strict=True)) * tries, scale, chance)
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            actions.edit_menu(work, menu_id, MenuFacts(shop["shop_name"][:30], active=False))
    options = [one for shop in wanted for c in shop["categories"] for food in c["foods"] for one in food["options"]]
    assert foods_served == sum(shop["n_dishes"] for shop in wanted)
    assert groups_served == sum(bool(one["values"]) for one in options)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert work.session.execute(select(func.count()).select_from(MenuImportRow)).scalar_one() == foods_served


def priced(world: World, where: tuple[UUID, UUID], pairs: list[Any], scale: Decimal, chance: random.Random) -> None:
    picks = [some_pick(dish, chance) for _food, dish in pairs]
    with world.work(Face.GUEST) as work:
        answers = queries.quote(work, *where, picks, NOON)
    for (food, dish), pick, answer in zip(pairs, picks, answers, strict=True):
        assert answer.refusal is None, (dish.name, str(answer.refusal))
        assert answer.total_fen == due(food, dish, pick, scale) * pick.quantity, (dish.name, answer.choice)
        assert sum(line["fen"] for line in answer.price) * pick.quantity == answer.total_fen


def test_the_dirtiest_menus_are_served_as_written_once_mended(world: World) -> None:
    serve(world, [shop for shop in shops() if shop["shop_name"] in DIRTY], tries=1)


@pytest.mark.prove
def test_all_menus_are_served_as_written_once_mended(world: World) -> None:
    everything = shops()
    assert (len(everything), sum(shop["n_dishes"] for shop in everything)) == (66, 6152)
    serve(world, everything, tries=3)
