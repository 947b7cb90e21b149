"""The store's side of tables: the board, ordering, moving, corrections with a PIN, the till, refunds, receipts."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from portal.domain.bills import actions
from portal.domain.bills.values import BillState
from portal.domain.menus.values import Pricing
from portal.kernel.permissions import Role
from tests.client import Browser, Seen
from tests.factories.tabs import MadePlace
from tests.factories.world import World

ASKS = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant(3)


@pytest.fixture
def clerk(browser: Browser, world: World, place: MadePlace) -> Browser:
    return browser.as_(world.staff(place.merchant, Role.CLERK))


@pytest.fixture
def beef(world: World, place: MadePlace) -> UUID:
    return world.dish(place.menu, "吊龙", 48_00)


class Till:
    """One store's pages."""

    def __init__(self, clerk: Browser, world: World, place: MadePlace) -> None:
        self.clerk, self.world, self.place = clerk, world, place

    def get(self, page: str, *, status: int = 200, **where: Any) -> Seen:
        return self.clerk.get(f"store.{page}", store=self.place.store.id, status=status, **where)

    def post(self, page: str, fields: dict[str, Any] | None = None, *, status: int = 303, **where: Any) -> Seen:
        return self.clerk.post(f"store.{page}", fields or {}, store=self.place.store.id, status=status, **where)

    def opens(self, table: int = 0, people: int = 2) -> UUID:
        self.post("floor_open", {"table": str(self.place.tables[table].id), "people": str(people)})
        return self.world.tab_at(self.place.tables[table])

    def orders(self, sitting: UUID, *dishes: UUID) -> None:
        for dish in dishes:
            self.post("tab_add", {"dish": str(dish)}, sitting=sitting)
        self.post("tab_drafts", {"act": "place"}, sitting=sitting)

    def raises(self, sitting: UUID, **fields: Any) -> UUID:
        landed = self.post("bills_open", {"what": "whole", **fields}, sitting=sitting)
        found = re.search(r"/bills/([0-9a-f-]{36})", landed.response.headers["Location"])
        assert found is not None
        return UUID(found[1])

    def tab(self, sitting: UUID) -> Any:
        return self.world.tab_seen(self.place.merchant.id, sitting)


@pytest.fixture
def till(clerk: Browser, world: World, place: MadePlace) -> Till:
    return Till(clerk, world, place)


def test_from_an_empty_table_to_a_cleared_one(till: Till, beef: UUID) -> None:
    assert "空 · 4 座" in till.get("floor_board").text
    sitting = till.opens()
    board = till.get("floor_board")
    url = str(board.one("#live")["hx-get"])
    assert till.clerk.client.get(url, **ASKS).status_code == 204
    assert "吊龙" in till.get("tab_order", sitting=sitting, q="吊").text
    till.get("tab_dish", sitting=sitting, dish=beef)
    till.orders(sitting, beef, beef)
    changed = till.clerk.client.get(url, **ASKS)
    assert "96" in changed.get_data(as_text=True)
    line = till.tab(sitting).lines[0]
    till.post("tab_serve", {"line": str(line.id)}, sitting=sitting)
    assert "已上" in till.get("tab_show", sitting=sitting).text
    till.post("tab_people", {"people": "0"}, status=422, sitting=sitting)
    till.post("tab_people", {"people": "3"}, sitting=sitting)
    assert "没付" in till.post("tab_clear", status=422, sitting=sitting).text
    bill = till.raises(sitting)
    too_little = {"how": "cash", "tendered": "50"}
    assert "比应收的少" in till.post("bills_take", too_little, status=422, bill=bill).text
    till.post("bills_take", {"how": "cash", "tendered": "100"}, bill=bill)
    assert "找零 ¥4" in till.get("bills_show", bill=bill).text
    till.post("bills_print", {"by": "page"}, bill=bill)
    assert not till.get("bills_receipt", bill=bill).soup.select(".slip-copy")
    till.post("bills_print", {"by": "page"}, bill=bill)
    assert "补打" in till.get("bills_receipt", bill=bill).one(".slip").get_text()
    assert "打印机" in till.post("bills_print", {"by": "printer"}, status=422, bill=bill).text
    till.post("tab_clear", sitting=sitting)
    assert "恢复" in till.get("floor_board").text
    till.post("tab_reopen", sitting=sitting)
    assert "96" in till.get("bills_list").one(".tiles").get_text()
    assert "没有找到" in till.get("bills_list", q="没有的菜").text
    assert till.get("bills_list", q="吊龙").soup.select(".rows li")


def test_weighed_dishes_and_the_price_of_the_day(till: Till, world: World, place: MadePlace) -> None:
    fish = world.dish(place.menu, "东星斑", 98_00, pricing=Pricing.WEIGHT)
    sitting = till.opens()
    till.get("tab_dish", sitting=sitting, dish=fish)
    assert "重量" in till.post("tab_add", {"dish": str(fish), "grams": "x"}, status=422, sitting=sitting).text
    till.post("tab_add", {"dish": str(fish), "grams": "750"}, sitting=sitting)
    assert till.tab(sitting).draft_fen == 147_00


