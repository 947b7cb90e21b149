"""The platform's payments pages, and the switchboard with its trial."""

from __future__ import annotations

import pytest

from portal.domain.payments import actions
from portal.domain.payments.values import Part
from portal.kernel.database import new_id
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.domain.payments.books import end_state
from tests.factories.payments import HUNDRED
from tests.factories.persons import MadePerson
from tests.factories.world import World


@pytest.fixture
def operator(world: World) -> MadePerson:
    world.gateway()
    return world.operator(Role.PLATFORM_FINANCE)


def test_a_payment_shows_tries_parts_and_refunds(world: World, browser: Browser, operator: MadePerson) -> None:
    payer, subject = world.person(), new_id()
    payment = world.paid(payer, parts=(Part(subject, HUNDRED),))
    world.given_back(payment, subject, 12_34)
    mine = browser.as_(operator)
    assert "订单 2 件" in mine.get("platform.payments_list").text
    assert "还没有付款" in mine.get("platform.payments_list", state="cancelled").text
    page = mine.get("platform.payments_show", payment=payment).text
    assert all(words in page for words in ("已付款", "沙箱支付", "退款排队中", "12"))


def test_a_failed_refund_is_sent_again(world: World, browser: Browser, operator: MadePerson) -> None:
    subject = new_id()
    payment = world.paid(world.person(), parts=(Part(subject, HUNDRED),))
    refund = world.given_back(payment, subject, 10_00)
    mine = browser.as_(operator)
    mine.post("platform.payments_retry", refund=refund, status=422)
    with world.work(Face.JOB) as work:
        actions.returned_late(work, refund, refused=True)
    assert "退款失败" in mine.get("platform.payments_refunds").text
    mine.post("platform.payments_retry", refund=refund)
    assert end_state(world, payment).refunds == (("asked", "queued", 10_00),)


def test_a_trial_is_walked_from_the_switchboard_to_escrow(world: World, browser: Browser, operator: MadePerson) -> None:
    mine = browser.as_(operator)
    mine.post("platform.sandbox_try", {"amount": "0"}, status=422)
    mine.post("platform.sandbox_try", {"amount": "-1"}, status=422)
    page = mine.follow(mine.post("platform.sandbox_try", {"amount": "8.88"}))
    mine.client.post(page.response.request.path + "/pay", data=page.form("/pay"))
    world.run_jobs()
    cashier = str(mine.open(page.response.request.path).one("a.btn-primary")["href"])
    assert mine.client.post(cashier, data={**mine.open(cashier).form("pay"), "act": "pay"}).status_code == 303
    assert mine.client.post(cashier, data={**page.form("/pay"), "act": "pay"}).status_code == 409, "paid once"
    world.run_jobs()
    assert "已付款" in mine.open(page.response.request.path).text
    assert "已付款" in mine.get("platform.sandbox_show").text


def test_only_the_payer_sees_his_payment(world: World, browser: Browser, operator: MadePerson) -> None:
    payment = world.payment(world.person())
    for stranger in (world.person(), operator):
        browser.as_(stranger).get("shop.payments_show", payment=payment, status=404)
        browser.as_(stranger).post("shop.payments_cancel", payment=payment, status=404)
        browser.as_(stranger).post("shop.payments_pay", {"provider": "sandbox"}, payment=payment, status=404)


def test_amounts_and_providers_are_not_read_from_the_form(world: World, browser: Browser) -> None:
    world.gateway()
    payer = world.person()
    payment = world.payment(payer)
    mine = browser.as_(payer)
    mine.post("shop.payments_pay", {"provider": "nobody"}, payment=payment, status=422)
    mine.post("shop.payments_pay", {"provider": "sandbox", "amount": "1", "amount_fen": "1"}, payment=payment)
    world.run_jobs()
    assert "100.00" in mine.get("shop.payments_show", payment=payment).text.replace(" ", "")
