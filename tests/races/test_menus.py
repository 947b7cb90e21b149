"""Sold out against ordered in the same moment, and tables that want the last pieces. The control has no lock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.menus import actions
from portal.domain.menus.actions import counting, stops
from portal.domain.menus.models import DishStop
from portal.domain.tabs import actions as tabs
from portal.domain.tabs import errors
from portal.domain.tabs.values import Joined
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.races.gates import Gate, gate_at, outcomes, together


@pytest.fixture
def place(wide: World) -> MadePlace:
    return wide.restaurant(6)


def press(world: World, guest: Joined) -> Any:
    with world.at_table(guest) as work:
        return tabs.place(work, guest.sitting_id)


def stop(world: World, place: MadePlace, dish_id: UUID) -> None:
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.stop(work, place.store.id, dish_id)


def left(world: World) -> int | None:
    with world.work(Face.JOB) as work:
        return work.session.scalars(select(DishStop.pieces)).one()


def _at_the_stop(world: World, place: MadePlace, admin_url: str, dish_id: UUID) -> tuple[list[Any], list[Any]]:
    """The stop has written and not yet committed while five tables press."""
    guests = [world.joins(table) for table in place.tables[1:]]
    for guest in guests:
        world.thinks_of(guest, dish_id)
    with gate_at("menus.stop.written", admin_url) as gate:
        running = together([lambda: stop(world, place, dish_id)])
        assert _waits(gate, 1)
        more = together([lambda guest=guest: press(world, guest) for guest in guests])
        _waits(gate, 6)
        gate.open()
        won, refused = outcomes(more)
        outcomes(running)
    return won, refused


def _waits(gate: Gate, many: int) -> bool:
    return gate.wait_for(many, 0)[0] >= many


def test_an_order_in_the_moment_of_the_stop_is_refused(wide: World, place: MadePlace, admin_url: str) -> None:
    won, refused = _at_the_stop(wide, place, admin_url, wide.dish(place.menu))
    assert (len(won), {type(one) for one in refused}) == (0, {errors.NotServedNow})


def test_control_without_the_turn_they_are_ordered(
    wide: World, place: MadePlace, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_work: Work, _store_id: UUID, *, alone: bool = False) -> None: ...

    monkeypatch.setattr(counting, "hold_menu", nothing)
    monkeypatch.setattr(stops, "hold_menu", nothing)
    won, _refused = _at_the_stop(wide, place, admin_url, wide.dish(place.menu))
    assert won


def test_six_tables_want_the_last_four(wide: World, place: MadePlace, admin_url: str) -> None:
    beef = wide.dish(place.menu)
    with wide.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.leave(work, place.store.id, beef, 4)
    guests = [wide.joins(table) for table in place.tables]
    for guest in guests:
        wide.thinks_of(guest, beef)
    with gate_at("menus.take.counted", admin_url) as gate:
        running = together([lambda guest=guest: press(wide, guest) for guest in guests])
        seen = gate.wait_for(1, 5)
        gate.open()
        won, refused = outcomes(running)
    assert seen == (1, 5), "one has counted, five wait for the dish"
    assert (len(won), len(refused), {type(one) for one in refused}) == (4, 2, {errors.NotServedNow})
    assert left(wide) == 0
