"""The platform reviews goods: what changed, prices with margins, below supply when confirmed, off with a reason."""

from __future__ import annotations

import pytest

from portal.domain.catalogue import actions, queries
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.catalogue import MadeProduct
from tests.factories.world import World


@pytest.fixture
def made(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "松湖优选"))


@pytest.fixture
def reviewer(browser: Browser, world: World) -> Browser:
    return browser.as_(world.operator(Role.PLATFORM_OWNER))


def change(world: World, made: MadeProduct) -> None:
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        version = queries.product(work, made.id).version
        actions.edit(work, made.id, draft=world.product_draft("腊肠礼盒"), version=version)
        actions.submit(work, made.id)


def test_a_second_version_is_read_as_a_diff(world: World, made: MadeProduct, reviewer: Browser) -> None:
    change(world, made)
    assert "改动" in reviewer.get("platform.goods_list").text
    page = reviewer.get("platform.goods_show", product=made.id)
    changed = [row.get_text(" ", strip=True) for row in page.soup.select("table.diff tr.changed")]
    assert len(changed) == 1
    assert "广式腊肠" in changed[0]
    assert "腊肠礼盒" in changed[0]
    form = page.form("refuse")
    refused = reviewer.post("platform.goods_refuse", {**form, "reason": ""}, product=made.id, status=422)
    assert "请填写这一项。" in refused.text
    reviewer.post("platform.goods_refuse", {**form, "reason": "名称夸大"}, product=made.id)
    assert "名称夸大" in reviewer.get("platform.goods_show", product=made.id).text
    late = reviewer.post("platform.goods_approve", page.form("approve"), product=made.id, status=422)
    assert "已经处理过" in late.text


def test_prices_below_supply_need_the_word(world: World, made: MadeProduct, reviewer: Browser) -> None:
    page = reviewer.get("platform.prices_edit", product=made.id)
    form = page.form(f"/prices/{made.id}") | {f"sale-{made.skus[0]}": "31.99", f"member-{made.skus[1]}": "70"}
    form.pop("key")
    refused = reviewer.post("platform.prices_save", form, product=made.id, status=422)
    assert "低于供货价" in refused.text
    assert refused.form(f"/prices/{made.id}")[f"sale-{made.skus[0]}"] == "31.99"
    reviewer.post("platform.prices_save", {**form, "below": "1"}, product=made.id)
    listed = reviewer.get("platform.prices_list", margin="loss")
    assert "−¥0.01" in listed.text
    assert len(listed.soup.select("#prices tbody tr")) == 1
    for typed, sentence in (("0", "大于 0"), ("abc", "数字"), ("", "金额"), ("9" * 20, "太大")):
        bad = {**form, f"sale-{made.skus[0]}": typed}
        assert sentence in reviewer.post("platform.prices_save", bad, product=made.id, status=422).text


def test_off_sale_only_with_a_reason(world: World, made: MadeProduct, reviewer: Browser) -> None:
    assert "请填写" in reviewer.post("platform.goods_off", {"reason": " "}, product=made.id, status=422).text
    reviewer.post("platform.goods_off", {"reason": "收到投诉"}, product=made.id)
    assert "收到投诉" in reviewer.get("platform.goods_show", product=made.id).text
    assert world.product_now(made).forced_off


def test_brands(world: World, reviewer: Browser) -> None:
    assert (
        "品牌已添加"
        in reviewer.follow(reviewer.post("platform.brands_add", {"name": "莞味", "name_en": "Guanwei"})).text
    )
    assert "已经有这个品牌" in reviewer.post("platform.brands_add", {"name": "莞味"}, status=422).text
    with world.work(Face.PLATFORM) as work:
        brand = queries.brands(work)[0].id
    reviewer.post("platform.brands_hide", brand=brand)
    assert "启用" in reviewer.get("platform.brands_list").text
    reviewer.post("platform.brands_show", brand=brand)


def test_who_may(world: World, made: MadeProduct, browser: Browser) -> None:
    finance = browser.as_(world.operator(Role.PLATFORM_FINANCE))
    finance.get("platform.prices_list")
    finance.get("platform.prices_edit", product=made.id)
    finance.get("platform.goods_list", status=403)
    reviews = browser.as_(world.operator(Role.PLATFORM_REVIEWER))
    reviews.get("platform.goods_show", product=made.id)
    reviews.get("platform.price_changes_list")
    reviews.post("platform.price_changes_decide", status=403)
    reviews.get("platform.prices_edit", product=made.id, status=403)
