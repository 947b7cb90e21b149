"""Pieces that leave, are asked back and come back; money that goes back; an order ends alike whatever the row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.ordering import actions, errors, queries
from portal.domain.ordering.rules import LineMoney
from portal.domain.ordering.rules.progress import state_after
from portal.domain.ordering.values import CloseReason, OrderState, Recipient
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import MadeOrder
from tests.factories.world import World


@pytest.fixture
def goods(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), stock=20)


@pytest.fixture
def made(world: World, goods: MadeProduct) -> MadeOrder:
    return world.order(world.person(), (goods, 3), (goods, 2, 1))


def act(world: World, act: str, made: MadeOrder, *counts: int) -> queries.OrderShown:
    with world.work(Face.JOB) as work:
        getattr(actions, act)(work, made.merchant_id, made.id, made.pieces(*counts))
    return world.order_now(made)


def back(world: World, made: MadeOrder, line: int, **what: int) -> queries.OrderShown:
    with world.work(Face.JOB) as work:
        actions.write_back(work, made.merchant_id, made.lines[line], **what)
    return world.order_now(made)


def test_a_parcel_undone_is_to_be_shipped_again(world: World, made: MadeOrder) -> None:
    assert act(world, "mark_shipped", made, 3, 2).state is OrderState.SHIPPED
    assert world.order_now(made).receive_by is not None
    now = act(world, "take_back_shipping", made, 3)
    assert (now.state, now.receive_by) == (OrderState.PARTLY, None)
    now = act(world, "take_back_shipping", made, 0, 2)
    assert (now.state, now.shipped_at) == (OrderState.PAID, None)
    with pytest.raises(errors.OrderMoved):
        act(world, "take_back_shipping", made, 1)


def test_what_is_asked_back_does_not_leave(world: World, made: MadeOrder) -> None:
    now = act(world, "block", made, 2)
    assert [line.to_ship for line in now.lines] == [1, 2]
    with pytest.raises(errors.TooManyPieces):
        act(world, "mark_shipped", made, 2)
    assert act(world, "mark_shipped", made, 1, 2).state is OrderState.PARTLY
    act(world, "unblock", made, 2)
    now = back(world, made, 0, cancelled=2, goods_fen=2 * 4590)
    assert (now.state, now.refunded_fen) == (OrderState.SHIPPED, 2 * 4590)
    assert now.receive_by is not None


def test_all_money_back_closes_the_order(world: World, made: MadeOrder) -> None:
    back(world, made, 0, cancelled=3, goods_fen=3 * 4590)
    now = back(world, made, 1, cancelled=2, goods_fen=2 * 9180)
    assert (now.state, now.close_reason, now.refunded_fen) == (OrderState.CLOSED, CloseReason.REFUNDED, now.total_fen)


def test_never_more_than_there_is(world: World, made: MadeOrder, goods: MadeProduct) -> None:
    for wrong in ({"cancelled": 4}, {"returned": 1}, {"goods_fen": 3 * 4590 + 1}, {"freight_fen": 1}):
        with pytest.raises((errors.TooManyPieces, errors.TooMuchBack)):
            back(world, made, 0, **wrong)
    with pytest.raises(ValueError, match="upwards"):
        back(world, made, 0, goods_fen=-1)
    for counts in ((4,), (0,)):
        with pytest.raises((errors.TooManyPieces, errors.NothingChosen)):
            act(world, "mark_shipped", made, *counts)
    other = world.order(world.person(), (goods, 1))
    with world.work(Face.JOB) as work, pytest.raises(NotFound):
        actions.mark_shipped(work, made.merchant_id, made.id, {other.lines[0]: 1})


def test_an_open_case_keeps_an_order_from_ending(world: World, made: MadeOrder) -> None:
    world.shipped(made)
    with world.work(Face.JOB) as work:
        actions.open_case(work, made.merchant_id, made.id)
    world.clock.advance(days=11)
    with world.work(Face.JOB) as work:
        assert not actions.receive_by_itself(work, made.merchant_id, made.id)
        actions.close_case(work, made.merchant_id, made.id)
        assert queries.due_to_receive(work) == [(made.merchant_id, made.id)]
        assert actions.receive_by_itself(work, made.merchant_id, made.id)
        assert not actions.receive_by_itself(work, made.merchant_id, made.id)
        actions.open_case(work, made.merchant_id, made.id)
    world.clock.advance(days=8)
    with world.work(Face.JOB) as work:
        assert queries.due_to_complete(work) == []
        assert not actions.complete_due(work, made.merchant_id, made.id)
        actions.close_case(work, made.merchant_id, made.id)
        assert actions.complete_due(work, made.merchant_id, made.id)
        assert not actions.complete_due(work, made.merchant_id, made.id), "once"


def test_a_changed_recipient(world: World, made: MadeOrder) -> None:
    to = Recipient("王秀兰", "15400000003", "440305", ("广东省", "深圳市", "南山区"), "海桐街 27 号")
    with world.work(Face.JOB) as work:
        actions.change_recipient(work, made.merchant_id, made.id, to)
    assert world.order_now(made).recipient == to
    world.shipped(made)
    with world.work(Face.JOB) as work, pytest.raises(errors.OrderMoved):
        actions.change_recipient(work, made.merchant_id, made.id, to)


class Line:
    """A line's pieces."""

    def __init__(self, shipped: int, cancelled: int, blocked: int, more: int) -> None:
        self.shipped, self.cancelled, self.blocked = shipped, cancelled, blocked
        self.quantity = shipped + cancelled + blocked + more


COUNTS = st.integers(0, 5)


@given(st.lists(st.builds(Line, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=6))
@settings(max_examples=40)
def test_the_state_follows_from_the_pieces(lines: list[Line]) -> None:
    state, left = state_after(lines), sum(line.quantity - line.cancelled - line.shipped for line in lines)
    assert (state is OrderState.PAID) == (not any(line.shipped for line in lines))
    assert (state is OrderState.SHIPPED) == (any(line.shipped for line in lines) and left == 0)


@given(
    quantity=st.integers(1, 50),
    supply=st.integers(0, 100_000),
    unit=st.integers(1, 100_000),
    freight=st.integers(0, 50_000),
    data=st.data(),
)
@settings(max_examples=40)
def test_a_line_is_shared_out_exactly(quantity: int, supply: int, unit: int, freight: int, data: st.DataObject) -> None:
    goods = unit * quantity
    refunded = data.draw(st.integers(0, goods))
    line = LineMoney(quantity, supply, goods, freight, refunded, data.draw(st.integers(0, freight)))
    assert line.due_fen + line.margin_fen == line.left_fen
    pieces = data.draw(st.integers(0, quantity))
    whole = LineMoney(quantity, supply, goods, freight, unit * pieces)
    assert whole.due_fen == supply * (quantity - pieces) + freight
