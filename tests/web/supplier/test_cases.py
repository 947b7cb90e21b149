"""A supplier answers: lists by whose turn it is, each answer with its form, bulk, money of his own accord; and the
platform decides.
"""

from __future__ import annotations

import io

import pytest

from portal.domain.aftersales.values import CaseKind, CaseState, Reason
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.onboarding import photo
from tests.factories.ordering import MadeOrder
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

K, S = CaseKind, CaseState


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "松湖优选")


@pytest.fixture
def order(world: World, supplier: MadeMerchant) -> MadeOrder:
    return world.order(world.person(), (world.product(supplier, stock=100), 3))


@pytest.fixture
def owner(browser: Browser, world: World, supplier: MadeMerchant) -> Browser:
    return browser.as_(world.staff(supplier, Role.OWNER))


def test_a_return_from_asking_to_the_storeroom(
    world: World, supplier: MadeMerchant, order: MadeOrder, owner: Browser
) -> None:
    at = {"merchant": supplier.id}
    assert "买家申请退款或退货后会出现在这里" in owner.get("supplier.cases_list", **at).text
    world.shipped(order)
    case = world.case(order, K.RETURN, 2, pictures=(photo((1, 2, 3)),), reason=Reason.QUALITY)
    listed = owner.get("supplier.cases_list", **at)
    assert f"{order.number}-1" in listed.text
    assert "¥ 91 .80" in listed.text
    page = owner.get("supplier.cases_show", case=case, **at)
    assert "否则自动同意退货" in page.text
    assert owner.client.get(str(page.one(".evidence img")["src"])).status_code == 200
    bad = owner.post(
        "supplier.cases_agree", {"name": "退货组", "phone": "1", "detail": ""}, case=case, **at, status=422
    )
    assert bad.one("#name")["value"] == "退货组"
    address = {"name": "退货组", "phone": "0769-12345678", "detail": "石排镇庙边王工业区 2 号"}
    shown = owner.follow(owner.post("supplier.cases_agree", address, case=case, **at))
    assert "等买家在" in shown.text
    world.sent_back(order, case)
    form = owner.get("supplier.cases_show", case=case, **at)
    field = f"back-{order.lines[0]}"
    assert form.one(f'input[name="{field}"]')["value"] == "2"
    for typed in ("3", "x"):
        refused = owner.post("supplier.cases_receive", {field: typed}, case=case, **at, status=422)
        assert refused.one(f'input[name="{field}"]')["value"] == typed
    done = owner.follow(owner.post("supplier.cases_receive", {field: "1"}, case=case, **at))
    assert "回库 1 件" in done.text
    assert world.case_now(case).state is S.REFUNDING
    again = owner.get("supplier.cases_show", case=world.case(order, K.RETURN, 1), **at)
    assert again.one("#name")["value"] == "退货组"  # the address is kept


def test_offers_refusals_and_what_comes_too_late(
    world: World, supplier: MadeMerchant, order: MadeOrder, owner: Browser
) -> None:
    at = {"merchant": supplier.id}
    world.shipped(order)
    first = world.case(order, K.MONEY, 1, amount_fen=4000)
    for amount in ("40", "0", "", "abc"):
        bad = owner.post("supplier.cases_offer", {"amount": amount, "note": "少退"}, case=first, **at, status=422)
        assert bad.one("#offer-amount")["value"] == amount
    owner.post("supplier.cases_offer", {"amount": "15.5", "note": "少退一些"}, case=first, **at)
    assert world.case_now(first).offer_fen == 1550
    late = owner.post("supplier.cases_refuse", {"note": "不行"}, case=first, **at, status=422)
    assert "最新的进度" in late.text
    second = world.case(order, K.RETURN, 1)
    assert "请填写这一项" in owner.post("supplier.cases_refuse", {"note": " "}, case=second, **at, status=422).text
    files = {"note": "没有问题", "pictures": (io.BytesIO(b"<svg onload=1>"), "a.jpg")}
    assert "不能上传网页或 SVG" in owner.post("supplier.cases_refuse", files, case=second, **at, status=422).text
    owner.post("supplier.cases_refuse", {"note": "没有问题"}, case=second, **at)
    assert world.case_now(second).state is S.REFUSED


