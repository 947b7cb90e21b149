"""From the goods' page to the paid order in the browser; and what a page may not decide."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import event

from portal.domain.ordering.values import OrderState
from portal.domain.tenants.values import Kind
from tests.client import Browser, Seen, fields_of
from tests.factories.catalogue import MadeProduct
from tests.factories.persons import MadePerson
from tests.factories.world import World


@pytest.fixture
def goods(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), "抽纸 24 包", stock=10)


@pytest.fixture
def buyer(world: World) -> MadePerson:
    person = world.person("陈静")
    world.address(person)
    return person


def cart_form(seen: Seen) -> dict[str, str]:
    return fields_of(seen.one("form#cart"))


def test_from_the_shelf_to_the_paid_order(
    browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson
) -> None:
    shop = browser.as_(buyer)
    wish = {"product": str(goods.id), "sku": str(goods.skus[0]), "quantity": "2"}
    shop.post("shop.cart_add", wish)
    cart = shop.get("shop.cart_show")
    assert "抽纸 24 包" in cart.text
    assert "91.80" in cart.text.replace(" ", "")
    shop.post("shop.cart_save", {**cart_form(cart), "act": "checkout"})
    checkout = shop.get("shop.checkout_show")
    paying = shop.post("shop.checkout_place", checkout.form("/checkout"))
    payment = shop.follow(paying)
    assert "91.80" in payment.text.replace(" ", "")
    made = world.last_orders(buyer)[0]
    world.pay(made)
    landed = shop.get("shop.checkouts_show", checkout=made.checkout_id)
    assert "支付成功" in landed.text
    assert made.number in shop.get("shop.orders_show", order=made.id).text.replace(" ", "")
    assert "待发货" in shop.get("shop.orders_list").text
    assert "购物车是空的" in shop.get("shop.cart_show").text


def test_buttons_of_the_cart_keep_what_was_typed(
    browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson
) -> None:
    world.in_cart(buyer, (goods, 1), (goods, 2, 1))
    shop = browser.as_(buyer)
    form = cart_form(shop.get("shop.cart_show"))
    first, second = (str(one) for one in goods.skus)
    form |= {f"q-{second}": "3", "chosen": first, "act": f"more:{first}"}
    shop.post("shop.cart_save", form)
    now = cart_form(shop.get("shop.cart_show"))
    assert (now[f"q-{first}"], now[f"q-{second}"]) == ("2", "3")
    shop.post("shop.cart_save", {**now, "act": f"remove:{second}"})
    assert "已移走" in shop.get("shop.cart_show").text
    shop.post("shop.cart_undo")
    assert f"q-{second}" in cart_form(shop.get("shop.cart_show"))


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "99999", "一", "", "１"])
def test_a_number_that_is_none_is_told(
    browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson, typed: str
) -> None:
    world.in_cart(buyer, (goods, 1))
    shop = browser.as_(buyer)
    form = cart_form(shop.get("shop.cart_show")) | {f"q-{goods.skus[0]}": typed, "act": "save"}
    assert "数量请填" in shop.post("shop.cart_save", form, status=422).text


@pytest.mark.parametrize("tampered", [{"shown": "1"}, {"shown": "-5"}, {"shown": "x"}, {"mark": "0" * 16}])
def test_a_page_does_not_decide_what_is_paid(
    browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson, tampered: dict[str, str]
) -> None:
    world.in_cart(buyer, (goods, 1))
    shop = browser.as_(buyer)
    form = shop.get("shop.checkout_show").form("/checkout") | tampered
    again = shop.post("shop.checkout_place", form, status=422)
    assert "有变化" in again.text
    assert world.last_orders(buyer) == ()
    shop.post("shop.checkout_place", again.form("/checkout"))
    assert world.last_orders(buyer)[0].total_fen == 4590


def test_anothers_address_and_order_are_not_there(
    browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson
) -> None:
    stranger = world.person("何伟")
    foreign = world.address(stranger)
    world.in_cart(buyer, (goods, 1))
    shop = browser.as_(buyer)
    form = shop.get("shop.checkout_show").form("/checkout") | {"address": str(foreign)}
    shop.post("shop.checkout_place", form, status=404)
    made = world.order(buyer, shipped=True)
    other = browser.as_(stranger)
    for endpoint in ("shop.orders_show", "shop.checkouts_show"):
        name = "order" if "orders" in endpoint else "checkout"
        other.get(endpoint, status=404, **{name: made.id if name == "order" else made.checkout_id})
    for endpoint in ("shop.orders_cancel", "shop.orders_receive", "shop.orders_again"):
        other.post(endpoint, status=404, order=made.id)


def test_a_form_sent_twice_orders_once(browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    world.in_cart(buyer, (goods, 1))
    shop = browser.as_(buyer)
    form = shop.get("shop.checkout_show").form("/checkout")
    first = shop.post("shop.checkout_place", form, key=form["key"])
    again = shop.post("shop.checkout_place", form, key=form["key"])
    assert first.response.location == again.response.location
    assert len(world.last_orders(buyer)) == 1
    late = shop.post("shop.checkout_place", {**form, "key": str(uuid4())}, status=422)
    assert "没有选中的商品" in late.text


def test_steps_out_of_order_are_refused(browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    made = world.order(buyer, (goods, 1))
    shop = browser.as_(buyer)
    shop.post("shop.orders_receive", status=422, order=made.id)
    shop.post("shop.orders_cancel", status=422, order=made.id)
    world.shipped(made)
    shop.post("shop.orders_receive", order=made.id)
    shop.post("shop.orders_receive", status=422, order=made.id)
    assert world.order_now(made).state is OrderState.RECEIVED


def test_what_cannot_be_had_is_told(browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    world.in_cart(buyer, (goods, 8))
    shop = browser.as_(buyer)
    form = shop.get("shop.checkout_show").form("/checkout")
    world.order(world.person(), (goods, 5))
    refused = shop.post("shop.checkout_place", form, status=422)
    assert "现在买不了" in refused.text
    assert "只剩 5 件" in shop.get("shop.cart_show").text
    shop.post("shop.cart_add", {"product": str(goods.id), "sku": str(goods.skus[0]), "quantity": "9"}, status=422)
    shop.post("shop.cart_add", {"product": str(uuid4()), "sku": str(uuid4()), "quantity": "1"}, status=422)


def test_buying_now_takes_only_that(browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    world.in_cart(buyer, (goods, 4))
    shop = browser.as_(buyer)
    shop.post("shop.cart_add", {"product": str(goods.id), "sku": str(goods.skus[1]), "quantity": "1", "now": "1"})
    shop.post("shop.checkout_place", shop.get("shop.checkout_show").form("/checkout"))
    assert world.last_orders(buyer)[0].total_fen == 9180
    assert f"q-{goods.skus[0]}" in cart_form(shop.get("shop.cart_show"))


def test_an_address_is_added_on_the_way(browser: Browser, world: World, goods: MadeProduct) -> None:
    person = world.person()
    world.in_cart(person, (goods, 1))
    shop = browser.as_(person)
    page = shop.get("shop.checkout_show")
    assert "还没有收货地址" in page.text
    assert page.one("section a[href*='addresses/new']")["href"].endswith("next=/checkout")
    form = shop.open(str(page.one("section a[href*='addresses/new']")["href"])).form("/addresses/new")
    assert form["next"] == "/checkout"


def test_buying_again(browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    made = world.order(buyer, (goods, 2))
    shop = browser.as_(buyer)
    shop.post("shop.orders_again", order=made.id)
    assert cart_form(shop.get("shop.cart_show"))[f"q-{goods.skus[0]}"] == "2"


def test_orders_are_found(browser: Browser, world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    made = world.order(buyer, (goods, 2))
    shop = browser.as_(buyer)
    for words in ("抽纸", "莞邑", made.number[4:12]):
        assert "抽纸" in shop.get("shop.orders_list", q=words).one("ul.order-cards").get_text()
    assert "没有找到" in shop.get("shop.orders_list", q="%").text
    assert "这里没有订单" in shop.get("shop.orders_list", tab="unpaid").text


def statements(shop: Browser, world: World, endpoint: str, **values: object) -> int:
    """How many statements a page needs."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    try:
        shop.get(endpoint, **values)
    finally:
        event.remove(world.engine, "before_cursor_execute", note)
    return len(seen)


def test_pages_ask_as_much_for_many_rows_as_for_one(browser: Browser, world: World, buyer: MadePerson) -> None:
    goods = world.product(world.merchant(Kind.SUPPLIER, "松湖优选"), stock=100)
    shop = browser.as_(buyer)
    world.in_cart(buyer, (goods, 1))
    pages = ("shop.cart_show", "shop.checkout_show", "shop.orders_list")
    made = world.order(buyer, (goods, 1))
    world.in_cart(buyer, (goods, 1))
    few = [statements(shop, world, page) for page in pages]
    for number in range(3):
        more = world.product(world.merchant(Kind.SUPPLIER), f"商品 {number}", stock=100)
        world.orders(buyer, (more, 1))
        world.in_cart(buyer, (more, 1), (more, 1, 1), (goods, 1, 1))
    assert [statements(shop, world, page) for page in pages] == few
    few.append(statements(shop, world, "shop.orders_show", order=made.id))
    print(f"statements: {dict(zip((*pages, 'shop.orders_show'), few, strict=True))}")
    assert max(few) <= 12
