"""The wallet and the voucher held up at the counter; it tells by itself when it was used."""

from __future__ import annotations

import re
from datetime import date

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from portal.domain.vouchers import actions
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import UndoReason
from tests.client import Browser
from tests.domain.vouchers.town import Town, a_town
from tests.factories.world import World


@pytest.fixture
def town(world: World) -> Town:
    return a_town(world)


@pytest.fixture
def mine(browser: Browser, town: Town) -> Browser:
    return browser.as_(town.consumer)


def test_tabs_tickets_and_words_for_what_is_left(world: World, town: Town, mine: Browser) -> None:
    assert "还没有可用的券" in mine.get("shop.wallet").text
    used = world.collected(world.coupon(town.merchant, town.store, title="用掉的"), town.consumer)
    world.collected(
        world.coupon(town.merchant, town.store, title="今天的", valid_until=date(2026, 7, 4)), town.consumer
    )
    world.collected(world.coupon(town.merchant, town.store, title="以后的", valid_from=date(2026, 7, 9)), town.consumer)
    world.redeemed(town.merchant, town.clerk, town.store, used)
    page = mine.get("shop.wallet")
    assert [one.get_text(strip=True) for one in page.soup.select(".ticket .title")] == ["今天的", "以后的"]
    assert page.one(".ticket .soon").get_text(strip=True) == "今天到期，还剩 12 小时"
    assert "7 月 9 日 起可用" in page.text
    page = mine.get("shop.wallet", tab="used")
    assert "7 月 4 日 12:00 在天河店核销" in page.one(".ticket.quiet").get_text(" ")
    world.clock.advance(days=1)
    assert "今天的" in mine.get("shop.wallet", tab="expired").text
    mine.get("shop.wallet", tab="nonsense")


def test_a_clerks_scanner_reads_the_voucher_on_the_page(world: World, town: Town, mine: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    page = mine.get("shop.wallet_show", voucher=voucher.id)
    assert page.one(".code").get_text() == f"{voucher.code[:4]} {voucher.code[4:8]} {voucher.code[8:]}"
    assert scan(page.one(".qr svg")) == voucher.qr
    assert codes.read(voucher.qr, codes.signing_key(world.services.settings.secret_key), town.merchant.id)
    assert "天河店" in page.text
    assert "亮" in page.text


def scan(svg) -> str:
    """Draw the squares of the SVG and look at them as a scanner does."""
    side = int(str(svg["viewbox" if "viewbox" in svg.attrs else "viewBox"]).split()[2])
    image = Image.new("L", (side * 8, side * 8), 255)
    pen = ImageDraw.Draw(image)
    dark = next(path for path in svg.select("path") if path.get("stroke") == "#000")
    x = y = 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", str(dark["d"])):
        if step == "h":
            top = (y - 0.5) * 8
            pen.rectangle((x * 8, top, (x + float(first)) * 8 - 1, top + 7), fill=0)
        x = x + float(first) if step in "mh" else float(first)
        y = y if step == "h" else float(second) + (y if step == "m" else 0)
    return zxingcpp.read_barcodes(image)[0].text


def test_the_page_tells_by_itself_that_it_was_used(world: World, town: Town, mine: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    page = mine.get("shop.wallet_show", voucher=voucher.id)
    assert page.one("#live")["hx-trigger"] == "every 3s"
    ask = {"headers": {"HX-Request": "true"}}
    address = mine.url("shop.wallet_show", voucher=voucher.id)
    before = mine.client.get(address, **ask)
    assert before.status_code == 200
    assert "<html" not in before.text
    redemption = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    after = mine.client.get(address, **ask)
    assert after.status_code == 286, "htmx stops asking"
    assert "7 月 4 日 12:00 在天河店核销" in after.text
    assert "hx-trigger" not in after.text
    assert "<svg" not in after.text.partition("voucher-code")[2].partition("tear")[0]
    with world.at_counter(town.merchant, town.clerk) as work:
        actions.undo(work, redemption, store_id=town.store.id, reason=UndoReason.WRONG_VOUCHER)
    assert mine.get("shop.wallet_show", voucher=voucher.id).soup.select(".qr svg")


def test_the_holder_is_told(world: World, town: Town, mine: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), town.consumer)
    redemption = world.redeemed(town.merchant, town.clerk, town.store, voucher)
    assert "您的券“满 30 减 5”已在天河店核销。" in mine.get("shop.notifications_list").text
    with world.at_counter(town.merchant, town.clerk) as work:
        actions.undo(work, redemption, store_id=town.store.id, reason=UndoReason.WRONG_VOUCHER)
    assert "券已退回您的券包" in mine.get("shop.notifications_list").text


def test_a_voucher_is_its_holders_alone(world: World, town: Town, mine: Browser, browser: Browser) -> None:
    voucher = world.collected(world.coupon(town.merchant, town.store), world.person())
    mine.get("shop.wallet_show", voucher=voucher.id, status=404)
    browser.as_(town.owner).get("shop.wallet_show", voucher=voucher.id, status=404)
    browser.as_(None).get("shop.wallet", status=303)


def test_every_page_in_english(world: World, town: Town, browser: Browser) -> None:
    reader = world.person(locale="en")
    coupon = world.coupon(town.merchant, town.store, valid_until=date(2026, 7, 4), per_person=2)
    one, other = world.collected(coupon, reader), world.collected(coupon, reader)
    world.redeemed(town.merchant, town.clerk, town.store, one)
    mine = browser.as_(reader)
    for tab in ("usable", "used", "expired"):
        mine.get("shop.wallet", tab=tab)
    for voucher in (one, other):
        mine.get("shop.wallet_show", voucher=voucher.id)
