"""Menus at the desk, in the store and on the street: written, put in order, chosen by stores, stopped, imported."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.menus import actions, queries
from portal.domain.menus.models import DishPlace, DishRow, MenuBook, MenuImport, MenuImportRow
from portal.domain.menus.rules import captured
from portal.domain.menus.values import Menu, MenuFacts
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.conftest import NOON
from tests.factories.menus import MadeMenu, group
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.web.platform.test_pages import counted


@dataclass
class Desk:
    """A merchant's owner at his desk."""

    world: World
    merchant: MadeMerchant
    store: MadeStore
    menu: MadeMenu
    owner: MadePerson
    his: Browser

    def get(self, page: str, **values: Any) -> Any:
        return self.his.get(f"chain.{page}", merchant=self.merchant.id, **values)

    def post(self, page: str, data: dict[str, Any] | None = None, **values: Any) -> Any:
        return self.his.post(f"chain.{page}", data, merchant=self.merchant.id, **values)

    def served(self) -> Menu:
        with self.world.work(Face.GUEST) as work:
            return queries.served(work, self.merchant.id, self.store.id, NOON)

    def rows(self, model: Any) -> list[Any]:
        with self.world.work(Face.OFFICE, merchant=self.merchant.id) as work:
            return list(work.session.execute(select(model).where(model.merchant_id == self.merchant.id)).scalars())


@pytest.fixture
def desk(world: World, browser: Browser) -> Desk:
    merchant = world.merchant()
    owner = world.staff(merchant)
    return Desk(world, merchant, world.store(merchant), world.menu(merchant), owner, browser.as_(owner))


def test_a_dish_with_options_from_the_form_to_the_street(desk: Desk, browser: Browser) -> None:
    section = str(desk.menu.section_id)
    wrong = desk.post("dishes_create", {"name": "", "price": "12.345", "unit": "份"}, status=422)
    assert "最多写到分" in wrong.text
    facts = {"name": " 吊龙  拼盘 ", "price": "48", "unit": "份", "sections": section, "station": "热菜"}
    desk.post("dishes_create", {**facts, "next": "options"})
    dish = desk.served().sections[0].dishes[0]
    assert (dish.name, dish.price_fen, dish.station) == ("吊龙 拼盘", 4800, "热菜")
    empty = desk.get("dishes_options", dish=dish.id).form("options")
    more = desk.post("dishes_options_save", {**empty, "do": "group"}, dish=dish.id, status=422)
    assert len(more.soup.select(".option-group")) == 2
    size = {"g1-name": "规格", "g1-full": "yes", "g1o1-name": "小", "g1o1-price": "48", "g1o2-name": "大"}
    twice = {**size, "g1o2-price": "88", "g2-name": "加料", "g2-least": "0", "g2-most": "3", "g2o1-name": "少盐"}
    assert "对不上" in desk.post("dishes_options_save", {**twice, "version": "1"}, dish=dish.id, status=422).text
    desk.post("dishes_options_save", {**twice, "g2-most": "1", "g2o1-price": "-1", "version": "1"}, dish=dish.id)
    assert "别人刚刚改过" in desk.post("dishes_options_save", {**size, "version": "1"}, dish=dish.id, status=422).text
    kept = desk.served().by_id[dish.id].groups
    assert [(one.name, one.full, [option.fen for option in one.options]) for one in kept] == [
        ("规格", True, [4800, 8800]),
        ("加料", False, [-100]),
    ]
    again = desk.get("dishes_options", dish=dish.id).form("options")
    desk.post("dishes_options_save", again, dish=dish.id)
    assert desk.served().by_id[dish.id].groups == kept
    street = browser.get("shop.menus_show", store=desk.store.id)
    assert "吊龙 拼盘" in street.text
    assert "¥48 起" in street.text
    assert browser.url("shop.menus_show", store=desk.store.id) in str(
        browser.get("shop.stores_show", store=desk.store.id).soup
    )
    weighed = {"pricing": "weight", "price": "68", "per_grams": "500"}
    form = desk.get("dishes_edit", dish=dish.id).form(str(dish.id))
    assert "先把它改成“加价”" in desk.post("dishes_save", {**form, **weighed}, dish=dish.id, status=422).text
    sizes = desk.get("dishes_options", dish=dish.id).form("options")
    desk.post("dishes_options_save", {**sizes, "g1-full": ""}, dish=dish.id)
    form = desk.get("dishes_edit", dish=dish.id).form(str(dish.id))
    desk.post("dishes_save", {**form, **weighed}, dish=dish.id)
    assert "¥68 / 500 g" in browser.get("shop.menus_show", store=desk.store.id).text