def test_bulk_filters_and_rights(
    world: World, supplier: MadeMerchant, order: MadeOrder, owner: Browser, browser: Browser
) -> None:
    at = {"merchant": supplier.id}
    world.printed(order)
    cases = [world.case(order, K.UNSHIPPED, 1) for _ in range(2)]
    assert "已打单" in owner.get("supplier.cases_list", **at).text
    assert "请先勾选" in owner.post("supplier.cases_bulk", {}, **at, status=422).text
    assert "请先勾选" in owner.post("supplier.cases_bulk", {"ids": "x"}, **at, status=422).text
    shipper = browser.as_(world.staff(supplier, Role.SHIPPER))
    assert not shipper.get("supplier.cases_list", **at).soup.select("#cases-bulk")
    assert not shipper.get("supplier.cases_show", case=cases[0], **at).soup.select(".answers")
    shipper.post("supplier.cases_agree", {}, case=cases[0], **at, status=403)
    shipper.get("supplier.cases_grant", order=order.id, **at, status=403)
    done = owner.follow(owner.post("supplier.cases_bulk", {"ids": [str(one) for one in cases]}, **at))
    assert "已同意 2 张" in done.text
    for words, found in ((f"{order.number}-2", True), ("没有的", False), ("%", False)):
        text = owner.get("supplier.cases_list", tab="all", q=words, **at).text
        assert (f"{order.number}-2" in text.replace(words, words if found else "")) is found
    assert "没有这样的售后单" in owner.get("supplier.cases_list", tab="all", kind="money", **at).text
    other = world.merchant(Kind.SUPPLIER, "岭南果源")
    stranger = browser.as_(world.staff(other, Role.OWNER))
    stranger.get("supplier.cases_show", merchant=other.id, case=cases[0], status=404)
    stranger.post("supplier.cases_agree", {}, merchant=other.id, case=cases[0], status=404)
    stranger.get("supplier.cases_grant", merchant=other.id, order=order.id, status=404)


def test_money_of_his_own_accord(world: World, supplier: MadeMerchant, order: MadeOrder, owner: Browser) -> None:
    at = {"merchant": supplier.id, "order": order.id}
    field = f"n-{order.lines[0]}"
    page = owner.get("supplier.cases_grant", **at)
    assert "退还没发的商品" in page.text
    bad = owner.post("supplier.cases_give", {"kind": "unshipped", field: "4", "words": "缺货"}, **at, status=422)
    assert "最多还能退 3 件" in bad.text
    assert bad.one(f'input[name="{field}"]')["value"] == "4"
    shown = owner.follow(owner.post("supplier.cases_give", {"kind": "unshipped", field: "1", "words": "缺货"}, **at))
    assert "主动退款" in shown.text
    world.shipped(order)
    money = {"kind": "money", field: "1", "words": "补偿"}
    assert "请填写金额" in owner.post("supplier.cases_give", money, **at, status=422).text
    assert "最多 ¥91.80" in owner.post("supplier.cases_give", {**money, "amount": "500"}, **at, status=422).text
    owner.post("supplier.cases_give", {**money, "amount": "10"}, **at)
    assert world.order_now(order).refunded_fen == 5590


@pytest.mark.parametrize("act", ["buyer", "merchant"])
def test_the_platform_decides(world: World, order: MadeOrder, browser: Browser, act: str) -> None:
    support = browser.as_(world.operator(Role.PLATFORM_SUPPORT))
    assert "这里没有售后单" in support.get("platform.cases_list").text
    world.shipped(order)
    case = world.case(order, K.MONEY, 1, amount_fen=5000, pictures=(photo((9, 9, 9)),))
    assert not support.get("platform.cases_show", case=case).soup.select("button[value=buyer]")
    early = support.post("platform.cases_decide", {"act": "buyer", "note": "看过了"}, case=case, status=422)
    assert "最新的进度" in early.text
    world.until_due(case)
    world.deadline(case)
    page = support.get("platform.cases_list")
    assert f"{order.number}-1" in page.text
    shown = support.get("platform.cases_show", case=case)
    assert support.client.get(str(shown.one(".evidence img")["src"])).status_code == 200
    assert "请填写这一项" in support.post("platform.cases_decide", {"act": act}, case=case, status=422).text
    data = {"act": act, "note": "照片看得清楚", "amount": "30"}
    done = support.follow(support.post("platform.cases_decide", data, case=case))
    assert ("支持买家" if act == "buyer" else "支持商家") in done.text
    assert world.order_now(order).refunded_fen == (3000 if act == "buyer" else 0)
    grant = support.get("platform.cases_grant", order=order.id)
    assert "补一笔钱" in grant.text
    field = f"n-{order.lines[0]}"
    given = {"kind": "money", field: "1", "amount": "5", "words": "平台补偿"}
    support.post("platform.cases_give", given, order=order.id)
    assert world.order_now(order).refunded_fen == (3500 if act == "buyer" else 500)
