"""Refunds: in parts, never above what was paid, by the provider's pace, visible until done."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.identity.models import Notification
from portal.domain.payments import actions, errors, queries, rules
from portal.domain.payments.values import Part, RefundState, ReturnState
from portal.kernel.database import new_id
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.domain.payments.books import end_state
from tests.factories.persons import MadePerson
from tests.factories.world import World

ONE, TWO = new_id(), new_id()


@pytest.fixture
def payer(world: World) -> MadePerson:
    return world.person()


def parts(payer: MadePerson) -> tuple[Part, ...]:
    return (Part(ONE, 30_00), Part(TWO, 70_00))


def test_each_part_lies_in_its_own_escrow_and_goes_back_by_itself(world: World, payer: MadePerson) -> None:
    payment = world.paid(payer, parts=parts(payer))
    refund = world.given_back(payment, TWO, 69_99)
    assert end_state(world, payment).escrow_fen == 30_01
    with pytest.raises(errors.TooMuchBack):
        world.given_back(payment, TWO, 2)
    with pytest.raises(errors.TooMuchBack):
        world.given_back(payment, new_id(), 1)
    world.given_back(payment, TWO, 1)
    world.given_back(payment, ONE, 30_00)
    assert world.told(world.refund_fact(refund, 69_99)) == "applied"
    end = end_state(world, payment)
    assert (end.escrow_fen, end.clearing_fen) == (0, 0)
    assert sorted(state for _reason, state, _fen in end.refunds) == ["done", "queued", "queued"]


def test_the_same_key_is_the_same_refund(world: World, payer: MadePerson) -> None:
    payment, key = world.paid(payer, parts=parts(payer)), new_id()
    first = world.given_back(payment, ONE, 10_00, key)
    assert world.given_back(payment, ONE, 10_00, key) == first
    with pytest.raises(errors.TooMuchBack):
        world.given_back(payment, ONE, 11_00, key)
    assert end_state(world, payment).escrow_fen == 90_00


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_are_no_refunds(world: World, payer: MadePerson, amount: int) -> None:
    payment = world.paid(payer, parts=parts(payer))
    with pytest.raises(errors.TooMuchBack):
        world.given_back(payment, ONE, amount)


def test_what_is_not_paid_cannot_go_back(world: World, payer: MadePerson) -> None:
    payment = world.payment(payer, parts=parts(payer))
    with pytest.raises(errors.NotPaid):
        world.given_back(payment, ONE, 1)


def test_a_refused_refund_is_tried_again_then_told_to_people_and_stays_visible(world: World, payer: MadePerson) -> None:
    operator = world.operator(Role.PLATFORM_FINANCE)
    payment = world.paid(payer, parts=parts(payer))
    refund = world.given_back(payment, ONE, 5_00)
    for _ in range(len(rules.RETURN_AFTER)):
        with world.work(Face.JOB) as work:
            actions.returned_late(work, refund, refused=True)
    assert letters(world, operator) == ["payment.stuck"]
    with world.work(Face.PLATFORM) as work:
        (line,) = queries.open_refunds(work)
    assert (line.id, line.state, line.tries) == (refund, RefundState.FAILED, len(rules.RETURN_AFTER))
    assert line.try_at is not None, "it goes on by itself"
    with world.work(Face.PLATFORM, person=operator.id) as work:
        actions.retry(work, refund)
    assert world.told(world.refund_fact(refund, 5_00)) == "applied"
    assert end_state(world, payment).refunds == (("asked", "done", 5_00),)
    with pytest.raises(errors.RefundMoved), world.work(Face.PLATFORM, person=operator.id) as work:
        actions.retry(work, refund)


def test_done_stays_done(world: World, payer: MadePerson) -> None:
    payment = world.paid(payer, parts=parts(payer))
    refund = world.given_back(payment, ONE, 5_00)
    for state in (ReturnState.PENDING, ReturnState.FAILED, ReturnState.DONE, ReturnState.FAILED, ReturnState.PENDING):
        assert world.told(world.refund_fact(refund, 5_00, state)) == "applied"
    assert end_state(world, payment).refunds == (("asked", "done", 5_00),)
    assert world.told(world.refund_fact(refund, 5_01)) == "quarantined"


def letters(world: World, person: MadePerson) -> list[str]:
    with world.work(Face.PERSON, person=person.id) as work:
        return list(work.session.scalars(select(Notification.kind)))
