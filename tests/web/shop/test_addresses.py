"""The address book: typed, pasted, in a chain of selects with and without a script, and nobody else's business."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.domain.identity.models import Address
from portal.domain.identity.values import ADDRESSES_MOST
from portal.domain.regions import actions as regions
from portal.domain.regions.values import Level, RegionName
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World

DIVISIONS = (
    RegionName("11", "北京市", Level.PROVINCE, None),
    RegionName("1101", "市辖区", Level.CITY, "11"),
    RegionName("110105", "朝阳区", Level.AREA, "1101"),
    RegionName("110108", "海淀区", Level.AREA, "1101"),
    RegionName("44", "广东省", Level.PROVINCE, None),
    RegionName("4403", "深圳市", Level.CITY, "44"),
    RegionName("440305", "南山区", Level.AREA, "4403"),
    RegionName("4419", "东莞市", Level.CITY, "44"),
    RegionName("441900", "东莞市", Level.AREA, "4419"),
    RegionName("441900004", "南城街道", Level.STREET, "441900"),
    RegionName("441900107", "石排镇", Level.STREET, "441900"),
)
GOOD = {
    "recipient": "王秀兰",
    "phone": "154 0000 1234",
    "province": "44",
    "city": "4419",
    "area": "441900",
    "street": "441900004",
    "detail": "体育路 8 号 3 栋 602",
}


@pytest.fixture(autouse=True)
def divisions(world: World) -> None:
    """A few divisions of the real list."""
    with world.work(Face.JOB) as work:
        regions.load(work, DIVISIONS)


@pytest.fixture
def mine(browser: Browser, world: World) -> Browser:
    """A signed-in person's browser."""
    return browser.as_(world.person())


def codes(page, name: str) -> list[str]:
    return [option["value"] for option in page.soup.select(f"select[name={name}] option")]


def chosen(page, name: str) -> str:
    picked = page.soup.select_one(f"select[name={name}] option[selected]")
    return picked["value"] if picked else ""


def test_an_address_is_kept_as_it_was_typed(mine: Browser, world: World) -> None:
    mine.post("shop.addresses_add", GOOD)
    page = mine.get("shop.addresses_list")
    assert "154 0000 1234" in page.text
    assert "广东省 东莞市 南城街道 体育路 8 号 3 栋 602" in page.text, "东莞市 is said once"
    assert "默认" in page.text, "the first one is the default"


def test_one_pasted_line_fills_every_field(mine: Browser) -> None:
    line = "收货人：王秀兰 １５４００００１２３４ 广东省东莞市南城街道体育路 8 号 3 栋 602"
    page = mine.post("shop.addresses_paste", {"paste": line}, status=200)
    filled = page.form("addresses/new")
    assert filled["recipient"] == "王秀兰"
    assert filled["phone"] == "15400001234"
    assert [filled[name] for name in ("province", "city", "area", "street")] == ["44", "4419", "441900", "441900004"]
    assert filled["detail"] == "体育路 8 号 3 栋 602"
    mine.post("shop.addresses_add", filled)
    mine.get("shop.addresses_list")


def test_what_the_line_does_not_say_stays(mine: Browser) -> None:
    page = mine.post("shop.addresses_paste", {**GOOD, "paste": "深圳市南山区科技园1号"}, status=200)
    filled = page.form("addresses/new")
    assert (filled["recipient"], filled["phone"]) == ("王秀兰", "154 0000 1234")
    assert (filled["area"], filled["street"]) == ("440305", "")


def test_a_line_that_says_nothing_breaks_nothing(mine: Browser) -> None:
    for line in ("", "😀" * 100, "9" * 100_000, "-1", "……", "<script>alert(1)</script>"):
        page = mine.post("shop.addresses_paste", {**GOOD, "paste": line}, status=200)
        assert page.form("addresses/new")["recipient"]


