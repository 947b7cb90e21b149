"""Booking on the pages: in four taps, by keyboard's means alone (links and radio buttons), by a secret link, refused
with the form as it was; few statements however much there is.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.bookings.values import BookingState, Missed, Prepay
from portal.web.visits import sent
from tests.client import Browser
from tests.factories.bookings import SHANGHAI_FOUR, Salon
from tests.factories.world import World
from tests.web.shop.test_goods import counted

DAY = timedelta(days=1)


@pytest.fixture
def salon(world: World) -> Salon:
    return world.salon(prepay=Prepay.NONE, prepay_fen=0, missed=Missed.RETURN)


def test_four_taps_from_the_store_to_the_visit(world: World, salon: Salon, browser: Browser) -> None:
    shop = browser.as_(salon.client)
    store = shop.get("shop.stores_show", store=salon.store.id)
    services = shop.open(store.one("a[href$='/book']")["href"])  # 1
    times = shop.open(services.one("a.service")["href"])  # 2
    days = times.soup.select("fieldset.day")
    assert [len(day.select("legend")) for day in days] == [1, 1, 1]
    assert days[0].select_one("legend").get_text() == "今天 · 7 月 4 日 周六"
    four = times.one(f"input[type=radio][name=at][value='{sent(SHANGHAI_FOUR)}']")  # 3
    form = times.form("/book/times") | {"at": four["value"]}
    visit = shop.follow(shop.post("shop.bookings_book", form, store=salon.store.id))  # 4
    assert "7 月 5 日 周日 16:00–17:00" in visit.text
    assert len(visit.one(".code").get_text().replace(" ", "")) == 12


def test_a_time_that_is_gone_says_so_and_keeps_the_form(world: World, salon: Salon, browser: Browser) -> None:
    shop = browser.as_(salon.client)
    page = shop.get("shop.bookings_times", store=salon.store.id, service=[salon.service], day="2026-07-05")
    form = page.form("/book/times")
    nothing = shop.post("shop.bookings_book", form, status=422, store=salon.store.id)
    assert "请先选一个时间" in nothing.one(".error-summary").get_text()
    world.booked(salon, world.person())
    gone = form | {
        "at": sent(SHANGHAI_FOUR),
        "note": "对酒精过敏",
        "key": shop.get("shop.bookings_times", store=salon.store.id, service=[salon.service]).form("/book/times")[
            "key"
        ],
    }
    refused = shop.post("shop.bookings_book", gone, status=422, store=salon.store.id)
    assert "刚刚被约走了" in refused.one(".error-summary").get_text()
    assert refused.one("input[name=note]")["value"] == "对酒精过敏"
    assert not refused.soup.select(f"input[value='{sent(SHANGHAI_FOUR)}']")
    for at in ("", "20260705T0800", "99999999T9999Z", "20200101T0000Z", "甲"):
        shop.post("shop.bookings_book", form | {"at": at}, status=422, store=salon.store.id)


def test_a_secret_link_moves_and_calls_off_without_sign_in_until_it_is_changed(
    world: World, salon: Salon, browser: Browser
) -> None:
    booking = world.booked(salon)
    mine = browser.as_(salon.client)
    address = mine.get("shop.bookings_show", booking=booking).one(".secret").get_text().partition("/visit/")[2]
    street = browser.as_(None)
    street.get("shop.bookings_show", status=303, booking=booking)
    page = street.get("shop.visits_move", visit=address, day="2026-07-06")
    form = page.form("/move") | {"at": sent(SHANGHAI_FOUR + DAY)}
    street.post("shop.visits_moved", form, visit=address)
    assert world.visit(booking).sequence == 1
    for forged in (address[:-1] + ("a" if address[-1] != "a" else "b"), address[:-4], "x" * 48, "é" * 48):
        street.get("shop.visits_show", status=404, visit=forged)
    mine.post("shop.bookings_link", mine.get("shop.bookings_show", booking=booking).form("/link"), booking=booking)
    street.get("shop.visits_show", status=404, visit=address)
    again = mine.get("shop.bookings_show", booking=booking).one(".secret").get_text().partition("/visit/")[2]
    page = street.get("shop.visits_show", visit=again)
    street.post("shop.visits_cancel", page.form("/cancel"), visit=again)
    assert world.visit(booking).state is BookingState.CANCELLED


def test_waiting_is_offered_accepted_and_paid(world: World, browser: Browser) -> None:
    salon = world.salon(doers=1)
    booking, other = world.booked(salon), world.person("林晓雯")
    waits = browser.as_(other)
    page = waits.get("shop.bookings_times", store=salon.store.id, service=[salon.service], day="2026-07-05")
    form = page.form("/book/wait") | {"day": "2026-07-05", "part": "afternoon"}
    waits.follow(waits.post("shop.bookings_wait", form, store=salon.store.id))
    mine = browser.as_(salon.client)
    shown = mine.get("shop.bookings_show", booking=booking)
    mine.post("shop.bookings_cancel", shown.form("/cancel"), booking=booking)
    offered = waits.open(waits.get("shop.bookings_list").one(".rows a[href*='/bookings/']")["href"])
    assert "候补有位了" in offered.text
    paying = waits.post(
        "shop.bookings_accept",
        offered.form("/accept"),
        booking=offered.one("form[action$='/accept']")["action"].split("/")[2],
    )
    assert "/payments/" in paying.response.headers["Location"]


def test_few_statements_however_many_visits(world: World, salon: Salon, browser: Browser) -> None:
    shop = browser.as_(salon.client)
    pages = [
        ("shop.bookings_times", {"store": salon.store.id, "service": [salon.service]}),
        ("shop.bookings_list", {}),
    ]
    world.booked(salon, at=SHANGHAI_FOUR)
    counts = []
    for nth in range(2):
        for endpoint, values in pages:
            with counted(world) as statements:
                shop.get(endpoint, **values)
            counts.append(len(statements))
        for more in range(1, 4 - 3 * nth):
            world.booked(salon, at=SHANGHAI_FOUR + more * DAY)
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
