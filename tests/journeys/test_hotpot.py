"""Four friends, three rounds of hotpot, a split bill: one pays his own, two a third each by phone, one in cash."""

from __future__ import annotations

import os
import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect

from portal.domain.bills.values import BillState
from portal.kernel.permissions import Role
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.journeys.people import Somebody, Street, pays
from tests.journeys.test_ten_phones import sits_down

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def place(world: World) -> MadePlace:
    """A hotpot house where one pays after eating; 茶位 ¥3."""
    place = world.restaurant(3, cover_fen=300)
    for name, fen in (("吊龙", 4800), ("手打牛肉丸", 3200), ("生菜", 800)):
        world.dish(place.menu, name, fen)
    return place


def shown(somebody: Somebody, name: str) -> None:
    """A picture for whoever asked for pictures."""
    folder = os.environ.get("JOURNEY_SHOTS")
    if folder:
        somebody.page.screenshot(path=str(Path(folder) / f"{name}.png"))


def sends(friend: Somebody, home: str, *dishes: str) -> None:
    for count, dish in enumerate(dishes, 1):
        friend.goes(home).taps(f"加一份 {dish}").reads(f"{count} 份待下单")
    friend.goes(home + "cart").page.locator("button[value=place]").click()
    friend.sees_heading("已下单").is_calm()


def test_four_friends_three_rounds_and_the_bill_split(street: Street, world: World, place: MadePlace) -> None:
    merchant, card = place.merchant.id, f"/t/{place.store.id}/{place.tables[0].code}"
    friends = street.friends(4)
    for name, friend in zip(("阿静", "志强", "小雯", "老陈"), friends, strict=True):
        sits_down(friend, card, name, "4" if name == "阿静" else "")
    jing, qiang, wen, chen = friends
    home = re.sub(r"[?#].*", "", jing.page.url)
    sends(jing, home, "吊龙", "手打牛肉丸")
    sends(qiang, home, "手打牛肉丸", "生菜")
    sends(wen, home, "吊龙", "生菜")
    jing.goes(home + "bill").sees_heading("账单").reads("188.00").is_calm()
    shown(jing, "bill")

    qiang.goes(home + "bill")
    qiang.page.get_by_role("radio", name=re.compile("只付我点的")).check(force=True)
    qiang.page.locator("#pay").get_by_role("button", name="去付款").click()
    qiang.reads("40.00")
    shown(qiang, "share")
    jing.goes(home + "bill").reads("志强").reads("正在付")
    pays(qiang, world, merchant)
    shown(qiang, "paid")

    jing.goes(home + "bill").reads("148.00")
    jing.page.get_by_role("radio", name="平分，付我那一份").check(force=True)
    jing.page.locator("#parts-new").fill("3")
    jing.page.locator("#pay").get_by_role("button", name="去付款").click()
    jing.reads("49.34")
    wen.goes(home + "bill").reads("正在结的账单").is_calm()
    shown(wen, "join")
    pays(jing, world, merchant)
    wen.goes(home + "bill")
    wen.page.get_by_role("radio", name="平分，付我那一份").first.check(force=True)
    wen.page.get_by_label("分成几份").first.fill("3")
    wen.page.locator(".bill-open").get_by_role("button", name="去付款").click()
    wen.reads("49.33")
    pays(wen, world, merchant)

    chen.goes(home + "bill").taps("请服务员来收款").reads("已呼叫")
    clerk = street.somebody(world.staff(place.merchant, Role.CLERK))
    clerk.goes(f"/store/{place.store.id}/floor").reads("呼叫 1").is_calm()
    shown(clerk, "floor")
    clerk.taps(place.tables[0].name).reads("结账").is_calm()
    shown(clerk, "tab")
    clerk.taps("已去").reads("已应答")
    clerk.taps("结账").sees_heading("结账").is_calm()
    bill = next(one for one in world.bills_of_tab(merchant, UUID(home.split("/")[-2])) if one.state is BillState.OPEN)
    clerk.taps(bill.number).reads("49.33").is_calm()
    shown(clerk, "till")
    clerk.taps("收现金 ¥50").reads("找零 ¥0.67").is_calm()
    expect(chen.page.locator("body")).to_be_visible()
    clerk.goes(f"/store/{place.store.id}/tabs/{home.split('/')[-2]}/bills").taps("清台").reads("已清台")
    chen.goes(home).reads("已经清台")
    assert [one.paid_fen for one in world.bills_of_tab(merchant, UUID(home.split("/")[-2]))] == [4000, 14800]
