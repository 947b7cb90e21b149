"""The last piece, and two goods in opposite order, by twenty at once; controls show that the race is real."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.domain.catalogue import actions, errors
from portal.domain.catalogue.actions import holds
from portal.domain.catalogue.models import Sku, Stock, StockHold
from portal.domain.catalogue.values import Movement, Wanted
from portal.domain.identity.models import Notification
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import Work
from portal.localdb.bootstrap import connect
from tests.factories.catalogue import MadeProduct
from tests.factories.world import World
from tests.races.conftest import CLERKS
from tests.races.gates import gate_at, outcomes, together

POINT = "catalogue.reserve.line"


@pytest.fixture
def made(wide: World) -> MadeProduct:
    return wide.product(wide.merchant(Kind.SUPPLIER, "莞邑日用"), stock=1)


def order(world: World, made: MadeProduct, *skus: int, quantity: int = 1, one: UUID | None = None) -> UUID:
    one = one or uuid4()
    wanted = [Wanted(made.merchant_id, made.skus[at], quantity) for at in skus]
    with world.work(Face.PERSON, person=uuid4()) as work:
        actions.reserve(work, business_id=one, wanted=wanted, until=work.now() + timedelta(minutes=15))
    return one


def sold(world: World, made: MadeProduct) -> tuple[int, int]:
    """Orders that hold a piece of the first SKU, and what the stock says is left."""
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        held = select(func.count()).select_from(StockHold).where(StockHold.sku_id == made.skus[0])
        left = select(func.sum(Stock.available)).where(Stock.sku_id == made.skus[0])
        return work.session.execute(held).scalar_one(), int(work.session.execute(left).scalar_one())


def test_one_of_twenty_gets_the_last_piece(wide: World, made: MadeProduct, admin_url: str) -> None:
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda: order(wide, made, 0)] * CLERKS)
        seen = gate.wait_for(CLERKS, 0)
        gate.open()
        won, refused = outcomes(running)
    assert seen == (CLERKS, 0)
    assert (len(won), {type(one) for one in refused}) == (1, {errors.SoldOut})
    assert sold(wide, made) == (1, 0)


def careless(work: Work, one: Wanted) -> list[tuple[int, int, int]] | None:
    """Look, then write: what everybody writes first."""
    row = work.session.execute(
        select(Stock.available).where(Stock.merchant_id == one.merchant_id, Stock.sku_id == one.sku_id)
    ).scalar_one()
    work.session.execute(text("SELECT pg_sleep(0.2)"))
    if row < one.quantity:
        return None
    work.session.execute(
        text("UPDATE stocks SET available = :left, held = held + 1 WHERE sku_id = :sku"),
        {"left": row - one.quantity, "sku": one.sku_id},
    )
    return [(0, one.quantity, row - one.quantity)]


def test_control_looking_before_writing_sells_the_last_piece_many_times(
    wide: World, made: MadeProduct, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "draw", careless)
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda: order(wide, made, 0)] * CLERKS)
        gate.wait_for(CLERKS, 0)
        gate.open()
        won, _refused = outcomes(running)
    print(f"control without a conditional update: {len(won)} of {CLERKS} got the one piece")
    assert len(won) > 1


def test_the_table_itself_refuses_less_than_nothing(made: MadeProduct, admin_url: str) -> None:
    with connect(admin_url) as admin, pytest.raises(Exception, match="ck_stocks_available"):
        admin.execute("UPDATE stocks SET available = available - 2 WHERE sku_id = %s", [made.skus[0]])


def both_ways(world: World, made: MadeProduct, admin_url: str) -> tuple[list[UUID], list[BaseException]]:
    """Ten orders of both SKUs, ten with the lines turned round, all begun before any may write."""
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        for sku in made.skus:
            actions.adjust(work, sku, kind=Movement.COUNTED, quantity=100)
    acts = [lambda: order(world, made, 0, 1), lambda: order(world, made, 1, 0)] * (CLERKS // 2)
    with gate_at(POINT, admin_url) as gate:
        running = together(acts)
        gate.wait_for(CLERKS, 0)
        gate.open()
        return outcomes(running)


def test_two_goods_in_opposite_order_never_wait_for_each_other(wide: World, made: MadeProduct, admin_url: str) -> None:
    won, refused = both_ways(wide, made, admin_url)
    assert (len(won), refused) == (CLERKS, [])
    assert sold(wide, made) == (CLERKS, 100 - CLERKS)


def test_control_without_the_order_they_do(
    wide: World, made: MadeProduct, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = holds.draw

    def slowly(work: Work, one: Wanted) -> list[tuple[int, int, int]] | None:
        found = drawn(work, one)
        work.session.execute(text("SELECT pg_sleep(0.1)"))
        return found

    monkeypatch.setattr(holds, "in_order", list)
    monkeypatch.setattr(holds, "draw", slowly)
    _won, refused = both_ways(wide, made, admin_url)
    states = {getattr(one.orig, "sqlstate", "") for one in refused if isinstance(one, OperationalError)}
    print(f"control without the order: {len(refused)} of {CLERKS} failed, {sorted(states)}")
    assert states & {"40P01", "55P03"}


def one_order(world: World, made: MadeProduct) -> tuple[list[UUID], list[BaseException]]:
    """One order, sent twenty times at once."""
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        actions.adjust(work, made.skus[0], kind=Movement.COUNTED, quantity=100)
    same = uuid4()
    return outcomes(together([lambda: order(world, made, 0, one=same)] * CLERKS))


def test_the_same_order_at_once_is_reserved_once(wide: World, made: MadeProduct) -> None:
    won, refused = one_order(wide, made)
    assert (len(won), refused) == (CLERKS, [])
    assert sold(wide, made) == (1, 99)


def test_control_without_turns_its_twins_fail(wide: World, made: MadeProduct, monkeypatch: pytest.MonkeyPatch) -> None:
    known = holds._known

    def slowly(work: Work, *args: object) -> bool:
        found = known(work, *args)
        work.session.execute(text("SELECT pg_sleep(0.2)"))
        return found

    monkeypatch.setattr(holds, "take_turns", lambda *_: None)
    monkeypatch.setattr(holds, "_known", slowly)
    _won, refused = one_order(wide, made)
    print(f"control without turns: {len(refused)} of {CLERKS} failed")
    assert {type(one) for one in refused} == {IntegrityError}
    assert sold(wide, made) == (1, 99), "the table itself still lets one in"


def test_twenty_buckets_serve_twenty_at_once(wide: World, made: MadeProduct, admin_url: str) -> None:
    with wide.work(Face.OFFICE, merchant=made.merchant_id) as work:
        actions.adjust(work, made.skus[0], kind=Movement.COUNTED, quantity=CLERKS)
        actions.split(work, made.skus[0], buckets=CLERKS)
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda: order(wide, made, 0)] * (CLERKS + 2))
        gate.wait_for(CLERKS + 2, 0)
        gate.open()
        won, refused = outcomes(running)
    assert (len(won), {type(one) for one in refused}) == (CLERKS, {errors.SoldOut})
    assert sold(wide, made) == (CLERKS, 0)


def test_twenty_at_once_across_the_threshold_are_told_once(wide: World, made: MadeProduct, admin_url: str) -> None:
    shipper = wide.staff(wide_merchant(wide, made), Role.SHIPPER)
    with wide.work(Face.OFFICE, merchant=made.merchant_id) as work:
        actions.adjust(work, made.skus[0], kind=Movement.COUNTED, quantity=CLERKS + 5)
        work.session.get(Sku, (made.merchant_id, made.skus[0])).low_mark = CLERKS  # type: ignore[union-attr]
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda: order(wide, made, 0)] * CLERKS)
        gate.wait_for(CLERKS, 0)
        gate.open()
        won, _refused = outcomes(running)
    assert len(won) == CLERKS
    with wide.work(Face.PERSON, person=shipper.id) as work:
        assert work.session.execute(select(func.count()).select_from(Notification)).scalar_one() == 1


def wide_merchant(world: World, made: MadeProduct) -> object:
    """The merchant as the maker of staff wants it."""
    return type("Known", (), {"id": made.merchant_id})()
