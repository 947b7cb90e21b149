"""What happens to orders by itself, and who is told."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.identity.models import Notification
from portal.domain.messages.values import unpacked
from portal.domain.ordering import actions
from portal.domain.ordering.queries import orders as order_queries
from portal.domain.ordering.values import OrderState
from portal.domain.tenants.values import Kind
from portal.jobs import orders, payments
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.persons import MadePerson
from tests.factories.world import World


def letters(world: World, person: MadePerson) -> list[tuple[str, str]]:
    with world.work(Face.PERSON, person=person.id) as work:
        rows = work.session.scalars(select(Notification).order_by(Notification.id))
        return [(row.kind, str(unpacked(row.words))) for row in rows]


def test_time_receives_and_completes(world: World) -> None:
    merchant = world.merchant(Kind.SUPPLIER, "莞邑日用")
    shipper, buyer = world.staff(merchant, Role.SHIPPER), world.person()
    goods = world.product(merchant, stock=10)
    made = world.order(buyer, (goods, 1), shipped=True)
    assert [kind for kind, _text in letters(world, shipper)] == ["supply.new_order"]
    assert made.number in letters(world, shipper)[0][1]
    world.clock.advance(days=9, hours=23)
    assert orders.receive(world.services) == 0
    world.clock.advance(hours=2)
    assert (orders.receive(world.services), orders.receive(world.services)) == (1, 0)
    assert world.order_now(made).state is OrderState.RECEIVED
    world.clock.advance(days=7)
    assert (orders.complete(world.services), orders.complete(world.services)) == (1, 0)
    assert world.order_now(made).state is OrderState.COMPLETED
    assert [kind for kind, _text in letters(world, buyer) if kind.startswith("order.")] == [
        "order.paid",
        "order.received",
    ]


def test_what_is_not_paid_in_time_is_told_and_goes_back(world: World) -> None:
    goods, buyer = world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), stock=2), world.person()
    made = world.order(buyer, (goods, 2), paid=False)
    world.clock.advance(minutes=30)
    assert payments.end_expired(world.services) == 1
    assert world.order_now(made).state is OrderState.CLOSED
    assert [kind for kind, _text in letters(world, buyer)] == ["order.closed"]
    assert world.product_now(goods).skus[0].available == 2


def test_a_long_row_is_done_in_one_run_and_one_that_breaks_keeps_nobody_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    merchant, buyer = world.merchant(Kind.SUPPLIER, "莞邑日用"), world.person()
    goods = world.product(merchant, stock=10)
    made = [world.order(buyer, (goods, 1), shipped=True) for _ in range(4)]
    world.clock.advance(days=10, hours=1)
    monkeypatch.setattr(order_queries, "SWEEP", 2)
    real = actions.receive_by_itself

    def breaks(work: Work, merchant_id: UUID, order_id: UUID) -> bool:
        if order_id == made[0].id:
            raise RuntimeError("broken")
        return real(work, merchant_id, order_id)

    monkeypatch.setattr(actions, "receive_by_itself", breaks)
    assert orders.receive(world.services) == 3
    assert [world.order_now(one).state for one in made] == [OrderState.SHIPPED, *[OrderState.RECEIVED] * 3]
