"""A table is reserved on the phone and seated at the door; another party takes a number, is called and sits down."""

from __future__ import annotations

import pytest

from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.journeys.people import Street

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def store(world: World) -> MadeStore:
    """A hotpot house with four tables that takes reservations and gives numbers."""
    merchant = world.merchant(Kind.BRAND, "炉前潮汕牛肉")
    found = world.store(merchant, "炉前东城店", hours="11:00-02:00")
    world.floor(found, four="A1-A2", two="B1-B2")
    world.queue_opens(found)
    return found


def clerk_of(world: World, store: MadeStore) -> MadePerson:
    """Somebody who stands at the door."""
    merchant = MadeMerchant(store.merchant_id, "炉前潮汕牛肉", Kind.BRAND)
    return world.staff(merchant, Role.CLERK, stores=(store.id,))


def test_a_table_for_tonight(street: Street, world: World, store: MadeStore) -> None:
    guest = street.somebody(world.person("陈静"))
    guest.goes(f"/s/{store.id}").taps("订座").sees_heading("订座").is_calm()
    guest.page.locator("input[name=people][value='4']").click()
    guest.reads("4 人，几点到")
    guest.page.locator("label:has(input[name=at])", has_text="19:00").locator("input").click()
    guest.taps("确认订座").reads("订好了").reads("A1").is_calm()

    clerk = street.somebody(clerk_of(world, store))
    clerk.goes(f"/store/{store.id}/tables").reads("陈静").is_calm()
    clerk.page.locator("ul.rows a").first.click()
    clerk.taps("入座").reads("已入座").is_calm()


def test_a_number_when_it_is_full(street: Street, world: World, store: MadeStore) -> None:
    clerk = street.somebody(clerk_of(world, store))
    world.queued(store)
    guest = street.somebody(world.person("周敏"))
    guest.goes(f"/s/{store.id}").taps("排队取号").sees_heading("排队取号").is_calm()
    guest.taps("取号").reads("A002").reads("前面还有 1 桌").is_calm()

    clerk.goes(f"/store/{store.id}/queue").taps("叫 A001 · 2 人").taps("过号")
    clerk.taps("叫 A002 · 2 人").reads("已叫 1 次").is_calm()
    guest.page.reload()
    guest.reads("轮到您了").is_calm()
    clerk.taps("入座").reads("已入座").is_calm()