def test_many_at_once_and_in_order(desk: Desk) -> None:
    world = desk.world
    size = group("规格", [("小", 1000), ("大", 1500)], full=True)
    first = world.dish(desk.menu, "甲", 1000, groups=[size])
    others = [world.dish(desk.menu, name, 500) for name in ("乙", "丙")]
    assert "请先勾选" in desk.post("dishes_bulk", {"act": "on"}, status=422).text
    desk.post("dishes_bulk", {"act": "raise", "amount": "-2", "ids": [str(first), str(others[0])]})
    assert (
        "不在 0 到"
        in desk.post("dishes_bulk", {"act": "raise", "amount": "-9", "ids": str(others[0])}, status=422).text
    )
    menu = desk.served().by_id
    assert (menu[first].from_fen, menu[others[0]].price_fen, menu[others[1]].price_fen) == (800, 300, 500)
    desk.post("dishes_bulk", {"act": "groups", "source": str(first), "ids": str(others[1])})
    assert desk.served().by_id[others[1]].groups[0].name == "规格"
    at = {"section": desk.menu.section_id}
    ids = [str(one) for one in (first, *others)]
    desk.post("menus_reorder", {"ids": ids, "down": str(first)}, **at)
    assert [one.name for one in desk.served().sections[0].dishes] == ["乙", "甲", "丙"]
    desk.post("menus_reorder", {"ids": [ids[2], "nonsense"]}, **at)
    assert [one.name for one in desk.served().sections[0].dishes] == ["丙", "乙", "甲"]
    desk.post("dishes_remove", dish=first)
    assert len(desk.served().by_id) == 2
    desk.post("dishes_take_back", dish=first)
    desk.post("dishes_bulk", {"act": "on", "ids": str(first)})
    assert len(desk.served().by_id) == 3


def test_menus_and_their_sections(desk: Desk) -> None:
    wrong = desk.post("menus_create", {"name": "夜宵", "times": "晚上", "everywhere": "all"}, status=422)
    assert wrong.soup.select("[aria-invalid]")
    desk.post("menus_create", {"name": "夜宵", "active": "y", "times": "21:00-02:00", "days": ["4", "5"]})
    night = next(one for one in desk.rows(MenuBook) if one.name == "夜宵")
    text = desk.get("menus_list").text
    assert "周五 21:00-02:00" in text
    desk.post("menus_section_add", {"name": "烧烤"}, menu=night.id)
    form = desk.get("menus_edit", menu=night.id).form(str(night.id))
    assert form["times"] == "21:00-02:00"
    desk.post("menus_save", {**form, "everywhere": "some", "stores": str(desk.store.id)}, menu=night.id)
    assert desk.store.name in desk.get("menus_list").text
    assert (
        "请填写名称" in desk.post("menus_section_rename", {"name": " "}, section=desk.menu.section_id, status=422).text
    )
    long = {"name": "很" * 31}
    for wrong, at in (
        (desk.post("menus_section_rename", long, section=desk.menu.section_id, status=422), desk.menu.section_id),
        (desk.post("menus_section_add", long, menu=night.id, status=422), night.id),
    ):
        assert [one["id"] for one in wrong.soup.select("[name=name]") if one.get("value") == long["name"]] == [
            f"name-{at}"
        ], "what was typed stands where it was typed"
    desk.world.dish(desk.menu)
    assert "先把它们移走" in desk.post("menus_section_remove", section=desk.menu.section_id, status=422).text
    desk.post("menus_remove", menu=night.id)
    assert len(desk.rows(MenuBook)) == 1
    desk.get("menus_order_sections", menu=desk.menu.id)


