"""Passes from the desk to the street to the counter and back: one salon, one client, one clerk."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from portal.domain.passes import actions
from portal.domain.passes.values import PassState
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import CodeKind, Scanned
from portal.kernel.permissions import Role
from tests.client import Browser, Seen
from tests.factories.passes import MadePass
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

ENTERED = {
    "name": "补水护理 10 次卡",
    "uses": "10",
    "price": "1280",
    "worth": "1680",
    "valid_days": "365",
    "words": "提前一天预约",
}


@dataclass
class Salon:
    """Who and where."""

    world: World
    browser: Browser
    merchant: MadeMerchant
    store: MadeStore
    boss: MadePerson
    clerk: MadePerson
    client: MadePerson

    def desk(self) -> Browser:
        """The boss in the back office."""
        return self.browser.as_(self.boss)

    def look(self, code: str, **more: object) -> Seen:
        """The clerk scans something."""
        clerk = self.browser.as_(self.clerk)
        return clerk.post("store.redeem_look", {"code": code}, store=self.store.id, **more)  # type: ignore[arg-type]

    def card(self, made: MadePass) -> Seen:
        """The boss opens a card."""
        return self.desk().get("chain.passes_card", merchant=self.merchant.id, card=made.id)

    def now(self, made: MadePass) -> PassState:
        """Its state."""
        return self.world.pass_of(made.id, self.merchant.id).line.state


@pytest.fixture
def salon(world: World, browser: Browser) -> Salon:
    merchant = world.merchant(name="云上美肤")
    store = world.store(merchant, name="南城店")
    people = (world.staff(merchant), world.staff(merchant, Role.CLERK), world.person("陈静"))
    return Salon(world, browser, merchant, store, *people)


def test_written_sold_and_bought(salon: Salon) -> None:
    desk, merchant = salon.desk(), salon.merchant.id
    assert "还没有次卡" in desk.get("chain.passes_list", merchant=merchant).text
    wrong = desk.post("chain.passes_create", {**ENTERED, "price": "一千", "uses": "0"}, merchant=merchant, status=422)
    assert 'value="一千"' in str(wrong.soup)
    wrong = desk.post("chain.passes_create", {**ENTERED, "worth": "1000"}, merchant=merchant, status=422)
    assert "单次购买的总价不能低于次卡的价格" in wrong.text
    made = desk.post("chain.passes_create", {**ENTERED, "transferable": "y", "shared": "y"}, merchant=merchant)
    kind = UUID(made.response.headers["Location"].rsplit("/", 1)[1].split("?")[0])
    draft = desk.open(made.response.headers["Location"])
    assert "每次约 ¥128" in draft.text
    street = salon.browser.as_(salon.client)
    street.get("shop.passes_offer", passkind=kind, status=404)
    desk = salon.desk()
    desk.post("chain.passes_sell", {}, merchant=merchant, passkind=kind)
    assert "补水护理 10 次卡" in salon.browser.as_(None).get("shop.stores_show", store=salon.store.id).text
    street = salon.browser.as_(salon.client)
    offer = street.get("shop.passes_offer", passkind=kind)
    assert "比一次一次买省 ¥400" in offer.text
    cheaper = {"shown": "100", "uses": "10"}
    assert "价格从" in street.post("shop.passes_buy", cheaper, passkind=kind, status=422).text
    bought = street.client.post(street.url("shop.passes_buy", passkind=kind), data=offer.form("buy"))
    assert "/payments/" in bought.headers["Location"]
    mine = street.get("shop.passes_list")
    assert "待付款" in mine.text


def test_the_counter_takes_whatever_it_is(salon: Salon) -> None:
    world = salon.world
    made = world.bought_pass(salon.client, world.pass_kind(salon.merchant))
    clerk = salon.browser.as_(salon.clerk)
    seen = clerk.post("store.redeem_look", {"code": made.qr}, store=salon.store.id, status=200)
    assert "10 / 10 次" in seen.text
    sent = {**seen.form("use")}
    done = clerk.client.post(clerk.url("store.passes_use", store=salon.store.id), data=sent)
    again = clerk.client.post(clerk.url("store.passes_use", store=salon.store.id), data=sent)
    assert again.headers["Location"] == done.headers["Location"], "the same key, the same receipt"
    receipt = clerk.open(done.headers["Location"])
    assert receipt.one(".result .amount").text == "还剩 9 次"
    use = UUID(done.headers["Location"].rsplit("/", 1)[1])
    clerk.post("store.passes_undo", {}, store=salon.store.id, use=use)
    assert "已撤销" in clerk.get("store.passes_show", store=salon.store.id, use=use).text
    assert "撤销" in clerk.post("store.passes_undo", {}, store=salon.store.id, use=use, status=422).text
    assert salon.look(made.digits, status=200).one("h1").text == "核对后使用次卡"
    coupon = world.collected(world.coupon(salon.merchant, salon.store), salon.client)
    assert salon.look(coupon.code, status=200).one("h1").text == "核对后核销"
    key = codes.signing_key(world.services.settings.secret_key)
    for kind, headline in (
        (CodeKind.PASS, "没有这张次卡"), (CodeKind.BOOKING, "没有这个预约"), (CodeKind.PICKUP, "没有待自取的订单"),
    ):  # fmt: skip
        text = codes.write(Scanned(salon.merchant.id, codes.new_secret(), kind), key)
        assert salon.look(text, status=422).one("h1").text == headline
    assert salon.look("9999 9999 9999", status=422).one("h1").text == "没有这张券"
    clerk = salon.browser.as_(salon.clerk)
    assert clerk.post("store.redeem_confirm", {"code": made.qr}, store=salon.store.id, status=422)
    assert clerk.post("store.passes_use", {"code": coupon.qr}, store=salon.store.id, status=422)


def test_the_desk_gives_back_and_gives_time(salon: Salon) -> None:
    world = salon.world
    made = world.bought_pass(salon.client, world.pass_kind(salon.merchant))
    with world.at_counter(salon.merchant, salon.clerk) as work:
        actions.use_at_counter(work, code=codes.read(made.digits, b"", salon.merchant.id), store_id=salon.store.id)
    desk, at = salon.desk(), {"merchant": salon.merchant.id, "card": made.id}
    assert "¥1152" in salon.card(made).text
    assert "请填写这一项" in desk.post("chain.passes_refund", {"shown": "115200"}, **at, status=422).text
    assert (
        "可退的金额变成了" in desk.post("chain.passes_refund", {"shown": "1", "reason": "搬家"}, **at, status=422).text
    )
    desk.post("chain.passes_extend", {"days": "30"}, **at)
    assert desk.post("chain.passes_extend", {"days": "x"}, **at, status=422)
    desk.post("chain.passes_refund", {"shown": "115200", "reason": "搬家了"}, **at)
    assert salon.now(made) is PassState.REFUNDED
    assert "退未用次数 · 搬家了" in salon.card(made).text
    sold = desk.get("chain.passes_sold", merchant=salon.merchant.id, q=made.digits)
    assert "已退款" in sold.text
    assert "没有这样的卡" in desk.get("chain.passes_sold", merchant=salon.merchant.id, state="expired").text
    assert "南城店" in desk.get("chain.passes_uses", merchant=salon.merchant.id).text
    clerk = salon.browser.as_(salon.clerk)
    clerk.post("chain.passes_refund", {"shown": "1", "reason": "x"}, **at, status=403)
    assert "营业收入到账" in salon.desk().get("chain.funds_list", merchant=salon.merchant.id).text


def test_the_street_shows_gives_and_takes_back(salon: Salon) -> None:
    world, friend = salon.world, salon.world.person("李四")
    made = world.bought_pass(salon.client, world.pass_kind(salon.merchant))
    street = salon.browser.as_(salon.client)
    shown = street.get("shop.passes_show", card=made.id)
    assert shown.soup.select(".qr svg")
    given = street.post("shop.passes_give", {"kind": "share"}, card=made.id)
    link = street.open(given.response.headers["Location"])
    token = str(link.one("#link")["value"]).rsplit("/", 1)[1]
    assert "请选择转赠或共享" in street.post("shop.passes_give", {"kind": "x"}, card=made.id, status=422).text
    other = salon.browser.as_(friend)
    other.get("shop.passes_show", card=made.id, status=404)
    assert "陈** 请您一起用次卡" in other.get("shop.passes_gift", gift=token).text
    other.post("shop.passes_take", {}, gift=token)
    assert "不再一起用" in other.get("shop.passes_show", card=made.id).text
    assert "链接已失效" in other.get("shop.passes_gift", gift=token, status=409).text
    other.post("shop.passes_unshare", {}, card=made.id)
    street = salon.browser.as_(salon.client)
    refund = street.get("shop.passes_show", card=made.id).form("refund")
    assert refund["shown"] == "128000"
    street.client.post(street.url("shop.passes_refund", card=made.id), data=refund)
    assert salon.now(made) is PassState.REFUNDED
    street.get("shop.passes_show", card=uuid4(), status=404)
