"""Phones at a table over HTTP: ten friends with names and colours; whoever does not belong is refused in a sentence."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.domain.bills import actions as bills
from portal.domain.bills.values import How
from portal.domain.menus import actions as menus
from portal.domain.tabs import actions, errors
from portal.domain.tabs.values import Wanted
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.menus import group
from tests.factories.tabs import MadePlace, MadeTable
from tests.factories.world import World


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant()


def sit(browser: Browser, table: MadeTable, name: str = "", *, people: int = 4) -> tuple[Browser, str]:
    """A fresh phone scans the card; returns it with its sitting."""
    phone = browser.as_(None)
    where: dict[str, Any] = {"store": table.store_id, "code": table.code}
    phone.get("shop.seats_ask", **where)
    landed = phone.post("shop.seats_join", {"name": name, "people": str(people)}, **where)
    found = re.search(r"/(?:table|waiting)/([0-9a-f-]{36})", landed.response.headers["Location"])
    assert found is not None
    return phone, found[1]


def add(phone: Browser, sitting: str, dish: Any, **fields: str) -> Seen:
    return phone.post("table.lines_add", {"dish": str(dish), **fields}, sitting=sitting)


def cart(phone: Browser, sitting: str) -> dict[str, Any]:
    """The cart's form with all that it showed."""
    seen = phone.get("table.cart_show", sitting=sitting)
    shown = [str(one["value"]) for one in seen.soup.select("form#cart input[name=seen]")]
    return {**seen.form("/cart"), "seen": shown}


def test_ten_phones_at_one_table(browser: Browser, world: World, place: MadePlace) -> None:
    beef, soup = world.dish(place.menu), world.dish(place.menu, "牛骨汤", 1800)
    world.dining_rules(place.store, cover_fen=300)
    phones = [sit(browser, place.tables[0], f"友{n}", people=10) for n in range(10)]
    assert len({sitting for _phone, sitting in phones}) == 1
    sitting = phones[0][1]
    for number, (phone, _sitting) in enumerate(phones):
        add(phone, sitting, beef if number % 2 else soup, quantity=str(1 + number % 3))
    first, ninth = phones[0][0], phones[8][0]
    seen = first.get("table.cart_show", sitting=sitting)
    assert [one.get_text(strip=True)[-2:] for one in seen.soup.select("h2.who")][1:] == [f"友{n}" for n in range(1, 10)]
    assert len(seen.soup.select("section.own .stepper")) == 1
    assert "10 位 × ¥3" in seen.one("form#cart").get_text(), "what is added comes as no surprise"
    assert len(seen.soup.select(".stepper")) == 1, "friends' lines are to be seen, not to be changed"
    form, late = cart(first, sitting), cart(ninth, sitting)
    first.post("table.cart_save", {**form, "act": "place"}, sitting=sitting)
    second = ninth.post("table.cart_save", {**late, "act": "place"}, status=422, sitting=sitting)
    assert "刚刚下过单" in second.text
    total = sum((4800 if n % 2 else 1800) * (1 + n % 3) for n in range(10)) + 10 * 300
    bill = ninth.get("table.rounds_list", sitting=sitting)
    assert f"{total / 100:.2f}" in bill.text.replace(" ", "")
    assert world.tab_seen(place.merchant.id, phones_id(sitting)).due_fen == total


def phones_id(sitting: str) -> Any:
    return UUID(sitting)


