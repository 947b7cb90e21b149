"""Referrers: my own code, who brought me, and saying that it is not so."""

from __future__ import annotations

import zxingcpp
from PIL import Image, ImageDraw

from tests.client import Browser
from tests.factories.world import World


def read_qr(page) -> str:
    """Draw the page's SVG on paper and read it as a phone would."""
    svg = page.one(".qr svg")
    size = int(svg["viewbox" if svg.has_attr("viewbox") else "viewBox"].split()[2])
    paper = Image.new("L", (size * 8, size * 8), 255)
    pen, x, y = ImageDraw.Draw(paper), 0.0, 0.0
    path = svg.select("path")[-1]["d"].replace("M", " M ").replace("m", " m ").replace("h", " h ").split()
    while path:
        act = path.pop(0)
        if act in "Mm":
            dx, dy = float(path.pop(0)), float(path.pop(0))
            x, y = (dx, dy) if act == "M" else (x + dx, y + dy)
        else:
            run = float(path.pop(0))
            pen.rectangle((x * 8, (y - 0.5) * 8, (x + run) * 8 - 1, (y + 0.5) * 8 - 1), fill=0)
            x += run
    found = zxingcpp.read_barcode(paper)
    assert found is not None
    return str(found.text)


def test_my_code_leads_to_my_page_without_my_name(app, browser: Browser, world: World) -> None:
    mine = browser.as_(world.person("欧阳文山"))
    assert not mine.get("shop.referrals").soup.select(".qr")
    mine.post("shop.referrals_link")
    page = mine.get("shop.referrals")
    address = read_qr(page)
    assert address == page.one(".card a[href*='/r/']")["href"]
    mine.post("shop.referrals_link")
    assert read_qr(mine.get("shop.referrals")) == address, "made once"
    stranger = Browser(app, world).open(address.replace("http://localhost", ""))
    assert "欧阳** 邀请您来街市" in stranger.text
    assert "文山" not in stranger.text


def brought(browser: Browser, world: World, phone: str = "15400007788") -> Browser:
    inviter = world.person("王秀兰")
    browser.get("shop.invited", token=world.referral_link(inviter))
    browser.post("signin.code_send", {"phone": phone})
    browser.post("signin.code_check", {"code": world.code_for(phone)})
    browser.post("signin.welcome_join", {"name": "陈静", "agreed": "y", "invited": "y"})
    return browser


def test_who_brought_me_and_my_objection(browser: Browser, world: World) -> None:
    mine = brought(browser, world)
    page = mine.get("shop.referrals")
    assert "王**" in page.text
    for reason in ("", " ", "x" * 301, "a\u202eb"):
        mine.post("shop.referrals_contest", {"reason": reason}, status=422)
    mine.post("shop.referrals_contest", {"reason": "是南城店的店员介绍的，不是王女士"})
    page = mine.get("shop.referrals")
    assert "异议处理中" in page.text
    assert "南城店的店员" in page.text
    again = mine.post("shop.referrals_contest", {"reason": "再说一次"}, status=422)
    assert "已经提出过异议" in again.text


def test_without_a_referrer_there_is_nothing_to_contest(browser: Browser, world: World) -> None:
    browser.as_(world.person()).post("shop.referrals_contest", {"reason": "没有"}, status=404)