def test_a_store_chooses_stops_and_keeps_its_tables(desk: Desk, browser: Browser) -> None:
    world, store = desk.world, desk.store
    tea, rice, crab = (world.dish(desk.menu, name, 1000) for name in ("茶", "饭", "蟹"))
    at = {"store": store.id}
    desk.get("menustores_start")
    shown = [str(one) for one in (tea, rice, crab)]
    choice = {"shown": shown, "offered": [str(tea), str(rice)], f"price-{tea}": "12"}
    desk.post("menustores_save", choice, **at)
    assert {dish.name: dish.price_fen for dish in desk.served().by_id.values()} == {"茶": 1200, "饭": 1000}
    assert "写成数字" in desk.post("menustores_save", {**choice, f"price-{tea}": "很贵"}, status=422, **at).text
    kitchen = browser.as_(world.staff(desk.merchant, Role.KITCHEN, stores=(store.id,)))
    assert "请先勾选" in kitchen.post("store.soldout_stop", {"until": "day"}, store=store.id, status=422).text
    kitchen.post("store.soldout_stop", {"until": "hand", "ids": [str(tea), str(rice)]}, store=store.id)
    assert all(dish.stopped for dish in desk.served().by_id.values())
    assert "售罄" in browser.get("shop.menus_show", store=store.id).text
    kitchen.post("store.soldout_resume", {"ids": str(tea)}, store=store.id)
    assert [dish.name for dish in desk.served().by_id.values() if dish.stopped] == ["饭"]
    other = world.store(desk.merchant)
    kitchen.get("store.soldout_board", store=other.id, status=404)
    desk.post("menustores_resume", {"ids": str(rice)}, **at)
    desk.post("menustores_stop", {"ids": str(crab), "until": "hour"}, **at)
    form = desk.get("menustores_tables", **at).form("tables")
    desk.post("menustores_tables_save", {**form, "cover": "3", "musts": str(rice), "pays": "before"}, **at)
    with world.work(Face.SHOP) as work:
        rules = queries.table_rules(work, desk.merchant.id, store.id)
    assert (rules.cover_fen, rules.musts, rules.pays, rules.shared) == (300, (rice,), "before", True)


FILE = {
    "shop_name": "老李面馆",
    "categories": [
        {
            "name": "面",
            "foods": [
                {"name": "牛肉面", "price": "1800", "options": [{"name": "规格", "values": [
                    {"name": "小", "price": "1800"}, {"name": "大", "price": "2500"}]}]},
                {"name": "", "price": "900", "options": [{"name": "空", "values": []}]},
                {"name": "时蔬", "price": ""},
                {"name": "谜", "price": "好吃"},
            ],
        },
        {"name": "招牌", "foods": [{"name": "卤蛋", "price": "300"}, {"name": "卤蛋", "price": "350"}]},
        {"name": "加点", "foods": [{"name": "卤蛋", "price": "300"}]},
    ],
}  # fmt: skip


