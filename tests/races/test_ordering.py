"""Twenty checkouts of the last piece, goods in opposite order, one cart in two windows; paying against cancelling and
against running out of time, in every order. Controls show that the races are real.
"""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.actions import holds
from portal.domain.catalogue.errors import SoldOut
from portal.domain.catalogue.models import Stock
from portal.domain.catalogue.values import Movement
from portal.domain.ordering import actions, errors, queries
from portal.domain.ordering.actions import cart, placing
from portal.domain.ordering.models import Order
from portal.domain.ordering.values import CheckoutState, OrderState
from portal.domain.payments import actions as payments
from portal.domain.payments.errors import AlreadyPaid
from portal.domain.payments.models import PaymentRefund
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import PLACE, MadeOrder
from tests.factories.persons import MadePerson
from tests.factories.world import World
from tests.races.conftest import CLERKS
from tests.races.gates import gate_at, outcomes, together


@pytest.fixture
def goods(wide: World) -> MadeProduct:
    return wide.product(wide.merchant(Kind.SUPPLIER, "莞邑日用"), stock=1)


def buyers(world: World, goods: MadeProduct, *skus: int) -> list[MadePerson]:
    """Twenty people with these goods in their carts."""
    people = [world.person() for _ in range(CLERKS)]
    for person in people:
        world.in_cart(person, *((goods, 1, sku) for sku in skus))
    return people


def order(world: World, person: MadePerson) -> object:
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        quote = queries.quote(work, region_code=PLACE.region_code, only_chosen=True)
        return actions.place(work, recipient=PLACE, shown_fen=quote.total_fen, mark=quote.mark)


def left(world: World, goods: MadeProduct, sku: int = 0) -> int:
    with world.work(Face.JOB) as work:
        return int(work.session.scalar(select(func.sum(Stock.available)).where(Stock.sku_id == goods.skus[sku])) or 0)


def orders(world: World) -> int:
    with world.work(Face.JOB) as work:
        return work.session.scalars(select(func.count()).select_from(Order)).one()


def test_one_of_twenty_orders_the_last_piece(wide: World, goods: MadeProduct, admin_url: str) -> None:
    people = buyers(wide, goods, 0)
    with gate_at("ordering.place.checked", admin_url) as gate:
        running = together([lambda one=one: order(wide, one) for one in people])
        seen = gate.wait_for(CLERKS, 0)
        gate.open()
        won, refused = outcomes(running)
    assert seen == (CLERKS, 0)
    assert (len(won), {type(one) for one in refused}) == (1, {SoldOut})
    assert (left(wide, goods), orders(wide)) == (0, 1), "whoever was late has left nothing behind"


