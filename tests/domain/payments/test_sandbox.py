"""From asking to escrow through the pretend provider: its HTTP, its cashier, its notices by the worker, its whims."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal.domain.identity.models import Notification
from portal.domain.payments import queries
from portal.domain.payments.actions import intents
from portal.domain.payments.models import PaymentAttempt
from portal.domain.payments.values import Part
from portal.domain.sandbox import actions as board
from portal.domain.sandbox import rules
from portal.domain.sandbox.models import SandboxReturn, SandboxTrade
from portal.domain.sandbox.values import How, ReturnPlan, ReturnWord, TradePlan
from portal.jobs import payments as jobs
from portal.kernel.database import new_id
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.client import Browser
from tests.domain.payments.books import EndState, end_state
from tests.factories.payments import HUNDRED
from tests.factories.persons import MadePerson
from tests.factories.world import World

SUBJECT = new_id()


@pytest.fixture
def payer(world: World) -> MadePerson:
    world.gateway()
    return world.person()


def turn(world: World, trades: TradePlan = TradePlan.PAID, refunds: ReturnPlan = ReturnPlan.DONE) -> None:
    with world.work(Face.PLATFORM) as work:
        board.switch(work, trades=trades, refunds=refunds)


def ask(world: World, payer: MadePerson) -> UUID:
    return world.payment(payer, parts=(Part(SUBJECT, HUNDRED),))


def to_cashier(world: World, browser: Browser, payer: MadePerson, payment: UUID, **more: str) -> str:
    """Press pay, let the worker open the trade; the address of its cashier."""
    mine = browser.as_(payer)
    mine.post("shop.payments_pay", {"provider": "sandbox", **more}, payment=payment)
    world.run_jobs()
    return str(mine.get("shop.payments_show", payment=payment).one("a.btn-primary")["href"])


def press(browser: Browser, cashier: str, act: str = "pay") -> None:
    """Press a button of the cashier; nobody is signed in there."""
    page = browser.open(cashier)
    answer = browser.client.post(cashier, data={**page.form("/sandbox/pay/"), "act": act})
    assert answer.status_code == 303, answer.data.decode()[-600:]


def pay(world: World, browser: Browser, payer: MadePerson) -> UUID:
    payment = ask(world, payer)
    press(browser, to_cashier(world, browser, payer, payment))
    return payment


def sweep(world: World, times: int = 1, minutes: float = 2) -> None:
    """The timetable's minutes."""
    for _ in range(times):
        world.clock.advance(minutes=minutes)
        jobs.ask_providers(world.services)
        jobs.apply_waiting(world.services)
        jobs.end_expired(world.services)
        world.run_jobs()


def state(world: World, payment: UUID) -> tuple[str, int, int]:
    end: EndState = end_state(world, payment)
    return end.intent, end.kept_fen, end.escrow_fen


PAID = ("paid", HUNDRED, HUNDRED)
OPEN = ("open", 0, 0)


@pytest.mark.parametrize("plan", [TradePlan.PAID, TradePlan.DUPLICATE, TradePlan.OUT_OF_ORDER])
def test_what_is_paid_at_the_cashier_lies_in_escrow(
    world: World, browser: Browser, payer: MadePerson, plan: TradePlan
) -> None:
    turn(world, plan)
    payment = pay(world, browser, payer)
    assert state(world, payment) == OPEN, "nothing is believed before the notice"
    world.run_jobs()
    assert state(world, payment) == PAID
    assert "已付款" in browser.as_(payer).get("shop.payments_show", payment=payment).text


@pytest.mark.parametrize("plan", [TradePlan.WRONG_AMOUNT, TradePlan.WRONG_SIGNATURE, TradePlan.SILENT])
def test_without_a_good_notice_asking_finds_the_truth(
    world: World, browser: Browser, payer: MadePerson, plan: TradePlan
) -> None:
    operator = world.operator(Role.PLATFORM_FINANCE)
    turn(world, plan)
    payment = pay(world, browser, payer)
    world.run_jobs()
    assert state(world, payment) == OPEN, "a wrong notice pays nothing"
    page = browser.as_(operator).get("platform.payments_callbacks").text
    assert ("金额不符" in page) == (plan is TradePlan.WRONG_AMOUNT)
    sweep(world)
    assert state(world, payment) == PAID


def test_a_late_notice_pays(world: World, browser: Browser, payer: MadePerson) -> None:
    turn(world, TradePlan.LATE)
    payment = pay(world, browser, payer)
    world.clock.advance(minutes=2)
    assert jobs.ask_providers(world.services) == 1
    assert state(world, payment) == OPEN, "until then it says that it waits"
    world.run_jobs()
    assert state(world, payment) == PAID


def test_a_notice_after_expiry_goes_back_whole(world: World, browser: Browser, payer: MadePerson) -> None:
    turn(world, TradePlan.PENDING)
    payment = pay(world, browser, payer)
    sweep(world, 20)
    assert state(world, payment)[0] == "expired"
    send_now(world)
    end = end_state(world, payment)
    assert (end.kept_fen, end.stray_fen, end.refunds) == (0, HUNDRED, (("late", "done", HUNDRED),))
    assert end.clearing_fen == 0


def send_now(world: World) -> None:
    """The pretend provider comes round at last."""
    with world.work(Face.PROVIDER) as work:
        trade = work.session.scalars(select(SandboxTrade.id)).one()
    with world.work(Face.PLATFORM) as work:
        board.send_again(work, trade, how=How.TRUE)
    world.run_jobs()
    world.run_jobs()


