"""A floor is drawn, a table reserved and seated, a queue called: from the desk to the street, without script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import Tag
from sqlalchemy import select

from portal.domain.floor import queries
from portal.domain.floor.models import FloorTable, TableBooking
from portal.domain.floor.values import DepositKind
from portal.domain.messages.models import TextMessage
from portal.domain.tabs import queries as tabs
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.web.shop import test_icalendar as icalendar

EVENING = datetime(2026, 7, 5, 10, 30, tzinfo=UTC)  # 18:30 in Shanghai


@pytest.fixture
def merchant(world: World) -> MadeMerchant:
    return world.merchant(name="炉前潮汕牛肉")


@pytest.fixture
def store(world: World, merchant: MadeMerchant) -> MadeStore:
    return world.store(merchant, "东城店", hours="17:00-02:00")


@pytest.fixture
def boss(world: World, merchant: MadeMerchant) -> MadePerson:
    return world.staff(merchant, Role.OWNER)


def pressed(browser: Browser, seen: Seen, action: str, **values: str) -> Seen:
    """The form whose address has this part, sent with these values, and the page after it."""
    return browser.follow(sent(browser, str(form_of(seen, action)["action"]), {**seen.form(action), **values}))


def refused(browser: Browser, seen: Seen, action: str, **values: str) -> Seen:
    """The same of what is not accepted: the page it stands on again."""
    return sent(browser, str(form_of(seen, action)["action"]), {**seen.form(action), **values}, status=422)


def form_of(seen: Seen, action: str) -> Tag:
    return next(one for one in seen.soup.select("form[method=post]") if action in str(one.get("action", "")))


def sent(browser: Browser, address: str, values: dict[str, str], status: int = 303) -> Seen:
    body = {"csrf_token": browser.csrf(), **values}
    return browser._seen(browser.client.post(address, data=body), status)


def test_guessing_at_links_ends_for_an_address_and_for_a_link(browser: Browser, world: World) -> None:
    guesser = browser.as_(None)
    for nth in range(10):
        for page, name in (("shop.tables_linked", "link"), ("shop.queue_linked", "slip")):
            guesser.client.environ_base["REMOTE_ADDR"] = f"10.0.{name == 'slip':d}.{nth}"
            guesser.get(page, status=404, **{name: f"{name:x<22}"})
    guesser.client.environ_base["REMOTE_ADDR"] = "10.0.9.9"
    guesser.get("shop.tables_linked", status=429, link=f"{'link':x<22}")
    guesser.get("shop.queue_linked", status=429, slip=f"{'slip':x<22}")
    for nth in range(30):
        guesser.get("shop.tables_linked", status=404, link=f"guess-{nth}")
    guesser.get("shop.queue_linked", status=429, slip="another")


def test_a_floor_from_nothing_to_its_cards(browser: Browser, boss: MadePerson, store: MadeStore) -> None:
    here = {"merchant": store.merchant_id, "store": store.id}
    desk = browser.as_(boss)
    desk.get("chain.floor_list", merchant=store.merchant_id)
    plan = desk.get("chain.floor_show", **here)
    plan = pressed(desk, plan, "areas/new", name="大厅")
    wrong = refused(desk, plan, "/rename", name="大" * 21)
    assert (wrong.form("/rename")["name"], wrong.form("areas/new")["name"]) == ("大" * 21, "")
    fresh = desk.get("chain.floor_tables_new", **here)
    area = fresh.one("select[name=area] option")["value"]
    facts = {"names": "A1-A3", "area": str(area), "seats_max": "4", "seats_min": "1", "shape": "round"}
    plan = pressed(desk, fresh, "tables/new", **facts)
    assert len(plan.soup.select(".floor-table")) == 3
    wrong = desk.post("chain.floor_tables_add", {**facts, "names": "A1"}, status=422, **here)
    assert "本店已经有桌号 A1" in wrong.text
    first = plan.soup.select(".floor-table")[0]
    sent(desk, str(first["data-place"]), {"x": "500", "y": "9000"})
    table = desk.open(str(first["href"]))
    assert table.one("input[name=x]")["value"] == "500"
    before = code_of(desk.world, "A1")
    table = pressed(desk, table, "/code")
    assert code_of(desk.world, "A1") != before
    pressed(desk, table, "/away")
    cards = desk.get("chain.floor_cards", **here)
    assert len(cards.soup.select(".table-card svg")) == 2
    answer = desk.client.get(desk.url("chain.floor_cards_pdf", **here))
    assert answer.data.startswith(b"%PDF-1.")
    assert b"/Count 1" in answer.data
    joins = desk.get("chain.floor_joins", **here)
    ids = [str(one["value"]) for one in joins.soup.select("input[name=tables]")]
    joined = {"tables": ids, "seats_min": "5", "seats_max": "8", "name": ""}
    desk.follow(desk.post("chain.floor_join", joined, **here))
    rules = desk.get("chain.floor_rules", **here)
    pressed(desk, rules, "/rules", online="y")
    with desk.world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        assert queries.rules(work, store.id).online
        assert queries.plan(work, store.id).joins[0].names == ("A2", "A3")


def code_of(world: World, name: str) -> str:
    with world.work(Face.JOB) as work:
        return work.session.scalars(select(FloorTable.code).where(FloorTable.name == name)).one()


def test_a_table_is_reserved_in_four_taps_and_seated(
    world: World, browser: Browser, boss: MadePerson, store: MadeStore
) -> None:
    world.floor(store, four="A1-A2", two="B1")
    guest = world.person()
    mine = browser.as_(guest)
    form = mine.get("shop.tables_new", store=store.id, people=4, day="2026-07-05")
    times = form.soup.select("input[type=radio][name=at]")
    at = next(str(one["value"]) for one in times if one["value"] == EVENING.isoformat())
    none = mine.post("shop.tables_book", {"people": "4"}, status=422, store=store.id)
    assert "请重新选一个时间" in none.text
    shown = pressed(mine, form, "/table?", at=at, people="4", name="陈晓晴")
    assert "A1" in shown.text
    mine.get("shop.tables_list")
    moving = mine.open(str(shown.one("a[href$='/move']")["href"]))
    later = str(moving.soup.select("input[name=at]")[-1]["value"])
    shown = pressed(mine, moving, "/move", at=later, people="3")
    assert "已改期" in shown.text

    clerk = Browser(browser.app, world).as_(boss)
    day = clerk.get("store.tables_day", store=store.id, day="2026-07-05")
    assert "陈晓晴" in day.text
    call = clerk.get("store.tables_call", store=store.id, day="2026-07-05")
    facts = {"day": "2026-07-05", "hour": "18:30", "people": "2", "name": "周先生", "phone": "15400012345"}
    bad = clerk.post("store.tables_take", {**facts, "hour": "noon"}, status=422, store=store.id)
    assert "18:30" in bad.text
    taken = pressed(clerk, call, "/tables/new", **facts)
    link = next(word for word in taken.text.split() if "/tables/by/" in word).rpartition("/")[2][:22]
    stranger = Browser(browser.app, world).as_(None)
    linked = stranger.get("shop.tables_linked", link=link)
    stranger.get("shop.tables_move_linked", link=link)
    file = stranger.client.get(str(linked.one("a[href$='/calendar']")["href"]))
    [event] = icalendar.read(file.data)
    assert (event["DTSTART"], event["STATUS"], event["SEQUENCE"]) == ("20260705T103000Z", "CONFIRMED", "0")
    assert event["URL"].endswith(f"/tables/by/{link}")
    pressed(stranger, linked, "/cancel")
    [event] = icalendar.read(stranger.client.get(f"/tables/by/{link}/calendar").data)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "1")
    stranger.get("shop.tables_linked", status=404, link="x" * 22)
    with world.work(Face.JOB) as work:
        told = work.session.scalars(select(TextMessage).where(TextMessage.kind == "table.booked")).one()
        assert link in str(told.words), "who rang up has it by text"
        booking = work.session.scalars(select(TableBooking.id).where(TableBooking.person_id == guest.id)).one()
    one = clerk.get("store.tables_show", store=store.id, party=booking)
    clerk.get("store.tables_edit", store=store.id, party=booking)
    one = pressed(clerk, one, "/seat")
    assert "已入座" in one.text
    pressed(clerk, clerk.get("store.tables_show", store=store.id, party=booking), "/unseat")


def test_what_cancelling_costs_is_asked_again_when_it_begins_to_cost(
    world: World, browser: Browser, store: MadeStore
) -> None:
    world.floor(store, four="A1")
    world.floor_rules(store, deposit_kind=DepositKind.KEPT, deposit_fen=2000, deposit_from=2)
    guest = world.person()
    made = world.table_booking(store, guest, EVENING)
    assert made.intent_id is not None
    world.told(world.paid_fact(world.attempt(guest, made.intent_id), 4000))
    mine = browser.as_(guest)
    opened = mine.get("shop.tables_show", party=made.booking_id)
    world.clock.advance(seconds=(EVENING - world.clock.now()).total_seconds() - 60)
    asked = refused(mine, opened, "/cancel")
    assert "前可以免费取消和改期" in opened.text
    assert "前）已过" in asked.text, "nothing is offered free that is not any more"
    assert "定金 ¥40 归门店，不退。请再确认一次。" in asked.text
    assert "已取消订座" in pressed(mine, asked, "/cancel").text


def test_the_board_of_the_floor_says_who_is_expected(
    world: World, browser: Browser, boss: MadePerson, store: MadeStore
) -> None:
    world.floor(store, four="A1-A2")
    world.clock.at = EVENING - timedelta(hours=3)
    world.table_booking(store, world.person(), EVENING, people=4)
    clerk = browser.as_(boss)
    assert "订座" not in clerk.get("store.floor_board", store=store.id).one("#live").text
    world.clock.advance(minutes=90)
    first, second = clerk.get("store.floor_board", store=store.id).soup.select("#live .floor-card summary")
    assert "18:30 订座 4 位" in first.text
    assert "订座" not in second.text


def test_a_queue_from_the_door_to_the_table(world: World, browser: Browser, boss: MadePerson, store: MadeStore) -> None:
    clerk, guest = browser.as_(boss), world.person()
    board = clerk.get("store.queue_board", store=store.id)
    board = pressed(clerk, board, "/queue/open")
    slip = pressed(clerk, board, "/queue/take", people="2", name="")
    assert "A001" in slip.text
    phone = Browser(browser.app, world).as_(guest)
    door = phone.get("shop.queue_show", store=store.id)
    place = pressed(phone, door, "/queue", people="2")
    assert "A002" in place.text
    assert "前面还有 1 桌" in place.text
    board = pressed(clerk, clerk.get("store.queue_board", store=store.id), "/call")
    for act in ("/again", "/skip", "/back", "/call"):
        board = pressed(clerk, board, act)
    full = sent(clerk, str(form_of(board, "/seat")["action"]), {**board.form("/seat"), "open": "yes"}, status=422)
    assert full.text.count("没有适合 2 人的空桌") == 1
    for act in ("/seat", "/unseat"):
        board = pressed(clerk, board, act, open="")
    world.floor(store, six="C1", two="B1")
    board = pressed(clerk, board, "/seat", open="yes")
    assert "已入座并开台：B1" in board.text
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        assert [one.people for one in tabs.floor_state(work, store.id)] == [2]
    screen = clerk.get("store.queue_screen", store=store.id)
    assert "A0" in screen.text
    settings = clerk.get("store.queue_settings", store=store.id)
    pressed(clerk, settings, "/queue/settings", back_by="0")
    place = pressed(phone, phone.get("shop.queue_show", store=store.id), "/queue", people="2")
    assert "已放弃" in pressed(phone, place, "/leave").text
    stranger = Browser(browser.app, world).as_(None)
    stranger.get("shop.queue_show", store=store.id)


def test_what_was_typed_of_one_queue_stays_there_and_the_rest_as_it_is(
    world: World, browser: Browser, boss: MadePerson, store: MadeStore
) -> None:
    world.queue_opens(store)
    clerk = browser.as_(boss)
    pressed(
        clerk, clerk.get("store.queue_settings", store=store.id), "/queue/settings", keep_minutes="25", note="请稍候"
    )
    settings = clerk.get("store.queue_settings", store=store.id)
    fresh = {"name": "包间", "letter": "大", "people_from": "13", "people_to": "20", "turn_minutes": "30"}
    wrong = refused(clerk, settings, "/lines/new", **fresh)
    assert "A 到 Z" in wrong.text
    kept = {"keep_minutes": "25", "note": "请稍候"}
    assert kept.items() <= wrong.form("/queue/settings").items()
    assert fresh.items() <= wrong.form("/lines/new").items()
    line = str(form_of(settings, "/queue/lines/")["action"])
    typed = {"name": "双人", "people_from": "1", "people_to": "4", "turn_minutes": "9"}
    wrong = refused(clerk, settings, line, **typed)
    assert typed.items() <= wrong.form(line).items()
    assert kept.items() <= wrong.form("/queue/settings").items()
    assert wrong.form("/lines/new")["name"] == ""
    pressed(clerk, wrong, line, people_to="2")
    world.queued(store, people=2)
    kept_open = refused(clerk, clerk.get("store.queue_settings", store=store.id), "/retire")
    assert "还有人在等" in kept_open.text
    assert kept_open.form(line)["name"] == "双人"


def test_a_table_that_somebody_reserved_is_given_away_for_a_reason(
    browser: Browser, world: World, merchant: MadeMerchant, store: MadeStore, boss: MadePerson
) -> None:
    world.clock.at = EVENING
    floor, clerk = world.floor(store, four="A1"), browser.as_(boss)
    world.table_booking(store, world.person(), EVENING + timedelta(hours=1), people=4)
    a1 = str(floor.tables["A1"])
    asked = clerk.post("store.floor_open", {"table": a1, "people": "3"}, store=store.id, status=422)
    assert "A1" in asked.one(".error-summary").text
    assert "19:30" in asked.one(".error-summary").text
    form = asked.form("/floor/open")
    assert (form["table"], form["people"]) == (a1, "3")
    clerk.post("store.floor_open", form | {"over": "七点前走"}, store=store.id)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert [one.people for one in tabs.floor_state(work, store.id)] == [3]
