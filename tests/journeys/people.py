"""People with a phone in the hand or a screen on the desk, and what they all do: sign in, look, tap."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

from tests.browser.live import DESK, HERE, PHONE, WATCH, film, launch
from tests.client import Browser as Client
from tests.conftest import NOON
from tests.factories.persons import MadePerson
from tests.factories.world import World


@dataclass
class Somebody:
    """One person's browser and what he does with it."""

    context: BrowserContext
    page: Page
    world: World

    def goes(self, path: str) -> Somebody:
        """Opens an address."""
        self.page.goto(path)
        return self

    def taps(self, name: str) -> Somebody:
        """Taps the one link, button or fold with these words."""
        self.finds(name).click()
        return self

    def finds(self, name: str) -> Locator:
        """The first visible link, button or fold with these words."""
        pattern = self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name))
        return pattern.or_(self.page.locator("summary", has_text=name)).filter(visible=True).first

    def writes(self, label: str, text: str) -> Somebody:
        """Fills a field by its label."""
        self.page.get_by_label(label).first.fill(text)
        return self

    def reads(self, words: str) -> Somebody:
        """Sees these words somewhere on the page."""
        expect(self.page.locator("body")).to_contain_text(words)
        return self

    def sees_heading(self, words: str) -> Somebody:
        """Sees these words as the page's heading."""
        expect(self.page.locator("h1").first).to_contain_text(words)
        return self

    def signs_in(self, phone: str) -> Somebody:
        """With the code from the messenger's sandbox."""
        self.page.locator("input[name=phone]").fill(phone)
        self.taps("发送验证码")
        self.page.locator("input[name=code]").fill(self.world.code_for(phone))
        self.taps("下一步")
        return self

    def is_calm(self) -> Somebody:
        """Nothing was broken on this page: no script error, no breach of the content policy, nothing sideways."""
        assert self.page.evaluate("window.__violations || []") == []
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.page.url}: {wider} pixels wider than the screen"
        return self


@dataclass
class Street:
    """Where people come from; every browser is closed at the end."""

    url: str
    world: World
    playwright: Playwright
    folder: Path
    browsers: list[Browser] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def somebody(self, person: MadePerson | None = None, **options: Any) -> Somebody:
        """A person with a phone; signed in when he is known already."""
        return self._window(launch(self.playwright), person, {"viewport": PHONE, **options})

    def friends(self, count: int) -> list[Somebody]:
        """Several people, each with a phone of his own, in one browser process."""
        browser = launch(self.playwright)
        return [self._window(browser, None, {"viewport": PHONE}) for _ in range(count)]

    def at_a_desk(self, person: MadePerson | None = None) -> Somebody:
        """A person before a screen."""
        return self._window(launch(self.playwright), person, {"viewport": DESK})

    def with_camera(self, person: MadePerson, shows: str) -> Somebody:
        """A clerk whose phone's camera looks at a QR code with this text."""
        browser = launch(self.playwright, film(shows, self.folder / "camera.mjpeg"))
        return self._window(browser, person, {"viewport": PHONE, "permissions": ["camera"]})

    def _window(self, browser: Browser, person: MadePerson | None, options: dict[str, Any]) -> Somebody:
        self.browsers.append(browser)
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": self.url, "geolocation": HERE}
        context = browser.new_context(**{**settings, **options})
        context.add_init_script(WATCH)
        context.set_default_timeout(10_000)
        context.clock.set_fixed_time(NOON)
        if person is not None:
            context.add_cookies([self._cookie(person)])
        page = context.new_page()
        page.on("pageerror", lambda error: self.broken.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: answer.status >= 500 and self.broken.append(f"{answer.status} {answer.url}"))
        return Somebody(context, page, self.world)

    def _cookie(self, person: MadePerson) -> dict[str, Any]:
        client = Client(self.world.app, self.world).as_(person).client
        cookie = client.get_cookie(self.world.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        return {"name": cookie.key, "value": cookie.value, "url": self.url}

    def close(self) -> None:
        """Everybody goes home; nothing may have broken on the way."""
        for browser in self.browsers:
            browser.close()
        assert self.broken == []


def pays(friend: Somebody, world: World, merchant: UUID) -> None:
    """Press a provider, pay there, and see the receipt by itself."""
    friend.sees_heading("付款").is_calm()
    found = re.search(r"/shares/([0-9a-f-]{36})", friend.page.url)
    assert found is not None
    friend.page.locator("form[action$='/pay'] button").first.click()
    friend.reads("正在连接")
    share = world.share_now(merchant, UUID(found[1]))
    world.told(world.paid_fact(world.attempt_of(world.intent_of(share)), share.amount_fen))
    friend.sees_heading("账单").reads("已付").is_calm()


def read_qr(place: Locator, folder: Path) -> str:
    """What a scanner reads on the screen."""
    shot = folder / "screen.png"
    place.screenshot(path=str(shot))
    with Image.open(shot) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L").resize((picture.width * 2, picture.height * 2)))
    assert found, "no scanner could read this code"
    return str(found[0].text)
