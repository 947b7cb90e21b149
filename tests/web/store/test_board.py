"""The board and what hangs on it, in a browser without script: a walk-in to done, moves, late and missed, turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from portal.domain.bookings import actions as bookings
from portal.domain.bookings.models import Booking, BookingLine
from portal.domain.bookings.values import ServiceDraft
from portal.domain.calendar.values import WeekSpan
from portal.domain.commissions import actions as commissions
from portal.domain.commissions.values import Kind, RuleDraft, Turn
from portal.domain.tenants.models import Membership
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.calendar import MadeResource
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

DAY = date(2026, 7, 4)
LONG = tuple(WeekSpan(day, 9 * 60, 12 * 60) for day in range(7))


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


class Salon:
    """A store with a clerk, a technician who has an account, another one without, and a service of an hour."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.merchant: MadeMerchant = world.merchant(name="云上美肤")
        self.store: MadeStore = world.store(self.merchant, "南城店")
        self.boss: MadePerson = world.staff(self.merchant, Role.MANAGER)
        self.clerk: MadePerson = world.staff(self.merchant, Role.CLERK, stores=(self.store.id,))
        self.jia: MadePerson = world.staff(
            self.merchant, Role.TECHNICIAN, person=world.person("黄嘉怡"), stores=(self.store.id,)
        )
        with world.work(Face.OFFICE, merchant=self.merchant.id) as work:
            mine = select(Membership.id).where(Membership.person_id == self.jia.id)
            member = work.session.scalars(mine).one()
        self.huang: MadeResource = world.resource(self.store, name="黄嘉怡", week=LONG, member=member)
        self.he: MadeResource = world.resource(self.store, name="何小雨", week=LONG)
        with world.work(Face.OFFICE, merchant=self.merchant.id) as work:
            doers = frozenset({self.huang.id, self.he.id})
            draft = ServiceDraft("补水护理", 60, 16_800, doers=doers)
            self.service = bookings.draft_service(work, draft=draft)
            bookings.offer_service(work, self.service)
            commissions.add_rule(work, RuleDraft(Kind.WORK, None, None, Turn.ANY, 1_500, None))

    def booked(self, starts_at: datetime, who: MadeResource | None = None, name: str = "陈静") -> UUID:
        """The desk books for somebody who calls."""
        with self.world.work(Face.OFFICE, merchant=self.merchant.id) as work:
            return bookings.book_for(
                work,
                store_id=self.store.id,
                service_ids=[self.service],
                starts_at=starts_at,
                client_name=name,
                technician_id=who.id if who else None,
            )

    def state(self, booking: UUID) -> tuple[str, datetime]:
        """Where a visit stands, and when it begins."""
        with self.world.work(Face.OFFICE, merchant=self.merchant.id) as work:
            row = work.session.scalars(select(Booking).where(Booking.id == booking)).one()
            return row.state, row.starts_at


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements of the block."""
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_more) -> None:
        said.append(statement)

    event.listen(world.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(world.engine, "before_cursor_execute", hear)


@pytest.fixture
def salon(world: World) -> Salon:
    world.clock.at = at(10)
    return Salon(world)


def test_a_walk_in_from_the_door_to_done(browser: Browser, salon: Salon) -> None:
    clerk, store = browser.as_(salon.clerk), salon.store.id
    for one in (salon.huang, salon.he):
        clerk.post("store.turns_join", {"technician": str(one.id)}, store=store)
    typed = {"technician": str(salon.he.id), "nth": "甲", "reason": "客人点名"}
    refused = clerk.post("store.turns_put", typed, store=store, status=422)
    assert refused.one(".turn-more[open] [id^=put-]")["value"] == "客人点名"
    page = clerk.get("store.visits_new", store=store)
    assert "轮到 黄嘉怡" in page.text
    empty = clerk.post("store.visits_make", {"when": "now"}, store=store, status=422)
    assert "请先选项目。" in empty.text
    body = {"when": "now", "service": str(salon.service), "client_name": "林女士"}
    board = clerk.follow(clerk.post("store.visits_make", body, store=store))
    card = board.one(".slot-arrived")
    assert ("林**" in card.text, "10:00–11:00" in card.text) == (True, True)
    turns = clerk.get("store.turns_list", store=store)
    assert [one.text for one in turns.soup.select(".turn strong")] == ["何小雨", "黄嘉怡"]
    own = browser.as_(salon.jia)
    mine = own.get("store.mine", store=store)
    assert mine.one(".first-up .big").text == "10:00"
    done = own.client.post(mine.soup.select_one(".first-up form")["action"], data=mine.form("finish"))
    month = own.open(done.headers["Location"])
    assert "25.20" in month.text.replace(" ", "")
    assert "今明两天没有要做的预约" in month.text


def test_move_by_form_late_missed_and_called_off(browser: Browser, salon: Salon) -> None:
    clerk, store = browser.as_(salon.clerk), salon.store.id
    first, second = salon.booked(at(11), salon.huang), salon.booked(at(12), salon.huang, "王先生")
    move = clerk.get("store.visits_move", store=store, booking=first)
    assert move.form("move")["at"] == "11:00"
    taken = {"day": "2026-07-04", "at": "12:30", "who": str(salon.huang.id)}
    refused = clerk.post("store.visits_move_do", taken, store=store, booking=first, status=422)
    assert "刚刚被约走了" in refused.text
    assert salon.state(first) == ("booked", at(11))
    for wrong in ({**taken, "at": "25:99"}, {**taken, "day": "gestern"}, {**taken, "who": str(store)}):
        clerk.post("store.visits_move_do", wrong, store=store, booking=first, status=422)
    forced = {**taken, "overrides": "老客人赶飞机"}
    board = clerk.follow(clerk.post("store.visits_move_do", forced, store=store, booking=first))
    assert salon.state(first) == ("booked", at(12, 30))
    assert len(board.soup.select(".cell-cards .slot")) == 2
    assert "加塞" in board.text
    early = clerk.post("store.visits_no_show", store=store, booking=second, status=422)
    assert "还没到预约的时间" in early.text
    salon.world.clock.at = at(12, 21)
    late = clerk.get("store.board_day", store=store)
    assert "12:00 的 王** 还没到" in late.text
    clerk.post("store.visits_no_show", store=store, booking=second)
    clerk.post("store.visits_cancel", {"why": ""}, store=store, booking=first, status=422)
    clerk.post("store.visits_cancel", {"why": "技师生病"}, store=store, booking=first)
    assert (salon.state(second)[0], salon.state(first)[0]) == ("no_show", "cancelled")
    assert len(clerk.get("store.board_day", store=store).soup.select(".cell-cards .slot")) == 0


def test_a_service_that_is_dragged_takes_the_others_with_it(browser: Browser, salon: Salon) -> None:
    ping = salon.world.resource(salon.store, name="周萍", week=LONG)
    with salon.world.work(Face.OFFICE, merchant=salon.merchant.id) as work:
        drafts = [ServiceDraft("剪发", 30, 6_800, doers=frozenset({salon.huang.id}))]
        drafts += [ServiceDraft("染发", 60, 28_800, doers=frozenset({salon.he.id, ping.id}))]
        services = [bookings.draft_service(work, draft=draft) for draft in drafts]
        for one in services:
            bookings.offer_service(work, one)
        facts = {"store_id": salon.store.id, "service_ids": services, "starts_at": at(14), "client_name": "陈静"}
        visit = bookings.book_for(work, **facts)

    clerk = browser.as_(salon.clerk)

    def drag(name: str, hour: int, who: MadeResource, status: int = 303) -> list[tuple[str, datetime]]:
        day = clerk.get("store.board_day", store=salon.store.id)
        card = next(one for one in day.soup.select("[data-card]") if name in one.text)
        body = {"day": str(DAY), "at": f"{hour}:00", "who": str(who.id), "line": card["data-line"]}
        clerk.post("store.visits_move_do", body, store=salon.store.id, booking=visit, status=status)
        with salon.world.work(Face.OFFICE, merchant=salon.merchant.id) as work:
            lines = work.session.scalars(select(BookingLine).order_by(BookingLine.nth))
            return [(one.technician, one.starts_at) for one in lines]

    [(_cutter, first), (colourist, _second)] = drag("染发", 16, salon.he)
    assert (first, colourist) == (at(15, 30), "何小雨")
    assert drag("染发", 18, ping) == [("黄嘉怡", at(17, 30)), ("周萍", at(18))]
    assert drag("剪发", 12, salon.huang) == [("黄嘉怡", at(12)), ("周萍", at(12, 30))], "who is free stays"
    assert drag("剪发", 11, salon.he, status=422) == [("黄嘉怡", at(12)), ("周萍", at(12, 30))], "he does not cut"
    body = clerk.get("store.visits_move", store=salon.store.id, booking=visit).form("move") | {"at": "13:00"}
    clerk.post("store.visits_move_do", body, store=salon.store.id, booking=visit)
    assert drag("剪发", 13, salon.huang) == [("黄嘉怡", at(13)), ("周萍", at(13, 30))]


def test_time_is_kept_free_and_the_week_shows_it(browser: Browser, salon: Salon) -> None:
    boss, store = browser.as_(salon.boss), salon.store.id
    form = boss.get("store.block_new", store=store).form("block")
    wanted = {**form, "who": str(salon.he.id), "day": "2026-07-04", "at": "14:00", "end": "16:00", "reason": "开会"}
    backwards = boss.post("store.block_make", {**wanted, "end": "13:00"}, store=store, status=422)
    assert "结束要晚于开始" in backwards.text
    page = boss.follow(boss.post("store.block_make", wanted, store=store))
    assert "开会" in page.one(".slot-block").text
    week = boss.get("store.board_week", store=store)
    assert [one.text for one in week.soup.select("tbody th")] == ["黄嘉怡", "何小雨"]
    night = {**wanted, "at": "22:00", "end": "01:30", "reason": "盘点", "key": str(uuid4())}
    assert "22:00–01:30" in boss.follow(boss.post("store.block_make", night, store=store)).text
    for _both in range(2):
        page = boss.get("store.board_day", store=store)
        boss.client.post(page.soup.select_one(".slot-block form")["action"], data=page.form("lift"))
    assert not boss.get("store.board_day", store=store).soup.select(".slot-block")
    browser.as_(salon.clerk).get("store.block_new", store=store, status=403)


def test_who_may_see_what(browser: Browser, salon: Salon, world: World) -> None:
    store = salon.store.id
    other = world.store(salon.merchant, "福田店")
    booking = salon.booked(at(11), salon.he)
    own = browser.as_(salon.jia)
    own.post("store.mine_arrive", store=store, booking=booking, status=404)  # a colleague's
    own.post("store.visits_arrive", store=store, booking=booking, status=403)
    assert not own.get("store.board_day", store=store).soup.select("a.free")
    browser.as_(salon.clerk).get("store.board_day", store=other.id, status=404)
    stranger = world.staff(world.merchant(), Role.OWNER)
    browser.as_(stranger).get("store.visits_show", store=store, booking=booking, status=404)


def test_statements_do_not_grow_with_the_rows(browser: Browser, salon: Salon, world: World) -> None:
    clerk, store = browser.as_(salon.clerk), salon.store.id

    def asked() -> list[int]:
        found = []
        for endpoint in ("store.board_day", "store.board_week", "store.turns_list", "store.clients_list", "store.mine"):
            with counted(world) as seen:
                clerk.get(endpoint, store=store)
            found.append(len(seen))
        return found

    salon.booked(at(11), salon.huang)
    clerk.get("store.board_day", store=store)  # what the process remembers for a while, it knows now
    few = asked()
    for hour in range(12, 20):
        salon.booked(at(hour), salon.huang)
        salon.booked(at(hour), salon.he)
    assert asked() == few
    assert max(few) <= 12, few


def test_a_night_stays_on_its_day(browser: Browser, salon: Salon, world: World) -> None:
    night = world.resource(salon.store, name="夜班林芳")
    with world.work(Face.OFFICE, merchant=salon.merchant.id) as work:
        doers = frozenset({night.id})
        service = bookings.draft_service(work, draft=ServiceDraft("肩颈", 60, 9_800, doers=doers))
        bookings.offer_service(work, service)
        after_midnight = at(0, 30, DAY + timedelta(days=1))
        bookings.book_for(
            work, store_id=salon.store.id, service_ids=[service], starts_at=after_midnight, client_name="赵先生"
        )
    clerk, store = browser.as_(salon.clerk), salon.store.id
    page = clerk.get("store.board_day", store=store, day=DAY)
    assert "次日 00:00" in page.text
    assert "赵**" in page.one(".cell-cards").text
    assert "赵**" not in clerk.get("store.board_day", store=store, day=DAY + timedelta(days=1)).text
