"""Floors of stores, table reservations and queue numbers, made by the portal's own acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from portal.domain.floor import actions
from portal.domain.floor.rules import names_of
from portal.domain.floor.values import Made, Rules
from portal.domain.waiting import actions as waiting
from portal.domain.waiting.values import Taken
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.base import Maker
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore


@dataclass(frozen=True)
class MadeFloor:
    """A floor a test knows: one area and the ids of its tables by name."""

    store: MadeStore
    area_id: UUID
    tables: dict[str, UUID]


class Floors(Maker):
    """Makers of floors."""

    def floor(self, store: MadeStore, *, area: str = "大厅", online: bool = True, **sizes: str) -> MadeFloor:
        """Tables by size, `four="A1-A2", two="B1"`, in one area; the store takes reservations unless told not to."""
        seats = {"one": 1, "two": 2, "four": 4, "six": 6, "eight": 8, "ten": 10}
        found: dict[str, UUID] = {}
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            area_id = actions.add_area(work, store_id=store.id, name=area)
            for size, names in (sizes or {"four": "A1"}).items():
                most = seats[size]
                ids = actions.add_tables(work, area_id=area_id, names=names, seats_min=1, seats_max=most)
                found |= dict(zip(names_of(names), ids, strict=True))
            if online:
                actions.set_rules(work, store.id, Rules(online=True))
        return MadeFloor(store, area_id, found)

    def floor_rules(self, store: MadeStore, **facts: object) -> Rules:
        """Other rules of reserving for a store."""
        known = replace(Rules(online=True), **facts)  # type: ignore[arg-type]
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            actions.set_rules(work, store.id, known)
        return known

    def table_booking(self, store: MadeStore, person: MadePerson, at: datetime, *, people: int = 2) -> Made:
        """A table reserved by somebody."""
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            return actions.book(work, store_id=store.id, people=people, at=at)

    def queue_opens(self, store: MadeStore) -> None:
        """The store gives numbers, with the usual three queues."""
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            waiting.set_taking(work, store.id, taking=True)

    def queued(self, store: MadeStore, *, people: int = 2) -> Taken:
        """A number taken at the door."""
        with self.work(Face.OFFICE, merchant=store.merchant_id, kind=ActorKind.STAFF) as work:
            return waiting.take_at_door(work, store_id=store.id, people=people)
