"""The box of letters: paged without loss, read by opening, counted in every frame, in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from portal.kernel.spoken import Moment, Yuan
from portal.kernel.words import say
from tests.client import Browser
from tests.factories.world import World


def rows(page) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select(".letters > li:not(.more)")]


def test_forty_five_letters_in_three_pages_none_lost_none_twice(browser: Browser, world: World) -> None:
    person = world.person()
    for number in range(45):
        world.letter(person, say("第 %(number)s 封", number=number))
    mine = browser.as_(person)
    seen, page = [], mine.get("shop.notifications_list")
    for _ in range(3):
        seen += rows(page)
        more = page.soup.select_one(".letters .more a")
        world.letter(person, say("新的"))  # a letter that arrives meanwhile moves nothing
        page = mine.open(more["href"]) if more else page
    assert [int(row.split("第 ")[1].split(" ")[0]) for row in seen] == list(range(44, -1, -1))
    assert not page.soup.select(".letters .more")


def test_opening_a_letter_reads_it_and_leads_on(browser: Browser, world: World) -> None:
    person = world.person()
    letter = world.letter(person, link="/me/addresses")
    world.letter(person, link="")
    mine = browser.as_(person)
    assert "2 条未读" in mine.get("shop.me").text
    gone = mine.post("shop.notifications_read", notification=letter)
    assert gone.response.headers["Location"] == "/me/addresses"
    assert "1 条未读" in mine.get("shop.me").text
    mine.post("shop.notifications_read", notification=letter)
    mine.post("shop.notifications_clear")
    page = mine.get("shop.notifications_list")
    assert "条未读" not in page.text
    assert page.one(".letters a")["href"] == "/me/addresses"


def test_another_persons_letter_is_not_there(browser: Browser, world: World) -> None:
    letter = world.letter(world.person())
    browser.as_(world.person()).post("shop.notifications_read", notification=letter, status=404)
    browser.as_(world.person()).post("shop.notifications_read", notification=uuid4(), status=404)


def test_figures_are_spoken_in_the_readers_language(browser: Browser, world: World) -> None:
    person = world.person()
    when = Moment(datetime(2026, 9, 3, 10, 2, tzinfo=UTC))
    inner = say("南城店")
    world.letter(person, say("%(when)s 在%(store)s用了 %(amount)s", when=when, store=inner, amount=Yuan(1250)))
    mine = browser.as_(person)
    assert "9 月 3 日 18:02 在南城店用了 ¥12.50" in mine.get("shop.notifications_list").text
    mine.open("/language?to=en", status=303)
    assert "3 Sep 18:02" in mine.get("shop.notifications_list").text


def test_a_letter_links_to_own_paths_only(world: World) -> None:
    with pytest.raises(ValueError, match="own path"):
        world.letter(world.person(), link="https://evil.example")


def test_a_strange_place_in_the_list_is_no_error(browser: Browser, world: World) -> None:
    mine = browser.as_(world.person())
    for before in ("", "nonsense", "-1", "😀", str(uuid4())):
        mine.get("shop.notifications_list", before=before)


def test_an_empty_box_says_what_will_come(browser: Browser, world: World) -> None:
    assert "还没有消息" in browser.as_(world.person()).get("shop.notifications_list").text
