"""Somebody types while the page asks for news: what he wrote stays. The staff orders by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.kernel.permissions import Role
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.journeys.people import Street
from tests.journeys.test_ten_phones import sits_down

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def place(world: World) -> MadePlace:
    place = world.restaurant()
    world.dish(place.menu, "吊龙", 4800)
    return place


def test_an_amount_stays_while_friends_pay(street: Street, world: World, place: MadePlace) -> None:
    (friend,) = street.friends(1)
    sits_down(friend, f"/t/{place.store.id}/{place.tables[0].code}", "小陈", "4")
    home = re.sub(r"[?#].*", "", friend.page.url)
    other = world.joins(place.tables[0], name="阿黄")
    world.sends(other, world.dish(place.menu, "毛肚", 3200))
    bill = world.bill(other)
    world.asks_to_pay(other, bill, 10_00)
    friend.goes(home + "bill").reads("正在结的账单")
    friend.page.get_by_role("radio", name="付一个数").check(force=True)
    amount = friend.page.locator("#amount-1")
    amount.fill("12")
    friend.page.locator("h1").click()  # no field has the focus: the part comes anew with what he wrote
    world.takes(other.merchant_id, bill, amount_fen=20_00)
    friend.reads("已付 ¥20，")
    expect(amount).to_have_value("12")
    expect(friend.page.get_by_role("radio", name="付一个数")).to_be_checked()


def test_the_staff_orders_by_keyboard(street: Street, world: World, place: MadePlace) -> None:
    clerk, _balls = (
        street.at_a_desk(world.staff(place.merchant, Role.CLERK)),
        world.dish(place.menu, "手打牛肉丸", 3200),
    )
    guest = world.joins(place.tables[0])
    clerk.goes(f"/store/{place.store.id}/tabs/{guest.sitting_id}/order").reads("按菜的编号点")
    keys = clerk.page.keyboard
    keys.press("/")
    expect(clerk.page.locator("[data-search]")).to_be_focused()
    keys.type("牛肉")
    keys.press("Enter")
    expect(clerk.page.locator(".order-dish")).to_have_count(1)
    keys.press("2")
    expect(clerk.page.locator("[data-dish-typed]")).to_contain_text("手打牛肉丸")
    keys.press("Enter")
    expect(clerk.page.locator("#drafts")).to_contain_text("手打牛肉丸")
    (line,) = world.tab_seen(guest.merchant_id, guest.sitting_id).drafts
    assert (line.name, line.quantity) == ("手打牛肉丸", 1)
