"""What a cart says it costs is what is ordered, to the fen, whatever lies in it; and what changed is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.errors import SoldOut
from portal.domain.catalogue.values import Movement, SaleDraft
from portal.domain.freight import actions as freight
from portal.domain.freight.values import Tariff, TemplateDraft, Unit
from portal.domain.ordering import actions, errors, queries
from portal.domain.ordering.models import OrderCost, OrderLine
from portal.domain.ordering.queries import Trouble
from portal.domain.ordering.values import Recipient
from portal.domain.payments.models import PaymentIntent, PaymentPart
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, OutOfScope
from portal.kernel.work import ActorKind, Work
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import PLACE
from tests.factories.persons import MadePerson
from tests.factories.world import World


@pytest.fixture
def goods(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), stock=10)


def charge(world: World, made: MadeProduct, *, unserved: tuple[str, ...] = (), free: int | None = None) -> None:
    """¥7 for the first piece, ¥3 for each further one."""
    draft = TemplateDraft("标准", Unit.PIECE, Tariff(1, 700, 1, 300), unserved=unserved, free_over_fen=free)
    with world.work(Face.OFFICE, merchant=made.merchant_id, kind=ActorKind.STAFF) as work:
        freight.create(work, draft=draft, default=True)


def price(world: World, made: MadeProduct, sale: int, sku: int = 0) -> None:
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
        catalogue.set_sale(work, made.id, sales=[SaleDraft(made.skus[sku], sale, None)], below=True)


def quoted(world: World, person: MadePerson, region: str | None = PLACE.region_code) -> queries.CartQuote:
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        return queries.quote(work, region_code=region)


def place(world: World, person: MadePerson, shown: int, mark: str = "", to: Recipient = PLACE) -> None:
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        actions.place(work, recipient=to, shown_fen=shown, mark=mark)


def test_freight_is_asked_for_each_merchant(world: World, goods: MadeProduct) -> None:
    charge(world, goods)
    other = world.product(world.merchant(Kind.SUPPLIER, "松湖优选"), "丝苗米")
    person = world.person()
    world.in_cart(person, (goods, 2), (goods, 1, 1), (other, 1))
    quote = quoted(world, person)
    fees = {group.merchant_name: group.freight_fen for group in quote.groups}
    assert fees == {"莞邑日用": 1300, "松湖优选": 0}
    assert quote.total_fen == 2 * 4590 + 9180 + 4590 + 1300
    made = world.placed(person)
    assert sorted(one.total_fen for one in made) == [4590, 2 * 4590 + 9180 + 1300]


def test_a_dearer_piece_is_told_and_not_ordered_unseen(world: World, goods: MadeProduct) -> None:
    person = world.person()
    shown = world.in_cart(person, (goods, 1))
    price(world, goods, 4990)
    assert quoted(world, person).lines[0].moved_fen == 400
    with pytest.raises(errors.PriceMoved, match="价格有变化"):
        place(world, person, shown.total_fen, shown.mark)
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        actions.accept_prices(work)
    assert quoted(world, person).lines[0].moved_fen == 0
    price(world, goods, 4590)
    assert quoted(world, person).lines[0].moved_fen == -400


def test_the_same_amount_for_something_else_is_not_ordered(world: World, goods: MadeProduct) -> None:
    person = world.person()
    shown = world.in_cart(person, (goods, 2))
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        actions.add(work, product_id=goods.id, sku_id=goods.skus[1], quantity=1, alone=True)
    assert quoted(world, person).total_fen == shown.total_fen == 9180
    with pytest.raises(errors.ContentMoved):
        place(world, person, shown.total_fen, shown.mark)


def test_what_is_sold_out_or_gone_is_told(world: World, goods: MadeProduct) -> None:
    person = world.person()
    shown = world.in_cart(person, (goods, 6), (goods, 1, 1))
    world.order(world.person(), (goods, 6))
    assert quoted(world, person).lines[-1].trouble or quoted(world, person).troubled[0].trouble is Trouble.NOT_ENOUGH
    with pytest.raises(errors.NotToBuy):
        place(world, person, shown.total_fen, shown.mark)
    with world.work(Face.OFFICE, merchant=goods.merchant_id, kind=ActorKind.STAFF) as work:
        catalogue.take_off(work, [goods.id], reason="过季")
    assert {line.trouble for line in quoted(world, person).lines} == {Trouble.OFF_SALE}
    with pytest.raises(errors.NotToBuy):
        place(world, person, shown.total_fen, shown.mark)
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        with pytest.raises(errors.NotOnSale):
            actions.add(work, product_id=goods.id, sku_id=goods.skus[0])
        assert actions.remove_gone(work) == 2
        assert actions.put_back(work) == 2


def test_a_place_that_is_not_served(world: World, goods: MadeProduct) -> None:
    charge(world, goods, unserved=("81",))
    person, far = world.person(), replace(PLACE, region_code="81")
    shown = world.in_cart(person, (goods, 1))
    quote = quoted(world, person, far.region_code)
    assert (quote.total_fen, quote.lines[0].trouble) == (0, Trouble.NOT_SERVED)
    with pytest.raises(errors.NotServed):
        place(world, person, shown.total_fen, shown.mark, far)


def test_the_cart_has_its_limits(world: World, goods: MadeProduct, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.domain.ordering.actions.cart.MOST_CART_LINES", 1)
    person = world.person()
    world.in_cart(person, (goods, 1))
    with pytest.raises(errors.CartFull):
        world.in_cart(person, (goods, 1, 1))
    for wrong in (0, -1, 10_000, 11):
        with pytest.raises(Refusal):
            world.in_cart(person, (goods, wrong))


def test_a_removal_is_undone_for_a_while(world: World, goods: MadeProduct) -> None:
    person = world.person()
    world.in_cart(person, (goods, 1), (goods, 1, 1))
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        assert actions.remove(work, [goods.skus[0]]) == 1
        assert queries.count(work) == 1
    assert quoted(world, person).removed == 1
    world.clock.advance(minutes=11)
    assert quoted(world, person).removed == 0
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        assert actions.put_back(work) == 0


def test_when_the_stock_went_back_all_the_money_does(world: World, goods: MadeProduct) -> None:
    """A worker was down for a day: the reservation ran out before the payment was told."""
    made = world.order(world.person(), (goods, 10), paid=False)
    attempt = world.attempt(made.person, made.intent_id)
    world.clock.advance(days=2)
    with world.work(Face.JOB) as work:
        assert catalogue.release_expired(work)
    with world.work(Face.OFFICE, merchant=goods.merchant_id, kind=ActorKind.STAFF) as work:
        catalogue.adjust(work, goods.skus[0], kind=Movement.DAMAGED, quantity=1, note="受潮")
    assert world.told(world.paid_fact(attempt, made.total_fen)) == "applied"
    now = world.order_now(made)
    assert (now.state, now.refunded_fen) == ("closed", now.total_fen)
    assert world.product_now(goods).skus[0].available == 9


def test_when_the_stock_went_back_and_is_there_it_is_taken(world: World, goods: MadeProduct) -> None:
    made = world.order(world.person(), (goods, 10), paid=False)
    attempt = world.attempt(made.person, made.intent_id)
    world.clock.advance(days=2)
    with world.work(Face.JOB) as work:
        assert catalogue.release_expired(work)
    assert world.told(world.paid_fact(attempt, made.total_fen)) == "applied"
    assert world.order_now(made).state == "paid"
    assert world.product_now(goods).skus[0].available == 0


def test_a_buyer_never_sees_what_it_cost(world: World, goods: MadeProduct) -> None:
    made = world.order(world.person(), (goods, 1))
    with world.work(Face.PERSON, person=made.person.id) as work, pytest.raises(OutOfScope):
        work.session.execute(select(OrderCost))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        world.work(Face.PERSON, person=made.person.id) as work,
    ):
        work.session.connection().execute(text("SELECT * FROM order_costs"))
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        assert work.session.scalars(select(OrderCost.supply_fen)).all() == [3200]


WISHES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(1, 7)), min_size=1, max_size=5)


@given(wishes=WISHES, first=st.integers(1, 99_999), free=st.one_of(st.none(), st.integers(1, 200_000)))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_sum_is_the_sum_of_its_parts(
    world: World, shelves: tuple[MadeProduct, ...], wishes: list[tuple[int, int, int]], first: int, free: int | None
) -> None:
    price(world, shelves[0], first)
    person = world.person()
    world.in_cart(person, *((shelves[product], pieces, sku) for product, sku, pieces in wishes))
    quote = quoted(world, person)
    made = world.placed(person)
    assert quote.total_fen == sum(one.total_fen for one in made)
    with world.work(Face.JOB) as work:
        check_sums(work, quote.total_fen, [one.id for one in made], made[0].intent_id)


def check_sums(work: Work, total: int, order_ids: list[object], intent_id: object) -> None:
    lines = select(func.sum(OrderLine.goods_fen + OrderLine.freight_fen)).where(OrderLine.order_id.in_(order_ids))
    parts = select(func.sum(PaymentPart.amount_fen)).where(PaymentPart.intent_id == intent_id)
    asked = select(PaymentIntent.amount_fen).where(PaymentIntent.id == intent_id)
    assert [work.session.execute(query).scalar_one() for query in (lines, parts, asked)] == [total] * 3
    uncosted = select(func.count()).select_from(OrderLine).where(OrderLine.order_id.in_(order_ids))
    costs = select(func.count()).select_from(OrderCost).where(OrderCost.order_id.in_(order_ids))
    assert work.session.execute(uncosted).scalar_one() == work.session.execute(costs).scalar_one()


@pytest.fixture
def shelves(world: World) -> tuple[MadeProduct, ...]:
    made = []
    for name in ("莞邑日用", "松湖优选"):
        made.append(world.product(world.merchant(Kind.SUPPLIER, name), stock=1000))
        charge(world, made[-1], free=50_000)
    return tuple(made)


def test_the_last_piece_is_refused_by_the_stock_itself(
    world: World, goods: MadeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person()
    world.in_cart(person, (goods, 10))
    world.order(world.person(), (goods, 10))
    always = queries.cart.available
    monkeypatch.setattr(queries.cart, "available", lambda work, skus: dict.fromkeys(always(work, skus), 10))
    quote = quoted(world, person)
    with pytest.raises(SoldOut):
        place(world, person, quote.total_fen, quote.mark)
    assert quoted(world, person).lines, "the cart is as it was"