def test_options_prices_and_refusals_on_the_page(browser: Browser, world: World, place: MadePlace) -> None:
    size = group("份量", [("例", 4800), ("大", 8800)], full=True)
    beef = world.dish(place.menu, groups=[size])
    phone, sitting = sit(browser, place.tables[0])
    phone.get("table.menu_show", sitting=sitting, q="吊")
    assert "选一个" in phone.get("table.dishes_show", sitting=sitting, dish=beef).text
    two = group("任选两份", [("甲", 0), ("乙", 0)], least=2, most=2)
    pair = world.dish(place.menu, "双拼", groups=[two])
    assert "选 2 个" in phone.get("table.dishes_show", sitting=sitting, dish=pair).text
    refused = phone.post("table.lines_add", {"dish": str(pair), "quantity": "1"}, status=422, sitting=sitting)
    assert "双拼：双拼" not in refused.text
    wanted = {f"g-{size.id}": str(size.options[1].id), "quantity": "2", "unit_fen": "1", "price_fen": "1"}
    add(phone, sitting, beef, **wanted)
    form = cart(phone, sitting)
    cheap = [f"{one.rsplit(':', 1)[0]}:1" for one in form["seen"]]
    refused = phone.post("table.cart_save", {**form, "seen": cheap, "act": "place"}, status=422, sitting=sitting)
    assert "¥176" in refused.text
    world.sold_out(place.merchant.id, place.store.id, beef)
    refused = phone.post("table.cart_save", {**form, "act": "place"}, status=422, sitting=sitting)
    assert "售罄" in refused.text
    assert "售罄" in phone.get("table.menu_show", sitting=sitting).text
    phone.post("table.lines_add", {"dish": str(beef), "quantity": "0"}, status=422, sitting=sitting)
    phone.post("table.cart_save", {**form, "act": "place", "seen": ["x"]}, status=422, sitting=sitting)


def test_a_screen_that_has_it_all_gets_204(browser: Browser, world: World, place: MadePlace) -> None:
    beef = world.dish(place.menu)
    phone, sitting = sit(browser, place.tables[0])
    friend, _sitting = sit(browser, place.tables[0])
    url = str(phone.get("table.cart_show", sitting=sitting).one(".poll")["hx-get"])
    asks = {"headers": {"HX-Request": "true"}}
    assert phone.client.get(url, **asks).status_code == 204
    add(friend, sitting, beef)
    changed = phone.client.get(url, **asks)
    assert changed.status_code == 200
    assert "吊龙" in changed.get_data(as_text=True)


def test_a_dish_goes_on_the_tab_and_is_sold_out_without_a_new_page(
    browser: Browser, world: World, place: MadePlace
) -> None:
    beef, soup = world.dish(place.menu), world.dish(place.menu, "牛骨汤", 1800)
    phone, sitting = sit(browser, place.tables[0])
    menu = phone.get("table.menu_show", sitting=sitting)
    asks: dict[str, Any] = {"headers": {"HX-Request": "true"}}
    poll = str(menu.one("#dishes .poll")["hx-get"])
    assert phone.client.get(poll, **asks).status_code == 204
    form = menu.one("form#menu")
    first = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    keys = [str(first["key"])]
    for _ in range(2):
        body = {**first, "key": keys[-1], "dish": str(beef)}
        answer = phone.client.post(str(form["hx-post"]), data=body, follow_redirects=True, **asks)
        part = BeautifulSoup(answer.get_data(as_text=True), "lxml")
        assert answer.status_code == 200
        assert part.select_one("#dishes") is None
        keys.append(str(part.select("#menu-key[hx-swap-oob] input[name=key]")[0]["value"]))
    assert len(set(keys)) == 3, "each press is an act of its own"
    assert part.select(".table-bar .money")[0].get_text(strip=True).startswith("¥96")
    world.sold_out(place.merchant.id, place.store.id, soup)
    changed = phone.client.get(poll, **asks)
    again = BeautifulSoup(changed.get_data(as_text=True), "lxml")
    assert "售罄" in again.select(f"#d-{soup}")[0].get_text()
    assert again.select_one(".table-bar") is None
    assert phone.client.get(str(again.select("#dishes .poll")[0]["hx-get"]), **asks).status_code == 204
    gone = phone.client.post(str(form["hx-post"]), data={**first, "key": keys[-1], "dish": str(soup)}, **asks)
    assert (gone.status_code, gone.headers["HX-Retarget"]) == (422, "body")


