"""What is on its way in a town: a parcel of two orders, one that is undone, an address to change, goods not there."""

from __future__ import annotations

from dataclasses import replace

from portal.domain.shipping import actions
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.ordering import PLACE, MadeOrder
from tests.factories.world import World
from tests.walker.town import Town


def sent(world: World, town: Town) -> None:
    """Orders of the town's consumer at its supplier, in every state that shipping knows."""
    consumer, merchant = town.actors["consumer"].person, town.merchants[Kind.SUPPLIER]
    assert consumer is not None
    goods = world.product(merchant, f"{town.letter} 镇包裹里的货", stock=50)
    place = replace(PLACE, name=f"{town.letter} 镇陈静", detail=f"{town.letter} 镇体育路 8 号")

    def bought(pieces: int = 1) -> MadeOrder:
        return world.order(consumer, (goods, pieces), recipient=place, note=f"{town.letter} 镇放门卫")

    one, two, undone, moving, short, waiting = (bought() for _ in range(6))
    parcel = world.parcel(one, two)
    with world.work(Face.OFFICE, merchant=merchant.id, kind=ActorKind.STAFF) as work:
        actions.correct(work, parcel, number=world.tracking())
        actions.flag(work, [waiting.id], 1)
        actions.write_note(work, waiting.id, note=f"{town.letter} 镇老客户")
    world.parcel(undone)
    world.printed(moving)
    world.address_asked(moving, replace(place, detail=f"{town.letter} 镇鸿福路 9 号"))
    world.short(short)
