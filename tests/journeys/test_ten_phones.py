"""Ten friends with ten phones at one table: join, add, change, two press at once; strangers stay out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.domain.tabs import actions
from portal.kernel.scope import Face
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.journeys.people import Somebody, Street

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def place(world: World) -> MadePlace:
    """炉前潮汕牛肉, two tables, two dishes, 茶位 ¥3."""
    place = world.restaurant(cover_fen=300)
    world.dish(place.menu, "吊龙", 4800)
    world.dish(place.menu, "牛骨清汤", 1800)
    return place


def sits_down(friend: Somebody, card: str, name: str, opens: str = "") -> None:
    friend.goes(card)
    if opens:
        friend.page.get_by_role("radio", name=opens, exact=True).check(force=True)
    friend.writes("怎么称呼您", name).taps((opens and "坐下点菜") or "加入这一桌").sees_heading("点菜").is_calm()


def orders(friend: Somebody) -> None:
    friend.taps("去下单").sees_heading("购物车").is_calm()
    friend.page.locator("button[value=place]").click()


def test_ten_phones_at_one_table(street: Street, world: World, place: MadePlace) -> None:
    card = f"/t/{place.store.id}/{place.tables[0].code}"
    friends = street.friends(10)
    for number, friend in enumerate(friends):
        sits_down(friend, card, f"友{number}", "" if number else "4")
    for friend in friends:
        friend.taps("加一份 吊龙").sees_heading("点菜")
    first, second, ninth = friends[0], friends[1], friends[8]
    table = re.sub(r"[?#].*", "", first.page.url)
    first.goes(table + "cart").reads("友9").is_calm()
    first.taps("吊龙 多一份").reads("11 份")
    ninth.goes(table + "cart").reads("11 份")
    first.page.locator("button[value=place]").click()
    ninth.page.locator("button[value=place]").click()
    first.sees_heading("已下单").reads("540.00").is_calm()
    ninth.reads("刚刚下过单")
    for friend in (second, ninth):
        friend.goes(table).taps("加一份 牛骨清汤")
        orders(friend)
        friend.sees_heading("已下单")
    expect(first.page.locator("#live")).to_contain_text("576.00", timeout=10_000)
    first.taps("加水").reads("已呼叫").is_calm()

    stranger = street.somebody()
    stranger.goes(table).reads("没有加入这一桌")
    link = first.goes(table + "guests").page.locator(".link-line code").inner_text()
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.close(work, world.tab_at(place.tables[0]))
    first.goes(table).reads("已经清台")
    stranger.goes(link).reads("已经失效")