def test_strangers_wait_until_somebody_lets_them_in(browser: Browser, world: World, place: MadePlace) -> None:
    world.dining_rules(place.store, joins="asked")
    host, sitting = sit(browser, place.tables[0], "阿静")
    stranger, _sitting = sit(browser, place.tables[0], "路人")
    assert "等" in stranger.get("shop.seats_wait", sitting=sitting).text
    assert "还在等" in stranger.get("table.menu_show", sitting=sitting, status=403).text
    asked = host.get("table.guests_list", sitting=sitting)
    action = next(str(form["action"]) for form in asked.soup.select(".asking form") if "let-in" in str(form["action"]))
    host.client.post(action, data=asked.form("let-in"))
    assert (
        stranger.get("shop.seats_wait", sitting=sitting, status=303)
        .response.headers["Location"]
        .endswith(f"/table/{sitting}/")
    )
    stranger.get("table.menu_show", sitting=sitting)


def test_yesterdays_link_a_guess_and_another_tables_cookie(
    browser: Browser, world: World, place: MadePlace, app: Flask
) -> None:
    phone, sitting = sit(browser, place.tables[0])
    other, elsewhere = sit(browser, place.tables[1])
    stranger = browser.as_(None)
    assert "没有加入这一桌" in stranger.get("table.menu_show", sitting=sitting, status=404).text
    assert "没有加入这一桌" in other.get("table.menu_show", sitting=sitting, status=404).text
    with other.client.session_transaction() as session:
        session["seats"] = [(sitting, session["seats"][0][1])]  # as if the signature could be forged
    landed = other.get("table.menu_show", sitting=sitting, status=303).response.headers["Location"]
    assert elsewhere in landed, "the key is its own guest's, and leads to his own table"
    guests = phone.get("table.guests_list", sitting=sitting)
    link = guests.one(".link-line code").get_text()
    assert "朋友请您加入" in stranger.open(link).text
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.close(work, phones_id(sitting))
    assert "已经清台" in phone.get("table.menu_show", sitting=sitting, status=409).text
    assert "已经失效" in stranger.open(link, status=409).text
    phone.post("table.cart_save", {"act": "place"}, status=409, sitting=sitting)
    _new, fresh = sit(browser, place.tables[0])
    assert fresh != sitting
    assert "没有加入这一桌" in phone.get("table.menu_show", sitting=fresh, status=404).text


def test_many_guesses_are_stopped(browser: Browser, world: World, place: MadePlace) -> None:
    phone, sitting = sit(browser, place.tables[0])
    thief = browser.as_(None)
    for number in range(30):
        thief.get("shop.seats_ask", store=place.store.id, code=f"{number:022}", status=404)
    assert "试错" in thief.get("shop.seats_ask", store=place.store.id, code="x" * 22, status=429).text
    for _number in range(30):
        thief.get("table.menu_show", sitting=sitting, status=404)
    assert "试错" in thief.get("table.menu_show", sitting=sitting, status=429).text
    phone.get("table.menu_show", sitting=sitting)


def test_the_small_acts_of_a_table(browser: Browser, world: World, place: MadePlace) -> None:
    beef = world.dish(place.menu)
    world.dining_rules(place.store, pays="before", cover_fen=200)
    phone, sitting = sit(browser, place.tables[0], people=2)
    phone.post("table.guests_rename", {"name": "阿静"}, sitting=sitting)
    phone.post("table.guests_rename", {"name": "静" * 50}, status=422, sitting=sitting)
    phone.post("table.people_set", {"people": "3"}, sitting=sitting)
    phone.post("table.people_set", {"people": "很多"}, status=422, sitting=sitting)
    phone.post("table.invite_turn", sitting=sitting)
    phone.post("table.calls_make", {"wish": "water"}, sitting=sitting)
    phone.post("table.calls_make", {"wish": "dance"}, status=404, sitting=sitting)
    add(phone, sitting, beef)
    line = cart(phone, sitting)["seen"][0].partition(":")[0]
    phone.post("table.cart_save", {"act": f"more:{line}"}, sitting=sitting)
    phone.post("table.cart_save", {**cart(phone, sitting), "act": "place"}, sitting=sitting)
    waits = phone.get("table.rounds_list", sitting=sitting)
    assert "待付款" in waits.text
    assert "加水" in waits.text
    action = next(str(form["action"]) for form in waits.soup.select("form") if "withdraw" in str(form["action"]))
    phone.client.post(action, data=waits.form("withdraw"))
    assert len(cart(phone, sitting)["seen"]) == 1
    phone.post("table.cart_save", {"act": f"remove:{line}"}, sitting=sitting)
    phone.post("table.cart_save", {"act": f"more:{line}"}, status=404, sitting=sitting)


