"""The stores desk of a head office: list, write, find on the map, show, hide, close, pictures."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from portal.domain.regions import actions as regions
from portal.domain.stores import queries
from portal.domain.stores.queries import Search, nearby
from portal.domain.tenants.values import Kind
from portal.kernel.geo import Datum, Position, from_datum
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.domain.regions.test_regions import GUANGDONG
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

HOURS = {"day0": "10:00-14:00, 17:00-02:00", **{f"day{number}": "10:00-22:00" for number in range(1, 7)}}
FORM = {
    "name": "茶小满·石排店",
    "province": "44",
    "city": "4419",
    "area": "441900",
    "street": "441900104",
    "address": "福隆路 12 号",
    "phone": "0769-86650001",
    "lat": "23.087000",
    "lng": "113.920000",
    **HOURS,
}


@pytest.fixture
def merchant(world: World) -> MadeMerchant:
    with world.work(Face.JOB) as work:
        regions.load(work, GUANGDONG)
    return world.merchant(Kind.BRAND, "茶小满")


@pytest.fixture
def desk(browser: Browser, world: World, merchant: MadeMerchant) -> Browser:
    return browser.as_(world.staff(merchant, Role.OWNER))


def on_the_street(world: World) -> list[str]:
    with world.work(Face.SHOP) as work:
        return [near.card.name for near in nearby(work, Search(Position(23.087, 113.92))).rows]


def listed(seen: Seen) -> list[str]:
    return [tag.get_text().strip() for tag in seen.soup.select("tbody td.t-name > a")]


def test_a_store_is_written_shown_hidden_and_closed(desk: Browser, world: World, merchant: MadeMerchant) -> None:
    at = {"merchant": merchant.id}
    assert "还没有门店" in desk.get("chain.stores_list", **at).text
    desk.get("chain.stores_new", **at)
    shown = desk.follow(desk.post("chain.stores_create", FORM, **at))
    assert "已保存" in shown.text
    assert "17:00–次日 02:00" in shown.text
    assert on_the_street(world) == []
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        (line,) = queries.store_lines(work)
    there = {**at, "store": line.id}
    assert line.area == "东莞市石排镇"
    assert "已上架" in desk.follow(desk.post("chain.stores_publish", **there)).text
    assert on_the_street(world) == ["茶小满·石排店"]
    edit = desk.get("chain.stores_edit", **there)
    fields = edit.form("/edit")
    assert fields["street"] == "441900104"
    assert fields["day0"] == "10:00-14:00, 17:00-02:00"
    desk.post("chain.stores_save", {**fields, "name": "石排旗舰店", "dates": "2026-10-01 休息"}, **there)
    assert on_the_street(world) == ["石排旗舰店"]
    assert "2026-10-01 休息" in desk.get("chain.stores_show", **there).text
    desk.post("chain.stores_hide", **there)
    assert on_the_street(world) == []
    desk.post("chain.stores_close", **there)
    seen = desk.get("chain.stores_show", **there)
    assert "已关店" in seen.text
    assert not seen.soup.select('form[action*="/show"]')
    assert "关闭门店" in seen.text
    assert listed(desk.get("chain.stores_list", **at)) == []
    assert listed(desk.get("chain.stores_list", state="closed", **at)) == ["石排旗舰店"]
    assert "已经关店" in desk.post("chain.stores_publish", status=422, **there).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "请填写"),
        ({"name": "长" * 61}, "最多 60 个字"),
        ({"phone": "12345"}, "不是有效的电话"),
        ({"lat": "abc"}, "请写两个数字"),
        ({"lat": "95", "lng": "200"}, "坐标超出范围"),
        ({"lat": "", "lng": "113"}, "请写两个数字"),
        ({"day0": "25:00-26:00"}, "看不懂"),
        ({"day0": "10:00-12:00, 11:00-13:00"}, "重叠"),
        ({"dates": "2026-02-30 休息"}, "2026-02-30"),
        ({"city": ""}, "请选到城市"),
        ({"category": "00000000-0000-0000-0000-000000000000"}, "请从列表里选择"),
        ({"category": "😀"}, "请从列表里选择"),
    ],
)
def test_mistakes_are_told_and_nothing_typed_is_lost(
    desk: Browser, merchant: MadeMerchant, change: dict[str, str], words: str
) -> None:
    seen = desk.post("chain.stores_create", {**FORM, **change}, status=422, merchant=merchant.id)
    assert words in seen.text
    assert seen.form("/new")["address"] == "福隆路 12 号"


def test_divisions_coordinates_and_hours_are_filled_further(desk: Browser, merchant: MadeMerchant) -> None:
    at = {"merchant": merchant.id}
    further = desk.post("chain.stores_further", {"name": "新店", "province": "44"}, status=200, **at)
    assert [one["value"] for one in further.soup.select("#city option")] == ["", "4403", "4419"]
    url = desk.url("chain.stores_further", **at)
    body = {"csrf_token": desk.csrf(), "province": "44"}
    part = desk.client.post(url, data=body, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert part.lstrip().startswith("<form"), "htmx gets the form alone"
    further = desk.post("chain.stores_further", {"province": "44", "city": "4419"}, status=200, **at)
    assert further.form("/new")["area"] == "441900", "an only child is chosen"
    assert "石排镇" in further.text
    moved = {"province": "44", "city": "4419", "area": "440305", "street": "440305007"}
    assert "石排镇" in desk.post("chain.stores_further", moved, status=200, **at).text
    spread = desk.post("chain.stores_further", {"do": "spread", "every": "9点-21点"}, status=200, **at)
    assert {spread.form("/new")[f"day{number}"] for number in range(7)} == {"9点-21点"}
    wrong = desk.post("chain.stores_further", {"do": "spread", "every": "早上"}, status=200, **at)
    assert "看不懂" in wrong.text
    pasted = {"do": "convert", "pasted": "113.7573，23.0178", "datum": "gcj02"}
    fields = desk.post("chain.stores_find", pasted, status=200, **at).form("/new")
    position = from_datum(23.0178, 113.7573, Datum.GCJ02)
    assert (fields["lat"], fields["lng"]) == (f"{position.lat:.6f}", f"{position.lng:.6f}")
    assert fields["given"] == "23.0178,113.7573,gcj02"
    odd = desk.post("chain.stores_find", {"do": "convert", "pasted": "这里", "datum": "x"}, status=200, **at)
    assert "请写两个数字" in odd.text or "请从列表里选择" in odd.text


def test_what_was_given_is_kept_beside_the_position(desk: Browser, world: World, merchant: MadeMerchant) -> None:
    position = from_datum(23.0178, 113.7573, Datum.GCJ02)
    typed = {"lat": f"{position.lat:.6f}", "lng": f"{position.lng:.6f}", "given": "23.0178,113.7573,gcj02"}
    desk.post("chain.stores_create", {**FORM, **typed}, merchant=merchant.id)
    desk.post("chain.stores_create", {**FORM, **typed, "lat": "23.5"}, merchant=merchant.id)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        first, second = (queries.store(work, line.id) for line in sorted(queries.store_lines(work), key=lambda s: s.id))
    assert first.facts.given is not None
    assert (first.facts.given.lat, first.facts.given.datum) == (23.0178, Datum.GCJ02)
    assert second.facts.given is not None
    assert (second.facts.given.lat, second.facts.given.datum) == (23.5, Datum.WGS84)


def test_an_address_is_found_and_a_candidate_taken(desk: Browser, merchant: MadeMerchant) -> None:
    at = {"merchant": merchant.id}
    where = {key: FORM[key] for key in ("province", "city", "area", "street", "address")}
    sure = desk.post("chain.stores_find", {"do": "find", **where}, status=200, **at).form("/new")
    assert abs(float(sure["lat"]) - 23.087) < 0.02
    several = desk.post("chain.stores_find", {"do": "find", "address": "石排到虎门"}, status=200, **at)
    choices = several.soup.select("input[name=candidate]")
    assert len(choices) == 2
    fields = several.form("/new")
    assert len(json.loads(fields["found"])) == 2
    chosen = {**fields, "candidate": choices[1]["value"], "do": "take"}
    taken = desk.post("chain.stores_find", chosen, status=200, **at).form("/new")
    assert f"{taken['lat']},{taken['lng']}".startswith(choices[1]["value"][:6])
    assert "没有找到这个地址" in desk.post("chain.stores_find", {"address": "火星"}, status=200, **at).text
    assert "请先选地区" in desk.post("chain.stores_find", {}, status=200, **at).text
    desk.post("chain.stores_find", {"found": "[[", "candidate": "x"}, status=200, **at)


def test_two_editors_do_not_overwrite_each_other(desk: Browser, world: World, merchant: MadeMerchant) -> None:
    store = world.store(merchant, "原名")
    at = {"merchant": merchant.id, "store": store.id}
    mine = desk.get("chain.stores_edit", **at).form("/edit")
    theirs = desk.get("chain.stores_edit", **at).form("/edit")
    desk.post("chain.stores_save", {**mine, "name": "甲改的"}, **at)
    seen = desk.post("chain.stores_save", {**theirs, "name": "乙改的"}, status=422, **at)
    assert "刚刚被别人改过" in seen.text
    assert seen.form("/edit")["name"] == "乙改的"


def test_many_stores_are_listed_searched_and_shown_at_once(desk: Browser, world: World, merchant: MadeMerchant) -> None:
    made = [world.store(merchant, f"第 {number:02} 家", listed=False) for number in range(60)]
    at = {"merchant": merchant.id}
    seen = desk.get("chain.stores_list", **at)
    assert listed(seen) == [f"第 {number:02} 家" for number in range(50)]
    more = seen.one("tr.more a")["href"]
    assert listed(desk.open(more)) == [f"第 {number:02} 家" for number in range(50, 60)]
    part = desk.client.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert part.lstrip().startswith("<tr")
    assert part.count("<tr") == 10
    assert listed(desk.get("chain.stores_list", q="07", **at)) == ["第 07 家"]
    ids = [str(store.id) for store in made[:3]]
    desk.post("chain.stores_bulk", {"act": "show", "ids": ids}, **at)
    assert sorted(on_the_street(world)) == ["第 00 家", "第 01 家", "第 02 家"]
    assert len(listed(desk.get("chain.stores_list", state="listed", **at))) == 3
    desk.post("chain.stores_bulk", {"act": "hide", "ids": ids[:2]}, **at)
    assert on_the_street(world) == ["第 02 家"]
    assert "请先勾选门店" in desk.post("chain.stores_bulk", {"act": "show"}, status=422, **at).text
    desk.post("chain.stores_bulk", {"act": "show", "ids": ["x"]}, status=422, **at)
    other = world.store(world.merchant())
    desk.post("chain.stores_bulk", {"act": "hide", "ids": [str(other.id)]}, status=404, **at)


def test_pictures_are_added_ordered_and_taken_away(desk: Browser, world: World, merchant: MadeMerchant) -> None:
    store = world.store(merchant)
    at = {"merchant": merchant.id, "store": store.id}

    def photo(colour: str) -> tuple[io.BytesIO, str]:
        file = io.BytesIO()
        Image.new("RGB", (900, 700), colour).save(file, "JPEG")
        file.seek(0)
        return file, f"{colour}.jpg"

    desk.post("chain.stores_picture_add", {"pictures": [photo("red"), photo("blue")]}, **at)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        first, second = queries.store(work, store.id).pictures
    response = desk.client.get(f"/pictures/{first.wide}")
    assert (response.status_code, response.mimetype) == (200, "image/webp")
    assert "immutable" in response.headers["Cache-Control"]
    assert f"/pictures/{first.small}" in desk.open("/?lat=23.02&lng=113.75").response.get_data(as_text=True)
    desk.post("chain.stores_picture_first", picture=second.id, **at)
    desk.post("chain.stores_picture_remove", picture=first.id, **at)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert [picture.id for picture in queries.store(work, store.id).pictures] == [second.id]
    assert desk.client.get(f"/pictures/{first.wide}").status_code == 404
    desk.post("chain.stores_picture_remove", picture=first.id, status=404, **at)
    bad = desk.post("chain.stores_picture_add", {"pictures": [(io.BytesIO(b"<svg>"), "x.svg")]}, status=422, **at)
    assert "SVG" in bad.text
    assert "请先选择图片" in desk.post("chain.stores_picture_add", {}, status=422, **at).text
    many = [photo("green") for _ in range(9)]
    assert "最多 9 张" in desk.post("chain.stores_picture_add", {"pictures": many}, status=422, **at).text


def test_who_may(browser: Browser, world: World, merchant: MadeMerchant) -> None:
    store = world.store(merchant)
    other = world.store(merchant, "另一家")
    at = {"merchant": merchant.id}
    manager = browser.as_(world.staff(merchant, Role.MANAGER, stores=(store.id,)))
    assert listed(manager.get("chain.stores_list", **at)) == [store.name]
    manager.get("chain.stores_show", store=other.id, status=404, **at)
    manager.post("chain.stores_create", FORM, status=403, **at)
    manager.post("chain.stores_hide", store=store.id, **at)
    finance = browser.as_(world.staff(merchant, Role.FINANCE))
    seen = finance.get("chain.stores_show", store=store.id, **at)
    assert not seen.soup.select("form[method=post][action*=stores]")
    finance.get("chain.stores_new", status=403, **at)
    clerk = browser.as_(world.staff(merchant, Role.CLERK))
    clerk.get("chain.stores_list", status=403, **at)
    stranger = browser.as_(world.staff(world.merchant(), Role.OWNER))
    stranger.get("chain.stores_show", store=store.id, status=404, **at)


def test_the_desk_in_english_and_for_an_alliance(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.ALLIANCE, "老梁米粉")
    world.store(merchant, hours=None)
    desk = browser.as_(world.staff(merchant, Role.OWNER, person=world.person(locale="en")))
    seen = desk.get("alliance.stores_list", merchant=merchant.id)
    assert len(listed(seen)) == 1
    desk.get("alliance.stores_new", merchant=merchant.id)


def test_a_stores_code_is_made_once_and_shows_whom_it_brought(browser: Browser, world: World) -> None:
    merchant = world.merchant(Kind.BRAND)
    store, owner = world.store(merchant, name="茶小满·石排店"), browser.as_(world.staff(merchant))
    where = {"merchant": merchant.id, "store": store.id}
    assert not owner.get("chain.stores_referral", **where).soup.select(".qr")
    owner.post("chain.stores_referral_make", **where)
    page = owner.get("chain.stores_referral", **where)
    address = page.one(".poster a")["href"]
    owner.post("chain.stores_referral_make", **where)
    assert owner.get("chain.stores_referral", **where).one(".poster a")["href"] == address, "made once"
    assert "还没有人通过本店的码注册" in page.text

    guest = browser.as_(None)
    assert "茶小满·石排店 邀请您来街市" in guest.open(address[address.index("/r/") :]).one("h1").text
    guest.post("signin.code_send", {"phone": "15400007799"})
    guest.post("signin.code_check", {"code": world.code_for("15400007799")})
    guest.post("signin.welcome_join", {"name": "欧阳文山", "agreed": "y", "invited": "y"})
    page = owner.get("chain.stores_referral", **where)
    assert "欧阳**" in page.text
    assert "文山" not in page.text
    assert page.one(".card-head .count").text == "1"

    edit = {**owner.get("chain.stores_edit", **where).form("/edit"), "name": "茶小满·新店名"}
    owner.post("chain.stores_save", edit, **where)
    assert "茶小满·新店名 邀请您来街市" in browser.as_(None).open(address[address.index("/r/") :]).one("h1").text

    other = world.merchant(Kind.BRAND)
    stranger = browser.as_(world.staff(other))
    stranger.get("chain.stores_referral", merchant=other.id, store=store.id, status=404)
    stranger.post("chain.stores_referral_make", merchant=other.id, store=store.id, status=404)
    finance = browser.as_(world.staff(merchant, Role.FINANCE))
    finance.get("chain.stores_referral", **where)
    finance.post("chain.stores_referral_make", **where, status=403)
    browser.as_(world.staff(merchant, Role.CLERK)).get("chain.stores_referral", **where, status=403)
