"""A haircut by keyboard alone: booked by the client, moved, checked in and finished by the barber's desk."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from portal.domain.bookings.values import ServiceDraft
from portal.domain.calendar.values import WeekSpan
from portal.kernel.permissions import Role
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.world import World
from tests.journeys.people import Street

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FAR = 80
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body || one.getAttribute('role') === 'region') return '';
  const labelled = one.labels && one.labels.length ? one.labels[0].innerText : '';
  return [one.getAttribute('aria-label'), labelled, one.innerText, one.value].filter(Boolean).join(' ');
}"""


@dataclass
class Barber:
    """阿明理发 with two chairs."""

    store: MadeStore
    ming: MadePerson


@pytest.fixture
def barber(world: World) -> Barber:
    merchant = world.merchant(name="阿明理发")
    store = world.store(merchant, "阿明理发石排店")
    week = tuple(WeekSpan(day, 10 * 60, 10 * 60) for day in range(7))
    people = [world.resource(store, name=name, week=week) for name in ("阿明", "小周")]
    world.service(merchant, people, draft=ServiceDraft("剪发", 30, 3_800))
    return Barber(store, world.staff(merchant, Role.MANAGER))


def tabs_to(page: Page, words: str) -> None:
    """Tab by tab, as somebody without a mouse, until what has the focus says these words; it is seen to have it."""
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"{page.url}: {FAR} presses of Tab did not reach {words}")


def steps_to(page: Page, words: str) -> None:
    """By the arrow keys from one time to the next, as in every group of radio buttons."""
    for _press in range(FAR):
        if words in page.evaluate(FOCUSED):
            expect(page.locator("input[name=at]:checked")).to_have_count(1)
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"{page.url}: no {words} among the times")


def opens(page: Page, words: str) -> None:
    """Tab there, Enter."""
    tabs_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_by_keyboard_alone(street: Street, barber: Barber, world: World) -> None:
    consumer = street.at_a_desk(world.person("陈静"))
    consumer.goes(f"/s/{barber.store.id}/book").sees_heading("预约")
    opens(consumer.page, "剪发")
    tabs_to(consumer.page, "12:")
    steps_to(consumer.page, "13:00")
    opens(consumer.page, "预约")
    consumer.reads("13:00").reads("剪发").is_calm()

    ming = street.at_a_desk(barber.ming)
    ming.goes(f"/store/{barber.store.id}/board").sees_heading("预约看板")
    tabs_to(ming.page, "陈*")
    ming.page.keyboard.press("m")
    opens(ming.page, "14:00 小周")
    ming.reads("已改期").is_calm()
    expect(ming.page.locator(".slot")).to_contain_text("14:00–14:30")
    opens(ming.page, "陈*")
    opens(ming.page, "到店")
    ming.reads("已到店").is_calm()
    opens(ming.page, "服务完成")
    ming.reads("已完成").is_calm()
    consumer.page.reload()
    consumer.reads("已完成")
