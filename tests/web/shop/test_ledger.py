"""The public page of the ledger: what is printed there is enough to work the hashes out again."""

from __future__ import annotations

import hashlib

from portal.jobs.timetable import close_days, prove_ledger
from portal.kernel.clock import FixedClock
from tests.client import Browser
from tests.factories.world import World


def test_before_the_first_day_it_says_so(browser: Browser) -> None:
    page = browser.get("shop.ledger_show")
    assert "还没有关过账" in page.text
    assert "还没有核对过" in page.text


def test_a_stranger_can_check_the_chain_with_what_the_page_says(
    world: World, browser: Browser, clock: FixedClock
) -> None:
    for amount in (100, 250, 7):
        world.captured(amount)
        clock.advance(days=1)
    clock.advance(days=1)
    close_days(world.services)
    prove_ledger(world.services)
    page = browser.get("shop.ledger_show")
    assert "全部相符" in page.text
    before = "0" * 64
    days = list(reversed(page.soup.select("#days > li")))
    assert [day.strong.get_text() for day in days] == ["2026-07-04", "2026-07-05", "2026-07-06", "2026-07-07"]
    for day in days:
        digest, chain = (one.get_text() for one in day.select("dd .hash"))
        count, sums = day.select_one(".note").get_text().split("·")
        asked = sums.split()
        line = f"{asked[0]}={asked[1]}" if len(asked) == 2 else ""
        parts = (before, day.strong.get_text(), count.split()[0], line, digest)
        before = hashlib.sha256("".join(f"{part}\n" for part in parts).encode()).hexdigest()
        assert before == chain
