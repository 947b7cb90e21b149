"""A massage paid by a pass: booked on a phone, checked in at the counter by the code it shows, the use consumed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import expect

from portal.domain.bookings.values import Missed, Prepay, ServiceDraft
from portal.domain.calendar.values import Kind as Resource
from portal.domain.calendar.values import WeekSpan
from portal.domain.passes.rules import Tally
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.factories.passes import MadePass
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.world import World
from tests.journeys.people import Street, read_qr

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BACK = ServiceDraft(
    *("背部推拿", 60, 19_800, "按摩", "肩背放松，力度可调。", 5, 15, Prepay.FULL, 19_800, 120, Missed.KEEP),
    needs=frozenset({"technician", "room"}),
)


@dataclass
class Parlour:
    """松云推拿: a room, a technician, a client with ten uses, a clerk at the counter."""

    store: MadeStore
    service: UUID
    card: MadePass
    client: MadePerson
    clerk: MadePerson


@pytest.fixture
def parlour(world: World) -> Parlour:
    merchant = world.merchant(Kind.BRAND, name="松云推拿")
    store = world.store(merchant, "松云推拿东城店")
    who = world.resource(store, name="8 号阿萍", week=tuple(WeekSpan(day, 10 * 60, 12 * 60) for day in range(7)))
    world.resource(store, Resource.ROOM, name="竹间")
    service = world.service(merchant, [who], draft=BACK)
    client = world.person("陈静")
    card = world.bought_pass(client, world.pass_kind(merchant, name="推拿 10 次卡"))
    return Parlour(store, service, card, client, world.staff(merchant, Role.CLERK))


def tally(world: World, parlour: Parlour) -> Tally:
    return world.pass_of(parlour.card.id, parlour.store.merchant_id).line.tally


def test_booked_with_a_pass_and_checked_in_by_its_code(street: Street, parlour: Parlour, world: World) -> None:
    client = street.somebody(parlour.client)
    client.goes(f"/s/{parlour.store.id}").taps("预约").sees_heading("预约")
    client.taps("背部推拿").sees_heading("选时间").reads("推拿 10 次卡").is_calm()
    page = client.page
    tick, sum_ = page.locator("input[name^=pass-]"), page.locator("#sum")
    expect(sum_).not_to_contain_text("现在付")
    tick.uncheck()
    expect(sum_).to_contain_text("¥198")
    expect(sum_.get_by_role("button")).to_have_text("预约并付款")
    tick.check()
    expect(sum_.get_by_role("button")).to_have_text("预约")
    page.locator(".day-fold summary", has_text="明天").click()
    page.locator("details[open].day-fold label.choice", has_text="14:30").click()
    sum_.get_by_role("button").click()
    client.reads("约好了").reads("14:30").reads("用次卡").is_calm()
    assert (tally(world, parlour).held, tally(world, parlour).used) == (1, 0)

    shown = read_qr(page.locator(".visit-code .qr"), street.folder)
    clerk = street.with_camera(parlour.clerk, shown)
    clerk.goes(f"/store/{parlour.store.id}/").is_calm()
    clerk.page.locator("[data-scan-start]").filter(visible=True).first.click()
    clerk.sees_heading("14:30").reads("背部推拿").reads("8 号阿萍").is_calm()
    clerk.taps("到店")
    clerk.reads("已到店").is_calm()
    assert (tally(world, parlour).held, tally(world, parlour).used) == (0, 1)
    page.reload()
    client.reads("已到店").is_calm()
