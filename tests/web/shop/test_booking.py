"""Booking on the pages: in four taps, by keyboard's means alone (links and radio buttons), by a secret link, refused
with the form as it was; few statements however much there is.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlparse

import pytest

from portal.domain.bookings import queries
from portal.domain.bookings.values import BookingState, Missed, Prepay
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from portal.web.visits import sent
from tests.client import Browser, fields_of
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
    for forged in (address[:-1] + ("a" if address[-1] != "a" else "b"), address[:-4], "x" * 56, "é" * 56):
        street.get("shop.visits_show", status=404, visit=forged)
    for nth in range(11):
        street.get("shop.visits_move", status=404 if nth < 10 else 429, visit="y" * 56)
    assert len(address) == 56, "136 bits of a mark"
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


def test_whoever_is_not_signed_in_chooses_first_and_finds_his_choice_again(
    world: World, salon: Salon, browser: Browser
) -> None:
    street = browser.as_(None)
    page = street.get("shop.bookings_times", store=salon.store.id, service=[salon.service], who=salon.doers[1].id)
    form = page.one("form[action$='/book/confirm']")
    assert form["method"] == "get"
    assert {one["name"] for one in form.select("input")} == {"service", "who", "day", "at"}, "no secrets in addresses"
    chosen = {one["name"]: one["value"] for one in form.select("input[type=hidden]")} | {"at": sent(SHANGHAI_FOUR)}
    asked = street.open(f"{form['action']}?{urlencode(chosen)}", status=303).response.headers["Location"]
    back = parse_qs(urlparse(asked).query)["next"][0]
    mine = browser.as_(salon.client)
    again = mine.open(back)
    assert again.one("input[name=at][checked]")["value"] == sent(SHANGHAI_FOUR)
    mine.follow(mine.post("shop.bookings_book", fields_of(again.one("form.stack")), store=salon.store.id))
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        booked = queries.my_bookings(work, over=False)
    assert [(one.starts_at, one.lines[0].technician) for one in booked] == [(SHANGHAI_FOUR, "技师 2")]
    gone = browser.as_(world.person()).open(back)
    assert "已经没有了" in gone.text
    assert not gone.soup.select("input[name=at][checked]")


def test_one_day_stands_open_and_the_others_say_how_many_times_they_have(
    world: World, salon: Salon, browser: Browser
) -> None:
    page = browser.get("shop.bookings_times", store=salon.store.id, service=[salon.service], day="2026-07-05")
    first, *folded = page.soup.select("fieldset.day")
    assert first.find_parent("details") is None
    for day in folded:
        fold = day.find_parent("details")
        assert not fold.has_attr("open")
        count = len(day.select("input[type=radio][name=at]"))
        assert f"{count} 个时间" in fold.select_one("summary").get_text()
    assert len(folded) == 2


def test_the_sum_follows_the_pass_with_and_without_script(world: World, browser: Browser) -> None:
    salon = world.salon(prepay=Prepay.FULL)
    world.bought_pass(salon.client, world.pass_kind(salon.merchant))
    shop, at = browser.as_(salon.client), {"store": salon.store.id}
    page = shop.get("shop.bookings_times", service=[salon.service], day="2026-07-06", **at)
    form = fields_of(page.one("form.stack"))
    ticked = f"pass-{salon.service}"
    assert form[ticked]
    assert "现在付" not in page.one(".visit-sum").get_text()
    bare = {name: value for name, value in form.items() if name != ticked} | {"note": "轻一点"}
    without = shop.post("shop.bookings_sum", bare | {"at": sent(SHANGHAI_FOUR + DAY)}, status=200, **at)
    assert "¥168" in without.one(".visit-sum").get_text()
    assert without.one(".book-bar").get_text(strip=True) == "预约并付款"
    assert not without.one(f"input[name='{ticked}']").has_attr("checked")
    assert without.one("input[name=note]")["value"] == "轻一点"
    assert without.one("input[name=at][checked]")["value"] == sent(SHANGHAI_FOUR + DAY)
    part = shop.client.post(shop.url("shop.bookings_sum", **at), data=form, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.get_data(as_text=True)
    assert "visit-sum" in part.get_data(as_text=True)


def test_who_books_with_a_pass_reads_first_that_coming_off_late_costs_the_use(world: World, browser: Browser) -> None:
    salon = world.salon(prepay=Prepay.FULL, missed=Missed.KEEP)
    world.bought_pass(salon.client, world.pass_kind(salon.merchant))
    shop = browser.as_(salon.client)
    page = shop.get("shop.bookings_times", service=[salon.service], day="2026-07-06", store=salon.store.id)
    assert "也扣 1 次" in page.one(".visit-sum").get_text()


def test_of_two_passes_the_one_that_ends_first_is_offered_and_another_can_be_chosen(
    world: World, browser: Browser
) -> None:
    salon = world.salon(prepay=Prepay.FULL)
    late, soon = (
        world.bought_pass(salon.client, world.pass_kind(salon.merchant, name=name, valid_days=days)).id
        for name, days in (("年卡", 365), ("月卡", 30))
    )
    shop, at = browser.as_(salon.client), {"store": salon.store.id}
    page = shop.get("shop.bookings_times", service=[salon.service], day="2026-07-06", **at)
    name = f"pass-{salon.service}"
    assert [one["value"] for one in page.soup.select(f"input[name='{name}']")] == [str(soon), str(late), ""]
    form = fields_of(page.one("form.stack"))
    assert form[name] == str(soon)
    none = shop.post("shop.bookings_sum", form | {name: ""}, status=200, **at)
    assert "现在付" in none.one(".visit-sum").get_text()
    assert none.one(f"input[name='{name}'][checked]")["value"] == ""
    chosen = shop.post("shop.bookings_sum", form | {name: str(late)}, status=200, **at)
    assert chosen.one(f"input[name='{name}'][checked]")["value"] == str(late)
    shop.post("shop.bookings_book", form | {name: str(late), "at": sent(SHANGHAI_FOUR + DAY)}, **at)
    assert [world.pass_of(one, salon.merchant.id).line.left for one in (soon, late)] == [10, 9]


def test_the_button_says_book_in_english(world: World, salon: Salon, browser: Browser) -> None:
    english = {"headers": {"Accept-Language": "en"}}
    store = browser.open(f"/s/{salon.store.id}", **english)
    assert store.one("a[href$='/book']").get_text(strip=True) == "Book"
    signed = browser.as_(salon.client)
    signed.open("/language?to=en", status=303)
    times = signed.get("shop.bookings_times", store=salon.store.id, service=[salon.service])
    assert times.one(".book-bar").get_text(strip=True) == "Book"


def test_a_refused_place_on_the_list_says_why_and_keeps_the_day(world: World, salon: Salon, browser: Browser) -> None:
    shop, at = browser.as_(salon.client), {"store": salon.store.id}
    page = shop.get("shop.bookings_times", service=[salon.service], **at)
    form = page.form("/book/wait") | {"day": "2026-07-09", "part": "evening"}
    shop.post("shop.bookings_wait", form, **at)
    fresh = shop.get("shop.bookings_times", service=[salon.service], **at).form("/book/wait")
    again = shop.post("shop.bookings_wait", form | {"key": fresh["key"]}, status=422, **at)
    box = again.one("details.wait-box")
    assert box.has_attr("open")
    assert box.select_one(".error-summary")
    assert box.select_one("option[selected]")["value"] == "2026-07-09"
    assert box.select_one("input[name=part][checked]")["value"] == "evening"
