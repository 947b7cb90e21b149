"""Stock by hand and by orders: never below zero, every change written down, one notice for each fall."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.catalogue import actions, errors, queries
from portal.domain.catalogue.models import StockMovement
from portal.domain.catalogue.values import Movement, Wanted
from portal.domain.identity.models import Notification
from portal.domain.tenants.values import Kind
from portal.jobs.timetable import release_stock
from portal.kernel.clock import FixedClock
from portal.kernel.permissions import Role
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.catalogue import MadeProduct
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "莞邑日用")


@pytest.fixture
def made(world: World, supplier: MadeMerchant) -> MadeProduct:
    return world.product(supplier, "抽纸 24 包", stock=10, low_mark=3)


def adjust(world: World, made: MadeProduct, kind: Movement, quantity: int, note: str = "来货") -> int:
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        return actions.adjust(work, made.skus[0], kind=kind, quantity=quantity, note=note)


def figures(world: World, made: MadeProduct) -> tuple[int, int]:
    sku = world.product_now(made).skus[0]
    return sku.available, sku.held


def agrees(world: World, made: MadeProduct) -> None:
    """The movements add up to what is there."""
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        sums = select(func.sum(StockMovement.change), func.sum(StockMovement.held_change))
        row = work.session.execute(sums.where(StockMovement.sku_id == made.skus[0])).one()
    assert (int(row[0]), int(row[1])) == figures(world, made)


def end(world: World, order: UUID, *, take: bool) -> int:
    with world.work(Face.PERSON, person=uuid4()) as work:
        return actions.take(work, order) if take else actions.release(work, order)


def test_by_hand(world: World, made: MadeProduct) -> None:
    assert adjust(world, made, Movement.RECEIVED, 5) == 15
    assert adjust(world, made, Movement.DAMAGED, 2, "受潮") == 13
    assert adjust(world, made, Movement.COUNTED, 11) == 11
    agrees(world, made)
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        found, _more = queries.movements(work, made.skus[0])
    assert [(one.kind.value, one.change, one.left) for one in found] == [
        ("counted", -2, 11), ("damaged", -2, 13), ("received", 5, 15), ("received", 10, 10),
    ]  # fmt: skip


def test_by_hand_refuses_what_cannot_be(world: World, made: MadeProduct) -> None:
    for kind, quantity, sentence in (
        (Movement.DAMAGED, 11, "现在可用 10 件"),
        (Movement.RECEIVED, 0, "大于 0"),
        (Movement.RECEIVED, -3, "0 到"),
        (Movement.RECEIVED, 10**9, "0 到"),
        (Movement.RECEIVED, 9_999_999, "0 到"),
    ):
        with pytest.raises(Refusal, match=sentence):
            adjust(world, made, kind, quantity)
    with pytest.raises(Refusal, match="填写"):
        adjust(world, made, Movement.DAMAGED, 1, "")
    with pytest.raises(NotFound):
        adjust(world, made, Movement.TAKEN, 1)
    world.reserve(made, 4)
    with pytest.raises(errors.NotEnough):
        adjust(world, made, Movement.COUNTED, 3)
    assert figures(world, made) == (6, 4)


def test_reserve_take_and_return(world: World, made: MadeProduct, supplier: MadeMerchant) -> None:
    order = world.reserve(made, 4)
    assert figures(world, made) == (6, 4)
    world.reserve(made, 4, order=order)
    assert figures(world, made) == (6, 4), "the same order again does nothing"
    with pytest.raises(Conflict):
        world.reserve(made, 5, order=order)
    assert end(world, order, take=True) == 4
    assert figures(world, made) == (6, 0)
    with pytest.raises(errors.HoldOver):
        end(world, order, take=True)
    assert end(world, order, take=False) == 0
    with world.work(Face.PERSON, person=uuid4()) as work:
        actions.put_back(work, business_id=order, wanted=[Wanted(supplier.id, made.skus[0], 1)])
    assert figures(world, made) == (7, 0)
    agrees(world, made)


def test_all_lines_or_none(world: World, made: MadeProduct, supplier: MadeMerchant) -> None:
    wanted = [Wanted(supplier.id, made.skus[0], 2), Wanted(supplier.id, made.skus[1], 11)]
    with pytest.raises(errors.SoldOut, match="1 千克"), world.work(Face.PERSON, person=uuid4()) as work:
        actions.reserve(work, business_id=uuid4(), wanted=wanted, until=work.now())
    assert figures(world, made) == (10, 0)


def test_time_runs_out_and_the_worker_gives_back(world: World, made: MadeProduct, clock: FixedClock) -> None:
    paid, late = world.reserve(made, 2), world.reserve(made, 3)
    end(world, paid, take=True)
    clock.advance(minutes=14)
    assert release_stock(world.services) == 0
    clock.advance(minutes=2)
    assert release_stock(world.services) == 1
    assert release_stock(world.services) == 0
    assert figures(world, made) == (8, 0)
    with pytest.raises(errors.HoldOver):
        end(world, late, take=True)
    agrees(world, made)


def test_low_stock_is_told_once_for_each_fall(world: World, made: MadeProduct, supplier: MadeMerchant) -> None:
    shipper, clerk = world.staff(supplier, Role.SHIPPER), world.staff(supplier, Role.CLERK)

    def letters(person: UUID) -> int:
        with world.work(Face.PERSON, person=person) as work:
            return work.session.execute(select(func.count()).select_from(Notification)).scalar_one()

    world.reserve(made, 6)
    assert letters(shipper.id) == 0, "four left, told at three"
    world.reserve(made, 1)
    assert letters(shipper.id) == 1
    order = world.reserve(made, 1)
    adjust(world, made, Movement.DAMAGED, 1, "破损")
    end(world, order, take=True)
    assert letters(shipper.id) == 1, "still the same fall"
    adjust(world, made, Movement.RECEIVED, 20)
    assert letters(shipper.id) == 1
    adjust(world, made, Movement.COUNTED, 8)
    assert letters(shipper.id) == 2, "filled up, and fallen again"
    assert letters(clerk.id) == 0


def test_buckets_share_and_come_together_again(world: World, made: MadeProduct) -> None:
    first = world.reserve(made, 2)
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        actions.split(work, made.skus[0], buckets=3)
    assert figures(world, made) == (8, 2)
    assert world.product_now(made).skus[0].buckets == 3
    big = world.reserve(made, 7)
    with pytest.raises(errors.SoldOut):
        world.reserve(made, 2)
    end(world, big, take=False)
    end(world, first, take=False)
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        actions.split(work, made.skus[0], buckets=1)
        with pytest.raises(Refusal, match="1 到 32"):
            actions.split(work, made.skus[0], buckets=33)
    assert figures(world, made) == (10, 0)
    agrees(world, made)
    with world.work(Face.SHOP) as work:
        assert queries.availability(work, list(made.skus)) == {made.skus[0]: 10, made.skus[1]: 10}
