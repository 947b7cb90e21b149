"""A floor in each town: areas and joined tables, reservations in several states, a queue with numbers of every kind."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal.domain.floor import actions as floors
from portal.domain.floor.models import FloorArea
from portal.domain.floor.values import DepositKind, Rules
from portal.domain.tenants.values import KINDS_WITH_STORES, Kind
from portal.domain.waiting import actions as waiting
from portal.kernel.figures import SHANGHAI
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.stores import MadeStore
from tests.factories.world import World
from tests.walker.town import Town


def furnish(world: World, town: Town) -> None:
    """The first store of each merchant with stores has a floor, rules, reservations and a queue; the brand's has
    stopped giving numbers to phones.
    """
    consumer = town.actors["consumer"].person
    assert consumer is not None
    for kind in sorted(KINDS_WITH_STORES):
        store = town.stores[town.merchants[kind].id][0]
        ids = _floor(world, town, store)
        tomorrow = (world.clock.now() + timedelta(days=1)).astimezone(SHANGHAI).date()
        at = datetime.combine(tomorrow, time(12), SHANGHAI)
        town.secrets["link"].append(world.table_booking(store, consumer, at).link)
        world.floor_rules(store, deposit_kind=DepositKind.KEPT, deposit_fen=2000)
        world.table_booking(store, consumer, at + timedelta(hours=3))
        with world.work(Face.OFFICE, merchant=store.merchant_id, kind=ActorKind.STAFF) as work:
            facts = {"store_id": store.id, "phone": "15400009876", "tables": ids[-1:]}
            for hours, name in ((0, "周先生"), (3, "梁小姐")):
                made = floors.take(
                    work, people=2, at=at + timedelta(hours=hours), name=f"{town.letter} 镇{name}", **facts
                )  # fmt: skip
            floors.seat(work, made.booking_id)
            floors.take(work, people=2, at=world.clock.now(), name=f"{town.letter} 镇没来的人", **facts)
        _queue(world, town, store, consumer.id)


def _floor(world: World, town: Town, store: MadeStore) -> tuple[object, ...]:
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        area = floors.add_area(work, store_id=store.id, name=f"{town.letter} 镇大厅")
        floors.add_area(work, store_id=store.id, name=f"{town.letter} 镇露台")
        ids = floors.add_tables(work, area_id=area, names="K1-K3", seats_min=1, seats_max=4)
        floors.join_tables(work, store_id=store.id, table_ids=ids[1:], seats_min=5, seats_max=8)
        floors.put_away(work, floors.add_tables(work, area_id=area, names="K9", seats_min=1, seats_max=4)[0])
        floors.set_rules(work, store.id, Rules(online=True))
        assert work.session.scalars(select(FloorArea.id)).all()
    return ids


def _queue(world: World, town: Town, store: MadeStore, consumer: object) -> None:
    world.queue_opens(store)
    taken = [world.queued(store, people=people) for people in (2, 2, 2, 2, 2, 4)]
    town.secrets["slip"].append(taken[-1].link)
    made = [one.number_id for one in taken]
    stopped = store.merchant_id == town.merchants[Kind.BRAND].id
    if stopped:
        with world.work(Face.PERSON, person=consumer, kind=ActorKind.PERSON) as work:  # type: ignore[arg-type]
            waiting.take(work, store_id=store.id, people=2)
    with world.work(Face.OFFICE, merchant=store.merchant_id, kind=ActorKind.STAFF) as work:
        for number in made[:3]:
            waiting.call(work, number)
        waiting.skip(work, made[1])
        waiting.seat(work, made[2])
        waiting.set_taking(work, store.id, taking=not stopped)
