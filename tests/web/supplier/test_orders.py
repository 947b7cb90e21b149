"""A supplier's orders: the board, a pasted column, one order's page, what is printed; bad input keeps the form."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from portal.domain.ordering import actions as ordering
from portal.domain.ordering.values import OrderState, Recipient
from portal.domain.shipping.values import Answer, Shortage
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import PLACE, MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "莞邑日用")


@pytest.fixture
def goods(world: World, supplier: MadeMerchant) -> MadeProduct:
    return world.product(supplier, "抽纸 24 包", stock=100)


@pytest.fixture
def buyer(world: World) -> MadePerson:
    return world.person()


@pytest.fixture
def shipper(browser: Browser, world: World, supplier: MadeMerchant) -> Browser:
    return browser.as_(world.staff(supplier, Role.SHIPPER))


def pasted(shipper: Browser, supplier: MadeMerchant, orders: list[MadeOrder], text: str, *, status: int = 200) -> Seen:
    data = {"paste": text, "row": [str(one.id) for one in orders]}
    return shipper.post("supplier.orders_preview", data, merchant=supplier.id, status=status)


def rows_of(seen: Seen) -> dict[str, list[str]]:
    """The preview's form as a browser would send it, with every row."""
    form = seen.one("form[action$='/orders/ship']")
    data: dict[str, list[str]] = {"order": [], "number": [], "carrier": []}
    for field in form.select("input[name=order], input[name=number]"):
        data[str(field["name"])].append(str(field.get("value", "")))
    for select in form.select("select[name=carrier]"):
        chosen = select.select_one("option[selected]")
        data["carrier"].append(str(chosen["value"]) if chosen else "")
    return data


def test_a_pasted_column_ships_the_board(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    orders = [world.order(buyer, (goods, 1), recipient=at_door(n)) for n in range(3)]
    board = shipper.get("supplier.orders_board", merchant=supplier.id)
    assert [str(one["value"]) for one in board.soup.select("input[name=row]")] == [str(one.id) for one in orders]
    assert "5 小时 0 分" in board.text
    assert "还有" in board.text
    preview = pasted(shipper, supplier, orders, "SF1000000000001\nSF1000000000002\n123456789012")
    assert "2 单可以发，装成 2 个包裹。" in preview.text
    assert "认不出单号 123456789012 是哪家快递" in preview.text
    data = rows_of(preview)
    data["carrier"][2] = "sto"
    again = shipper.post("supplier.orders_preview", data, merchant=supplier.id, status=200)
    assert "3 单可以发" in again.text
    done = shipper.follow(shipper.post("supplier.orders_send", rows_of(again), merchant=supplier.id))
    assert "已发出 3 单，3 个包裹。" in done.text
    assert "都发完了" in done.text
    assert {world.order_now(one).state for one in orders} == {OrderState.SHIPPED}


def at_door(number: int) -> Recipient:
    return replace(PLACE, detail=f"体育路 8 号 {number + 1} 栋")


def test_pairs_find_their_orders_and_the_same_recipient_shares(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    one, two = world.order(buyer, (goods, 1)), world.order(buyer, (goods, 2))
    other = world.order(world.person(), (goods, 1))
    text = f"SF1000000000001\t{two.number}\nSF1000000000001\t{one.number}\n9999999999999999\tSF1000000000003"
    preview = pasted(shipper, supplier, [other], text)
    assert "2 单可以发，装成 1 个包裹。" in preview.text
    assert "和 1 单合并" in preview.text
    assert "没有找到" in preview.text
    shipper.post("supplier.orders_send", rows_of(preview), merchant=supplier.id)
    assert len(world.parcels(one)[0].pieces) == 2
    assert world.order_now(other).state is OrderState.PAID
    wrong = pasted(shipper, supplier, [other], f"{other.number}\tSF1000000000001")
    assert "收件人不同" in wrong.text
    refused = shipper.post("supplier.orders_send", rows_of(wrong), merchant=supplier.id, status=422)
    assert "收件人不同" in refused.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "请贴上快递单号"),
        ("1\n2\n3", "这里只有 1 行订单"),
        ("🍒\n" * 1200, "一次最多贴"),
        ("x" * 61_000, "一次最多贴"),
    ],
)
def test_a_bad_paste_stays_in_its_field(
    world: World, supplier: MadeMerchant, goods: MadeProduct, shipper: Browser, text: str, sentence: str
) -> None:
    seen = pasted(shipper, supplier, [world.order(world.person(), (goods, 1))], text, status=422)
    assert sentence in seen.text
    assert seen.one("textarea#paste").get_text() == text


