"""Kitchen screens, papers and their setup, as people use them; the pulse that screens ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from uuid import UUID

import pytest
from psycopg import Cursor

from portal.domain.kitchen.actions.pulse import beat
from portal.domain.kitchen.rules.reach import Reach
from portal.domain.kitchen.values import Vendor
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.web.pulse import REMEMBERED_SECONDS
from tests.client import Browser
from tests.factories.persons import MadePerson
from tests.factories.tabs import MadePlace
from tests.factories.world import World


@dataclass(frozen=True)
class Evening:
    """A restaurant at work: somebody in the kitchen, somebody at the tables."""

    place: MadePlace
    station: UUID
    cook: MadePerson
    owner: MadePerson
    dish: UUID


@pytest.fixture
def evening(world: World) -> Evening:
    place = world.restaurant()
    station = world.station(place.store, "热菜", world.printer(place.store, "热菜机"))
    owner, cook = world.staff(place.merchant), world.staff(place.merchant, Role.KITCHEN)
    return Evening(place, station, cook, owner, world.dish(place.menu, "吊龙"))


def order(world: World, evening: Evening, table: int = 0, quantity: int = 2) -> UUID:
    guest = world.joins(evening.place.tables[table])
    world.thinks_of(guest, evening.dish, quantity, note="不要葱")
    world.sends(guest)
    return guest.sitting_id


def test_an_evening_at_the_screens(world: World, browser: Browser, evening: Evening) -> None:
    store = evening.place.store.id
    cook, owner = browser.as_(evening.cook), browser.as_(evening.owner)
    assert "现在没有要做的菜" in cook.get("store.kitchen_all", store=store).text
    order(world, evening)
    order(world, evening, 1, 6)
    seen = cook.get("store.kitchen_station", store=store, station=evening.station)
    assert "8 份 吊龙" in seen.text
    assert "备注：不要葱" in seen.text
    assert seen.one("#board")["data-unseen"] == "2"
    cook.post("store.kitchen_seen", {"station": str(evening.station)}, store=store)
    card = seen.soup.select(".kcard")[0]
    tickets = [str(one["value"]) for one in card.select("input[name=every]")]
    cook.post("store.kitchen_done", {"all": "1", "every": tickets, "station": str(evening.station)}, store=store)
    after = cook.get("store.kitchen_all", store=store)
    assert after.one("#board")["data-unseen"] == "0"
    assert len(after.soup.select(".kcard")) == 1
    cook.post("store.kitchen_recall", {"ticket": tickets}, store=store)
    assert len(cook.get("store.kitchen_all", store=store).soup.select(".kcard")) == 2
    cook.post("store.kitchen_done", {"ticket": tickets}, store=store)
    assert not cook.get("store.kitchen_pass", store=store).soup.select(".kcard button"), "cooks do not serve"
    owner.post("store.kitchen_serve", {"all": "1", "every": tickets}, store=store)
    assert "传菜台是空的" in owner.get("store.kitchen_pass", store=store).text
    late = owner.post("store.kitchen_recall", {"ticket": tickets}, store=store, status=422)
    assert "已经上桌，不能再召回" in late.text
    cook.get("store.kitchen_station", store=store, station=world.station(evening.place.store, "凉菜"))
    cook.post("store.kitchen_done", {"ticket": ["nonsense"]}, store=store, status=404)


def test_the_pulse_is_quiet_until_something_changes(world: World, browser: Browser, evening: Evening) -> None:
    store = evening.place.store.id
    cook = browser.as_(evening.cook)
    memory = world.app.extensions["pulses"]

    def asked(address: str) -> int:
        memory._known.clear()  # a moment later than REMEMBERED_SECONDS
        return cook.client.get(address).status_code

    assert REMEMBERED_SECONDS <= 1
    order(world, evening)
    quiet = str(cook.get("store.kitchen_all", store=store).one("#board > [hx-get]")["hx-get"])
    assert [asked(quiet), asked(quiet)] == [204, 204]
    order(world, evening, 1)
    assert asked(quiet) == 200
    fresh = str(cook.get("store.kitchen_all", store=store).one("#board > [hx-get]")["hx-get"])
    assert asked(fresh) == 204
    world.clock.advance(minutes=11)
    assert asked(fresh) == 200, "a permit that is over leads to the page, which looks who asks"
    assert asked("/pulse/forged?since=999999") == 200
    assert asked(fresh.replace("/pulse/", "/pulse/A")) == 200


def test_a_quiet_pulse_waits_for_nobody(
    world: World, browser: Browser, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = evening.place.store.id
    order(world, evening)
    cook = browser.as_(evening.cook)
    quiet = str(cook.get("store.kitchen_all", store=store).one("#board > [hx-get]")["hx-get"])
    asked: list[object] = []
    execute = Cursor.execute
    with world.work(Face.JOB, merchant=evening.place.merchant.id) as work:
        beat(work, evening.place.merchant.id, store)  # somebody holds the kitchen and takes his time
        monkeypatch.setattr(Cursor, "execute", lambda *args, **more: (asked.append(args[1]), execute(*args, **more))[1])
        world.app.extensions["pulses"]._known.clear()
        assert cook.client.get(quiet).status_code == 204
        assert len(asked) == 2, "its face, and one number"
        assert cook.client.get(quiet).status_code == 204
        assert len(asked) == 2, "the number is kept for a second"
        monkeypatch.undo()


def test_papers_that_nobody_knows_of(world: World, browser: Browser, evening: Evening) -> None:
    store = evening.place.store.id
    fake, services = world.fake_printers()
    order(world, evening)
    fake.does.append("silent after")
    world.prints(services)
    cook = browser.as_(evening.cook)
    assert "1 张单要看一下" in cook.get("store.kitchen_all", store=store).text
    listed = cook.get("store.papers_list", store=store, show="trouble")
    assert "打印机没有回话" in listed.text
    (paper,) = world.papers()
    shown = cook.get("store.papers_show", store=store, paper_job=paper.id)
    assert "这张单打出来了吗" in shown.text
    assert "吊龙" in shown.one(".paper").get_text()
    again = cook.follow(cook.post("store.papers_reprint", store=store, paper_job=paper.id))
    assert "【补打】" in again.text
    world.prints(services)
    assert len(fake.tray) == 2
    assert "没有要看的单" in cook.get("store.papers_list", store=store, show="trouble").text
    late = cook.post("store.papers_settle", {"printed": "yes"}, store=store, paper_job=paper.id, status=422)
    assert "刚刚有了变化" in late.text
    other = world.restaurant()
    cook.get("store.papers_show", store=other.store.id, paper_job=paper.id, status=404)


def test_setting_up_stations_and_printers(world: World, browser: Browser, evening: Evening) -> None:
    owner, merchant, store = browser.as_(evening.owner), evening.place.merchant.id, evening.place.store.id
    at = {"merchant": merchant, "store": store}
    page = owner.get("chain.printers_new", **at)
    form = page.form("printers/new") | {"name": "水吧机", "vendor": Vendor.ESCPOS.value, "address": "10.0.0.1:9100"}
    assert "请选择打印机的类型" in owner.post("chain.printers_create", form, status=422, **at).text, (
        "there are none here"
    )
    world.app.extensions["portal"] = replace(world.services, reach=Reach((IPv4Network("10.0.0.0/24"),)))
    for address, sentence in {
        "printer.local": "这不像是打印机的地址",
        "10.0.0.1:22": "平台没有开放到这个地址的打印",
        "127.0.0.1:9100": "平台没有开放到这个地址的打印",
        "10.0.1.1:9100": "平台没有开放到这个地址的打印",
    }.items():
        refused = owner.post("chain.printers_create", form | {"address": address}, status=422, **at)
        assert sentence in refused.one("#address-errors").get_text()
    owner.post("chain.printers_create", form | {"name": "局域网"}, **at)
    assert "10.0.0.1:9100" in owner.get("chain.kitchens_show", merchant=merchant, store=store).text
    form.pop("key")
    form["key"] = owner.get("chain.printers_new", **at).form("printers/new")["key"]
    form |= {"address": "922500001", "vendor": Vendor.FEIE.value, "account": "a@b.cn"}
    assert "密钥" in owner.post("chain.printers_create", form, status=422, **at).text
    form["secret"] = "ukey-secret"
    owner.post("chain.printers_create", form, **at)
    shown = owner.get("chain.kitchens_show", merchant=merchant, store=store)
    assert "922500001" in shown.text
    assert "ukey-secret" not in str(shown.soup)
    station = owner.get("chain.stations_new", **at).form("stations/new") | {"name": "水吧", "tags": "酒水 饮料"}
    owner.post("chain.stations_create", station, **at)
    station.pop("key")
    again = owner.post("chain.stations_create", station, status=422, **at)
    assert "同名" in again.text
    owner.post("chain.printers_remove", printer=world.papers_printer(evening.place.store, "热菜机"), status=422, **at)
    owner.post("chain.printers_test", printer=world.papers_printer(evening.place.store, "热菜机"), **at)
    assert [one.kind for one in world.papers()] == ["test"]
    wrong = owner.post("chain.stations_create", station | {"name": "烧腊", "red_minutes": "十"}, status=422, **at)
    assert "1 到 240" in wrong.text
    owner.get("chain.stations_edit", station=evening.station, **at)
    owner.post("chain.stations_remove", station=evening.station, status=422, **at)