def test_who_has_paid_orders_on_for_a_while_and_scans_again(browser: Browser, world: World, place: MadePlace) -> None:
    world.dining_rules(place.store, pays="before", opens="guest")
    beef, table = world.dish(place.menu), place.tables[0]
    phone, sitting = sit(browser, table)
    add(phone, sitting, beef)
    phone.post("table.cart_save", {**cart(phone, sitting), "act": "place"}, sitting=sitting)
    joined = world.tab_seen(place.merchant.id, UUID(sitting))
    with world.at_till(place.merchant.id) as work:
        bill = bills.raise_bill(work, joined.id)
        bills.take(work, bill, how=How.CASH, payer="收银台")
    assert "15 分钟内还可以直接加菜" in phone.get("table.bills_pay", sitting=sitting).text
    where: dict[str, Any] = {"store": table.store_id, "code": table.code}
    assert sitting in phone.get("shop.seats_ask", status=303, **where).response.headers["Location"]
    world.clock.advance(minutes=15)
    refused = phone.post("table.lines_add", {"dish": str(beef)}, status=422, sitting=sitting)
    assert "再扫一次桌上的码" in refused.text
    asked = phone.get("shop.seats_ask", **where)
    assert "几位用餐" in asked.text
    landed = phone.post("shop.seats_join", {"people": "2"}, **where).response.headers["Location"]
    assert "/table/" in landed
    assert sitting not in landed


def test_a_price_that_moved_is_said_once_and_the_next_press_orders(
    browser: Browser, world: World, place: MadePlace
) -> None:
    beef, tea = world.dish(place.menu), world.dish(place.menu, "茶", 600)
    phone, sitting = sit(browser, place.tables[0])
    friend, _same = sit(browser, place.tables[0])
    add(phone, sitting, beef)
    add(friend, sitting, tea)
    form = cart(phone, sitting)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        menus.raise_prices(work, [beef], fen=200)
    phone.post("table.cart_save", {**form, "act": "place"}, sitting=sitting)
    shown = phone.get("table.cart_show", sitting=sitting)
    assert "刚才 ¥48，现在 ¥50" in shown.text
    phone.post("table.cart_save", {**cart(phone, sitting), "act": "place"}, sitting=sitting)
    assert world.tab_seen(place.merchant.id, UUID(sitting)).due_fen == 50_00 + 6_00


def test_the_staff_orders_at_prices_that_moved(world: World, place: MadePlace) -> None:
    dishes = [world.dish(place.menu, name, 1000) for name in ("甲", "乙")]
    one = world.joins(place.tables[0])
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        for dish in dishes:
            actions.add(work, one.sitting_id, Wanted(dish, {}))
        menus.raise_prices(work, dishes, fen=200)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        moved = actions.send(work, one.sitting_id)
        assert isinstance(moved, errors.PriceMoved)
        assert "甲 等 2 样的价格有变化：刚才共 ¥20，现在 ¥24" in str(moved)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.send(work, one.sitting_id)
    assert world.tab_seen(place.merchant.id, one.sitting_id).due_fen == 24_00