def test_what_the_bank_refuses_may_be_tried_again(world: World, browser: Browser, payer: MadePerson) -> None:
    payment = ask(world, payer)
    press(browser, to_cashier(world, browser, payer, payment), "fail")
    world.run_jobs()
    assert state(world, payment) == OPEN
    press(browser, to_cashier(world, browser, payer, payment))
    world.run_jobs()
    assert state(world, payment) == PAID
    assert end_state(world, payment).attempts == ("failed", "paid")


def test_paid_twice_the_second_goes_back_by_itself(world: World, browser: Browser, payer: MadePerson) -> None:
    payment = ask(world, payer)
    first = to_cashier(world, browser, payer, payment)
    second = to_cashier(world, browser, payer, payment, again="1")
    assert first != second
    for cashier in (second, first):
        press(browser, cashier)
    world.run_jobs()
    end = end_state(world, payment)
    assert end.refunds == (("second", "done", HUNDRED),)
    assert (end.kept_fen, end.stray_fen, end.clearing_fen) == (HUNDRED, HUNDRED, -HUNDRED)
    assert "重复付款" in browser.as_(payer).get("shop.payments_show", payment=payment).text


def test_a_cancelled_payment_is_closed_at_the_provider(world: World, browser: Browser, payer: MadePerson) -> None:
    payment = ask(world, payer)
    cashier = to_cashier(world, browser, payer, payment)
    browser.as_(payer).post("shop.payments_cancel", payment=payment)
    sweep(world)
    assert end_state(world, payment).attempts == ("closed",)
    assert "已关闭" in browser.open(cashier).text


@pytest.mark.parametrize(("plan", "first"), [(ReturnPlan.PENDING, "pending"), (ReturnPlan.FAILED, "failed")])
def test_a_refund_takes_its_time_or_fails_and_is_done_in_the_end(
    world: World, browser: Browser, payer: MadePerson, plan: ReturnPlan, first: str
) -> None:
    turn(world, refunds=plan)
    payment = pay(world, browser, payer)
    world.run_jobs()
    world.given_back(payment, SUBJECT, 40_00)
    world.run_jobs()
    assert end_state(world, payment).refunds == (("asked", first, 40_00),)
    if plan is ReturnPlan.PENDING:
        with world.work(Face.PROVIDER) as work:
            refund = work.session.scalars(select(SandboxReturn.id)).one()
        with world.work(Face.PLATFORM) as work:
            board.decide(work, refund, to=ReturnWord.DONE)
        world.run_jobs()
    else:
        turn(world)
        sweep(world, 2, minutes=5)
    assert end_state(world, payment).refunds == (("asked", "done", 40_00),)
    assert end_state(world, payment).escrow_fen == 60_00


def test_a_notice_before_its_payment_waits_for_it(
    world: World, payer: MadePerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The payer was faster than our commit: the notice is stored, and applied when its payment is there."""
    payment, attempt = world.payment(payer), new_id()
    assert world.told(world.paid_fact(attempt)) == "waiting"
    monkeypatch.setattr(intents, "new_id", lambda: attempt)
    assert world.attempt(payer, payment) == attempt
    sweep(world)
    assert state(world, payment) == PAID


def test_a_notice_that_names_nothing_is_told_to_people_after_a_day(world: World, payer: MadePerson) -> None:
    assert world.told(world.paid_fact(new_id())) == "waiting"
    sweep(world, 1, minutes=60 * 24)
    with world.work(Face.PLATFORM) as work:
        (line,) = queries.callbacks(work)
    assert (line.state, line.why) == ("quarantined", "unknown")
    assert payer


def test_an_answer_that_does_not_fit_is_told_to_people_once(world: World, payer: MadePerson) -> None:
    operator = world.operator(Role.PLATFORM_FINANCE)
    payment = world.payment(payer)
    attempt = world.attempt(payer, payment)
    facts = {"number": attempt.hex, "state": "paid", "amount": HUNDRED - 1, "currency": "CNY", "trade": "SB1"}
    world.gateway().send = lambda *_asked: (200, rules.packed({**facts, "merchant": "1900000109"}))
    for _ in range(3):
        with world.work(Face.JOB) as work:
            work.session.execute(update(PaymentAttempt).values(state="waiting"))
        jobs.start(world.services, attempt=str(attempt))
        jobs.apply_waiting(world.services)
    assert state(world, payment) == OPEN
    with world.work(Face.PLATFORM) as work:
        (line,) = queries.callbacks(work)
    assert (line.state, line.why) == ("quarantined", "amount")
    with world.work(Face.PERSON, person=operator.id) as work:
        assert work.session.scalars(select(Notification.kind)).all() == ["payment.quarantined"]


def test_unknown_stays_unknown(world: World, payer: MadePerson) -> None:
    payment = world.payment(payer)
    attempt = world.attempt(payer, payment)
    for _ in range(3):
        with world.work(Face.JOB) as work:
            jobs.actions.unanswered(work, attempt)
    with world.work(Face.JOB) as work:
        row = work.session.scalars(select(PaymentAttempt)).one()
        assert (row.state, row.asked) == ("unknown", 4)
    assert state(world, payment) == OPEN


def test_one_broken_payment_does_not_keep_the_others_waiting(
    world: World, payer: MadePerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (world.payment(payer) for _ in range(2))
    world.clock.advance(minutes=31)
    whole = jobs.actions.expire

    def breaks(work: Work, intent_id: UUID) -> bool:
        if intent_id == first:
            raise RuntimeError("broken")
        return whole(work, intent_id)

    monkeypatch.setattr(jobs.actions, "expire", breaks)
    jobs.end_expired(world.services)
    assert (state(world, first)[0], state(world, second)[0]) == ("open", "expired")
