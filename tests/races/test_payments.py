"""The same notice twenty times at once; callback, cancel and expiry at once; two refunds of sixty out of a hundred."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.domain.ledger.errors import NothingLeft
from portal.domain.payments import access, actions, errors, transfers
from portal.domain.payments.actions import intents, refunds
from portal.domain.payments.models import PaymentPart
from portal.domain.payments.values import Part
from portal.domain.sandbox import rules
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from portal.localdb.bootstrap import connect
from tests.domain.payments.books import end_state, total
from tests.factories.payments import HUNDRED
from tests.factories.persons import MadePerson
from tests.factories.world import World
from tests.races.gates import gate_at, together
from tests.races.gates import outcomes as results

MANY = 20
TOLD = "payments.told.checked"


@pytest.fixture
def payer(wide: World) -> MadePerson:
    return wide.person()


def tell(world: World, attempt: UUID) -> str:
    """The worker applies one success, past the inbox: the lock alone has to hold."""
    with world.work(Face.JOB) as work:
        return actions.told(work, world.paid_fact(attempt), provider="sandbox").state.value


def race(world: World, attempt: UUID, admin_url: str, *, at_gate: int) -> tuple[list[Any], list[BaseException]]:
    with gate_at(TOLD, admin_url) as gate:
        running = together([lambda: tell(world, attempt)] * MANY)
        seen = gate.wait_for(at_gate, MANY - at_gate)
        gate.open()
        result = results(running)
    assert seen == (at_gate, MANY - at_gate), f"at the gate and at the row: {seen}"
    return result


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at an intent without its lock."""
    real = access.access_intent

    def look(work: Any, intent_id: UUID, *, lock: bool = False, **more: Any) -> Any:
        return real(work, intent_id, **more)

    for module in (access, intents, refunds):
        monkeypatch.setattr(module, "access_intent", look)


def test_twenty_equal_successes_are_one_credit(wide: World, payer: MadePerson, admin_url: str) -> None:
    payment = wide.payment(payer)
    attempt = wide.attempt(payer, payment)
    done, raised = race(wide, attempt, admin_url, at_gate=1)
    assert (done, raised) == (["applied"] * MANY, [])
    end = end_state(wide, payment)
    assert (end.intent, end.kept_fen, end.stray_fen, end.refunds) == ("paid", HUNDRED, 0, ())


