"""A supplier, a buyer and goods that three pieces of were ordered of."""

from __future__ import annotations

import pytest

from portal.domain.tenants.values import Kind
from tests.factories.catalogue import MadeProduct
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    merchant = world.merchant(Kind.SUPPLIER, "松湖优选")
    world.return_address(merchant.id)
    return merchant


@pytest.fixture
def sausage(world: World, supplier: MadeMerchant) -> MadeProduct:
    return world.product(supplier, stock=1000)


@pytest.fixture
def buyer(world: World) -> MadePerson:
    return world.person()
