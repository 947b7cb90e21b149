"""A buyer asks back: step by step without a script, every amount from the server, every wrong step a sentence."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest

from portal.domain.aftersales import actions
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.onboarding import photo
from tests.factories.ordering import MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.world import World

K = CaseKind


@pytest.fixture
def person(world: World) -> MadePerson:
    return world.person()


@pytest.fixture
def order(world: World, person: MadePerson) -> MadeOrder:
    merchant = world.merchant(Kind.SUPPLIER, "松湖优选")
    world.return_address(merchant.id)
    paper = world.product(merchant, "抽纸 24 包", stock=100, supply=1999, suggested=2990)
    return world.order(person, (world.product(merchant, stock=100), 3), (paper, 2))


@pytest.fixture
def buyer(browser: Browser, person: MadePerson) -> Browser:
    return browser.as_(person)


def asked(buyer: Browser, order: MadeOrder, kind: K, reason: Reason, *counts: int) -> Seen:
    picks = {f"n-{line}": count for line, count in order.pieces(*counts).items()}
    return buyer.get("shop.claims_check", order=order.id, kind=kind.value, reason=reason.value, **picks)


def form_of(seen: Seen) -> dict[str, str]:
    return seen.form("/ask")


def test_from_the_order_to_the_refund(world: World, order: MadeOrder, buyer: Browser) -> None:
    page = buyer.get("shop.orders_show", order=order.id)
    assert page.soup.select(f'a[href$="/orders/{order.id}/ask"]')
    choose = buyer.get("shop.claims_choose", order=order.id)  # nothing has left: there is only one kind
    assert "还没打单的，马上退款" in choose.text
    seen = asked(buyer, order, K.UNSHIPPED, Reason.NOT_WANTED, 2, 1)
    assert "原路退回" in seen.text
    assert "¥ 105 .70" in seen.text
    shown = buyer.follow(buyer.post("shop.claims_create", form_of(seen), order=order.id))
    assert "退款中" in shown.text
    assert "一般 1 到 3 个工作日到账" in shown.text
    assert "退款中" in buyer.get("shop.orders_show", order=order.id).text
    assert "松湖优选" in buyer.get("shop.cases_list").text
    (case,) = world.cases_of(order)
    world.money_arrives(case)
    assert "已经原路退回" in buyer.get("shop.cases_show", case=case).text


def test_a_return_with_pictures_and_who_pays_for_it(world: World, order: MadeOrder, buyer: Browser) -> None:
    world.shipped(order)
    choose = buyer.get("shop.claims_choose", order=order.id)
    assert sorted(one.get_text(" ", strip=True).split()[0] for one in choose.soup.select(".kinds a")) == [
        "仅退款",
        "退货退款",
    ]
    kind = buyer.get("shop.claims_choose", order=order.id, kind="return")
    assert "退货运费您承担" in kind.text
    assert "退货运费商家承担" in kind.text
    seen = asked(buyer, order, K.RETURN, Reason.QUALITY, 1)
    assert "商家承担" in seen.text
    files = {"pictures": (io.BytesIO(photo((180, 60, 40))), "坏了.jpg")}
    data = {**form_of(seen), "words": "一打开就坏了", **files}
    shown = buyer.follow(buyer.post("shop.claims_create", data, order=order.id))
    assert "待商家处理" in shown.text
    picture = shown.one(".evidence img")["src"]
    got = buyer.client.get(str(picture))
    assert (got.status_code, got.mimetype, got.headers["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    (case,) = world.cases_of(order)
    world.agreed(order, case)
    page = buyer.get("shop.cases_show", case=case)
    assert "庙边王工业区" in page.text
    bad = buyer.post("shop.cases_send", {"carrier": "顺丰速运", "tracking": "??"}, case=case, status=422)
    assert "6 到 32 位字母或数字" in bad.text
    assert bad.one("#carrier")["value"] == "顺丰速运"
    done = buyer.follow(buyer.post("shop.cases_send", {"carrier": "顺丰速运", "tracking": "sf1234567890"}, case=case))
    assert "退货在途" in done.text
    assert "SF1234567890" in done.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "quality"}, "请选择原因"),
        ({"reason": ""}, "请选择原因"),
        ({"first": "9"}, "最多还能退 2 件"),
        ({"first": "-1"}, "请选择要退的商品"),
        ({"first": "0"}, "请选择要退的商品"),
        ({"first": "一件"}, "请选择要退的商品"),
        ({"line": str(uuid4())}, "不在这张订单里"),
        ({"line": "x"}, "请选择要退的商品"),
        ({"kind": "return"}, "请选择原因"),
    ],
)
def test_what_cannot_be_asked_is_said(order: MadeOrder, buyer: Browser, changes: dict[str, str], sentence: str) -> None:
    line = changes.pop("line", str(order.lines[0]))
    asked_for = {"kind": "unshipped", "reason": "not_wanted", f"n-{line}": changes.pop("first", "1"), **changes}
    seen = buyer.open(buyer.url("shop.claims_check", order=order.id, **asked_for), status=422)
    assert sentence in seen.text
    answer = buyer.post("shop.claims_create", {**asked_for, "seen": "2990"}, order=order.id, status=422)
    assert sentence in answer.text


def test_a_tampered_amount_is_shown_again(order: MadeOrder, buyer: Browser, world: World) -> None:
    seen = asked(buyer, order, K.UNSHIPPED, Reason.NOT_WANTED, 1)
    for text in ("1", "", "-5", "9" * 30):
        with_text = buyer.post("shop.claims_create", {**form_of(seen), "seen": text}, order=order.id, status=422)
        assert "请再核对一次" in with_text.text
    assert world.cases_of(order) == []
    world.shipped(order)
    seen = asked(buyer, order, K.MONEY, Reason.QUALITY, 1)
    for text in ("0", "9999", "-1", "abc", "1.234"):
        bad = buyer.post("shop.claims_create", {**form_of(seen), "amount": text}, order=order.id, status=422)
        assert bad.one("#amount")["value"] == text
    buyer.post("shop.claims_create", {**form_of(seen), "amount": "20"}, order=order.id)
    assert world.case_now(world.cases_of(order)[0]).total_fen == 2000


def test_the_same_form_twice_is_one_case(order: MadeOrder, buyer: Browser, world: World) -> None:
    world.printed(order)
    data = form_of(asked(buyer, order, K.UNSHIPPED, Reason.NOT_WANTED, 1))
    first = buyer.post("shop.claims_create", data, key=data["key"], order=order.id)
    again = buyer.post("shop.claims_create", data, key=data["key"], order=order.id)
    assert first.response.headers["Location"] == again.response.headers["Location"]
    assert len(world.cases_of(order)) == 1


def test_refused_offered_disputed_withdrawn(order: MadeOrder, buyer: Browser, world: World) -> None:
    world.shipped(order)
    case = world.case(order, K.MONEY, 1)
    world.refused(order, case)
    page = buyer.get("shop.cases_show", case=case)
    assert "商家已拒绝" in page.text
    assert page.soup.select("button[value=again]")
    assert "请填写这一项" in buyer.post("shop.cases_say", {"act": "again"}, case=case, status=422).text
    buyer.post("shop.cases_say", {"act": "again", "words": "再看看照片"}, case=case)
    with world.answering(order.merchant_id) as work:
        actions.offer(work, case, amount_fen=1000, note="退 10 元吧")
    page = buyer.get("shop.cases_show", case=case)
    assert "商家提出退 ¥10" in page.text
    assert not page.soup.select("button[value=again]")
    assert "最新的进度" in buyer.post("shop.cases_accept", {"offer": "999"}, case=case, status=422).text
    buyer.post("shop.cases_say", {"act": "dispute", "words": "10 元太少"}, case=case)
    assert "平台介入中" in buyer.get("shop.cases_show", case=case).text
    buyer.post("shop.cases_withdraw", {}, case=case)
    assert "已撤销" in buyer.get("shop.cases_show", case=case).text
    assert "最新的进度" in buyer.post("shop.cases_withdraw", {}, case=case, status=422).text


def test_others_find_nothing(order: MadeOrder, browser: Browser, world: World) -> None:
    world.shipped(order)
    case = world.case(order, K.RETURN, 1, reason=Reason.QUALITY, pictures=(photo((1, 2, 3)),))
    picture = world.case_now(case).events[0].pictures[0]
    stranger = browser.as_(world.person())
    stranger.get("shop.claims_choose", order=order.id, status=404)
    stranger.get("shop.cases_show", case=case, status=404)
    stranger.get("shop.cases_evidence", case=case, evidence=picture, status=404)
    stranger.post("shop.cases_withdraw", {}, case=case, status=404)
    stranger.post("shop.claims_create", {"kind": "return", "reason": "quality"}, order=order.id, status=404)
    assert "没有售后" in stranger.get("shop.cases_list").text


def test_after_the_window_the_page_says_so(order: MadeOrder, buyer: Browser, world: World) -> None:
    world.shipped(order)
    world.received(order)
    assert "申请售后" in buyer.get("shop.orders_show", order=order.id).one(".order-state").get_text()
    world.completed(order)
    seen = buyer.get("shop.claims_choose", order=order.id)
    assert "已过售后期限" in seen.text
    assert not buyer.get("shop.orders_show", order=order.id).soup.select('a[href$="/ask"]')
    with world.work(Face.JOB):
        assert world.cases_of(order) == []
