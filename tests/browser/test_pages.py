"""Every page of the town in Chromium: nothing for axe, nothing sideways, nothing against the content policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.live import DESK, PHONE, Watched, context
from tests.walker.crawl import Crawl, crawl
from tests.walker.town import Actor
from tests.walker.walk import Knock, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_SHIFT = 0.1
MAIN = ("shop.home", "shop.stores_show", "store.counter", "chain.home", "platform.home", "signin.start")


@pytest.fixture(scope="session")
def seen(walk: Walk) -> Crawl:
    """Every page of B's people."""
    return crawl(walk, walk.b)


def pages(walk: Walk, seen: Crawl) -> Iterator[tuple[str, Knock]]:
    """One page for each endpoint and way it looks: the one with the town's words on it."""
    for endpoint, knock in sorted(seen.opened.items()):
        if knock.status == 200 and knock.response.mimetype == "text/html":
            yield endpoint, knock


class Windows:
    """One window for each person."""

    def __init__(self, walk: Walk, browser: Browser, url: str, **options: object) -> None:
        self.walk, self.browser, self.url, self.options = walk, browser, url, options
        self.open: dict[Actor, BrowserContext] = {}

    def of(self, actor: Actor) -> BrowserContext:
        """His window, signed in."""
        if actor not in self.open:
            self.open[actor] = context(self.browser, self.url, self.walk.cookie(actor), **self.options)
        return self.open[actor]

    def close(self) -> None:
        """All of them."""
        for window in self.open.values():
            window.close()


def look(walk: Walk, seen: Crawl, windows: Windows, only: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    """Open the pages and collect every fault."""
    number, faults = 0, []
    for endpoint, knock in pages(walk, seen):
        if only and endpoint not in only:
            continue
        watched = Watched(windows.of(knock.actor).new_page())
        watched.page.goto(knock.url, wait_until="load")
        found = watched.faults() + watched.axe()
        sideways = watched.sideways()
        found += [f"{sideways} pixels wider than the screen"] if sideways > 0 else []
        found += [f"moves while loading: {watched.shift():.2f}"] if watched.shift() > MOST_SHIFT else []
        faults += [f"{endpoint} ({knock.url}, {knock.actor.name}): {fault}" for fault in found]
        watched.page.close()
        number += 1
    windows.close()
    return number, faults


def test_every_page_on_a_phone(walk: Walk, seen: Crawl, chromium: Browser, url: str) -> None:
    windows = Windows(walk, chromium, url, viewport=PHONE, color_scheme="light")
    number, faults = look(walk, seen, windows)
    print(f"\nbrowser: {number} pages at 390×844, {len(faults)} faults")
    assert number > 30
    assert not faults, "\n".join(faults[:60])


def test_the_main_pages_in_the_dark_and_on_a_desk(walk: Walk, seen: Crawl, chromium: Browser, url: str) -> None:
    faults = []
    for options in ({"viewport": PHONE, "color_scheme": "dark"}, {"viewport": DESK, "color_scheme": "light"}):
        number, found = look(walk, seen, Windows(walk, chromium, url, **options), MAIN)
        print(f"\nbrowser: {number} main pages, {options}, {len(found)} faults")
        faults += found
    assert not faults, "\n".join(faults[:60])


def test_the_main_pages_in_english(walk: Walk, seen: Crawl, chromium: Browser, url: str) -> None:
    """English words are longer: nothing may run off the screen."""
    windows = Windows(walk, chromium, url, viewport=PHONE, locale="en-US")
    number, faults = look(walk, seen, windows, MAIN)
    print(f"\nbrowser: {number} main pages in English, {len(faults)} faults")
    assert not faults, "\n".join(faults[:60])
