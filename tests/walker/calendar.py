"""What a town's stores have to book: somebody who works nights, a room, one day of leave and one hour blocked."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.calendar import actions
from portal.domain.calendar.values import Kind
from portal.domain.tenants.values import KINDS_WITH_STORES
from portal.kernel.scope import Face
from portal.kernel.spoken import local_day
from tests.factories.world import World
from tests.walker.town import Town


def hours(world: World, town: Town) -> None:
    """The first store of every merchant that has some."""
    for kind in sorted(KINDS_WITH_STORES):
        merchant = town.merchants[kind]
        store = town.stores[merchant.id][0]
        person = world.resource(store, name=f"{town.letter} 镇阿萍")
        room = world.resource(store, Kind.ROOM, name=f"{town.letter} 镇牡丹房", capacity=2)
        retired = world.resource(store, Kind.ROOM, name=f"{town.letter} 镇旧房")
        now = world.clock.now()
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            day = local_day(now) + timedelta(days=2)
            actions.set_days(work, [person.id], day, day, (), reason="年假")
            start = now + timedelta(days=1)
            actions.block(work, room.id, start, start + timedelta(hours=1), f"{town.letter} 镇清洁")
            actions.block(work, person.id, now + timedelta(hours=1), now + timedelta(hours=2), f"{town.letter} 镇开会")
            actions.retire(work, retired.id)
