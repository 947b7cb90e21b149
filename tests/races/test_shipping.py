"""Two shippers on one order, shipping against a refund, one number for two recipients: held at the window."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from portal.domain.ordering import actions as ordering
from portal.domain.ordering import errors as ordering_errors
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.ordering.values import OrderState
from portal.domain.shipping import actions, errors
from portal.domain.shipping.actions import sending
from portal.domain.shipping.values import ParcelState
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import PLACE, MadeOrder
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

POINT = "shipping.send.checked"
TWO = 2


@pytest.fixture
def goods(wide: World) -> MadeProduct:
    return wide.product(wide.merchant(Kind.SUPPLIER, "莞邑日用"), stock=50)


@pytest.fixture
def order(wide: World, goods: MadeProduct) -> MadeOrder:
    return wide.order(wide.person(), (goods, 2))


def shipped_pieces(world: World, order: MadeOrder) -> tuple[int, int]:
    """Pieces the order says have left, and pieces in living parcels."""
    inside = [
        piece.pieces
        for parcel in world.parcels(order)
        if parcel.state is not ParcelState.UNDONE
        for piece in parcel.pieces
    ]
    return sum(line.shipped for line in world.order_now(order).lines), sum(inside)


def ship_both(world: World, order: MadeOrder, admin_url: str) -> tuple[list[Any], list[BaseException], tuple[int, int]]:
    acts = [lambda at=at: world.parcel(order, number=f"SF100000000000{at}") for at in range(TWO)]
    with gate_at(POINT, admin_url) as gate:
        running = together(acts)
        seen = gate.wait_for(1, 0)
        gate.open()
        won, refused = outcomes(running)
    return won, refused, seen


def test_one_of_two_shippers_ships_and_the_other_is_told(wide: World, order: MadeOrder, admin_url: str) -> None:
    won, refused, _seen = ship_both(wide, order, admin_url)
    assert (len(won), {type(one) for one in refused}) == (1, {errors.ShippedAlready})
    assert "待收货" in str(refused[0])
    assert shipped_pieces(wide, order) == (2, 2)
    assert wide.order_now(order).state is OrderState.SHIPPED


def test_control_without_turns_and_locks_pieces_leave_twice(
    wide: World, order: MadeOrder, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "access_turn", lambda *_: None)
    monkeypatch.setattr(sending, "access_orders", unlocked)
    monkeypatch.setattr(ordering, "mark_shipped", lambda *_: None)
    acts = [lambda at=at: wide.parcel(order, number=f"SF100000000000{at}") for at in range(TWO)]
    with gate_at(POINT, admin_url) as gate:
        running = together(acts)
        gate.wait_for(TWO, 0)
        gate.open()
        won, _refused = outcomes(running)
    inside = shipped_pieces(wide, order)[1]
    print(f"control without turns and locks: {len(won)} of {TWO} shipped, {inside} pieces of 2 in parcels")
    assert inside > 2


def unlocked(work: Any, merchant_id: Any, order_ids: Any) -> Any:
    """`access_orders` as one would write it without thinking of colleagues."""
    ids = sorted(set(order_ids))
    orders = {one.id: one for one in work.session.scalars(select(Order).where(Order.id.in_(ids)))}
    rows = list(work.session.scalars(select(OrderLine).where(OrderLine.order_id.in_(ids))))
    return orders, {one: [line for line in rows if line.order_id == one] for one in ids}


def ask_back(world: World, order: MadeOrder) -> None:
    """The buyer asks for his money: the pieces are blocked."""
    with world.work(Face.JOB) as work:
        ordering.block(work, order.merchant_id, order.id, order.pieces(2))


def test_shipping_and_asking_back_never_both_happen(wide: World, order: MadeOrder, admin_url: str) -> None:
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda: wide.parcel(order, number="SF1000000000001")])
        gate.wait_for(1, 0)
        running += together([lambda: ask_back(wide, order)])
        assert gate.wait_for(1, 1) == (1, 1), "he who asks waits for the order"
        gate.open()
        won, refused = outcomes(running)
    assert (len(won), {type(one) for one in refused}) == (1, {ordering_errors.OrderMoved})
    (line,) = wide.order_now(order).lines
    assert (line.shipped, line.blocked) == (2, 0)


def test_asked_back_first_nothing_leaves(wide: World, order: MadeOrder) -> None:
    ask_back(wide, order)
    with pytest.raises(errors.AskedBack):
        wide.parcel(order, number="SF1000000000001")
    assert shipped_pieces(wide, order) == (0, 0)


def test_one_number_for_two_recipients_at_once_goes_to_one(wide: World, goods: MadeProduct, admin_url: str) -> None:
    buyer = wide.person()
    first = wide.order(buyer, (goods, 1))
    second = wide.order(buyer, (goods, 1), recipient=replace(PLACE, detail="体育路 9 号"))
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda one=one: wide.parcel(one, number="SF1000000000001") for one in (first, second)])
        gate.wait_for(1, 0)
        gate.open()
        won, refused = outcomes(running)
    assert (len(won), {type(one) for one in refused}) == (1, {errors.NumberTaken})


def test_undone_twice_at_once_is_undone_once(wide: World, order: MadeOrder) -> None:
    parcel = wide.parcel(order)

    def undo() -> None:
        with wide.work(Face.OFFICE, merchant=order.merchant_id) as work:
            actions.undo(work, parcel)

    won, refused = outcomes(together([undo] * 5))
    assert (len(won), {type(one) for one in refused}) == (1, {errors.ParcelMoved})
    assert wide.order_now(order).state is OrderState.PAID
