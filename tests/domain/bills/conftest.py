"""A table of a restaurant where friends have ordered, for all tests of bills."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.domain.tabs.values import Joined
from tests.factories.tabs import MadePlace
from tests.factories.world import World


@pytest.fixture
def place(world: World) -> MadePlace:
    """A restaurant with a beef at 48 and a tea at 6."""
    return world.restaurant(2)


@pytest.fixture
def dishes(world: World, place: MadePlace) -> tuple[UUID, UUID]:
    return world.dish(place.menu, "吊龙", 48_00), world.dish(place.menu, "茶", 6_00)


@pytest.fixture
def chen(world: World, place: MadePlace, dishes: tuple[UUID, UUID]) -> Joined:
    """Who opened the table and ordered both."""
    joined = world.joins(place.tables[0], people=2, name="小陈")
    world.sends(joined, *dishes)
    return joined


@pytest.fixture
def huang(world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]) -> Joined:
    """A friend at the same table with a tea of his own."""
    joined = world.joins(place.tables[0], name="阿黄")
    world.sends(joined, dishes[1])
    return joined
