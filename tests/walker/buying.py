"""What a town's consumer has bought: things in the cart, some just taken out, and an order at each step of its way."""

from __future__ import annotations

from dataclasses import replace

from portal.domain.ordering import actions
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.ordering import PLACE
from tests.factories.world import World
from tests.walker.town import Town


def bought(world: World, town: Town) -> None:
    """Unpaid, paid, on its way, received, cancelled."""
    consumer, merchant = town.actors["consumer"].person, town.merchants[Kind.SUPPLIER]
    assert consumer is not None
    goods = world.product(merchant, f"{town.letter} 镇抽纸", stock=50)
    place = replace(PLACE, name=f"{town.letter} 镇何伟", detail=f"{town.letter} 镇莞太路 3 号")
    note = f"{town.letter} 镇放驿站"
    cancelled = world.order(consumer, (goods, 1), paid=False, recipient=place, note=note)
    with world.work(Face.PERSON, person=consumer.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, cancelled.id)
    for steps in ({"paid": False}, {}, {"shipped": True}, {"received": True}):
        world.order(consumer, (goods, 1), (goods, 1, 1), recipient=place, note=note, **steps)


def cart(world: World, town: Town) -> None:
    """Three lines lie in the cart, one of them was taken out just now. Orders of everything else came before."""
    consumer, merchant = town.actors["consumer"].person, town.merchants[Kind.SUPPLIER]
    assert consumer is not None
    towels = world.product(merchant, f"{town.letter} 镇毛巾", stock=50)
    soap = world.product(merchant, f"{town.letter} 镇香皂", stock=50)
    world.in_cart(consumer, (soap, 2), (towels, 1), (towels, 1, 1))
    with world.work(Face.PERSON, person=consumer.id, kind=ActorKind.PERSON) as work:
        actions.remove(work, [towels.skus[1]])
