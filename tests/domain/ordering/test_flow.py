"""From the cart to the completed order, and the ways an order ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.ledger import queries as ledger
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.ordering import actions, errors, queries
from portal.domain.ordering.values import CheckoutState, CloseReason, Happening, OrderState
from portal.domain.payments import actions as payments
from portal.domain.payments.errors import AlreadyPaid
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import MadeOrder
from tests.factories.world import World


@pytest.fixture
def goods(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), stock=10)


def left(world: World, made: MadeProduct, sku: int = 0) -> tuple[int, int]:
    shown = world.product_now(made).skus[sku]
    return shown.available, shown.held


def escrow(world: World, order: MadeOrder) -> int:
    with world.work(Face.PLATFORM) as work:
        return ledger.balance(work, AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order.id))


def cancel(world: World, order: MadeOrder) -> None:
    with world.work(Face.PERSON, person=order.person.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, order.id)


def test_an_order_goes_its_way(world: World, goods: MadeProduct) -> None:
    made = world.order(world.person(), (goods, 2), paid=False)
    assert left(world, goods) == (8, 2)
    assert world.order_now(made).state is OrderState.UNPAID
    assert world.pay(made) == "applied"
    now = world.order_now(made)
    assert (now.state, now.total_fen, escrow(world, made)) == (OrderState.PAID, 9180, 9180)
    assert left(world, goods) == (8, 0)
    world.shipped(made, 1)
    assert world.order_now(made).state is OrderState.PARTLY
    world.shipped(made)
    world.received(made)
    assert world.order_now(made).claim_until == world.clock.now() + timedelta(days=7)
    assert world.completed(made)
    assert world.order_now(made).state is OrderState.COMPLETED
    with world.work(Face.PERSON, person=made.person.id) as work:
        kinds = [one.kind for one in queries.timeline(work, made.merchant_id, made.id)]
    assert kinds == [
        Happening.COMPLETED,
        Happening.RECEIVED,
        Happening.SHIPPED,
        Happening.SHIPPED,
        Happening.PAID,
        Happening.PLACED,
    ]


def test_one_payment_for_two_merchants(world: World, goods: MadeProduct) -> None:
    other = world.product(world.merchant(Kind.SUPPLIER, "松湖优选"), "丝苗米", supply=2000, suggested=3000)
    person = world.person()
    first, second = world.orders(person, (goods, 1), (other, 1), (other, 1, 1))
    assert first.intent_id == second.intent_id
    assert {first.total_fen, second.total_fen} == {4590, 9000}
    assert escrow(world, first) == first.total_fen
    assert escrow(world, second) == second.total_fen


def test_a_cancelled_order_gives_its_goods_back(world: World, goods: MadeProduct) -> None:
    made = world.order(world.person(), (goods, 3), paid=False)
    cancel(world, made)
    now = world.order_now(made)
    assert (now.state, now.close_reason) == (OrderState.CLOSED, CloseReason.CANCELLED)
    assert left(world, goods) == (10, 0)
    assert world.pay_late(made) == "applied", "late money is taken and goes back"
    assert (world.order_now(made).state, escrow(world, made)) == (OrderState.CLOSED, 0)


def test_a_paid_order_cannot_be_cancelled(world: World, goods: MadeProduct) -> None:
    made = world.order(world.person(), (goods, 1))
    with pytest.raises(errors.OrderMoved):
        cancel(world, made)
    with world.work(Face.PERSON, person=made.person.id) as work, pytest.raises(AlreadyPaid):
        payments.cancel(work, made.intent_id)


def test_an_unpaid_order_expires(world: World, goods: MadeProduct) -> None:
    made = world.order(world.person(), (goods, 3), paid=False)
    world.clock.advance(minutes=31)
    with world.work(Face.JOB) as work:
        assert payments.expire(work, made.intent_id)
    now = world.order_now(made)
    assert (now.state, now.close_reason) == (OrderState.CLOSED, CloseReason.EXPIRED)
    assert left(world, goods) == (10, 0)
    with world.work(Face.PERSON, person=made.person.id) as work:
        assert queries.checkout(work, made.checkout_id).state is CheckoutState.EXPIRED


def test_another_persons_order_is_not_there(world: World, goods: MadeProduct) -> None:
    made, stranger = world.order(world.person(), (goods, 1), shipped=True), world.person()
    with world.work(Face.PERSON, person=stranger.id, kind=ActorKind.PERSON) as work:
        for act in (queries.my_order, actions.confirm_received, actions.cancel):
            with pytest.raises(NotFound):
                act(work, made.id)
        with pytest.raises(NotFound):
            queries.checkout(work, made.checkout_id)


def test_five_oclock(world: World, goods: MadeProduct) -> None:
    saturday = world.order_now(world.order(world.person(), (goods, 1)))
    assert saturday.ship_by == datetime(2026, 7, 4, 9, 0, tzinfo=UTC)
    world.clock.advance(hours=5)
    sharp = world.order_now(world.order(world.person(), (goods, 1)))
    assert sharp.ship_by == datetime(2026, 7, 6, 9, 0, tzinfo=UTC), "five on Saturday is Monday"
