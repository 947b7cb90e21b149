"""A supplier's freight pages: written, shaped, copied, tried, given to goods; bad input keeps the form."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portal.domain.freight import queries
from portal.domain.regions.actions import load
from portal.domain.regions.values import Level, RegionName
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.web.platform.test_pages import counted

GOOD = {
    "unit": "weight",
    "name": "普通商品",
    "default": "y",
    "free_over": "99",
    "rest": "served",
    "first": "1",
    "first_fee": "8",
    "next": "１",
    "next_fee": "3.5",
    "zones-0-provinces": "45",
    "zones-0-cities": "东莞、海南",
    "zones-0-first": "0.5",
    "zones-0-first_fee": "5",
    "zones-0-next": "1",
    "zones-0-next_fee": "2",
    "zones-0-free_over": "",
    "unserved_provinces": "65",
    "unserved": "西藏 港澳台",
}


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    regions = (
        ("44", "广东省"),
        ("45", "广西壮族自治区"),
        ("46", "海南省"),
        ("54", "西藏自治区"),
        ("65", "新疆维吾尔自治区"),
    )
    with world.work(Face.JOB) as work:
        cities = [RegionName("4419", "东莞市", Level.CITY, "44")]
        load(work, [RegionName(code, name, Level.PROVINCE, None) for code, name in regions] + cities)
    return world.merchant(Kind.SUPPLIER, "岭南果源")


@pytest.fixture
def owner(browser: Browser, world: World, supplier: MadeMerchant) -> Browser:
    return browser.as_(world.staff(supplier, Role.OWNER))


def only(world: World, supplier: MadeMerchant) -> queries.Template:
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        return queries.templates(work)[0]


def test_from_nothing_to_a_fee(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    at = {"merchant": supplier.id}
    assert "现在所有商品都包邮" in owner.get("supplier.freight_list", **at).text
    assert "还没有运费模板" in owner.get("supplier.freight_try", **at).text
    blank = owner.get("supplier.freight_new", unit="weight", **at)
    assert "首重（千克）" in blank.text
    assert blank.form("/freight/new")["default"] == "y"
    assert "首件（件）" in owner.get("supplier.freight_new", unit="piece", **at).text
    shown = owner.follow(owner.post("supplier.freight_create", GOOD, **at))
    for word in (
        "普通商品",
        "首重 1 kg ¥8 + 续重 1 × ¥3.50",
        "满 ¥99 包邮",
        "1 个地区",
        "新疆、西藏、香港、澳门、台湾",
    ):
        assert word in shown.text, word
    made = only(world, supplier)
    assert made.draft.zones[0].codes == ("45", "4419", "46")
    edit = owner.get("supplier.freight_edit", template=made.id, **at)
    form = edit.form("/edit")
    assert (form["zones-0-cities"], form["zones-0-first"], form["next_fee"]) == ("东莞", "0.5", "3.50")
    again = owner.follow(owner.post("supplier.freight_save", {**form, "name": "改过"}, template=made.id, **at))
    assert "改过" in again.text
    late = owner.post(
        "supplier.freight_save", {**form, "name": "再改", "key": str(uuid4())}, template=made.id, status=422, **at
    )
    assert "别人刚刚改过这个模板" in late.text
    for to, pieces, word in (
        ("东莞", "1", "首重 0.5 kg ¥5 + 续重 1 × ¥2"),
        ("拉萨", "1", "没有找到"),
        ("澳门", "1", "不送到澳门"),
    ):
        status = 422 if to == "拉萨" else 200
        tried = owner.get("supplier.freight_try", to=to, pieces=pieces, kilos="1.2", goods="20", status=status, **at)
        assert word in tried.text
    assert (
        "满 ¥99 包邮，还差 ¥79"
        in owner.get("supplier.freight_try", to="东莞", pieces="1", kilos="1", goods="20", **at).text
    )


def test_regions_come_and_go_without_a_script(supplier: MadeMerchant, owner: Browser) -> None:
    at = {"merchant": supplier.id}
    more = owner.post("supplier.freight_shape", {**GOOD, "act": "add", "zones-0-first_fee": "五块"}, status=200, **at)
    form = more.form("/freight/new")
    assert (form["zones-0-first_fee"], form["zones-1-first"], form["zones-0-provinces"]) == ("五块", "1", "45")
    less = owner.post("supplier.freight_shape", {**form, "act": "drop-0", "zones-1-cities": "广东"}, status=200, **at)
    assert less.form("/freight/new")["zones-0-cities"] == "广东"
    assert len(less.soup.select(".zones > li")) == 1
    first = less.soup.select_one("form.freight button[type=submit]")
    assert first is not None
    assert not first.has_attr("formaction"), "Enter saves, it does not take a region away"
    for act in ("drop-99", "drop-x", "", "drop-²"):
        owner.post("supplier.freight_shape", {**GOOD, "act": act}, status=200, **at)
    owner.post("supplier.freight_shape", {**GOOD, "template": str(uuid4())}, status=404, **at)


BAD = (
    ({"name": ""}, "请填写这一项。"),
    ({"first": "0"}, "重量请填 0.001 到 1000 千克。"),
    ({"first": "一"}, "重量请写成千克数"),
    ({"next": "1e3"}, "重量请写成千克数"),
    ({"first_fee": ""}, "请填写金额。"),
    ({"first_fee": "-1"}, "金额不能是负数。"),
    ({"next_fee": "10000.01"}, "运费请填 0 到 10000 元。"),
    ({"free_over": "0"}, "包邮门槛要大于 0"),
    ({"unit": "piece", "first": "1.5"}, "请填写一个整数。"),
    ({"zones-0-cities": "东宛市"}, "是不是“东莞市”"),
    ({"zones-0-cities": "", "zones-0-provinces": ""}, "请选择这个价格适用的地区。"),
    ({"zones-0-cities": "新疆"}, "新疆维吾尔自治区 已经在别的地区里了。"),
    ({"zones-0-provinces": "99"}, "没有这个地区，请重新选择。"),
    ({"zones-0-first_fee": "x"}, "金额请写成数字"),
    ({"zones-0-free_over": "-3"}, "金额不能是负数。"),
    ({"unserved": "火星"}, "没有找到“火星”"),
)


def test_bad_input_keeps_the_form(supplier: MadeMerchant, owner: Browser) -> None:
    for change, sentence in BAD:
        data = GOOD | change
        seen = owner.post("supplier.freight_create", data, merchant=supplier.id, status=422)
        assert sentence in seen.text, change
        kept = seen.form("/freight/new")
        for name in (*GOOD, *change):
            if not name.endswith("provinces"):
                assert kept[name] == data[name], name


def test_goods_follow_templates(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    at = {"merchant": supplier.id}
    owner.get("supplier.freight_goods", **at)
    one, two = world.product(supplier, "荔枝干"), world.product(supplier, "桂味")
    owner.post("supplier.freight_create", GOOD, **at)
    made = only(world, supplier)
    copied = owner.post("supplier.freight_copy", {}, template=made.id, **at)
    assert "普通商品 副本" in owner.follow(copied).text
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        other = next(row for row in queries.templates(work) if row.id != made.id)
    done = owner.post("supplier.freight_assign", {"ids": [str(one.id), str(two.id)], "to": str(other.id)}, **at)
    assert "已给 2 件商品换了运费" in owner.follow(done).text
    owner.post("supplier.freight_assign", {"ids": [str(two.id)], "to": "default"}, **at)
    assert "荔枝干" in owner.get("supplier.freight_goods", follows=other.id, **at).text
    assert "荔枝干" not in owner.get("supplier.freight_goods", follows="default", **at).text
    assert "没有这样的商品" in owner.get("supplier.freight_goods", q="没有的", **at).text
    for data, sentence in (({"ids": [str(one.id)]}, "请选择要用的运费模板"), ({"to": "default"}, "请先勾选商品")):
        assert sentence in owner.post("supplier.freight_assign", data, status=422, **at).text
    refused = owner.post("supplier.freight_remove", {}, template=other.id, status=422, **at)
    assert "有 1 件商品在用这个模板" in refused.text
    assert "请选择由哪一个接替" in owner.post("supplier.freight_remove", {}, template=made.id, status=422, **at).text
    owner.post("supplier.freight_default", {}, template=other.id, **at)
    owner.post("supplier.freight_remove", {"instead": str(other.id)}, template=made.id, **at)
    last = only(world, supplier)
    assert (last.id, last.is_default, last.goods) == (other.id, True, 1)


def test_templates_of_others_are_not_there(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    other = world.merchant(Kind.SUPPLIER)
    neighbour = owner.as_(world.staff(other, Role.OWNER))
    neighbour.post("supplier.freight_create", GOOD, merchant=other.id)
    made, at = only(world, other), {"merchant": supplier.id}
    owner.get("supplier.freight_edit", template=made.id, status=404, **at)
    for page in ("save", "copy", "default", "remove"):
        owner.post(f"supplier.freight_{page}", GOOD, template=made.id, status=404, **at)
    product = world.product(supplier)
    owner.post("supplier.freight_assign", {"ids": [str(product.id)], "to": str(made.id)}, status=404, **at)
    shipper = owner.as_(world.staff(supplier, Role.SHIPPER))
    shipper.get("supplier.freight_list", status=403, **at)


def test_pages_ask_little(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    for name in ("荔枝干", "桂味"):
        world.product(supplier, name)
        owner.post("supplier.freight_create", {**GOOD, "name": name}, merchant=supplier.id)
    at, made = {"merchant": supplier.id}, only(world, supplier)
    pages = (("list", {}), ("edit", {"template": made.id}), ("goods", {}), ("try", {"to": "东莞"}))
    for page, more in pages:
        with counted(world) as statements:
            owner.get(f"supplier.freight_{page}", **at, **more)
        assert len(statements) <= 12, (page, len(statements))