def test_selects_follow_each_other(mine: Browser) -> None:
    page = mine.get("shop.addresses_new")
    assert codes(page, "province") == ["", "11", "44"]
    assert codes(page, "city") == [""]
    further = mine.post("shop.addresses_further", {"province": "11"}, status=200)
    assert chosen(further, "city") == "1101", "an only child is chosen"
    assert codes(further, "area") == ["", "110105", "110108"]
    moved = mine.post("shop.addresses_further", {**GOOD, "province": "11"}, status=200)
    assert (chosen(moved, "city"), chosen(moved, "area"), chosen(moved, "street")) == ("1101", "", "")
    assert moved.form("addresses/new")["detail"] == GOOD["detail"], "nothing typed is lost"


def test_htmx_gets_the_form_alone(mine: Browser) -> None:
    data = {"csrf_token": mine.csrf(), "province": "44"}
    answer = mine.client.post("/me/addresses/further", data=data, headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert "<html" not in text
    assert 'name="city"' in text
    assert "4419" in text


WRONG = (
    *(("recipient", ""), ("recipient", "x" * 41), ("phone", "12345"), ("phone", "-1"), ("detail", "")),
    *(("detail", "x" * 121), ("detail", "9" * 100_000), ("province", "99"), ("province", ""), ("area", "")),
)


def test_what_is_wrong_is_said_and_nothing_is_lost(mine: Browser) -> None:
    for field, value in WRONG:
        data = {**GOOD, field: value}
        if field == "area":
            data |= {"province": "11", "city": "1101"}
        page = mine.post("shop.addresses_add", data, status=422)
        assert page.soup.select(".error-summary li"), field
        kept = page.form("addresses/new")
        assert all(kept[name] == data[name] for name in ("recipient", "phone", "detail"))
    assert "还没有收货地址" in mine.get("shop.addresses_list").text


def test_change_default_and_delete(browser: Browser, world: World) -> None:
    person = world.person()
    mine, first = browser.as_(person), world.address(person)
    mine.post("shop.addresses_add", {**GOOD, "recipient": "第二位", "is_default": "y"})
    page = mine.get("shop.addresses_list")
    assert page.soup.select(".rows li")[0].get_text().count("默认") == 1
    mine.post("shop.addresses_default", address=first)
    form = mine.get("shop.addresses_edit", address=first).form(str(first))
    assert form["detail"] == "体育路 8 号 3 栋 602"
    mine.post("shop.addresses_save", {**GOOD, "recipient": "改过的"}, address=first)
    assert "改过的" in mine.get("shop.addresses_list").soup.select(".rows li")[0].get_text(), "the default stays one"
    mine.post("shop.addresses_remove", address=first)
    left = mine.get("shop.addresses_list").soup.select(".rows li")
    assert len(left) == 1
    assert "默认" in left[0].get_text(), "the other one inherits"


def test_another_persons_address_is_not_there(browser: Browser, world: World) -> None:
    address = world.address(world.person())
    stranger = browser.as_(world.person())
    stranger.get("shop.addresses_edit", address=address, status=404)
    for act in ("shop.addresses_save", "shop.addresses_remove", "shop.addresses_default"):
        stranger.post(act, GOOD, address=address, status=404)
    stranger.post("shop.addresses_further", {**GOOD, "address": str(address)}, status=404)
    with world.work(Face.PERSON, person=stranger.world.person().id) as work:
        assert work.session.scalar(select(func.count()).select_from(Address)) == 0


def test_the_book_is_full_at_fifty(browser: Browser, world: World) -> None:
    person = world.person()
    for number in range(ADDRESSES_MOST):
        world.address(person, is_default=number == 0)
    page = browser.as_(person).post("shop.addresses_add", GOOD, status=422)
    assert "最多 50 条" in page.text


def test_the_same_form_twice_is_one_address(mine: Browser) -> None:
    key = "0190a000-0000-7000-8000-000000000001"
    mine.post("shop.addresses_add", GOOD, key=key)
    mine.post("shop.addresses_add", GOOD, key=key)
    assert len(mine.get("shop.addresses_list").soup.select(".rows > li")) == 1
