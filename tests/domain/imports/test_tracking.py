"""Tracking numbers from a list: orders leave through shipping's own act, and come back while they still lie here."""

from __future__ import annotations

import pytest

from portal.domain.imports.queries import Show
from portal.domain.imports.values import Kind
from portal.domain.ordering.values import OrderState
from tests.factories.imports import csv_bytes

HEAD = ("订单号", "快递公司", "快递单号")


@pytest.fixture
def orders(world, merchant):
    goods, buyer = world.product(merchant), world.person()
    return [world.order(buyer, (goods, 1)) for _ in range(3)]


def test_orders_leave_with_their_numbers_and_come_back(world, merchant, owner, orders):
    one, two, three = orders
    rows = (
        *(HEAD, (one.number, "", "SF1234567890123"), (two.number, "中通快递", "73123456789012")),
        *(("1111111111111111", "", "SF1234567890124"), (three.number, "", "1.23E+15"), (three.number, "飞毛腿", "x")),
    )
    batch_id = world.bring(merchant, owner, Kind.TRACKING, csv_bytes(rows))
    batch = world.check(merchant, batch_id)
    assert (batch.new, batch.wrong) == (2, 3)
    faults = {row.number: row.problems[0].column for row in world.import_rows(merchant, batch_id, Show.TROUBLE)}
    assert faults == {4: "order", 5: "tracking", 6: ""}
    batch = world.carry_out(merchant, owner, batch_id)
    assert (batch.done, batch.failed) == (2, 0)
    assert [world.order_now(order).state for order in orders] == [
        OrderState.SHIPPED,
        OrderState.SHIPPED,
        OrderState.PAID,
    ]
    batch = world.undo_import(merchant, owner, batch_id)
    assert (batch.undone, batch.left) == (2, 0)
    assert {world.order_now(order).state for order in orders} == {OrderState.PAID}


def test_what_left_meanwhile_fails_alone_and_what_is_gone_stays(world, merchant, owner, orders):
    rows = (HEAD, *((order.number, "", f"SF123456789013{at}") for at, order in enumerate(orders)))
    batch_id = world.bring(merchant, owner, Kind.TRACKING, csv_bytes(rows))
    world.check(merchant, batch_id)
    world.parcel(orders[0])
    batch = world.carry_out(merchant, owner, batch_id)
    assert (batch.done, batch.failed) == (2, 1)
    world.clock.advance(hours=1)
    batch = world.undo_import(merchant, owner, batch_id)
    assert (batch.undone, batch.left) == (0, 2)
    assert "半小时" in str(world.import_rows(merchant, batch_id, Show.TROUBLE)[1].problems[0].sentence)


def test_what_was_sent_by_hand_in_the_same_parcel_is_not_taken_back(world, merchant, owner, orders):
    by_hand, one, two = orders
    number = world.tracking()
    world.parcel(by_hand, number=number)
    mixed = world.imported(merchant, owner, Kind.TRACKING, csv_bytes((HEAD, (one.number, "", number))))
    batch = world.undo_import(merchant, owner, mixed.id)
    assert (batch.undone, batch.left) == (0, 1)
    assert {world.order_now(order).state for order in (by_hand, one)} == {OrderState.SHIPPED}
    assert world.order_now(two).state is OrderState.PAID


def test_a_parcel_of_several_orders_of_one_list_comes_back_whole(world, merchant, owner, orders):
    number = world.tracking()
    rows = (HEAD, *((order.number, "", number) for order in orders))
    sent = world.imported(merchant, owner, Kind.TRACKING, csv_bytes(rows))
    batch = world.undo_import(merchant, owner, sent.id)
    assert (batch.undone, batch.left) == (3, 0)
    assert {world.order_now(order).state for order in orders} == {OrderState.PAID}
