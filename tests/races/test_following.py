"""Ten workers hear at once that a parcel arrived: one letter; without the lock there are several."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from portal.domain.messages.queries import letters
from portal.domain.shipping.actions import tracking
from portal.domain.shipping.models import Parcel
from portal.domain.shipping.ports import Report, Track
from portal.domain.shipping.values import ParcelState
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.ordering import MadeOrder
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

POINT, MANY = "shipping.track.checked", 10


@pytest.fixture
def order(wide: World) -> MadeOrder:
    made = wide.order(wide.person(), (wide.product(wide.merchant(Kind.SUPPLIER, "莞邑日用"), stock=9), 1))
    wide.parcel(made, number="SF1000000000001")
    return made


def hear(world: World) -> list[Callable[[], int]]:
    """Each hears it in other words, as from a query and a push."""
    with world.work(Face.JOB) as work:
        (errand,) = tracking.due(work)

    def store(number: int) -> int:
        told = Track((Report(str(number), world.clock.now(), ParcelState.DELIVERED, "已签收"),))
        with world.work(Face.JOB) as work:
            return tracking.store(work, errand, told)

    return [partial(store, number) for number in range(MANY)]


def told(world: World, order: MadeOrder) -> int:
    with world.work(Face.PERSON, person=order.person.id) as work:
        return sum(one.kind == "parcel.delivered" for one in letters(work).rows)


def test_it_is_told_once(wide: World, order: MadeOrder, admin_url: str) -> None:
    with gate_at(POINT, admin_url) as gate:
        running = together(hear(wide))
        gate.wait_for(1, MANY - 1)
        gate.open()
        won, refused = outcomes(running)
    assert (sum(won), refused) == (MANY, [])
    assert (told(wide, order), len(wide.parcels(order)[0].events)) == (1, MANY)


def careless(work: Work, errand: tracking.Errand) -> Parcel:
    return work.session.scalars(select(Parcel).where(Parcel.id == errand.parcel_id)).one()


def test_without_the_lock_it_is_told_often(
    wide: World, order: MadeOrder, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "_held", careless)
    with gate_at(POINT, admin_url) as gate:
        running = together(hear(wide))
        seen = gate.wait_for(MANY, 0)
        gate.open()
        outcomes(running)
    assert seen[0] == MANY
    assert told(wide, order) > 1
