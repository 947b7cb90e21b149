"""How a line's price came about is on the guest's and the staff's pages, in the reader's language; paid says so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from portal.domain.menus.values import Pricing
from portal.domain.tabs import actions
from portal.domain.tabs.values import Wanted
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.menus import group
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.web.table.test_bills import arrives, orders, raises, share_of
from tests.web.table.test_sitting import sit


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant()


def whys(seen: Seen) -> list[list[str]]:
    """The lines of each explanation, without white space."""
    return [
        ["".join(row.get_text().split()) for row in one.select("dl > div")] for one in seen.soup.select(".line-why")
    ]


def test_how_a_price_came_about(browser: Browser, world: World, place: MadePlace) -> None:
    extra = group("加料", [("加面", 300)])
    beef, fish = (
        world.dish(place.menu, "牛肉面", 28_00, groups=[extra]),
        world.dish(place.menu, "石斑", 98_00, pricing=Pricing.WEIGHT),
    )
    tea, clerk = world.dish(place.menu, "茶", 6_00), browser.as_(world.staff(place.merchant, Role.CLERK))
    phone, sitting = sit(browser, place.tables[0])
    noodles = {"dish": str(beef), f"g-{extra.id}": str(extra.options[0].id), "quantity": "2"}
    phone.post("table.lines_add", noodles, sitting=sitting)
    assert whys(phone.get("table.cart_show", sitting=sitting)) == [
        ["牛肉面¥28.00", "加面¥3.00", "¥31.00×2¥62.00", "应付¥62.00"]
    ]
    orders(world, phone, sitting, tea)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        line = actions.add(work, UUID(sitting), Wanted(fish, {}, grams=750))
        actions.place(work, UUID(sitting))
        actions.reprice(work, UUID(sitting), line, due_fen=140_00, reason="抹零")
    expected = [
        ["750克×¥98.00/500克¥147.00", "已改价−¥7.00", "应付¥140.00"],
        ["牛肉面¥28.00", "加面¥3.00", "¥31.00×2¥62.00", "应付¥62.00"],
    ]
    assert whys(phone.get("table.rounds_list", sitting=sitting)) == expected
    where: dict[str, Any] = {"store": place.store.id, "sitting": sitting}
    assert whys(clerk.get("store.tab_show", **where)) == expected
    phone.get("shop.language", status=303, to="en", next=f"/table/{sitting}/rounds")
    english = whys(phone.get("table.rounds_list", sitting=sitting))
    assert [rows[0] for rows in english] == ["750g×¥98.00/500g¥147.00", "牛肉面¥28.00"]


def test_a_paid_table_says_so_everywhere(browser: Browser, world: World, place: MadePlace) -> None:
    beef, clerk = world.dish(place.menu), browser.as_(world.staff(place.merchant, Role.CLERK))
    phone, sitting = sit(browser, place.tables[0])
    orders(world, phone, sitting, beef)
    where: dict[str, Any] = {"store": place.store.id, "sitting": sitting}
    assert not clerk.get("store.tab_show", **where).soup.select(".tab-total form")
    arrives(world, place.merchant.id, paid(world, phone, sitting))
    shown = phone.get("table.rounds_list", sitting=sitting).one(".tab-total").get_text()
    assert "已付清" in shown
    assert "去结账" not in shown
    table = clerk.get("store.tab_show", **where)
    assert "已付清" in table.one(".tab-total").get_text()
    assert table.soup.select('.tab-total form[action$="/clear"]'), "清台 stands beside it"
    assert len(table.soup.select('form[action$="/clear"]')) == 1
    card = clerk.get("store.floor_board", store=place.store.id).one(".floor-card.busy").get_text()
    assert "已付清" in card
    assert "48" not in card
    (line,) = world.tab_seen(place.merchant.id, UUID(sitting)).lines
    clerk.post("store.tab_serve", {"line": str(line.id)}, **where)
    card = clerk.get("store.floor_board", store=place.store.id).one(".floor-card.busy").get_text()
    assert "已上齐" not in card


def paid(world: World, phone: Browser, sitting: str) -> str:
    """The whole bill is at a provider; returns the share."""
    share = share_of(raises(phone, sitting, what="whole"))
    phone.post("table.shares_pay", {"provider": "sandbox"}, sitting=sitting, share=share)
    return share
