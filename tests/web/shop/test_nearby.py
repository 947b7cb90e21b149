"""The street as a consumer sees it: cards, filters in the address, endless pages, and honest answers to bad input."""

from __future__ import annotations

import json

import pytest

from portal.domain.regions import actions as regions
from portal.domain.stores import actions
from portal.domain.stores.values import GivenPosition, StoreFacts
from portal.domain.tenants.events import MerchantReinstated, MerchantSuspended
from portal.domain.tenants.models import Merchant
from portal.kernel.geo import Datum
from portal.kernel.hours import parse_week
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.domain.regions.test_regions import GUANGDONG
from tests.factories.world import World

HERE = "/?lat=23.0205&lng=113.7518"


def names(seen: Seen) -> list[str]:
    return [tag.get_text() for tag in seen.soup.select(".store-card .name")]


def test_without_a_place_it_asks_with_equal_choices(browser: Browser) -> None:
    seen = browser.open("/")
    assert seen.one("form[data-locate]")
    assert seen.soup.select('a[href^="/places"]')
    assert names(seen) == []


def test_cards_tell_what_matters_in_both_languages(browser: Browser, world: World) -> None:
    merchant = world.merchant(name="茶小满")
    world.store(merchant, "茶小满·南城店", at=(23.0290, 113.7518), hours="10:00-22:00")
    world.store(merchant, "茶小满·夜店", at=(23.0205, 113.7900), hours="18:00-02:00")
    seen = browser.open(HERE)
    assert names(seen) == ["茶小满·南城店", "茶小满·夜店"]
    assert "营业中 · 到 22:00" in seen.text
    assert "休息中 · 18:00 开门" in seen.text
    assert "950 m" in seen.text or "946 m" in seen.text
    assert "3.9 km" in seen.text
    english = browser.open(HERE, headers={"Accept-Language": "en"})
    assert names(english) == names(seen)
    assert browser.client.get_cookie("place").decoded_value == "23.0205,113.7518"
    assert names(browser.open("/")) == names(seen), "the cookie keeps the place"


def test_filters_stand_in_the_address(browser: Browser, world: World) -> None:
    merchant = world.merchant()
    world.store(merchant, "白天 米粉", at=(23.03, 113.75), hours="08:00-20:00")
    world.store(merchant, "夜里 米粉", at=(23.02, 113.75), hours="20:00-02:00")
    world.store(merchant, "远处", at=(23.50, 113.75), hours="24 小时")
    assert names(browser.open(HERE)) == ["夜里 米粉", "白天 米粉", "远处"]
    assert names(browser.open(HERE + "&open=1")) == ["白天 米粉", "远处"]
    assert names(browser.open(HERE + "&open=1&radius=3000")) == ["白天 米粉"]
    assert names(browser.open(HERE + "&q=夜里　米粉")) == ["夜里 米粉"]
    assert names(browser.open(HERE + "&q=100%25")) == []
    assert names(browser.open(HERE + "&coupons=1")) == []
    assert len(names(browser.open(HERE + "&sort=sales"))) == 2, "by sales only what is within ten kilometres"
    seen = browser.open(HERE + "&open=1")
    chip = next(a for a in seen.soup.select("a.chip") if a.get_text().strip() == "营业中")
    assert chip["aria-current"] == "true"
    assert "open=" not in chip["href"]


def test_the_list_goes_on_with_and_without_script(browser: Browser, world: World) -> None:
    merchant = world.merchant()
    for number in range(45):
        world.store(merchant, f"第 {number:02} 家", at=(23.0205 + number / 1000, 113.7518))
    wanted = [f"第 {number:02} 家" for number in range(45)]
    seen, found = browser.open(HERE), []
    for _ in range(3):
        found += names(seen)
        more = seen.soup.select(".more a")
        if more:
            seen = browser.open(more[0]["href"])
    assert found == wanted
    first = browser.open(HERE)
    address = first.one(".more")["hx-get"]
    part = browser.client.get(address, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert "第 20 家" in part
    assert "第 19 家" not in part


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("lat=abc&lng=1", 422, "看不懂这个位置"),
        ("lat=nan&lng=1", 422, "坐标不是数字"),
        ("lat=91&lng=200", 422, "坐标超出范围"),
        ("lat=113.75&lng=23.02", 422, "写反了"),
        ("lat=23.02", 422, "看不懂这个位置"),
        ("place=999", 404, "没有这个地区"),
        ("place=😀", 404, "没有这个地区"),
        ("lat=23&lng=113&after=zzz", 400, "列表已经过期"),
        ("lat=23&lng=113&after=", 400, "列表已经过期"),
    ],
)
def test_bad_addresses_are_told_in_words(browser: Browser, query: str, status: int, words: str) -> None:
    assert words in browser.open(f"/?{query}", status=status).text


