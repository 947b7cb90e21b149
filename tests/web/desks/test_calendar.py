"""The desk of hours: from an empty store to a week on paper; what is wrong stays at its field; other roles look on."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.domain.calendar import actions
from portal.domain.calendar.values import Claim, Holder, Kind, WeekSpan
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser, Seen
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

WEEK = {f"day{n}": "18:00-02:00" for n in range(7)} | {f"rest{n}": "" for n in range(7)}


@pytest.fixture
def merchant(world: World) -> MadeMerchant:
    return world.merchant(MerchantKind.BRAND, "莞邑足道")


@pytest.fixture
def store(world: World, merchant: MadeMerchant) -> MadeStore:
    return world.store(merchant, "东城店")


@pytest.fixture
def owner(browser: Browser, world: World, merchant: MadeMerchant) -> Browser:
    return browser.as_(world.staff(merchant))


def cells(seen: Seen, name: str) -> list[str]:
    """The seven days of one row."""
    row = next(row for row in seen.soup.select(".roster tbody tr") if name in row.get_text())
    return [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]


def test_from_an_empty_store_to_a_week(owner: Browser, merchant: MadeMerchant, store: MadeStore) -> None:
    at = {"merchant": merchant.id}
    assert "还没有可预约的人和房间" in owner.get("chain.calendar_week", **at).text
    form = owner.get("chain.resources_new", **at, store=store.id).form("/resources/new")
    made = owner.post("chain.resources_create", form | {"name": "8 号阿萍"}, **at, store=store.id)
    page = owner.follow(made)
    assert "还没有填" in page.text
    resource = page.response.request.path.rsplit("/", 1)[1]
    spread = page.form("/week") | {"every": "18:00-02:00", "every_rest": "00:30-01:00", "spread": "1"}
    looked = owner.post("chain.resources_week", spread, **at, resource=resource, status=422)
    week = looked.form("/week")
    assert (week["day6"], week["rest6"]) == ("18:00-02:00", "00:30-01:00")
    owner.post("chain.resources_week", week | {"day0": "休息", "rest0": ""}, **at, resource=resource)
    shown = owner.get("chain.calendar_week", **at)
    days = cells(shown, "8 号阿萍")
    assert days[0].startswith("休息"), "Monday before the week began"
    assert days[5:] == ["18:00–次日 02:00 休 00:30–01:00"] * 2
    later = cells(owner.get("chain.calendar_week", **at, week="2026-07-06"), "阿萍")
    assert (later[0], later[1]) == ("休息", "18:00–次日 02:00 休 00:30–01:00")
    assert "今天" in shown.text
    assert "18:00–次日 02:00" in owner.get("chain.calendar_print", **at, week="2026-07-06").text
    assert "18:00-02:00" in str(owner.get("chain.resources_show", **at, resource=resource).soup)


def test_a_leave_is_taken_back_with_one_tap(
    owner: Browser, world: World, merchant: MadeMerchant, store: MadeStore
) -> None:
    at, ping = {"merchant": merchant.id}, world.resource(store, name="阿萍")
    assert "撤销" not in owner.get("chain.calendar_week", **at).text
    form = owner.get("chain.calendar_days", **at, resource=ping.id, day="2026-07-04").form("/days")
    leave = form | {"what": "off", "last": "2026-07-05", "reason": "年假", "who": [str(ping.id)]}
    week = owner.follow(owner.post("chain.calendar_days_set", leave, **at, store=store.id))
    assert "刚改了 1 个人或房间的 7 月 4 日 至 7 月 5 日" in week.text
    assert cells(week, "阿萍")[5].startswith("年假")
    undo = week.soup.select_one("form[action*='/undo']")
    assert undo is not None
    back = owner.client.post(str(undo["action"]), data=week.form("/undo"))
    again = owner.open(str(back.location))
    assert cells(again, "阿萍")[5:] == ["18:00–次日 02:00"] * 2
    assert not again.soup.select("form[action*='/undo']")


def test_leave_copies_and_blocks(owner: Browser, world: World, merchant: MadeMerchant, store: MadeStore) -> None:
    at, ping = {"merchant": merchant.id}, world.resource(store, name="阿萍")
    start = world.clock.now() + timedelta(hours=7)
    with world.work(Face.JOB) as work:
        actions.reserve(
            work, [Claim(*(merchant.id, ping.id, start, start + timedelta(hours=1)), Holder.BOOKING, uuid4())]
        )
    form = owner.get("chain.calendar_days", **at, resource=ping.id, day="2026-07-04").form("/days")
    assert (form["hours"], form["what"], form["first"]) == ("18:00-02:00", "hours", "2026-07-04")
    leave = form | {"what": "off", "last": "2026-07-05", "reason": "年假", "who": [str(ping.id)]}
    week = owner.follow(owner.post("chain.calendar_days_set", leave, **at, store=store.id))
    days = cells(week, "阿萍")
    assert days[5] == "年假 这天另有安排 1 个预约 1 个不在班"
    assert days[6] == "年假 这天另有安排"
    copy = owner.get("chain.calendar_copy", **at).form("/copy")
    data = copy | {"weeks": ["2026-07-06", "2026-07-13"], "who": [str(ping.id)]}
    assert cells(owner.follow(owner.post("chain.calendar_copied", data, **at)), "阿萍")[5].startswith("休息")
    back = owner.post("chain.calendar_days_clear", leave | {"key": str(uuid4())}, **at, store=store.id)
    assert cells(owner.follow(back), "阿萍")[6] == "18:00–次日 02:00"
    block = owner.get("chain.calendar_block", **at, resource=ping.id).form("/blocks")
    taken = block | {"hours": "18:30-19:30", "reason": "外出"}
    refused = owner.post("chain.calendar_blocked", taken, **at, status=422)
    assert "阿萍 7 月 4 日 18:30 这段时间已经被占用了" in refused.text
    assert refused.form("/blocks")["hours"] == "18:30-19:30", "the form as it was"
    owner.post("chain.calendar_blocked", block | {"hours": "20:00-21:00", "reason": "外出"}, **at)
    shown = owner.get("chain.resources_show", **at, resource=ping.id)
    assert "外出" in shown.text
    remove = str(shown.soup.select_one("form[action*=remove]")["action"])
    answer = owner.client.post(remove, data=shown.form("/remove"))
    assert "没有占用的时间" in owner.open(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("endpoint", "field", "changes"),
    [
        ("calendar_days_set", "hours", {"what": "hours", "hours": "十点到八点"}),
        ("calendar_days_set", "hours", {"what": "hours", "hours": ""}),
        ("calendar_days_set", "last", {"first": "2026-07-09", "last": "2026-07-01"}),
        ("calendar_days_set", "first", {"first": "gestern"}),
        ("calendar_days_set", "who", {"who": []}),
        ("calendar_blocked", "hours", {"hours": "10:00-11:00, 12:00-13:00"}),
        ("calendar_blocked", "what", {"what": "x"}),
        ("calendar_blocked", "reason", {"reason": ""}),
        ("calendar_copied", "weeks", {"weeks": ["2020-01-01"]}),
        ("resources_create", "name", {"name": ""}),
        ("resources_create", "capacity", {"capacity": "0"}),
        ("resources_create", "capacity", {"capacity": "viele"}),
    ],
)
def test_what_is_wrong_stays_at_its_field(
    owner: Browser, world: World, store: MadeStore, endpoint: str, field: str, changes: dict[str, object]
) -> None:
    ping = world.resource(store, name="阿萍")
    good: dict[str, object] = {"who": [str(ping.id)], "first": "2026-07-05", "last": "2026-07-05", "what": "off"}
    if endpoint == "calendar_blocked":
        good = {"what": str(ping.id), "day": "2026-07-05", "hours": "10:00-11:00", "reason": "清洁"}
    if endpoint == "resources_create":
        good = {"kind": "room", "name": "牡丹房", "capacity": "2", "member": ""}
    at = {"merchant": store.merchant_id, "store": store.id}
    seen = owner.post(f"chain.{endpoint}", good | changes, **at, status=422)
    assert seen.soup.select(f"#{field}-errors"), seen.text[:600]


def test_a_clerk_looks_and_others_do_not_find_it(browser: Browser, world: World, store: MadeStore) -> None:
    ping, at = world.resource(store, name="阿萍"), {"merchant": store.merchant_id}
    room = world.resource(store, Kind.ROOM, name="牡丹房", week=[WeekSpan(5, 600, 60)])
    merchant = MadeMerchant(store.merchant_id, "莞邑足道", MerchantKind.BRAND)
    clerk = browser.as_(world.staff(merchant, Role.CLERK, stores=(store.id,)))
    week = clerk.get("chain.calendar_week", **at)
    assert not week.soup.select(".roster a"), "nothing to change for him"
    assert "牡丹房" in clerk.get("chain.resources_show", **at, resource=room.id).text
    assert not clerk.get("chain.resources_show", **at, resource=ping.id).soup.select("main form[method=post]")
    clerk.get("chain.calendar_days", **at, status=403)
    other = browser.as_(world.staff(world.merchant(MerchantKind.BRAND, "松湖")))
    other.get("chain.calendar_week", **at, status=404)
    elsewhere = world.store(merchant, "南城店")
    away = browser.as_(world.staff(merchant, Role.MANAGER, stores=(elsewhere.id,)))
    away.get("chain.resources_show", **at, resource=ping.id, status=404)
    away.get("chain.calendar_week", **at, store=store.id, status=404)
    away.post("chain.resources_retire", **at, resource=ping.id, status=404)


def test_order_retire_and_restore(owner: Browser, world: World, store: MadeStore) -> None:
    at = {"merchant": store.merchant_id}
    ping, lan = world.resource(store, name="阿萍"), world.resource(store, name="阿兰")
    owner.post("chain.resources_order", {"resource": str(lan.id)}, **at, store=store.id)
    listed = owner.get("chain.resources_list", **at, store=store.id).text
    assert listed.index("阿兰") < listed.index("阿萍")
    owner.post("chain.resources_retire", **at, resource=ping.id)
    assert "阿萍" not in owner.get("chain.calendar_week", **at).text
    shown = owner.follow(owner.post("chain.resources_restore", **at, resource=ping.id))
    changed = shown.form(f"/{ping.id}") | {"name": "阿萍师傅", "capacity": "2"}
    assert "阿萍师傅" in owner.follow(owner.post("chain.resources_change", changed, **at, resource=ping.id)).text