def test_control_without_the_lock_the_indexes_still_hold(
    wide: World, payer: MadePerson, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = wide.payment(payer)
    attempt = wide.attempt(payer, payment)
    unlocked(monkeypatch)
    done, raised = race(wide, attempt, admin_url, at_gate=MANY)
    print(f"control without lock: {len(done)} done, {len(raised)} refused by an index")
    assert len(done) == 1
    assert all(isinstance(one, IntegrityError) for one in raised)
    assert end_state(wide, payment).kept_fen == HUNDRED


def test_control_without_lock_and_indexes_there_are_many_credits(
    wide: World, payer: MadePerson, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race is real: take both away, and one payment is credited again and again."""
    part = Part(new_id(), HUNDRED)
    payment = wide.payment(payer, parts=(part,))
    attempt = wide.attempt(payer, payment)
    unlocked(monkeypatch)
    with connect(admin_url) as admin:
        admin.execute("DROP INDEX uq_payment_captures_one_kept")
        admin.execute("ALTER TABLE payment_captures DROP CONSTRAINT uq_payment_captures_person_id_attempt_id")
    done, _raised = race(wide, attempt, admin_url, at_gate=MANY)
    with wide.work(Face.PLATFORM) as work:
        escrow = total(work, transfers.escrow(part))
    print(f"control without lock and indexes: {len(done)} of {MANY} credited, {escrow} fen in escrow")
    assert len(done) > 1
    assert escrow == len(done) * HUNDRED


def test_twenty_equal_callbacks_over_http_are_one_credit(wide: World, payer: MadePerson) -> None:
    gateway = wide.gateway()
    payment = wide.payment(payer)
    attempt = wide.attempt(payer, payment)
    facts = {"id": "n-1", "kind": "trade", "number": attempt.hex, "state": "paid", "amount": HUNDRED, "trade": "SB1"}
    body = rules.packed({**facts, "currency": "CNY", "merchant": gateway.merchant_no})

    def call() -> int:
        headers = rules.signed(gateway.key, body, wide.clock.now())
        return wide.app.test_client().post("/callbacks/sandbox", data=body, headers=headers).status_code

    answers, raised = results(together([call] * MANY))
    assert (set(answers), raised) == ({200}, [])
    wide.run_jobs()
    end = end_state(wide, payment)
    assert (end.intent, end.kept_fen, end.stray_fen) == ("paid", HUNDRED, 0)


def sixty(world: World, payment: UUID, subject: UUID) -> UUID:
    return world.given_back(payment, subject, 60_00)


@pytest.mark.parametrize("number", [2, MANY])
def test_refunds_of_sixty_out_of_a_hundred_at_once(wide: World, payer: MadePerson, admin_url: str, number: int) -> None:
    subject = new_id()
    payment = wide.paid(payer, parts=(Part(subject, HUNDRED),))
    with gate_at("payments.refund.checked", admin_url) as gate:
        running = together([lambda: sixty(wide, payment, subject)] * number)
        assert gate.wait_for(1, number - 1) == (1, number - 1)
        gate.open()
        made, refused = results(running)
    assert (len(made), {type(one) for one in refused}) == (1, {errors.TooMuchBack})
    assert end_state(wide, payment).escrow_fen == 40_00


def test_refunds_without_the_lock_are_still_counted_right(
    wide: World, payer: MadePerson, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The conditional count holds by itself, and so does the ledger's reversal behind it."""
    subject = new_id()
    payment = wide.paid(payer, parts=(Part(subject, HUNDRED),))
    unlocked(monkeypatch)
    with gate_at("payments.refund.checked", admin_url) as gate:
        running = together([lambda: sixty(wide, payment, subject)] * 8)
        assert gate.wait_for(8, 0) == (8, 0)
        gate.open()
        made, refused = results(running)
    assert (len(made), {type(one) for one in refused}) == (1, {errors.TooMuchBack})
    assert end_state(wide, payment).escrow_fen == 40_00


def test_control_a_count_that_does_not_look_gives_back_too_much(
    wide: World, payer: MadePerson, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without lock and condition two refunds of sixty pass the count; only the ledger's own check is left."""
    subject = new_id()
    payment = wide.paid(payer, parts=(Part(subject, HUNDRED),))
    unlocked(monkeypatch)
    monkeypatch.setattr(refunds, "_take", lambda work, intent, _subject, _amount: transfer_of(work, intent))
    with gate_at("payments.refund.checked", admin_url) as gate:
        running = together([lambda: sixty(wide, payment, subject)] * 2)
        gate.wait_for(2, 0)
        gate.open()
        made, refused = results(running)
    assert (len(made), {type(one) for one in refused}) == (1, {NothingLeft})


def transfer_of(work: Any, intent: Any) -> UUID:
    query = select(PaymentPart.transfer_id).where(PaymentPart.intent_id == intent.id)
    return UUID(str(work.session.scalars(query).one()))


def acts(world: World, payer: MadePerson, payment: UUID, attempt: UUID) -> dict[str, Callable[[], Any]]:
    """Callback, cancel and expiry of one payment."""

    def cancel() -> None:
        with world.work(Face.PERSON, person=payer.id, kind=ActorKind.PERSON) as work:
            actions.cancel(work, payment)

    def expire() -> None:
        with world.work(Face.JOB) as work:
            actions.expire(work, payment)

    return {"paid": lambda: tell(world, attempt), "cancel": cancel, "expire": expire}


@pytest.mark.parametrize("order", list(itertools.permutations(("paid", "cancel", "expire"))), ids="-".join)
def test_callback_cancel_and_expiry_at_once(wide: World, payer: MadePerson, order: tuple[str, ...]) -> None:
    """All three started in this order at once: paid and kept, or released and given back; never both."""
    payment = wide.payment(payer)
    attempt = wide.attempt(payer, payment)
    wide.clock.advance(minutes=31)
    three = acts(wide, payer, payment, attempt)
    _done, raised = results(together([three[name] for name in order]))
    assert {type(one) for one in raised} <= {errors.AlreadyPaid}
    end = end_state(wide, payment)
    if end.intent == "paid":
        assert (end.kept_fen, end.stray_fen) == (HUNDRED, 0)
    else:
        assert (end.kept_fen, end.stray_fen, end.refunds) == (0, HUNDRED, (("late", "queued", HUNDRED),))