@pytest.mark.parametrize(
    "query", ["radius=-5", "radius=1e9", "sort=; drop", "category=no", "open=yes", "q=" + "😀" * 9]
)
def test_odd_filters_are_no_accident(browser: Browser, world: World, query: str) -> None:
    world.store(world.merchant())
    browser.open(f"{HERE}&{query}")


def test_full_width_digits_are_digits(browser: Browser, world: World) -> None:
    world.store(world.merchant(), "本店")
    assert names(browser.open("/?lat=２３．０２&lng=１１３．７５")) == ["本店"]


def test_places_are_picked_by_name_and_step_by_step(browser: Browser, world: World) -> None:
    with world.work(Face.JOB) as work:
        regions.load(work, GUANGDONG)
    merchant = world.merchant()
    facts = StoreFacts(
        name="石排店",
        region_code="441900104",
        address="福隆路 12 号",
        given=GivenPosition(23.087, 113.92, Datum.WGS84),
        hours=parse_week("9:00-21:00"),
    )
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.show(work, [actions.create(work, facts=facts)])
    assert "东莞市" in [tag.get_text() for tag in browser.open("/").soup.select("a.chip")]
    seen = browser.open("/places")
    assert seen.soup.select('a[href="/?place=4419"]')
    assert browser.open("/places?inside=4419").soup.select('a[href="/?place=441900104"]')
    assert browser.open("/places?q=石").soup.select('a[href="/?place=441900104"]')
    assert "没有叫" in browser.open("/places?q=没有").text
    browser.open("/places?inside=1234", status=404)
    there = browser.open("/?place=441900104")
    assert names(there) == ["石排店"]
    assert "东莞市石排镇" in there.text
    assert names(browser.open("/?place=4419")) == ["石排店"], "the middle of the city's stores"
    assert "还不知道这个地方" in browser.open("/?place=440305", status=404).text
    assert "最近去过" in browser.open("/places").text
    assert "石排店" in browser.open("/?place=4419&q=石排镇").text


def test_a_store_page_has_the_three_facts_and_the_way(browser: Browser, world: World) -> None:
    merchant = world.merchant(name="茶小满")
    store = world.store(
        merchant, "茶小满</script>店", hours="周一至周五 10:00-14:00, 17:00-02:00", phone="076910000001"
    )
    browser.open(HERE)
    seen = browser.get("shop.stores_show", store=store.id)
    assert seen.one("h1").get_text() == "茶小满</script>店"
    assert len(seen.soup.select(".three > li")) == 3
    assert "休息中" in seen.text
    assert "17:00–次日 02:00" in seen.text
    assert seen.one("tr.today th").get_text().startswith("7 月 4 日 周六")
    assert seen.one('a[href^="tel:"]')["href"] == "tel:076910000001"
    links = [a["href"] for a in seen.soup.select('a[target="_blank"]')]
    assert len(links) == 5
    assert any("destination=23.020500,113.751800" in link for link in links), "Google in WGS-84"
    assert any("uri.amap.com" in link and "113.756" in link for link in links), "AMap in GCJ-02"
    data = json.loads(seen.one('script[type="application/ld+json"]').string)
    assert data["geo"] == {"@type": "GeoCoordinates", "latitude": 23.0205, "longitude": 113.7518}
    assert data["openingHoursSpecification"][1] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "Monday",
        "opens": "17:00",
        "closes": "02:00",
    }
    assert seen.one('link[rel="canonical"]')["href"].endswith(f"/s/{store.id}")
    browser.open(f"/s/{store.id}", headers={"Accept-Language": "en"})


def test_a_store_that_is_gone_offers_what_is_near(browser: Browser, world: World) -> None:
    merchant = world.merchant()
    store, other = world.store(merchant, "走了"), world.store(world.merchant(), "还在")
    browser.open(HERE)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.hide(work, [store.id])
    seen = browser.get("shop.stores_show", store=store.id, status=410)
    assert names(seen) == ["还在"]
    assert names(browser.open("/")) == [other.name]
    browser.get("shop.stores_show", store=merchant.id, status=404)


def test_suspension_takes_all_stores_off_the_street_and_back(browser: Browser, world: World) -> None:
    merchant = world.merchant(name="街角烘焙")
    store = world.store(merchant, "街角烘焙·茶山店")
    browser.open(HERE)
    with world.work(Face.PLATFORM) as work:
        row = work.session.get(Merchant, merchant.id)
        assert row is not None
        row.state, row.state_reason = "suspended", "复核资料"
        work.publish(MerchantSuspended(merchant.id, merchant.name, "复核资料"))
    assert names(browser.open("/")) == []
    browser.get("shop.stores_show", store=store.id, status=410)
    with world.work(Face.PLATFORM) as work:
        row = work.session.get(Merchant, merchant.id)
        assert row is not None
        row.state, row.state_reason = "active", None
        work.publish(MerchantReinstated(merchant.id, merchant.name))
    assert names(browser.open("/")) == [store.name]
