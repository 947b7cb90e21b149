"""Collecting coupons on the street: seen without sign-in, collected once, told plainly when it cannot be."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from portal.domain.tenants.actions import merchants
from portal.kernel.scope import Face
from tests.client import Browser
from tests.domain.vouchers.town import Town, a_town
from tests.factories.world import World


@pytest.fixture
def town(world: World) -> Town:
    return a_town(world)


def test_a_stores_page_offers_its_coupons_and_only_those(world: World, town: Town, browser: Browser) -> None:
    here = world.coupon(town.merchant, town.store, title="来店立减")
    world.coupon(town.merchant, town.other, title="别家的")
    world.coupon(town.merchant, town.store, title="草稿", publish=False)
    world.coupon(town.merchant, town.store, title="明天开始", collect_from=date(2026, 7, 5))
    page = browser.get("shop.stores_show", store=town.store.id)
    assert "来店立减" in page.one("#coupons").text
    assert len(page.soup.select("#coupons .ticket")) == 1
    assert "登录领取" in page.text
    mine = browser.as_(town.consumer)
    page = mine.get("shop.stores_show", store=town.store.id)
    back = mine.client.post(mine.url("shop.coupons_collect", coupon=here), data=page.form("collect"))
    assert back.headers["Location"] == mine.url("shop.stores_show", store=town.store.id)
    page = mine.open(back.headers["Location"])
    assert "去使用" in page.one("#coupons").text
    assert "已领到" in page.text


def test_collecting_twice_with_one_key_is_once(world: World, town: Town, browser: Browser) -> None:
    coupon = world.coupon(town.merchant, town.store, per_person=2)
    mine, key = browser.as_(town.consumer), str(uuid4())
    for _ in range(3):
        mine.post("shop.coupons_collect", coupon=coupon, key=key)
    assert "您已领 1 张" in mine.get("shop.coupons_show", coupon=coupon).text
    assert "再领一张" in mine.get("shop.coupons_show", coupon=coupon).text
    mine.post("shop.coupons_collect", coupon=coupon)
    refused = mine.post("shop.coupons_collect", coupon=coupon, status=422)
    assert "您已经领过了，每人最多 2 张。" in refused.text


def test_why_a_coupon_cannot_be_collected(world: World, town: Town, browser: Browser) -> None:
    mine = browser.as_(town.consumer)
    last_one = world.coupon(town.merchant, town.store, total=1)
    world.collected(last_one, world.person())
    assert "领完了" in mine.get("shop.coupons_show", coupon=last_one).text
    assert "已经领完了" in mine.post("shop.coupons_collect", coupon=last_one, status=422).text
    later = world.coupon(town.merchant, town.store, collect_from=date(2026, 7, 5))
    assert "不在领取时间" in mine.get("shop.coupons_show", coupon=later).text
    assert "现在不能领取" in mine.post("shop.coupons_collect", coupon=later, status=422).text
    draft = world.coupon(town.merchant, town.store, publish=False)
    mine.get("shop.coupons_show", coupon=draft, status=404)
    mine.post("shop.coupons_collect", coupon=draft, status=404)
    mine.post("shop.coupons_collect", coupon=uuid4(), status=404)
    browser.post("shop.coupons_collect", coupon=later, status=303)  # to the sign-in


def test_a_suspended_merchants_coupons_are_off_the_street(world: World, town: Town, browser: Browser) -> None:
    coupon = world.coupon(town.merchant, town.store)
    with world.work(Face.PLATFORM) as work:
        merchants.suspend(work, town.merchant.id, reason="证照过期")
    mine = browser.as_(town.consumer)
    assert "现在不能领取" in mine.post("shop.coupons_collect", coupon=coupon, status=422).text


def test_an_address_to_go_back_to_is_our_own(world: World, town: Town, browser: Browser) -> None:
    coupon = world.coupon(town.merchant, town.store, per_person=9)
    mine = browser.as_(town.consumer)
    for wanted in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        seen = mine.post("shop.coupons_collect", {"next": wanted}, coupon=coupon)
        assert seen.response.headers["Location"] == mine.url("shop.coupons_show", coupon=coupon)


def test_in_english(world: World, town: Town, browser: Browser) -> None:
    coupon = world.coupon(town.merchant, town.store, valid_from=None, valid_until=None, valid_days=7)
    reader = browser.as_(world.person(locale="en"))
    reader.get("shop.coupons_show", coupon=coupon)
    reader.get("shop.stores_show", store=town.store.id)
