"""Goods leave: whole, in parts, together; what must not leave stays, with the reason."""

from __future__ import annotations

from uuid import uuid4

import pytest

from portal.domain.ordering import actions as ordering
from portal.domain.ordering.values import OrderState
from portal.domain.shipping import actions, errors
from portal.domain.shipping.actions import Sending
from portal.domain.shipping.values import ParcelState
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.shipping import ELSEWHERE
from tests.factories.world import World


def block(world: World, order: MadeOrder, *counts: int) -> None:
    with world.work(Face.JOB) as work:
        ordering.block(work, order.merchant_id, order.id, order.pieces(*counts))


def test_a_whole_order_leaves(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 2), (goods, 1, 1))
    world.parcel(order, number=" sf1234567890123 ")
    (parcel,) = world.parcels(order)
    assert (parcel.carrier, parcel.number, parcel.state) == ("sf", "SF1234567890123", ParcelState.SENT)
    assert [piece.pieces for piece in parcel.pieces] == [2, 1]
    assert world.order_now(order).state is OrderState.SHIPPED


def test_in_two_parcels(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 3), (goods, 1, 1))
    world.parcel(order, pieces=order.pieces(2))
    assert world.order_now(order).state is OrderState.PARTLY
    world.parcel(order)
    assert [sum(piece.pieces for piece in one.pieces) for one in world.parcels(order)] == [2, 2]
    assert world.order_now(order).state is OrderState.SHIPPED
    again = world.order(buyer, (goods, 2))
    with pytest.raises(Refusal, match="最多只能处理 2 件"):
        world.parcel(again, pieces=again.pieces(3))


def test_several_orders_of_one_recipient_share_a_parcel(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    one, two = world.order(buyer, (goods, 1)), world.order(buyer, (goods, 2))
    elsewhere = world.order(buyer, (goods, 1), recipient=ELSEWHERE)
    assert [number for _id, number in world.order_page(one).together] == [two.number]
    with pytest.raises(Refusal, match="不同的收件人"):
        world.parcel(one, elsewhere)
    world.parcel(one, two)
    assert len(world.parcels(one)) == 1
    assert world.parcels(one)[0].order_ids == (one.id, two.id)
    assert {world.order_now(order).state for order in (one, two)} == {OrderState.SHIPPED}


def test_a_number_of_somebody_else_is_refused(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    first = world.order(buyer, (goods, 1))
    second, third = world.order(buyer, (goods, 1)), world.order(world.person(), (goods, 1))
    world.parcel(first, number="SF1000000000001")
    world.parcel(second, number="SF1000000000001")
    assert len(world.parcels(second)[0].pieces) == 2, "the same recipient: the same parcel"
    with pytest.raises(errors.NumberTaken, match="收件人不同"):
        world.parcel(third, number="SF1000000000001")


def test_the_carrier_is_asked_for_when_it_is_unclear(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 1))
    for number, carrier in (("123456789012", ""), ("ABC-12345", ""), ("SF1000000000001", "nobody")):
        with pytest.raises(errors.CarrierUnclear):
            world.parcel(order, number=number, carrier=carrier)
    world.parcel(order, number="ABC-12345", carrier="other")
    assert world.parcels(order)[0].carrier == "other"


def test_many_rows_leave_and_the_others_say_why(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    fine, gone = world.order(buyer, (goods, 1)), world.order(buyer, (goods, 1), shipped=True)
    back = world.order(buyer, (goods, 2))
    block(world, back, 1)
    moving, stale = world.order(buyer, (goods, 1)), world.order(buyer, (goods, 1))
    world.address_asked(moving)
    world.printed(stale)
    change = world.address_asked(stale)
    world.clock.advance(minutes=1)
    with world.work(Face.OFFICE, merchant=stale.merchant_id, kind=ActorKind.STAFF) as work:
        actions.agree_address(work, change)
    rows = [Sending(one.id, f"SF100000000000{at}") for at, one in enumerate((fine, gone, back, moving, stale, fine))]
    done = world.sent(goods.merchant_id, rows)
    assert done.orders == (fine.id,)
    said = [str(sentence) for _id, sentence in done.refused]
    for sentence, words in zip(
        said, ("待收货", "退款中，勿发货", "想改收货地址", "重新打印面单", "贴了两个单号"), strict=True
    ):
        assert words in sentence
    assert world.order_now(back).state is OrderState.PAID
    world.printed(stale)
    assert world.sent(goods.merchant_id, rows[4:5]).orders == (stale.id,)
    assert world.order_now(stale).recipient == ELSEWHERE


def test_the_lines_nobody_asks_back_may_leave(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 1), (goods, 1, 1))
    block(world, order, 1)
    with pytest.raises(errors.AskedBack, match="勿发货"):
        world.parcel(order)
    world.parcel(order, pieces=order.pieces(0, 1))
    assert world.order_now(order).state is OrderState.PARTLY


def test_a_shipment_is_undone_for_a_while(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 2))
    parcel = world.parcel(order, number="SF1000000000009")
    with world.work(Face.OFFICE, merchant=order.merchant_id, kind=ActorKind.STAFF) as work:
        actions.undo(work, parcel)
    assert world.order_now(order).state is OrderState.PAID
    assert world.parcels(order)[0].state is ParcelState.UNDONE
    again = world.parcel(order, number="SF1000000000009")
    world.clock.advance(minutes=31)
    with (
        world.work(Face.OFFICE, merchant=order.merchant_id, kind=ActorKind.STAFF) as work,
        pytest.raises(errors.TooLateToUndo),
    ):
        actions.undo(work, again)


def test_a_wrong_number_is_corrected_and_remembered(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order, other = world.order(buyer, (goods, 1)), world.order(world.person(), (goods, 1))
    parcel = world.parcel(order, number="SF1000000000001")
    world.parcel(other, number="SF1000000000002")
    with world.work(Face.OFFICE, merchant=order.merchant_id, kind=ActorKind.STAFF) as work:
        with pytest.raises(errors.NumberTaken):
            actions.correct(work, parcel, number="SF1000000000002")
        with pytest.raises(Refusal, match="没有改"):
            actions.correct(work, parcel, number="SF1000000000001")
        actions.correct(work, parcel, number="YT1000000000003")
    (shown,) = world.parcels(order)
    assert (shown.carrier, shown.number) == ("yto", "YT1000000000003")
    assert [one.number for one in shown.corrections] == ["SF1000000000001"]


def test_others_have_nothing_here(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order, stranger = world.order(buyer, (goods, 1)), world.merchant(Kind.SUPPLIER)
    parcel = world.parcel(order)
    with world.work(Face.OFFICE, merchant=stranger.id, kind=ActorKind.STAFF) as work:
        for act in (
            lambda: actions.ship(work, [order.id], number="SF1000000000001"),
            lambda: actions.undo(work, parcel),
            lambda: actions.correct(work, parcel, number="SF1000000000001"),
            lambda: actions.flag(work, [order.id], 1),
            lambda: actions.mark_printed(work, [order.id]),
            lambda: actions.write_note(work, order.id, note="x"),
            lambda: actions.agree_address(work, uuid4()),
        ):
            with pytest.raises(NotFound):
                act()