def test_moved_merged_split_and_taken_back(till: Till, beef: UUID, place: MadePlace) -> None:
    one, two = till.opens(0), till.opens(1)
    till.orders(one, beef, beef)
    till.get("tab_move", sitting=one)
    till.post("tab_tables", {"table": [str(place.tables[1].id)]}, status=422, sitting=one)
    till.post("tab_tables", {"table": [str(place.tables[2].id)]}, sitting=one)
    line = till.tab(one).lines[0].id
    till.post("tab_split", {f"n-{line}": "1", "into": str(two)}, sitting=one)
    assert (till.tab(one).due_fen, till.tab(two).due_fen) == (48_00, 48_00)
    undo(till, two)
    assert (till.tab(one).due_fen, till.tab(two).due_fen) == (96_00, 0)
    till.post("tab_merge", {"into": str(two)}, sitting=one)
    assert till.tab(two).due_fen == 96_00
    undo(till, two)
    assert (till.tab(one).due_fen, till.tab(two).due_fen) == (96_00, 0)


def undo(till: Till, sitting: UUID) -> None:
    """Press the first 撤销 of the page."""
    page = till.get("tab_show", sitting=sitting)
    path = next(str(form["action"]) for form in page.soup.select("form") if "/undo" in str(form["action"]))
    till.clerk.client.post(path, data=page.form("/undo"))


def test_corrections_ask_for_a_managers_pin_and_wrong_ones_are_counted(
    till: Till, beef: UUID, browser: Browser, world: World, place: MadePlace
) -> None:
    boss = browser.as_(world.staff(place.merchant, Role.MANAGER))
    store = place.store.id
    assert "没有设置" in boss.get("store.bills_rules", store=store).text
    boss.post("store.bills_pin_save", {"pin": "111111"}, status=422, store=store)
    boss.post("store.bills_pin_save", {"pin": "482915"}, store=store)
    boss.post("store.bills_rules_save", {"free": "10", "paper": "58"}, store=store)
    sitting = till.opens()
    till.orders(sitting, beef, beef)
    line = till.tab(sitting).lines[0].id
    where = {"sitting": sitting, "item": line}
    till.get("tab_adjust", **where)
    off = {"kind": "cancel", "quantity": "1", "reason": "上错了"}
    assert "请店长输入 PIN" in till.post("tab_adjust_save", off, status=422, **where).text
    for _nth in range(5):
        assert "PIN 不对" in till.post("tab_adjust_save", {**off, "pin": "000001"}, status=422, **where).text
    till.post("tab_adjust_save", {**off, "pin": "482915"}, status=429, **where)
    world.clock.advance(minutes=11)
    till.post("tab_adjust_save", {**off, "pin": "482915"}, **where)
    assert till.tab(sitting).due_fen == 48_00
    till.post("tab_adjust_save", {"kind": "reprice", "due": "40", "usual": "老客"}, **where)
    assert till.tab(sitting).due_fen == 40_00
    assert "批准" in boss.get("store.bills_corrections", store=store).text
    till.get("bills_corrections", status=403)


def test_the_till_calls_off_a_phone_splits_and_refunds(till: Till, beef: UUID, world: World, place: MadePlace) -> None:
    joined = world.joins(place.tables[0], people=2, name="小陈")
    world.sends(joined, beef)
    sitting = joined.sitting_id
    till.orders(sitting, beef)
    bill = till.raises(sitting, what="person", guest=str(joined.guest_id))
    share = world.asks_to_pay(joined, bill, 20_00)
    page = till.get("bills_show", bill=bill)
    assert "正在付" in page.text
    till.post("bills_take", {"how": "other", "amount": "999"}, status=422, bill=bill)
    till.post("bills_take", {"how": "other"}, bill=bill)
    till.post("bills_call_off", bill=bill, share=share)
    till.post("bills_take", {"how": "cash"}, bill=bill)
    assert world.bill_now(joined.merchant_id, bill).state is BillState.PAID
    rest = till.raises(sitting, what="whole")
    till.post("bills_take", {"how": "cash", "amount": "10"}, bill=rest)
    till.post("bills_give_up", bill=rest)
    page = till.get("bills_tab", sitting=sitting)
    assert "请退给客人 ¥10" in page.text
    assert "取消了的账单" in page.text
    shown = world.bill_now(joined.merchant_id, bill)
    pieces = {f"n-{shown.lines[0].line_id}": "1"}
    refused = till.post("bills_refund", {**pieces, "reason": "没上"}, status=422, bill=bill)
    assert "请店长输入 PIN" in refused.text
    with world.at_till(joined.merchant_id, role=Role.MANAGER) as work:
        actions.refund(work, bill, {shown.lines[0].line_id: 1}, reason="没上")
    assert "已退" in till.get("bills_show", bill=bill).text
    assert world.bill_now(joined.merchant_id, bill).refunded_fen == 48_00


def test_fewer_people_than_are_charged_asks_why(till: Till, beef: UUID, world: World, place: MadePlace) -> None:
    world.dining_rules(place.store, cover_fen=3_00)
    sitting = till.opens(people=4)
    till.orders(sitting, beef)
    form = till.get("tab_show", sitting=sitting).form("/people")
    asked = till.post("tab_people", {**form, "people": "2"}, status=422, sitting=sitting)
    assert "茶位费会少收 ¥6" in asked.text
    form = asked.form("/people") | {"usual": "有客人先走了"}
    till.clerk.client.post(f"/store/{place.store.id}/tabs/{sitting}/people", data=form)
    assert (till.tab(sitting).people, till.tab(sitting).due_fen) == (2, 54_00)
