"""Whatever providers tell, in any order and any number of times, money is kept once and the rest goes back."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.payments.events import PaymentCaptured, PaymentReleased
from portal.kernel import events
from tests.domain.payments.books import EndState
from tests.domain.payments.histories import MESSAGES, History
from tests.factories.payments import HUNDRED
from tests.factories.persons import MadePerson
from tests.factories.world import World

FEW = ("paid", "second", "refund", "wrong amount")
REAL = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def payer(world: World) -> MadePerson:
    return world.person()


def ends_alike(ends: set[EndState], intent: str) -> None:
    assert len(ends) == 1, ends
    (end,) = ends
    assert (end.intent, end.attempts) == (intent, ("paid", "paid"))
    assert end.kept_fen == end.escrow_fen == (HUNDRED if intent == "paid" else 0)
    assert {state for _reason, state, _fen in end.refunds} == {"done"}
    assert end.kept_fen + end.stray_fen == 2 * HUNDRED, "both tries were paid"


def test_four_messages_in_every_order_end_alike(world: World, payer: MadePerson) -> None:
    ends_alike({History(world, payer).play(order) for order in itertools.permutations(FEW)}, "paid")


def test_four_messages_after_a_cancellation_end_alike(world: World, payer: MadePerson) -> None:
    orders = itertools.permutations(FEW)
    ends_alike({History(world, payer).play(("cancel", *order)) for order in orders}, "cancelled")


@pytest.mark.prove
@pytest.mark.parametrize(("first", "intent"), [((), "paid"), (("cancel",), "cancelled"), (("expire",), "expired")])
def test_six_messages_in_every_order_end_alike(
    world: World, payer: MadePerson, first: tuple[str, ...], intent: str
) -> None:
    """720 orders: paid, duplicate, second success, refund, wrong amount, bad signature; late as well."""
    orders = list(itertools.permutations(MESSAGES))
    ends_alike({History(world, payer).play((*first, *order)) for order in orders}, intent)
    print(f"{len(orders)} orders after {first or 'nothing'}: one end")


def test_any_repetition_ends_alike(world: World, payer: MadePerson) -> None:
    """Random histories with repetitions: the same messages, however often and in whatever order."""

    @REAL
    @given(st.lists(st.sampled_from((*MESSAGES, "same again", "older")), max_size=8))
    def repeated(names: list[str]) -> None:
        ends_alike({History(world, payer).play((*names, "paid", "second"))}, "paid")

    repeated()


def test_nothing_is_both_paid_and_released(world: World, payer: MadePerson, monkeypatch: pytest.MonkeyPatch) -> None:
    """Callback, cancel and expiry in every order and with repetitions: exactly one of them wins."""
    heard: list[object] = []
    for kind in (PaymentCaptured, PaymentReleased):
        monkeypatch.setitem(events._REACTIONS, kind, [lambda _work, event: heard.append(event)])
    for order in itertools.permutations(("paid", "cancel", "expire")):
        history = History(world, payer)
        heard.clear()
        end = history.play((*order, *order))
        assert len(heard) == 1, heard
        captured = isinstance(heard[0], PaymentCaptured)
        assert (end.intent == "paid") == captured == (order[0] == "paid")
        assert end.kept_fen + sum(fen for _reason, state, fen in end.refunds if state == "done") == HUNDRED
