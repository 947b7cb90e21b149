"""A supplier with goods, and somebody who buys of him."""

from __future__ import annotations

import pytest

from portal.domain.tenants.values import Kind
from tests.factories.catalogue import MadeProduct
from tests.factories.persons import MadePerson
from tests.factories.world import World


@pytest.fixture
def goods(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "莞邑日用"), stock=100)


@pytest.fixture
def buyer(world: World) -> MadePerson:
    return world.person()
