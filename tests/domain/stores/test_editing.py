"""Stores are created, edited, listed and closed; the street follows in the same transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.stores import actions, queries
from portal.domain.stores.errors import StoreChanged, StoreClosed, StoreIncomplete
from portal.domain.stores.models import StoreCard
from portal.domain.stores.values import GivenPosition, StoreFacts
from portal.domain.tenants.values import Kind
from portal.kernel.geo import Datum
from portal.kernel.hours import parse_week
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from tests.factories.world import World

HERE = GivenPosition(23.0899, 113.9345, Datum.WGS84)


def cards(world: World) -> list[str]:
    with world.work(Face.SHOP) as work:
        return list(work.session.execute(select(StoreCard.name).order_by(StoreCard.name)).scalars())


def test_the_street_shows_a_store_only_while_it_is_listed(world: World) -> None:
    merchant = world.merchant(Kind.BRAND)
    store = world.store(merchant, "石排店", listed=False)
    assert cards(world) == []
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert actions.show(work, [store.id]) == 1
        assert actions.show(work, [store.id]) == 0
    assert cards(world) == ["石排店"]
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        facts = StoreFacts(name="石排总店", given=HERE, hours=parse_week("每天 10:00-02:00"))
        actions.edit(work, store.id, facts=facts, version=1)
    assert cards(world) == ["石排总店"]
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert actions.hide(work, [store.id]) == 1
    assert cards(world) == []


def test_a_closed_store_stays_closed(world: World) -> None:
    merchant = world.merchant(Kind.ALLIANCE)
    store = world.store(merchant)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.close(work, store.id)
    assert cards(world) == []
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert queries.store_names(work) == []
        assert [name.name for name in queries.store_names(work, closed=True)] == [store.name]
        with pytest.raises(StoreClosed):
            actions.show(work, [store.id])


def test_a_store_without_a_position_is_not_shown(world: World) -> None:
    merchant = world.merchant()
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        store_id = actions.create(work, facts=StoreFacts(name="还没选好地方"))
        with pytest.raises(StoreIncomplete):
            actions.show(work, [store_id])


def test_the_second_of_two_editors_is_told(world: World) -> None:
    merchant = world.merchant()
    store = world.store(merchant)
    facts = StoreFacts(name="改名", given=HERE, hours=parse_week("9:00-18:00"))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions.edit(work, store.id, facts=facts, version=1)
        with pytest.raises(StoreChanged):
            actions.edit(work, store.id, facts=facts, version=1)


def test_another_merchants_store_is_not_there(world: World) -> None:
    mine, other = world.merchant(), world.merchant()
    store = world.store(other)
    with world.work(Face.OFFICE, merchant=mine.id) as work:
        with pytest.raises(NotFound):
            actions.hide(work, [store.id])
        with pytest.raises(NotFound):
            actions.edit(work, store.id, facts=StoreFacts(name="x"), version=1)


def test_a_branch_manager_reaches_his_branch_only(world: World) -> None:
    merchant = world.merchant()
    mine, other = world.store(merchant), world.store(merchant)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        work.scope = Scope(Face.OFFICE, merchant_id=merchant.id, store_ids=frozenset({mine.id}))
        assert [name.id for name in queries.store_names(work)] == [mine.id]
        assert actions.hide(work, [mine.id]) == 1
        with pytest.raises(NotFound):
            actions.hide(work, [other.id])
