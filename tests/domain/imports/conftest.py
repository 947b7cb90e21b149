"""Whose lists are brought in: a supplier and its owner."""

from __future__ import annotations

import pytest

from portal.domain.tenants.values import Kind
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def merchant(world: World) -> MadeMerchant:
    """A supplier."""
    return world.merchant(Kind.SUPPLIER)


@pytest.fixture
def owner(world: World, merchant: MadeMerchant) -> MadePerson:
    """Who may bring in everything."""
    return world.staff(merchant)
