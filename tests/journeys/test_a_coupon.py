"""From the street to the counter and back: a coupon is found, collected, redeemed and given back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.world import World
from tests.journeys.people import Somebody, Street, read_qr

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Teahouse:
    """A store with one coupon on offer and a clerk behind the counter."""

    store: MadeStore
    clerk: MadePerson


@pytest.fixture
def teahouse(world: World) -> Teahouse:
    """茶小满, 200 metres from here."""
    merchant = world.merchant(Kind.BRAND, "茶小满")
    store = world.store(merchant, "茶小满石排店", at=(23.0215, 113.7528))
    world.coupon(merchant, store)
    return Teahouse(store, world.staff(merchant, Role.CLERK, stores=(store.id,)))


def finds_and_collects(consumer: Somebody, teahouse: Teahouse) -> None:
    """From the list of what is near to the voucher in the wallet."""
    consumer.taps(teahouse.store.name).sees_heading(teahouse.store.name).is_calm()
    consumer.reads("满 30 减 5").taps("登录领取")
    consumer.signs_in(consumer.world.person().phone)
    consumer.sees_heading(teahouse.store.name).taps("领取")
    consumer.taps("去使用").sees_heading("满 30 减 5").is_calm()


def test_with_a_phone_and_a_camera(street: Street, teahouse: Teahouse) -> None:
    consumer = street.somebody(permissions=["geolocation"])
    consumer.goes("/").sees_heading("附近").is_calm()
    consumer.taps("用我的位置").reads("茶小满石排店").is_calm()
    finds_and_collects(consumer, teahouse)
    code = read_qr(consumer.page.locator(".qr"), street.folder)

    clerk = street.with_camera(teahouse.clerk, shows=code)
    clerk.goes(f"/store/{teahouse.store.id}/").sees_heading("核销").is_calm()
    clerk.page.locator("[data-scan-start]").filter(visible=True).first.click()
    clerk.sees_heading("核对后核销").reads("满 30 减 5").is_calm()
    clerk.taps("确认核销").sees_heading("已核销").is_calm()
    expect(consumer.page.locator(".stamp")).to_contain_text("已核销", timeout=10_000)

    clerk.taps("撤销核销")
    clerk.page.locator("select[name=reason], input[name=reason]").first.wait_for()
    choose_reason(clerk)
    clerk.taps("确认撤销").sees_heading("已撤销").is_calm()
    consumer.page.reload()
    expect(consumer.page.locator(".qr")).to_be_visible()


def choose_reason(clerk: Somebody) -> None:
    """Any reason that needs no words."""
    options = clerk.page.locator("select[name=reason] option[value]:not([value=''])")
    if options.count():
        clerk.page.locator("select[name=reason]").select_option(index=1 if options.count() > 1 else 0)
    else:
        clerk.page.locator("input[name=reason]").first.check()


def test_without_scripts_by_digits(street: Street, teahouse: Teahouse) -> None:
    consumer = street.somebody(java_script_enabled=False)
    consumer.goes("/").sees_heading("附近")
    consumer.goes("/?lat=23.0205&lng=113.7518").reads("茶小满石排店")
    finds_and_collects_without_scripts(consumer, teahouse)
    digits = consumer.page.locator(".voucher-code").inner_text()
    number = "".join(sign for sign in digits if sign.isdigit())[:12]
    assert len(number) == 12

    clerk = street.somebody(teahouse.clerk, java_script_enabled=False)
    clerk.goes(f"/store/{teahouse.store.id}/")
    clerk.page.locator("#code").fill(f"{number[:4]} {number[4:8]} {number[8:]}")
    clerk.taps("查这张券").sees_heading("核对后核销")
    clerk.taps("确认核销").sees_heading("已核销")
    clerk.taps("撤销核销")
    choose_reason(clerk)
    clerk.taps("确认撤销").sees_heading("已撤销")


def finds_and_collects_without_scripts(consumer: Somebody, teahouse: Teahouse) -> None:
    consumer.taps(teahouse.store.name).sees_heading(teahouse.store.name)
    consumer.taps("登录领取").signs_in(consumer.world.person().phone)
    consumer.taps("领取")
    consumer.goes("/wallet").taps("满 30 减 5").sees_heading("满 30 减 5")
