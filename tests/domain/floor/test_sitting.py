"""Tables that somebody sits at are reserved for the usual stay; who is expected there is told to the staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portal.domain.calendar import queries as calendar
from portal.domain.floor import actions, errors
from portal.domain.tabs import actions as tabs
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.floor import MadeFloor
from tests.factories.world import World

EVENING = datetime(2026, 7, 5, 10, 30, tzinfo=UTC)  # 18:30 in Shanghai
HOUR = timedelta(hours=1)


@pytest.fixture
def floor(world: World) -> MadeFloor:
    world.clock.at = EVENING
    return world.floor(world.store(world.merchant(Kind.BRAND, "炉前潮汕牛肉"), hours="17:00-02:00"), four="A1-A2")


def staff(world: World, floor: MadeFloor) -> object:
    return world.work(Face.OFFICE, merchant=floor.store.merchant_id, kind=ActorKind.STAFF)


def sit(world: World, floor: MadeFloor, *names: str, over: str = "") -> UUID:
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        return tabs.open(work, floor.store.id, [floor.tables[one] for one in names], 4, over=over)


def taken(world: World, floor: MadeFloor) -> dict[str, list[float]]:
    """From when on each table is free again, in hours from now."""
    now = world.clock.now()
    with world.work(Face.JOB) as work:
        free = calendar.free(work, floor.store.merchant_id, [*floor.tables.values()], now, now + 6 * HOUR)
    return {name: [round((a - now) / HOUR, 2) for a, _b in free[one]] for name, one in floor.tables.items()}


def test_a_walk_in_keeps_its_table_for_the_usual_stay_and_gives_it_back(world: World, floor: MadeFloor) -> None:
    sitting = sit(world, floor, "A1", "A2")
    assert taken(world, floor) == {"A1": [2.17], "A2": [2.17]}, "two hours and ten minutes to clear"
    with pytest.raises(errors.Full):
        world.table_booking(floor.store, world.person(), EVENING + HOUR, people=4)
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        move = tabs.move_tables(work, sitting, [floor.tables["A1"]])
    assert taken(world, floor) == {"A1": [2.17], "A2": [0]}
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        tabs.undo(work, move)
        tabs.close(work, sitting)
    assert taken(world, floor) == {"A1": [0], "A2": [0]}
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        tabs.reopen(work, sitting)
    assert taken(world, floor) == {"A1": [2.17], "A2": [2.17]}


def test_who_is_expected_is_told_to_the_staff_and_never_to_who_sits(world: World, floor: MadeFloor) -> None:
    for _ in range(2):
        world.table_booking(floor.store, world.person(), EVENING + HOUR, people=4)
    with pytest.raises(errors.TableExpected) as told:
        sit(world, floor, "A1")
    assert told.value.field == "over"
    sitting = sit(world, floor, "A1", over="七点半前走")
    with staff(world, floor) as work, pytest.raises(errors.TableExpected):  # type: ignore[attr-defined]
        tabs.move_tables(work, sitting, [floor.tables["A2"]])
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        tabs.move_tables(work, sitting, [floor.tables["A2"]], over="空调漏水")
        tabs.close(work, sitting)
    assert taken(world, floor) == {"A1": [0, 3.17], "A2": [0, 3.17]}, "both reservations stand"


def test_a_seated_party_is_not_in_its_own_way(world: World, floor: MadeFloor) -> None:
    made = world.table_booking(floor.store, world.person(), EVENING + HOUR, people=4)
    world.clock.at = EVENING + HOUR
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        ids = actions.seat(work, made.booking_id)
        sitting = tabs.open(work, floor.store.id, ids, 4)
    world.clock.advance(minutes=30)
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        tabs.close(work, sitting)
    assert taken(world, floor) == {"A1": [0], "A2": [0]}, "they left early"
    with staff(world, floor) as work, pytest.raises(errors.BookingMoved):  # type: ignore[attr-defined]
        actions.unseat(work, made.booking_id)


def test_a_table_with_guests_is_not_put_away(world: World, floor: MadeFloor) -> None:
    sitting, table = sit(world, floor, "A1"), floor.tables["A1"]
    world.clock.advance(hours=5)  # far longer than usual
    with pytest.raises(errors.StillSeated), staff(world, floor) as work:  # type: ignore[attr-defined]
        actions.put_away(work, table)
    with staff(world, floor) as work:  # type: ignore[attr-defined]
        tabs.close(work, sitting)
        actions.put_away(work, table)
