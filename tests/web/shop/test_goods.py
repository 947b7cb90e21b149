"""Goods on the street: found, narrowed, turned page by page, chosen by option, and honest about what is left."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.catalogue import actions
from portal.domain.catalogue.values import Movement, Option
from portal.domain.tenants.values import Kind
from portal.kernel.clock import FixedClock
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.catalogue import MadeProduct
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.web.platform.test_pages import counted

TWO = (Option("颜色", ("红", "白")), Option("尺寸", ("大", "小")))


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "松湖优选")


def names(seen: Seen, part: str = "ul.goods") -> list[str]:
    """The goods of the first list."""
    lists = seen.soup.select(part)
    return [tag.get_text() for tag in lists[0].select(".good .name")] if lists else []


def sold_out(world: World, made: MadeProduct, *, sku: int = 0) -> None:
    """Nothing of this SKU is left."""
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        actions.adjust(work, made.skus[sku], kind=Movement.COUNTED, quantity=0)


def test_words_find_what_holds_them_and_else_what_is_alike(
    browser: Browser, world: World, supplier: MadeMerchant
) -> None:
    world.product(supplier, "广式腊肠 五花")
    world.product(supplier, "荔枝干 ABC-12")
    assert names(browser.get("shop.goods_list", q="腊肠")) == ["广式腊肠 五花"]
    assert names(browser.get("shop.goods_list", q="ａｂｃ－１２！")) == ["荔枝干 ABC-12"], (
        "full width and small letters"
    )
    assert names(browser.get("shop.goods_list", q="腊")) == ["广式腊肠 五花"], "one sign alone"
    assert names(browser.get("shop.goods_list", q="松湖 荔枝")) == ["荔枝干 ABC-12"], "words of the supplier as well"
    alike = browser.get("shop.goods_list", q="广式蜡肠 五花")
    assert "没有找到“广式蜡肠 五花”" in alike.text
    assert names(alike) == ["广式腊肠 五花"]
    nothing = browser.get("shop.goods_list", q="zzzz")
    assert "没有找到“zzzz”" in nothing.text
    assert len(names(nothing)) == 2, "what came last"
    assert nothing.soup.select('.empty a[href="/goods"]'), "and what to do"


def test_filters_stand_in_the_address(
    browser: Browser, world: World, clock: FixedClock, supplier: MadeMerchant
) -> None:
    other = world.merchant(Kind.SUPPLIER, "莞邑日用")
    cheap = world.product(supplier, "腊肠", supply=1000, suggested=2000)
    clock.advance(minutes=1)
    world.product(other, "抽纸", supply=5000, suggested=9000)
    find: dict[str, dict[str, Any]] = {
        "抽纸 腊肠": {},
        "腊肠 抽纸": {"sort": "cheap"},
        "腊肠": {"high": "50"},
        "抽纸": {"low": "５０", "sort": "dear"},
        "": {"low": "500"},
    }
    for wanted, asked in find.items():
        seen = browser.get("shop.goods_list", **asked)
        if wanted:
            assert " ".join(names(seen)) == wanted, asked
        else:
            assert "没有符合条件的商品" in seen.text
    assert names(browser.get("shop.goods_list", supplier=supplier.id)) == ["腊肠"]
    assert names(browser.get("shop.goods_window", supplier=supplier.id)) == ["腊肠"]
    for sku in range(2):
        sold_out(world, cheap, sku=sku)
    assert names(browser.get("shop.goods_list", stock="1")) == ["抽纸"]
    assert "售罄" in browser.get("shop.goods_list").text
    turned = browser.get("shop.goods_list", low="90", high="10", q="腊肠")
    assert names(turned) == ["腊肠"], "the wrong way round is turned"
    wrong = browser.get("shop.goods_list", low="abc")
    assert "价格没有用上" in wrong.text
    assert len(names(wrong)) == 2
    chip = next(a for a in wrong.soup.select("a.chip") if "从低到高" in a.get_text())
    assert "low=abc" in str(chip["href"]), "what was typed stays"


def test_pages_go_on_without_losing_or_repeating(
    browser: Browser, world: World, clock: FixedClock, supplier: MadeMerchant
) -> None:
    options = (Option("规格", ("一",)),)
    for number in range(26):
        draft = world.product_draft(f"第 {number:02} 样", options=options, suggested=5000 + number % 3)
        world.product(supplier, draft=draft)
        clock.advance(seconds=number % 2)
    for sort in ("best", "cheap", "dear"):
        seen, found, late = browser.get("shop.goods_list", sort=sort), [], 0
        while True:
            found += names(seen)
            more = seen.soup.select(".more a")
            if not more:
                break
            late += 1
            seen = browser.open(str(more[0]["href"]))
        assert len(found) == len(set(found)) == 26, sort
        assert late == 1
    more = str(browser.get("shop.goods_list").one(".more a")["href"])
    part = browser.client.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in part
    assert part.count('class="name"') == 2


def test_a_product_is_chosen_by_links_and_says_what_is_left(
    browser: Browser, world: World, supplier: MadeMerchant
) -> None:
    made = world.product(supplier, draft=world.product_draft("毛巾", options=TWO, stock=3))
    sold_out(world, made, sku=1)
    seen = browser.get("shop.goods_show", product=made.id, sku=made.skus[0])
    assert "仅剩 3 件" in seen.text
    assert "七天无理由退货" in seen.text
    assert "退回的运费由您付" in seen.text
    small = next(a for a in seen.soup.select(".pick a") if a.get_text(strip=True).startswith("小"))
    assert "售罄" in small.get_text()
    assert str(made.skus[1]) in str(small["href"])
    gone = browser.open(str(small["href"]))
    assert "这个规格卖完了" in gone.text
    data = json.loads(seen.one('script[type="application/ld+json"]').get_text())
    assert [offer["availability"].rpartition("/")[2] for offer in data["offers"]] == [
        "InStock",
        "OutOfStock",
        "InStock",
        "InStock",
    ]
    assert data["offers"][0]["price"] == "45.90"
    assert seen.one('meta[property="og:title"]')["content"] == "毛巾"
    assert seen.soup.select(f'a[href="/m/{supplier.id}"]')
    assert "supply" not in seen.response.get_data(as_text=True).replace("supplier", "")


def test_a_product_off_sale_names_others(browser: Browser, world: World, supplier: MadeMerchant) -> None:
    made = world.product(supplier, "腊肠")
    world.product(supplier, "抽纸")
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        actions.take_off(work, [made.id])
    gone = browser.get("shop.goods_show", product=made.id, status=404)
    assert "已下架" in gone.text
    assert names(gone) == ["抽纸"]
    browser.get("shop.goods_window", supplier=made.id, status=404)


def test_few_statements_however_many_goods(browser: Browser, world: World, supplier: MadeMerchant) -> None:
    made = [world.product(supplier, f"腊肠 {number}") for number in range(4)]
    person = browser.as_(world.person())
    pages = (
        ("shop.goods_list", {}),
        ("shop.goods_list", {"q": "腊猪肠仔很好吃", "stock": "1", "low": "1"}),
        ("shop.goods_list", {"q": "zzzz"}),
        ("shop.goods_window", {"supplier": supplier.id}),
        ("shop.goods_show", {"product": made[0].id}),
    )
    for endpoint, values in pages:
        with counted(world) as statements:
            person.get(endpoint, **values)
        assert len(statements) <= 12, (endpoint, values, statements)


ODD = st.one_of(
    st.text(max_size=90),
    st.sampled_from(
        ("\x00", "%", "_", "\\", "%_\\'\"", "🍵🍵", "ＡＢＣ１２", "a" * 500, "茶" * 500, "\u202e腊肠", "((((")
    ),
)


def test_odd_words_never_break_a_page(browser: Browser, world: World, supplier: MadeMerchant) -> None:
    made = world.product(supplier, "腊肠")

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(ODD, ODD, ODD)
    def ask(one: str, two: str, three: str) -> None:
        fine = (200, 400) if "\x00" in one + two + three else (200,)
        values = {"q": one, "low": two, "high": three, "sort": two, "after": three, "category": one, "brand": two}
        for endpoint, more in (("goods_list", {}), ("goods_window", {"supplier": supplier.id})):
            answer = browser.client.get(browser.url(f"shop.{endpoint}", **more), query_string=values)
            assert answer.status_code in fine
        shown = browser.url("shop.goods_show", product=made.id)
        answer = browser.client.get(shown, query_string={"sku": one, "quantity": two, "place": three})
        assert answer.status_code in fine

    ask()
    for after in ("1.2", "-1." + "0" * 32, "9" * 25 + "." + "0" * 32, "9007199254740991." + "f" * 32):
        browser.get("shop.goods_list", after=after)