def test_rows_that_are_asked_back_are_red_and_stay(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    order = world.order(buyer, (goods, 2))
    world.printed(order)
    with world.work(Face.JOB) as work:
        ordering.block(work, order.merchant_id, order.id, order.pieces(1))
    board = shipper.get("supplier.orders_board", merchant=supplier.id)
    assert board.soup.select("tr.row-stop")
    assert "退款中，勿发货" in board.text
    preview = pasted(shipper, supplier, [order], "SF1000000000001")
    assert "勿发货" in preview.text
    refused = shipper.post("supplier.orders_send", rows_of(preview), merchant=supplier.id, status=422)
    assert "勿发货" in refused.text
    labels = shipper.post("supplier.orders_bulk", {"act": "labels", "ids": str(order.id)}, merchant=supplier.id)
    page = shipper.follow(labels)
    assert page.soup.select(".label.void .stamp")
    assert "补打 1" in page.text


def test_one_order_in_two_parcels_undone_and_corrected(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    order = world.order(buyer, (goods, 3), (goods, 1, 1), note="放门卫")
    at = {"merchant": supplier.id, "order": order.id}
    page = shipper.get("supplier.orders_show", **at)
    assert "154 0001 0001" in page.text
    assert "放门卫" in page.text
    assert "¥32" in page.text, "the supply price"
    assert "45.9" not in page.text, "what the street pays is not the supplier's affair"
    first, second = (f"pieces-{line}" for line in order.lines)
    bad = shipper.post("supplier.orders_ship", {"number": "x", first: "1", second: "0"}, status=422, **at)
    assert "不像快递单号" in bad.text
    assert bad.one(f"input[name={first}]")["value"] == "1"
    for pieces in ("9", "-1", "一", "1e3"):
        bad = shipper.post("supplier.orders_ship", {"number": "SF1000000000001", first: pieces}, status=422, **at)
        assert "请填 0 到 3 件" in bad.text
    shipper.post("supplier.orders_ship", {"number": "SF1000000000001", first: "2", second: "0"}, **at)
    assert world.order_now(order).state is OrderState.PARTLY
    page = shipper.follow(shipper.post("supplier.orders_ship", {"number": "SF1000000000002"}, **at))
    assert "已发货。" in page.text
    two = world.parcels(order)[1].id
    shipper.post("supplier.orders_correct", {"number": "YT1000000000002"}, merchant=supplier.id, parcel=two)
    shipper.post("supplier.orders_undo", merchant=supplier.id, parcel=two)
    assert world.order_now(order).state is OrderState.PARTLY
    again = shipper.post("supplier.orders_undo", merchant=supplier.id, parcel=two, status=422)
    assert "已撤销发货" in again.text


def test_a_changed_address_is_answered(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    order = world.order(buyer, (goods, 1))
    world.printed(order)
    world.clock.advance(minutes=1)
    change = world.address_asked(order)
    at = {"merchant": supplier.id, "readdress": change}
    page = shipper.get("supplier.orders_show", merchant=supplier.id, order=order.id)
    assert "庙边王工业区" in page.text
    assert "先答复改地址" in page.text
    assert "请填写这一项" in shipper.post("supplier.orders_refuse", {"reason": " "}, status=422, **at).text
    shipper.post("supplier.orders_agree", **at)
    page = shipper.get("supplier.orders_show", merchant=supplier.id, order=order.id)
    assert "手上的面单是旧的" in page.text
    assert "已经处理过了" in shipper.post("supplier.orders_agree", status=422, **at).text


def test_goods_that_are_not_there(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    order = world.order(buyer, (goods, 2))
    at = {"merchant": supplier.id, "order": order.id}
    line = str(order.lines[0])
    for data, sentence in (
        ({"line": line, "kind": "later"}, "请填到货日期"),
        ({"line": line, "kind": "later", "until": "2020-01-01"}, "请填到货日期"),
        ({"line": line, "kind": "later", "until": "昨天"}, "请填写日期"),
        ({"line": line, "kind": "?"}, "请选择"),
        ({"line": "x", "kind": "never"}, "请选择缺货的商品"),
        ({"line": line, "kind": "never", "note": "x" * 201}, "最多 200 个字"),
    ):
        assert sentence in shipper.post("supplier.orders_shortage", data, status=422, **at).text
    shipper.post("supplier.orders_shortage", {"line": line, "kind": "later", "until": "2026-07-09"}, **at)
    assert "2026-07-09" in shipper.get("supplier.orders_show", **at).text
    assert "缺货" in shipper.get("supplier.orders_list", merchant=supplier.id, tile="no_stock").one("tbody").get_text()
    (report,) = [one for one in world.order_page(order).shortages if one.ended_at is None]
    world.short_answered(order, report.id, Answer.WAIT)
    assert "买家愿意等" in shipper.get("supplier.orders_show", **at).text
    shipper.post("supplier.orders_restock", merchant=supplier.id, shortage=report.id)
    assert (
        "已经处理过了"
        in shipper.post("supplier.orders_restock", merchant=supplier.id, shortage=report.id, status=422).text
    )
    world.short(order, Shortage.NEVER)


def test_the_list_finds_and_keeps_its_filters(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    order = world.order(buyer, (goods, 1))
    shipped = world.order(buyer, (goods, 2, 1))
    world.parcel(shipped, number="SF1000000000007")
    world.order(buyer, (goods, 1), paid=False)
    sku = world.product_now(goods).skus[1].code
    shipper.post("supplier.orders_bulk", {"flag": "1", "ids": [str(order.id)]}, merchant=supplier.id)

    def found(**asked: str) -> set[str]:
        seen = shipper.get("supplier.orders_list", merchant=supplier.id, **asked)
        return {one.get_text() for one in seen.soup.select("td.t-number a")}

    both = {order.number, shipped.number}
    assert found() == both, "what is not paid is not there"
    assert found(q=order.number) == {order.number}
    assert found(q="sf1000000000007") == {shipped.number}
    assert found(q="0001") == found(q="15400010001") == found(q="陈") == both
    assert found(q="抽纸") == both
    assert (found(q=sku) if sku else {shipped.number}) == {shipped.number}
    assert found(state="shipped") == found(carrier="sf") == {shipped.number}
    assert found(flag="1") == {order.number}
    assert found(flag="0") == {shipped.number}
    assert found(since="2026-07-04", until="2026-07-04") == both
    assert found(until="2026-07-03") == found(q="不存在") == found(q="%") == set()
    assert found(printed="yes") == set()
    for nonsense in ({"state": "x"}, {"tile": "x"}, {"flag": "9"}, {"after": "x"}, {"since": "x"}, {"carrier": "x"}):
        assert found(**nonsense) == both


def test_the_papers(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    one, two = world.order(buyer, (goods, 2)), world.order(buyer, (goods, 3), note="<b>易碎</b>")
    ids = {"row": [str(one.id), str(two.id)]}
    picking = shipper.follow(shipper.post("supplier.orders_bulk", {"act": "picking", **ids}, merchant=supplier.id))
    assert "2 单，5 件" in picking.text
    labels = shipper.follow(shipper.post("supplier.orders_bulk", {"act": "labels", **ids}, merchant=supplier.id))
    assert len(labels.soup.select(".label")) == 2
    assert "154 0001 0001" in labels.text
    assert "<b>易碎</b>" in labels.text
    assert "补打" not in labels.text
    assert "没有选订单" in shipper.get("supplier.papers_labels", merchant=supplier.id).text
    shipper.get("supplier.papers_picking", merchant=supplier.id, ids="nonsense")
    shipper.get("supplier.papers_labels", merchant=supplier.id, ids=uuid4().hex, status=404)
    assert (
        "请先勾选订单" in shipper.post("supplier.orders_bulk", {"act": "labels"}, merchant=supplier.id, status=422).text
    )
    assert (
        "没有这种颜色"
        in shipper.post("supplier.orders_bulk", {"flag": "77", **ids}, merchant=supplier.id, status=422).text
    )


def test_the_private_note(
    world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson, shipper: Browser
) -> None:
    order = world.order(buyer, (goods, 1))
    at = {"merchant": supplier.id, "order": order.id}
    shipper.post("supplier.orders_note", {"note": "老客户，送一包\n🍒"}, **at)
    shipper.post("supplier.orders_flag", {"flag": "3"}, **at)
    page = shipper.get("supplier.orders_show", **at)
    assert "老客户，送一包" in page.one("textarea#note").get_text()
    assert page.one("button[aria-pressed=true]")["value"] == "3"
    bad = shipper.post("supplier.orders_note", {"note": "x" * 501}, status=422, **at)
    assert len(bad.one("textarea#note").get_text()) == 501


def test_finance_looks_and_does_not_ship(
    browser: Browser, world: World, supplier: MadeMerchant, goods: MadeProduct, buyer: MadePerson
) -> None:
    order = world.order(buyer, (goods, 1))
    finance = browser.as_(world.staff(supplier, Role.FINANCE))
    assert not finance.get("supplier.orders_board", merchant=supplier.id).soup.select("textarea#paste")
    finance.get("supplier.orders_show", merchant=supplier.id, order=order.id)
    finance.post(
        "supplier.orders_ship", {"number": "SF1000000000001"}, merchant=supplier.id, order=order.id, status=403
    )
    stranger = browser.as_(world.staff(world.merchant(Kind.SUPPLIER), Role.OWNER))
    stranger.get("supplier.orders_show", merchant=supplier.id, order=order.id, status=404)