def test_a_file_is_mended_row_by_row_and_in_bulk_and_served(desk: Desk) -> None:
    def upload(content: bytes, name: str) -> dict[str, Any]:
        return {"file": (io.BytesIO(content), name)}

    assert desk.post("menuimports_bring", upload(b"\x89PNG", "a.json"), status=422).soup.select(".error-summary")
    desk.post("menuimports_bring", upload(json.dumps(FILE).encode(), "老李.json"))
    held = desk.rows(MenuImport)[0].id
    at = {"menufile": held}
    page = desk.get("menuimports_show", **at)
    assert "看起来不是元" in page.text
    assert "整份价吗" in page.text
    assert "没处理好" in desk.post("menuimports_apply", {"name": "面馆"}, status=422, **at).text
    for decision in (
        {"act": "scale", "scale": "1"},
        {"act": "full", "group": "规格"},
        {"act": "name", "name": "葱油拌面"},
        {"act": "market"},
        {"act": "repeats"},
    ):
        desk.post("menuimports_decide", decision, **at)
    rows = {row.number: row for row in desk.rows(MenuImportRow)}
    assert [row.number for row in rows.values() if row.troubles] == [4]
    riddle = desk.get("menuimports_row", menurow=rows[4].id, **at).form("rows")
    assert "最多写到分" in desk.post(
        "menuimports_row_save", {**riddle, "price": "1.234"}, menurow=rows[4].id, status=422, **at
    ).text  # fmt: skip
    desk.post(
        "menuimports_row_save", {**riddle, "price": "16", "name": "谜之面", "go": "next"}, menurow=rows[4].id, **at
    )
    desk.post("menuimports_rows", {"act": "skip", "ids": str(rows[6].id)}, **at)
    desk.post("menuimports_rows", {"act": "take", "ids": str(rows[6].id)}, **at)
    page = desk.get("menuimports_show", show="all", **at)
    desk.post("menuimports_apply", {"name": "面馆", "active": "y", "everywhere": "all"}, **at)
    menu = desk.served()
    told = [(one.name, [(dish.name, dish.from_fen) for dish in one.dishes]) for one in menu.sections]
    assert told == [
        ("面", [("牛肉面", 1800), ("葱油拌面", 900), ("时蔬", 0), ("谜之面", 1600)]),
        ("招牌", [("卤蛋", 300), ("卤蛋", 350)]),
        ("加点", [("卤蛋", 300)]),
    ]
    assert len(desk.rows(DishPlace)) == 7
    assert len(desk.rows(DishRow)) == 6, "the egg of both sections is one dish"
    desk.post("menuimports_undo", **at)
    assert desk.served().sections == ()
    desk.post("menuimports_discard", **at)
    assert "不能再改" in desk.post("menuimports_decide", {"act": "repeats"}, status=422, **at).text


def test_a_sheet_is_a_menu_too(desk: Desk) -> None:
    lines = "分类,菜名,价格,单位,选项\n面,牛肉面,18,碗,规格=小:18|大:25；加料*=加面:3|加蛋:2\n,凉皮,9,份,\n"
    desk.post("menuimports_bring", {"file": (io.BytesIO(lines.encode("gbk")), "菜单.csv")})
    rows = sorted(desk.rows(MenuImportRow), key=lambda row: row.number)
    assert [row.facts["section"] for row in rows] == ["面", "面"]
    assert [(one["name"], one["most"], len(one["values"])) for one in rows[0].facts["groups"]] == [
        ("规格", 1, 2),
        ("加料", 2, 2),
    ]


def test_statements_do_not_grow_with_the_menu(desk: Desk) -> None:
    world = desk.world
    with world.work(Face.OFFICE, merchant=desk.merchant.id) as work:
        content = {"shop_name": "大", "categories": [{"name": f"类{c}", "foods": [
            {"name": f"菜{c}-{n}", "price": "8"} for n in range(15)]} for c in range(6)]}  # fmt: skip
        from_file = actions.bring(work, captured.read(json.dumps(content).encode()), file_name="x.json")
        actions.apply(work, from_file[0], MenuFacts("大"))
    pages: tuple[tuple[str, dict[str, UUID]], ...] = (
        ("dishes_list", {}),
        ("menus_list", {}),
        ("menuimports_list", {}),
        ("menuimports_show", {"menufile": from_file[0]}),
        ("menustores_start", {}),
        ("menustores_board", {"store": desk.store.id}),
        ("menus_order", {"section": desk.menu.section_id}),
    )
    for page, at in pages:
        with counted(world) as statements:
            desk.get(page, **at)
        assert len(statements) <= 12, (page, len(statements))
    for page in ("shop.menus_show", "store.soldout_board"):
        with counted(world) as statements:
            desk.his.get(page, store=desk.store.id)
        assert len(statements) <= 12, (page, len(statements))