def test_control_without_the_stocks_own_check_all_twenty_get_it(
    wide: World, goods: MadeProduct, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = buyers(wide, goods, 0)
    monkeypatch.setattr(placing.catalogue, "reserve", lambda *_a, **_k: None)
    with gate_at("ordering.place.checked", admin_url) as gate:
        running = together([lambda one=one: order(wide, one) for one in people])
        gate.wait_for(CLERKS, 0)
        gate.open()
        won, _refused = outcomes(running)
    print(f"control: {len(won)} of {CLERKS} ordered the one piece")
    assert len(won) > 1


def test_goods_in_opposite_order_never_wait_for_each_other(wide: World, admin_url: str) -> None:
    goods = wide.product(wide.merchant(Kind.SUPPLIER, "松湖优选"), stock=100)
    people = [wide.person() for _ in range(CLERKS)]
    for number, person in enumerate(people):
        wishes = [(goods, 1, 0), (goods, 1, 1)]
        for wish in wishes if number % 2 else reversed(wishes):
            wide.in_cart(person, wish)
            wide.clock.advance(seconds=1)
    with gate_at("ordering.place.written", admin_url) as gate:
        running = together([lambda one=one: order(wide, one) for one in people])
        gate.wait_for(CLERKS, 0)
        gate.open()
        won, refused = outcomes(running)
    assert (len(won), refused) == (CLERKS, [])
    assert [left(wide, goods, sku) for sku in (0, 1)] == [80, 80]


def test_one_cart_in_many_windows_is_ordered_once(wide: World, goods: MadeProduct) -> None:
    person = wide.person()
    wide.in_cart(person, (goods, 1))
    won, refused = outcomes(together([lambda: order(wide, person)] * 8))
    assert (len(won), {type(one) for one in refused}) == (1, {errors.CartEmpty})
    assert orders(wide) == 1


def test_control_without_turns_the_windows_collide(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods, person = wide.product(wide.merchant(Kind.SUPPLIER, "松湖优选"), stock=100), wide.person()
    wide.in_cart(person, (goods, 1))
    monkeypatch.setattr(placing, "take_turns", lambda *_: None)
    with gate_at("ordering.place.checked", admin_url) as gate:
        running = together([lambda: order(wide, person)] * 8)
        gate.wait_for(8, 0)
        gate.open()
        won, _refused = outcomes(running)
    print(f"control without turns: one cart was ordered {len(won)} times")
    assert len(won) > 1


def test_many_windows_never_bring_a_cart_past_its_limit(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cart, "MOST_CART_LINES", 1)
    merchant, person = wide.merchant(Kind.SUPPLIER, "松湖优选"), wide.person()
    goods = wide.product(merchant, stock=100)
    acts = [lambda sku=sku: wide.in_cart(person, (goods, 1, sku)) for sku in (0, 1)] * 4
    _won, refused = outcomes(together(acts))
    assert {type(one) for one in refused} <= {errors.CartFull}
    with wide.work(Face.PERSON, person=person.id) as work:
        assert queries.count(work) == 1


def cancel(world: World, made: MadeOrder) -> str:
    with world.work(Face.PERSON, person=made.person.id, kind=ActorKind.PERSON) as work:
        try:
            actions.cancel(work, made.id)
        except (errors.OrderMoved, AlreadyPaid):
            return "refused"
    return "cancelled"


def expire(world: World, made: MadeOrder) -> bool:
    with world.work(Face.JOB) as work:
        return payments.expire(work, made.intent_id)


ACTS = ("pay", "cancel", "expire", "pay again")


def do(world: World, made: MadeOrder, attempt: object, act: str) -> object:
    if act == "pay":
        return world.told(world.paid_fact(attempt, made.total_fen), f"notice {made.number}")  # type: ignore[arg-type]
    if act == "pay again":
        return world.told(world.paid_fact(attempt, made.total_fen))  # type: ignore[arg-type]
    return (cancel if act == "cancel" else expire)(world, made)


def check_end(world: World, goods: MadeProduct, made: MadeOrder) -> OrderState:
    """Paid with the goods gone, or closed with the goods back; the escrow holds exactly what is not given back."""
    now = world.order_now(made)
    stock = world.product_now(goods).skus[0]
    with world.work(Face.PERSON, person=made.person.id) as work:
        state = queries.checkout(work, made.checkout_id).state
    with world.work(Face.JOB) as work:
        back = select(func.coalesce(func.sum(PaymentRefund.amount_fen), 0))
        refunded = work.session.scalars(back.where(PaymentRefund.intent_id == made.intent_id)).one()
    if now.state is OrderState.PAID:
        assert (state, stock.available, stock.held, refunded) == (CheckoutState.PAID, 0, 0, 0)
    else:
        assert now.state is OrderState.CLOSED
        assert state in (CheckoutState.CANCELLED, CheckoutState.EXPIRED)
        assert (stock.available, stock.held) == (1, 0)
        assert refunded in (0, made.total_fen), "late money goes back, once"
    return now.state


def test_every_order_of_paying_cancelling_and_expiry_ends_alike(wide: World, goods: MadeProduct) -> None:
    for row in permutations(ACTS):
        with wide.work(Face.OFFICE, merchant=goods.merchant_id, kind=ActorKind.STAFF) as work:
            catalogue.adjust(work, goods.skus[0], kind=Movement.COUNTED, quantity=1)
        made = wide.order(wide.person(), (goods, 1), paid=False)
        attempt = wide.attempt(made.person, made.intent_id)
        wide.clock.advance(minutes=31)
        for act in row:
            do(wide, made, attempt, act)
        expected = OrderState.PAID if row[0].startswith("pay") else OrderState.CLOSED
        assert check_end(wide, goods, made) is expected, row


def test_paying_cancelling_and_expiry_at_the_same_moment(wide: World, goods: MadeProduct) -> None:
    made = wide.order(wide.person(), (goods, 1), paid=False)
    attempt = wide.attempt(made.person, made.intent_id)
    wide.clock.advance(minutes=31)
    notices = [wide.filed(wide.paid_fact(attempt, made.total_fen)) for _ in range(6)]

    def apply(callback: object) -> None:
        with wide.work(Face.JOB) as work:
            payments.apply(work, callback)  # type: ignore[arg-type]

    acts = [lambda one=one: apply(one) for one in notices]
    acts += [lambda: cancel(wide, made), lambda: expire(wide, made)] * 3
    _won, refused = outcomes(together(acts))
    assert [one for one in refused if not isinstance(one, Refusal)] == []
    check_end(wide, goods, made)


def test_twenty_times_received_at_once_is_received_once(wide: World, goods: MadeProduct, admin_url: str) -> None:
    made = wide.order(wide.person(), (goods, 1), shipped=True)
    wide.clock.advance(days=11)

    def by_time() -> bool:
        with wide.work(Face.JOB) as work:
            return actions.receive_by_itself(work, made.merchant_id, made.id)

    acts = [lambda: wide.received(made), by_time] * 5
    _won, refused = outcomes(together(acts))
    assert {type(one) for one in refused} <= {errors.OrderMoved}
    assert wide.order_now(made).state is OrderState.RECEIVED
    with wide.work(Face.PERSON, person=made.person.id) as work:
        kinds = [one.kind for one in queries.timeline(work, made.merchant_id, made.id)]
    assert kinds.count("received") == 1


def test_twenty_shippers_never_ship_a_piece_twice(wide: World, admin_url: str) -> None:
    goods = wide.product(wide.merchant(Kind.SUPPLIER, "松湖优选"), stock=100)
    made = wide.order(wide.person(), (goods, 5))

    def one_piece() -> None:
        with wide.work(Face.JOB) as work:
            actions.mark_shipped(work, made.merchant_id, made.id, made.pieces(1))

    won, refused = outcomes(together([one_piece] * CLERKS))
    assert (len(won), {type(one) for one in refused}) == (5, {errors.OrderMoved})
    assert wide.order_now(made).lines[0].shipped == 5


def test_control_goods_drawn_without_an_order_of_locks_deadlock(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods = wide.product(wide.merchant(Kind.SUPPLIER, "松湖优选"), stock=100)
    people = [wide.person() for _ in range(CLERKS)]
    for number, person in enumerate(people):
        wishes = [(goods, 1, 0), (goods, 1, 1)]
        for wish in wishes if number % 2 else reversed(wishes):
            wide.in_cart(person, wish)
            wide.clock.advance(seconds=1)
    drawn = holds.draw

    def slowly(work: Work, one: object) -> object:
        found = drawn(work, one)  # type: ignore[arg-type]
        work.session.execute(text("SELECT pg_sleep(0.05)"))
        return found

    monkeypatch.setattr(holds, "in_order", list)
    monkeypatch.setattr(holds, "draw", slowly)
    with gate_at("ordering.place.written", admin_url) as gate:
        running = together([lambda one=one: order(wide, one) for one in people])
        gate.wait_for(CLERKS, 0)
        gate.open()
        _won, refused = outcomes(running)
    states = {getattr(one.orig, "sqlstate", "") for one in refused if isinstance(one, OperationalError)}
    print(f"control without the order: {len(refused)} of {CLERKS} failed, {sorted(states)}")
    assert states & {"40P01", "55P03"}
