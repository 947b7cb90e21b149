"""The counter's bar holds what the store lives on: a salon reserves no tables, a restaurant books no technicians."""

from __future__ import annotations

from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.world import World

ALWAYS = {"核销", "今日记录"}


def bar(browser: Browser, store: object) -> set[str]:
    page = browser.get("store.counter", store=store)
    return {one.get_text(strip=True) for one in page.soup.select(".counter-bar li a")}


def test_a_salon_and_a_restaurant_see_their_own(world: World, browser: Browser) -> None:
    salon, kitchen = world.salon(), world.merchant(name="炉前潮汕牛肉")
    restaurant = world.store(kitchen)
    clerk, boss = browser.as_(salon.clerk), world.staff(kitchen, Role.OWNER)
    assert bar(clerk, salon.store.id) == ALWAYS | {"预约"}
    owner = Browser(browser.app, world).as_(boss)
    assert bar(owner, restaurant.id) == ALWAYS
    world.floor(restaurant, four="A1-A2")
    world.clock.advance(seconds=21)
    assert bar(owner, restaurant.id) == ALWAYS | {"桌台", "订座", "排队"}
    world.menu(kitchen)
    world.clock.advance(seconds=21)
    assert bar(owner, restaurant.id) == ALWAYS | {"桌台", "订座", "排队", "账单", "沽清", "后厨"}
    assert bar(clerk, salon.store.id) == ALWAYS | {"预约"}, "another merchant's menu"
    assert "订座" in clerk.get("store.tables_day", store=salon.store.id).one(".counter-bar").text, "where one is"
