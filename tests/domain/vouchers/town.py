"""A merchant with two stores, a clerk and a consumer: what most tests of vouchers begin with."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kernel.permissions import Role
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@dataclass(frozen=True)
class Town:
    """Who and what a test knows."""

    merchant: MadeMerchant
    store: MadeStore
    other: MadeStore
    clerk: MadePerson
    owner: MadePerson
    consumer: MadePerson


def a_town(world: World) -> Town:
    """茶小满 with 天河店 and 体育西店."""
    merchant = world.merchant()
    store, other = world.store(merchant, "天河店"), world.store(merchant, "体育西店")
    clerk, owner = world.person("王秀兰"), world.person("李建国")
    world.staff(merchant, Role.CLERK, person=clerk, stores=(store.id,))
    world.staff(merchant, Role.OWNER, person=owner)
    return Town(merchant, store, other, clerk, owner, world.person("陈静"))
