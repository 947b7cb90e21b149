"""Visits in a town: at every merchant with stores a service, one that is a draft, the consumer's visits at each stage,
the neighbour on the waiting list with an offer, a calendar feed.
"""

from __future__ import annotations

from datetime import timedelta

from portal.domain.bookings import actions
from portal.domain.bookings.values import Missed, Prepay
from portal.domain.tenants.values import KINDS_WITH_STORES
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.architecture import secretlinks
from tests.factories.bookings import FACIAL, Salon
from tests.factories.calendar import NIGHTS
from tests.factories.world import World
from tests.walker.menus import picture
from tests.walker.town import Town


def furnish(world: World, town: Town) -> None:
    """By the acts of merchants and clients."""
    consumer, neighbour = town.actors["consumer"].person, town.actors["neighbour"].person
    assert consumer is not None
    assert neighbour is not None
    secretlinks.learn(world.services.settings.secret_key)
    with world.work(Face.PERSON, person=consumer.id, kind=ActorKind.PERSON) as work:
        actions.renew_feed(work)
    for nth, kind in enumerate(sorted(KINDS_WITH_STORES)):
        merchant, store = town.merchants[kind], town.stores[town.merchants[kind].id][0]
        doer = world.resource(store, name=f"{town.letter} 镇技师", week=NIGHTS)
        facts = {"draft": FACIAL, "needs": frozenset({"technician"})}
        free = {"prepay": Prepay.NONE, "prepay_fen": 0, "missed": Missed.RETURN}
        service = world.service(merchant, [doer], name=f"{town.letter} 镇护理", **facts, **free)
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            actions.add_pictures(work, service, pictures=[picture(world), picture(world)])
        paid = world.service(merchant, [doer], name=f"{town.letter} 镇定金护理", **facts)
        world.service(merchant, [doer], name=f"{town.letter} 镇草稿", offered=False, **facts, **free)
        salon = Salon(merchant, store, (doer,), doer, service, consumer, consumer)
        evening = world.clock.now().replace(hour=11, minute=0, second=0, microsecond=0) + timedelta(days=2 + nth)
        world.book(salon, at=evening, note=f"{town.letter} 镇的备注")
        world.book(salon, at=evening + timedelta(hours=2), service_ids=[paid])
        gone = world.booked(salon, at=evening + timedelta(days=7))
        with world.work(Face.PERSON, person=neighbour.id, kind=ActorKind.PERSON) as work:
            there = {"store_id": store.id, "service_ids": [service]}
            actions.wait(work, **there, day=(evening + timedelta(days=7)).date())
            actions.wait(work, **there, day=(evening + timedelta(days=9)).date())
        with world.work(Face.PERSON, person=consumer.id, kind=ActorKind.PERSON) as work:
            actions.cancel(work, gone)
