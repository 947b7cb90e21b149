"""The ORM's wall: without a scope nothing runs, out of scope nothing is seen, in whatever shape it is asked."""

from __future__ import annotations

import pytest
from sqlalchemy import exists, func, select, union_all, update
from sqlalchemy.orm import aliased

from portal.domain.identity.models import Person
from portal.domain.tenants.models import Membership, Merchant
from portal.kernel.scope import Face, OutOfScope, WorkSession
from tests.factories.world import World


def test_a_query_without_a_scope_does_not_run(world: World) -> None:
    with WorkSession(world.engine) as session, pytest.raises(OutOfScope, match="without a scope"):
        session.execute(select(Merchant.id))


def test_a_face_that_is_not_named_sees_nothing(world: World) -> None:
    merchant = world.merchant()
    with (
        world.work(Face.OFFICE, merchant=merchant.id) as work,
        pytest.raises(OutOfScope, match="out of sight"),
    ):
        work.session.execute(select(Person.name))


def test_every_shape_of_query_stays_in_its_merchant(world: World) -> None:
    """The traps of architecture.md: count(*), exists, CTE, sub-query, union, alias."""
    mine, other = world.merchant(), world.merchant()
    world.staff(mine), world.staff(other), world.staff(other)
    with world.work(Face.OFFICE, merchant=mine.id) as work:
        ask = work.session.execute
        assert ask(select(func.count()).select_from(Membership)).scalar() == 1
        assert ask(select(exists().where(Membership.merchant_id == other.id))).scalar() is False
        cte = select(Membership.id).cte()
        assert ask(select(func.count()).select_from(cte)).scalar() == 1
        nested = select(Membership.id).subquery()
        assert ask(select(func.count()).select_from(nested)).scalar() == 1
        assert len(ask(union_all(select(Membership.id), select(Membership.id))).all()) == 2
        twin = aliased(Membership)
        assert len(ask(select(twin.id)).all()) == 1
        changed = ask(update(Membership).values(name="改"), execution_options={"synchronize_session": False})
        assert changed.rowcount == 1


def test_a_row_of_another_merchant_is_not_written(world: World) -> None:
    mine, other = world.merchant(), world.merchant()
    person = world.person()
    row = Membership(
        merchant_id=other.id,
        person_id=person.id,
        role="clerk",
        all_stores=True,
        name="x",
        phone_masked="x",
        created_at=world.clock.now(),
    )
    with world.work(Face.OFFICE, merchant=mine.id) as work:
        work.session.add(row)
        with pytest.raises(OutOfScope, match="another merchant"):
            work.session.flush()
        work.session.rollback()
