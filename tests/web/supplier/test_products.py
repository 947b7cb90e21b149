"""A supplier's pages: from an empty form to the street; bad input keeps the form; goods of others are not there."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.client import Browser, Seen
from tests.factories.catalogue import MadeProduct
from tests.factories.onboarding import photo
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

GOOD = {
    "name": "广式腊肠 自然晾晒",
    "returnable": "auto",
    "detail": "广东东莞，自然晾晒十五天。",
    "option0_name": "口味",
    "option0_values": "原味、麻辣",
    "option1_name": "重量",
    "option1_values": "250 克、500 克",
}


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "松湖优选")


@pytest.fixture
def owner(browser: Browser, world: World, supplier: MadeMerchant) -> Browser:
    return browser.as_(world.staff(supplier, Role.OWNER))


@pytest.fixture
def reviewer(browser: Browser, world: World) -> Browser:
    return browser.as_(world.operator(Role.PLATFORM_OWNER))


def combined(owner: Browser, supplier: MadeMerchant, **facts: str) -> Seen:
    return owner.post("supplier.products_combine", {**GOOD, **facts}, merchant=supplier.id, status=200)


def filled(seen: Seen, category: object, **facts: str) -> dict[str, str]:
    """The form with every row of its table filled in."""
    data = seen.form("/products/new") | {"category": str(category)}
    for at in range(len(seen.soup.select(".matrix > li"))):
        data |= {f"skus-{at}-supply": f"{32 + at}", f"skus-{at}-suggested": "45.90", f"skus-{at}-grams": "500"}
        data |= {f"skus-{at}-opening": "20", f"skus-{at}-low_mark": "5"}
    return data | facts


def test_from_an_empty_form_to_the_street(
    world: World, supplier: MadeMerchant, owner: Browser, reviewer: Browser
) -> None:
    at = {"merchant": supplier.id}
    assert "还没有商品" in owner.get("supplier.products_list", **at).text
    owner.get("supplier.products_new", **at)
    table = combined(owner, supplier)
    labels = [one.get_text() for one in table.soup.select(".matrix > li > strong")]
    assert labels == ["原味 / 250 克", "原味 / 500 克", "麻辣 / 250 克", "麻辣 / 500 克"]
    data = filled(table, world.category())
    shown = owner.follow(owner.post("supplier.products_create", data, **at))
    assert "草稿已保存" in shown.text
    assert "至少一张才能提交审核" in shown.text
    product = shown.response.request.path.rsplit("/", 1)[1]
    refused = owner.post("supplier.products_submit", product=product, status=422, **at)
    assert "至少要有一张图片" in refused.text
    files = {"pictures": (io.BytesIO(photo((180, 60, 40))), "a.jpg")}
    seen = owner.post("supplier.products_photo_add", files, product=product, **at)
    assert "封面" in owner.follow(seen).text
    assert "审核中" in owner.follow(owner.post("supplier.products_submit", product=product, **at)).text
    assert "广式腊肠 自然晾晒" in reviewer.get("platform.goods_list").text
    page = reviewer.get("platform.goods_show", product=product)
    assert "供货 ¥33.00，建议 ¥45.90，500 克" in page.text
    form = page.form("approve")
    assert [value for name, value in form.items() if name.startswith("sale-")] == ["45.90"] * 4
    done = reviewer.follow(reviewer.post("platform.goods_approve", form, product=product))
    assert "已通过，商品上架了" in done.text
    assert "在售" in owner.get("supplier.products_show", product=product, **at).text
    assert "广式腊肠 自然晾晒" in owner.get("supplier.products_prices", **at).text
    listed = reviewer.get("platform.prices_list", q="腊肠").text
    assert "¥13.90" in listed
    assert "30.2%" in listed


BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": ""}, "请填写这一项。"),
    ({"name": "长" * 61}, "最多 60 个字"),
    ({"category": ""}, "请选择商品类目。"),
    ({"category": str(uuid4())}, "请选择商品类目。"),
    ({"skus-1-supply": "0"}, "价格要大于 0。"),
    ({"skus-1-supply": ""}, "请填写这一项。"),
    ({"skus-1-supply": "-5"}, "金额不能是负数。"),
    ({"skus-1-supply": "9" * 30}, "金额太大了"),
    ({"skus-1-supply": "99"}, "建议零售价不能低于供货价。"),
    ({"skus-1-grams": "0"}, "重量请填"),
    ({"skus-1-opening": "-3"}, "请填写一个整数。"),
    ({"skus-1-opening": "99999999999"}, "请填写一个整数。"),
    ({"skus-1-barcode": "6901234567893"}, "条码的校验位不对"),
    ({"skus-0-code": "A1", "skus-1-code": "A1"}, "商家编码重复了"),
    ({"option0_values": "原味、麻辣、蒜香"}, "生成规格表"),
    ({"option0_values": "原味、原味"}, "重复的值"),
    ({"skus-1-combo": "x"}, "生成规格表"),
)


@pytest.mark.parametrize(("change", "sentence"), BAD)
def test_bad_input_keeps_the_form(
    world: World, supplier: MadeMerchant, owner: Browser, change: dict[str, str], sentence: str
) -> None:
    data = filled(combined(owner, supplier), world.category(), detail="🍒𠮷 手写的介绍") | change
    seen = owner.post("supplier.products_create", data, merchant=supplier.id, status=422)
    assert sentence in seen.text
    kept = seen.form("/products/new")
    for name in ("detail", "skus-0-supply", "skus-3-supply", *change):
        assert kept[name] == data[name] or name.endswith("combo") or name == "category", name


def test_more_options_keep_what_was_typed(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    data = filled(combined(owner, supplier), world.category()) | {
        "option0_values": "原味、麻辣、蒜香",
        "skus-1-supply": "38.80",
    }
    seen = owner.post("supplier.products_combine", data, merchant=supplier.id, status=200)
    form = seen.form("/products/new")
    assert len(seen.soup.select(".matrix > li")) == 6
    assert (form["skus-1-supply"], form["skus-5-suggested"]) == ("38.80", "45.90")
    half = owner.post("supplier.products_combine", {**GOOD, "option0_name": ""}, merchant=supplier.id, status=200)
    assert "规格要有名称" in half.text


def test_fresh_food_is_not_taken_back_unless_said(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    for chosen, said in (("auto", "不支持"), ("yes", "支持")):
        data = filled(combined(owner, supplier), world.category("goods-fruit"), returnable=chosen)
        shown = owner.follow(owner.post("supplier.products_create", data, merchant=supplier.id))
        assert f"七天无理由退货 {said}" in shown.text


@pytest.fixture
def made(world: World, supplier: MadeMerchant) -> MadeProduct:
    return world.product(supplier, stock=10, low_mark=3)


def test_stock_and_price_of_one_sku(world: World, made: MadeProduct, owner: Browser, reviewer: Browser) -> None:
    at = {"merchant": made.merchant_id, "product": made.id, "sku": made.skus[0]}
    owner.get("supplier.skus_show", **at)
    seen = owner.post("supplier.skus_stock", {"kind": "received", "quantity": "5"}, **at)
    assert "现在可用 15 件" in owner.follow(seen).text
    for data, sentence in (
        ({"kind": "damaged", "quantity": "99", "stock_note": "受潮"}, "现在可用 15 件"),
        ({"kind": "damaged", "quantity": "１"}, "请填写这一项。"),
        ({"kind": "taken", "quantity": "1"}, "请选择原因。"),
        ({"kind": "received", "quantity": ""}, "请填写这一项。"),
    ):
        refused = owner.post("supplier.skus_stock", data, status=422, **at)
        assert sentence in refused.text
        assert refused.form("/stock")["quantity"] == data["quantity"]
    asked = owner.post("supplier.skus_price", {"supply": "40", "suggested": "50", "note": "原料涨价"}, **at)
    assert "平台批准前按旧价结算" in owner.follow(asked).text
    page = reviewer.get("platform.price_changes_list")
    assert "+25.0%" in page.text
    assert "原料涨价" in page.text
    ids = [str(one["value"]) for one in page.soup.select("input[name=ids]")]
    refused = reviewer.post("platform.price_changes_decide", {"ids": ids, "act": "refuse"}, status=422)
    assert "请填写这一项。" in refused.text
    reviewer.post("platform.price_changes_decide", {"ids": ids, "act": "approve"})
    assert "¥32 → ¥40" in owner.get("supplier.skus_show", **at).text
    assert "没有待批的调价" in reviewer.get("platform.price_changes_list").text
    assert world.product_now(made).skus[0].supply_fen == 4000
    owner.post("supplier.skus_split", {"buckets": "4"}, **at)
    assert "第 4 格" in owner.get("supplier.skus_show", **at).text


def test_many_at_once_are_looked_at_first(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    one, two = world.product(supplier, "甲"), world.product(supplier, "乙")
    draft = world.product(supplier, "丙", on_sale=False, submit=False)
    at, ids = {"merchant": supplier.id}, [str(made.id) for made in (one, two, draft)]
    way = owner.post("supplier.products_bulk", {"act": "adjust", "ids": ids}, **at)
    assert "选中 3 件商品" in owner.follow(way).text
    data = {"ids": ids, "what": "percent", "direction": "up", "figure": "5%", "note": "换季"}
    preview = owner.post("supplier.products_preview", data, status=200, **at)
    assert "4 个规格会变" in preview.text
    assert "¥33.60" in preview.text
    assert world.product_now(one).skus[0].supply_fen == 3200, "looking changes nothing"
    done = owner.follow(owner.post("supplier.products_apply", data, **at))
    assert "已改 4 个规格。" in done.text
    assert world.product_now(one).skus[0].supply_fen == 3360
    owner.post("supplier.products_apply", {**data, "what": "count", "figure": "7"}, **at)
    assert [sku.available for sku in world.product_now(draft).skus] == [7, 7]
    for change, sentence in (
        ({"figure": "abc"}, "1 到 100"),
        ({"what": "amount", "direction": "down", "figure": "99999"}, "小于 0"),
        ({"what": "receive", "figure": "-1"}, "整数"),
        ({"what": "count", "figure": "7"}, "没有要改的"),
    ):
        seen = owner.post("supplier.products_apply", {**data, **change}, status=422, **at)
        assert sentence in seen.text
        assert seen.form("preview")["figure"] == change["figure"]
    off = owner.follow(owner.post("supplier.products_bulk", {"act": "off", "ids": ids}, **at))
    assert "已下架 2 件。1 件现在的状态不能这样操作" in off.text
    nothing = owner.post("supplier.products_bulk", {"act": "on"}, status=422, **at)
    assert "请先勾选商品" in nothing.text


def test_what_a_product_cannot_do_now_is_said_on_its_page(supplier: MadeMerchant, owner: Browser, world: World) -> None:
    made = world.product(supplier, "荔枝干", on_sale=False, submit=False)
    at = {"merchant": supplier.id, "product": made.id}
    for endpoint in ("products_off", "products_on"):
        seen = owner.post(f"supplier.{endpoint}", {"reason": "换季"}, status=422, **at)
        assert len(seen.soup.select(".error-summary")) == 1


def test_lists_filter_and_search(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    world.product(supplier, "抽纸 24 包", stock=2, low_mark=3)
    world.product(supplier, "荔枝干", on_sale=False, submit=False)
    at = {"merchant": supplier.id}
    assert "荔枝干" not in owner.get("supplier.products_list", state="on_sale", **at).text
    assert "荔枝干" not in owner.get("supplier.products_list", low="1", **at).text
    assert "补货" in owner.get("supplier.products_list", q="抽纸", sort="stock", **at).text
    assert "没有这样的商品" in owner.get("supplier.products_list", q="螺丝刀", **at).text
    assert "抽纸" in owner.get("supplier.products_list", category="grocery", **at).text


def test_another_suppliers_goods_are_not_there(world: World, made: MadeProduct, browser: Browser) -> None:
    other = world.merchant(Kind.SUPPLIER, "岭南果源")
    stranger = browser.as_(world.staff(other, Role.OWNER))
    at = {"merchant": other.id, "product": made.id}
    for endpoint in ("products_show", "products_edit"):
        stranger.get(f"supplier.{endpoint}", status=404, **at)
    for endpoint in ("products_submit", "products_on", "products_off", "products_withdraw"):
        stranger.post(f"supplier.{endpoint}", status=404, **at)
    stranger.get("supplier.skus_show", sku=made.skus[0], status=404, **at)
    price = {"supply": "1", "suggested": "1"}
    stranger.post("supplier.skus_price", price, sku=made.skus[0], status=404, **at)
    mine = world.product(other, "自己的")
    stranger.post("supplier.skus_price", price, merchant=other.id, product=mine.id, sku=made.skus[0], status=404)
    stranger.post("supplier.products_bulk", {"act": "off", "ids": [str(made.id)]}, merchant=other.id, status=404)


def test_the_shipper_counts_but_does_not_write(
    world: World, made: MadeProduct, supplier: MadeMerchant, browser: Browser
) -> None:
    shipper = browser.as_(world.staff(supplier, Role.SHIPPER))
    at = {"merchant": supplier.id, "product": made.id}
    assert "新建商品" not in shipper.get("supplier.products_list", merchant=supplier.id).text
    shipper.get("supplier.products_edit", status=403, **at)
    shipper.post("supplier.skus_stock", {"kind": "received", "quantity": "1"}, sku=made.skus[0], **at)
    shipper.post("supplier.skus_price", {"supply": "1", "suggested": "1"}, sku=made.skus[0], status=403, **at)


def test_pictures_are_put_in_order_and_taken_away(world: World, supplier: MadeMerchant, owner: Browser) -> None:
    draft = world.product(supplier, on_sale=False, submit=False)
    at = {"merchant": supplier.id, "product": draft.id}
    files = {"pictures": (io.BytesIO(photo((20, 60, 140))), "b.jpg")}
    owner.post("supplier.products_photo_add", files, **at)
    first, second = world.product_now(draft).photos
    owner.post("supplier.products_photo_move", {"to": "up"}, photo=second.id, **at)
    assert [one.id for one in world.product_now(draft).photos] == [second.id, first.id]
    for one in (first, second):
        owner.post("supplier.products_photo_remove", photo=one.id, **at)
    assert not world.product_now(draft).photos
    owner.post("supplier.products_photo_remove", photo=first.id, status=404, **at)
