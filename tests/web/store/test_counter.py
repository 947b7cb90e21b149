"""The counter in a browser without script: look, confirm, receipt, undo, the day's list; in both languages."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import Scanned
from portal.kernel.permissions import Role
from tests.client import Browser
from tests.domain.vouchers.town import Town, a_town
from tests.factories.world import World


@pytest.fixture
def town(world: World) -> Town:
    return a_town(world)


@pytest.fixture
def clerk(browser: Browser, town: Town) -> Browser:
    return browser.as_(town.clerk)


def look(clerk: Browser, town: Town, code: str, **options):
    return clerk.post("store.redeem_look", {"code": code}, store=town.store.id, **options)


def test_a_clerk_redeems_by_qr_and_by_digits(world: World, town: Town, clerk: Browser) -> None:
    coupon = world.coupon(town.merchant, town.store, per_person=2)
    for typed in ("qr", "digits"):
        voucher = world.collected(coupon, town.consumer)
        start = clerk.get("store.counter", store=town.store.id)
        assert "天河店" in start.text
        code = voucher.qr if typed == "qr" else f"{voucher.code[:4]} {voucher.code[4:8]} {voucher.code[8:]}"
        seen = look(clerk, town, code, status=200)
        assert "满 30 减 5" in seen.text
        assert "陈**" in seen.text
        assert "先核对消费：满 ¥30 才能用。" in seen.text
        done = clerk.client.post(clerk.url("store.redeem_confirm", store=town.store.id), data=seen.form("confirm"))
        receipt = clerk.open(done.headers["Location"])
        assert receipt.one(".result.ok h1").text == "已核销"
        assert receipt.one(".result .amount").text == "¥5"
        assert "7 月 4 日 12:00 · 天河店" in receipt.text
        for page in (seen, receipt):
            assert page.one(".counter-bar [aria-current]").text == "核销"  # still at the counter
        assert receipt.one(".result noscript").text == "输入下一张"  # nothing scans without a script


def test_the_second_reads_who_and_when(world: World, town: Town, clerk: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    world.redeemed(town.merchant, town.clerk, town.store, voucher)
    for endpoint in ("store.redeem_look", "store.redeem_confirm"):
        refused = clerk.post(endpoint, {"code": voucher.qr}, store=town.store.id, status=422)
        assert "这张券 7 月 4 日 12:00 已在天河店核销（王**）。" in refused.text
        assert refused.one("h1").text == "用过了"


def test_the_same_key_shows_the_same_receipt(world: World, town: Town, clerk: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    key = str(uuid4())
    places = {
        clerk.post("store.redeem_confirm", {"code": voucher.qr}, store=town.store.id, key=key).response.location
        for _ in range(3)
    }
    assert len(places) == 1
    other = clerk.post("store.redeem_confirm", {"code": voucher.code}, store=town.store.id, key=key, status=409)
    assert "内容却不一样" in other.text


def test_undo_with_a_reason(world: World, town: Town, clerk: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    redemption = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    page = clerk.get("store.redemptions_show", store=town.store.id, redemption=redemption)
    form = page.form("undo")
    assert form["reason"] == "wrong_voucher"
    address = clerk.url("store.redemptions_undo", store=town.store.id, redemption=redemption)
    refused = clerk.client.post(address, data={**form, "reason": "other", "note": ""})
    assert refused.status_code == 422
    assert "请写一句撤销的原因。" in refused.text
    done = clerk.client.post(address, data={**form, "reason": "other", "note": "顾客 😀 忘带钱包", "key": str(uuid4())})
    undone = clerk.open(done.headers["Location"])
    assert "已撤销" in undone.one("h1").text
    assert "7 月 4 日 12:00 · 王**" in undone.one(".result .words").text  # when, and who took it back
    again = clerk.client.post(address, data={**form, "key": str(uuid4())})
    assert "已经撤销过了" in again.text
    world.clock.advance(minutes=30)
    later = clerk.get("store.redemptions_show", store=town.store.id, redemption=redemption)
    assert "顾客 😀 忘带钱包" in later.text


def test_a_late_undo_says_so_and_offers_nothing(world: World, town: Town, clerk: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    redemption = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    world.clock.advance(minutes=61)
    page = clerk.get("store.redemptions_show", store=town.store.id, redemption=redemption)
    assert "撤销时限到 7 月 4 日 13:00，已经过了" in page.text
    assert not page.soup.select("form[action$=undo]")
    refused = clerk.post(
        "store.redemptions_undo", {"reason": "not_paid"}, store=town.store.id, redemption=redemption, status=422
    )
    assert "撤销时限已过" in refused.text


BAD = (
    ("", "不是券码"),
    ("😀", "不是券码"),
    ("https://example.com/?q=1", "不是券码"),
    ("-5", "位数不对"),
    ("1234", "位数不对"),
    ("9" * 300, "位数不对"),
    ("9" * 3000, "不是券码"),
    ("１２３４５６７８９０１２", "没有这张券"),
    ("JS9.AAAA.BBBB", "版本不对"),
    ("JS1.AAAA.BBBB", "券码有误"),
)
SHOWN = {"１２３４５６７８９０１２": "1234 5678 9012"}  # digits come back as they stand on the voucher


def test_a_bad_code_is_told_and_kept(town: Town, clerk: Browser) -> None:
    for typed, headline in BAD:
        page = look(clerk, town, typed, status=422)
        assert page.one("h1").text == headline
        assert page.one("input#code")["value"] == SHOWN.get(typed, typed)


def test_forged_and_foreign_codes_are_told_apart(world: World, town: Town, clerk: Browser) -> None:
    elsewhere = a_town(world)
    foreign = world.collected(world.coupon(elsewhere.merchant, elsewhere.store), town.consumer)
    assert look(clerk, town, foreign.qr, status=422).one("h1").text == "别家的券"
    assert look(clerk, town, foreign.code, status=422).one("h1").text == "没有这张券"
    forged = codes.write(Scanned(town.merchant.id, b"0123456789"), codes.signing_key("not ours"))
    assert look(clerk, town, forged, status=422).one("h1").text == "券码有误"


def test_wrong_codes_are_limited_right_ones_are_free(world: World, town: Town, clerk: Browser) -> None:
    coupon = world.coupon(town.merchant, town.store)
    voucher = world.collected(coupon, town.consumer)
    for _ in range(25):
        look(clerk, town, voucher.qr, status=200)
    for at in range(20):
        look(clerk, town, f"10000000{at:04}", status=422)
    stopped = look(clerk, town, voucher.qr, status=429)
    assert "输错的券码太多了" in stopped.text
    colleague = Browser(clerk.app, world).as_(town.clerk)
    assert look(colleague, town, voucher.qr, status=200)
    world.clock.advance(minutes=10)
    look(clerk, town, voucher.qr, status=200)


def test_a_store_has_a_limit_over_all_devices(world: World, town: Town, browser: Browser) -> None:
    devices = [browser.as_(town.clerk) for _ in range(6)]
    for at in range(100):
        look(devices[at // 20], town, f"10000000{at:04}", status=422)
    look(devices[5], town, "200000000000", status=429)


def test_only_staff_of_the_store_come_to_its_counter(
    world: World, town: Town, browser: Browser, clerk: Browser
) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store, town.other), town.consumer)
    redemption = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    clerk.get("store.counter", store=town.other.id, status=404)
    stranger = browser.as_(a_town(world).clerk)
    for store in (town.store.id, town.other.id):
        stranger.get("store.counter", store=store, status=404)
        stranger.get("store.redemptions_show", store=store, redemption=redemption, status=404)
        stranger.post("store.redeem_look", {"code": voucher.qr}, store=store, status=404)
    owner = browser.as_(town.owner)
    owner.get("store.redemptions_show", store=town.other.id, redemption=redemption, status=404)
    finance = world.person()
    world.staff(town.merchant, Role.FINANCE, person=finance)
    browser.as_(finance).get("store.counter", store=town.store.id, status=403)


def test_todays_list_searches_and_adds_up(world: World, town: Town, clerk: Browser) -> None:
    coupon = world.coupon(town.merchant, town.store, total=10)
    vouchers = [world.collected(coupon, world.person(name)) for name in ("陈静", "林晓雯", "黄嘉怡")]
    empty = clerk.get("store.redemptions_today", store=town.store.id)
    assert "今天还没有核销" in empty.text
    for voucher in vouchers:
        world.redeemed(town.merchant, town.clerk, town.store, voucher)
    page = clerk.get("store.redemptions_today", store=town.store.id)
    assert "今日记录" in page.one("h1").text
    assert "核销 3 减免 ¥ 15" in page.text
    assert len(page.soup.select(".log li")) == 3
    assert "7 月 4 日" not in str(page.soup.select_one(".log time"))
    found = clerk.get("store.redemptions_today", store=town.store.id, q=vouchers[0].code[-4:])
    assert len(found.soup.select(".log li")) == 1
    assert len(clerk.get("store.redemptions_today", store=town.store.id, q="林").soup.select(".log li")) == 1
    assert "没有找到" in clerk.get("store.redemptions_today", store=town.store.id, q="%_😀").text
    world.clock.advance(days=1)
    assert "今天还没有核销" in clerk.get("store.redemptions_today", store=town.store.id).text
    older = clerk.get("store.redemptions_today", store=town.store.id, since="2026-07-04", until="2026-07-04")
    assert len(older.soup.select(".log li")) == 3
    assert "7 月 4 日" in str(older.soup.select_one(".log time"))  # an hour alone would read as today's
    clerk.get("store.redemptions_today", store=town.store.id, since="x", until="9999-99-99", after="y")


def test_exports_hold_text_where_a_formula_could_stand(world: World, town: Town, browser: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store, title="=HYPERLINK(1)"), town.consumer)
    world.redeemed(town.merchant, town.clerk, town.store, voucher)
    owner = browser.as_(town.owner)
    plain = owner.client.get(owner.url("store.redemptions_export", store=town.store.id, format="csv"))
    text = plain.data.decode("utf-8")
    assert text.startswith("\ufeff时间,")
    assert "'=HYPERLINK(1)" in text
    assert plain.headers["Content-Disposition"] == 'attachment; filename="redemptions-2026-07-04.csv"'
    excel = owner.client.get(owner.url("store.redemptions_export", store=town.store.id, format="xlsx"))
    sheet = load_workbook(io.BytesIO(excel.data)).active
    assert sheet is not None
    assert sheet.cell(2, 3).value == "=HYPERLINK(1)"
    assert sheet.cell(2, 3).data_type == "s"
    assert sheet.cell(2, 7).value == voucher.code
    browser.as_(town.clerk).get("store.redemptions_export", store=town.store.id, status=403)


def test_every_page_of_the_counter_in_english(world: World, town: Town, browser: Browser) -> None:
    abroad = world.person("何伟", locale="en")
    world.staff(town.merchant, Role.MANAGER, person=abroad)
    reader = browser.as_(abroad)
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    reader.get("store.counter", store=town.store.id)
    reader.post("store.redeem_look", {"code": voucher.qr}, store=town.store.id, status=200)
    redemption = world.redeemed(town.merchant, abroad, town.store, voucher)
    page = reader.get("store.redemptions_show", store=town.store.id, redemption=redemption)
    assert "4 Jul 12:00" in page.text
    reader.get("store.redemptions_today", store=town.store.id)
    reader.post("store.redeem_look", {"code": voucher.qr}, store=town.store.id, status=422)


def test_the_address_of_a_look_leads_back_to_the_counter(town: Town, clerk: Browser) -> None:
    seen = clerk.get("store.redeem_start", store=town.store.id, status=303)
    assert seen.response.location == clerk.url("store.counter", store=town.store.id)
