"""The operator's notices on the street: one calm line, gone once the list was read, back with the next."""

from __future__ import annotations

from uuid import UUID

from portal.domain.reference.actions import announcements
from portal.domain.reference.values import Audience
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from portal.web.notices import SECONDS
from tests.client import Browser
from tests.factories.world import World

HERE = {"lat": "23.02", "lng": "113.75"}


def announced(world: World, title: str, audience: Audience = Audience.EVERYONE) -> UUID:
    with world.work(Face.PLATFORM) as work:
        made = announcements.draft(
            work, title=title, body="今晚两点到三点", title_en="", body_en="", audience=audience, until=None
        )
        announcements.publish(work, made)
    return made


def test_the_street_shows_the_latest_until_it_was_read(browser: Browser, world: World) -> None:
    announced(world, "夜里维护")
    reader = browser.as_(world.person())
    for asked in ({}, HERE):
        line = reader.get("shop.home", **asked).one("a.notice")
        assert "夜里维护" in line.text
    reader.get("shop.announcements_list")
    assert not reader.get("shop.home", **HERE).soup.select(".notice")
    assert browser.as_(world.person()).get("shop.home", **HERE).soup.select(".notice"), "read by one is not read by all"
    world.clock.advance(seconds=SECONDS)
    announced(world, "新的规则")
    assert "新的规则" in reader.get("shop.home", **HERE).one("a.notice").text
    announced(world, "只给商家", Audience.OFFICES)
    world.clock.advance(seconds=SECONDS)
    assert "新的规则" in reader.get("shop.home", **HERE).one("a.notice").text


def test_the_street_asks_once_in_a_while(browser: Browser, world: World) -> None:
    reader = browser.as_(None)
    reader.get("shop.home", **HERE)
    announced(world, "刚刚发布")
    assert not reader.get("shop.home", **HERE).soup.select(".notice"), "a few seconds old at most"
    world.clock.advance(seconds=SECONDS)
    assert reader.get("shop.home", **HERE).soup.select(".notice")


def test_an_office_opens_its_notices_in_place(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.BRAND)
    announced(world, "结算改期", Audience.OFFICES)
    page = browser.as_(world.staff(merchant)).get("chain.home", merchant=merchant.id)
    notice = page.one("details.notice")
    assert "结算改期" in notice.summary.text
    assert "open" not in notice.attrs
    assert "今晚两点到三点" in notice.text


def test_an_offices_first_page_has_one_address(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.BRAND)
    owner = browser.as_(world.staff(merchant))
    for bare in (f"/chain/{merchant.id}", "/platform"):
        answer = owner.client.get(bare)
        assert answer.status_code == 308
        assert answer.location.endswith(f"{bare}/")
