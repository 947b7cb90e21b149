"""Two at once: 60 + 60 of 100 asked, and granted; asking against shipping; answering against withdrawing; a deadline
that two workers see; each with its control.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.aftersales import actions, errors
from portal.domain.aftersales.actions import making
from portal.domain.aftersales.values import CaseKind, CaseState, Reason
from portal.domain.ordering.errors import TooManyPieces, TooMuchBack
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from tests.domain.aftersales.books import stand
from tests.factories.ordering import MadeOrder
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

K, R, S = CaseKind, Reason, CaseState
ASK, PAY = "aftersales.ask.checked", "aftersales.pay.checked"


@pytest.fixture
def order(wide: World) -> MadeOrder:
    """One piece for ¥100."""
    merchant = wide.merchant(Kind.SUPPLIER, "松湖优选")
    wide.return_address(merchant.id)
    goods = wide.product(merchant, "腊肠礼盒", options=(), supply=8000, suggested=10_000, stock=10)
    return wide.order(wide.person(), (goods, 1))


def grant(world: World, order: MadeOrder, amount_fen: int) -> UUID:
    wish = actions.Wish(K.MONEY, R.GOODWILL, {order.lines[0]: 1}, amount_fen)
    with world.answering(order.merchant_id) as work:
        return actions.grant(work, order.id, wish, words="补偿。", may=Permission.CASE_ANSWER)


def test_sixty_and_sixty_of_a_hundred_asked_at_once(wide: World, order: MadeOrder, admin_url: str) -> None:
    wide.shipped(order)
    with gate_at(ASK, admin_url) as gate:
        running = together([lambda: wide.case(order, K.MONEY, 1, amount_fen=6000)] * 2)
        assert gate.wait_for(1, 1) == (1, 1)
        gate.open()
        made, refused = outcomes(running)
    assert (len(made), [type(one) for one in refused]) == (1, [errors.TooMuch])
    wide.agreed(order, made[0])
    assert stand(wide, order).escrow_fen == 4000


@pytest.mark.parametrize("number", [2, 8])
def test_sixty_and_sixty_of_a_hundred_granted_at_once(
    wide: World, order: MadeOrder, admin_url: str, number: int
) -> None:
    wide.shipped(order)
    with gate_at(PAY, admin_url) as gate:
        running = together([lambda: grant(wide, order, 6000)] * number)
        assert gate.wait_for(1, number - 1) == (1, number - 1)
        gate.open()
        made, refused = outcomes(running)
    assert (len(made), {type(one) for one in refused}) == (1, {errors.TooMuch})
    assert stand(wide, order).escrow_fen == 4000


def test_control_without_the_orders_lock_both_are_let_in_and_only_the_count_stops_the_second(
    wide: World, order: MadeOrder, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide.shipped(order)
    unlocked(monkeypatch)
    with gate_at(ASK, admin_url) as gate:
        running = together([lambda: wide.case(order, K.MONEY, 1, amount_fen=6000)] * 2)
        seen = gate.wait_for(2, 0)
        gate.open()
        made, raised = outcomes(running)
    print(f"control without lock: {seen} at the gate, {len(made)} asked, {[type(one).__name__ for one in raised]}")
    assert seen == (2, 0)
    assert len(made) + len(raised) == 2
    monkeypatch.undo()
    if len(made) == 2:
        wide.agreed(order, made[0])
        with pytest.raises(TooMuchBack):
            wide.agreed(order, made[1])


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at an order without its lock when somebody asks, and case numbers that do not collide."""
    numbers = iter(range(100))

    def look(work: Any, merchant_id: UUID, order_id: UUID) -> Any:
        rows = select(OrderLine).where(OrderLine.merchant_id == merchant_id, OrderLine.order_id == order_id)
        order = work.session.scalars(select(Order).where(Order.merchant_id == merchant_id, Order.id == order_id))
        return order.one(), list(work.session.scalars(rows))

    monkeypatch.setattr(making, "access_held", look)
    monkeypatch.setattr(making, "_count", lambda *_args: next(numbers))


@pytest.mark.parametrize("first", ["ask", "ship"])
def test_asking_against_shipping(wide: World, order: MadeOrder, admin_url: str, first: str) -> None:
    """Blocked wins or shipped wins, never both."""
    wide.printed(order)
    acts = {"ask": lambda: wide.case(order, K.UNSHIPPED, 1), "ship": lambda: wide.shipped(order)}
    point = ASK if first == "ask" else "ordering.ship.checked"
    second = "ship" if first == "ask" else "ask"
    with gate_at(point, admin_url) as gate:
        one = together([acts[first]])
        assert gate.wait_for(1, 0) == (1, 0)
        two = together([acts[second]])
        assert gate.wait_for(1, 1) == (1, 1)
        gate.open()
        _done, raised = outcomes(one + two)
    now = stand(wide, order)
    if first == "ask":
        assert (now.state, now.blocked, [type(one) for one in raised]) == ("paid", 1, [TooManyPieces])
    else:
        assert (now.state, now.blocked, [type(one) for one in raised]) == ("shipped", 0, [errors.TooManyPieces])


@pytest.mark.parametrize("first", ["answer", "withdraw"])
def test_answering_against_withdrawing(wide: World, order: MadeOrder, admin_url: str, first: str) -> None:
    wide.printed(order)
    case = wide.case(order, K.UNSHIPPED, 1)

    def withdraw() -> None:
        with wide.buying(order.person) as work:
            actions.withdraw(work, case)

    acts = {"answer": lambda: wide.agreed(order, case), "withdraw": withdraw}
    with gate_at(f"aftersales.{first}.checked", admin_url) as gate:
        one = together([acts[first]])
        assert gate.wait_for(1, 0) == (1, 0)
        two = together([acts["withdraw" if first == "answer" else "answer"]])
        assert gate.wait_for(1, 1) == (1, 1)
        gate.open()
        _done, raised = outcomes(one + two)
    assert [type(one) for one in raised] == [errors.Moved]
    wanted = S.REFUNDING if first == "answer" else S.WITHDRAWN
    assert wide.case_now(case).state is wanted
    assert stand(wide, order).escrow_fen == (0 if first == "answer" else 10_000)


def test_a_deadline_that_eight_workers_see_passes_once(wide: World, order: MadeOrder, admin_url: str) -> None:
    wide.printed(order)
    case = wide.case(order, K.UNSHIPPED, 1)
    wide.until_due(case)
    with gate_at("aftersales.deadline.checked", admin_url) as gate:
        running = together([lambda: wide.deadline(case)] * 8)
        assert gate.wait_for(1, 7) == (1, 7)
        gate.open()
        done, raised = outcomes(running)
    assert (sorted(done), raised) == ([False] * 7 + [True], [])
    assert stand(wide, order).escrow_fen == 0


def test_twenty_workers_hear_of_one_refund(wide: World, order: MadeOrder) -> None:
    case = wide.case(order, K.UNSHIPPED, 1)
    refund = wide.case_now(case).refund_id
    assert refund is not None

    def hear() -> None:
        with wide.work(Face.JOB) as work:
            actions.refund_done(work, refund)

    _done, raised = outcomes(together([hear] * 20))
    assert raised == []
    assert sum(one.step == "refunded" for one in wide.case_now(case).events) == 1
