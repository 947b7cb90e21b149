"""When a party can come, decided as the writing path does, and told to anybody without saying who has the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from portal.domain.calendar import queries as calendar
from portal.domain.floor import errors, rules
from portal.domain.floor.queries.plan import Plan, floor_of, plan, rules_of
from portal.domain.floor.values import Day, Rules, Slot
from portal.domain.stores.queries.cards import Card, card
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)


@dataclass(frozen=True)
class Offer:
    """What a store offers a party: its card and rules, the days that can be chosen, the times of the chosen day."""

    card: Card
    rules: Rules
    people: int
    most: int
    days: tuple[Day, ...]
    day: date | None
    slots: tuple[Slot, ...]

    @property
    def deposit_fen(self) -> int:
        """What this party pays before."""
        return self.rules.deposit(self.people)

    def leaves(self, at: datetime) -> datetime:
        """When a party that comes then has to leave."""
        return at + self.rules.stay(self.people)


def offer(work: Work, store_id: UUID, *, people: int, day: date | None = None) -> Offer:
    """What can be reserved in a store of the street. Raises NotFound or StoreGone; refuses with NoOnline.

    Without a day, or with one that is not offered, the first with room.
    """
    shown = card(work, store_id)
    with borrowed(work, HOUSE):
        known = rules_of(work, shown.merchant_id, store_id)
        if not known.online:
            raise errors.NoOnline
        floor = floor_of(work, shown.merchant_id, store_id)
    most = min(known.most_people, biggest(floor))
    people = max(1, min(people, most))
    times = _times(shown, known, work.now())
    room = rooms(work, shown.merchant_id, floor, known, people, [at for found in times.values() for at in found])
    days = tuple(Day(one, sum(at in room for at in found)) for one, found in times.items())
    chosen = day if day in times else next((one.day for one in days if one.slots), next(iter(times), None))
    slots = tuple(Slot(at, at in room) for at in times[chosen]) if chosen else ()
    return Offer(shown, known, people, most, days, chosen, slots)


def biggest(floor: Plan) -> int:
    """The largest party that can sit together; 1 at least, so that a page can be shown."""
    active = {table.id for table in floor.in_use}
    joined = (join.seats_max for join in floor.joins if active.issuperset(join.table_ids))
    return max((1, *(table.most for table in floor.in_use), *joined))


def _times(shown: Card, known: Rules, now: datetime) -> dict[date, tuple[datetime, ...]]:
    """The days that are offered and their times; a day without any is not offered."""
    today = now.astimezone(SHANGHAI).date()
    days = (today + timedelta(days=ahead) for ahead in range(known.ahead_days))
    found = {day: rules.arrivals(shown.hours, known, day, now) for day in days}
    return {day: times for day, times in found.items() if times}


def rooms(
    work: Work, merchant_id: UUID, floor: Plan, known: Rules, people: int, times: list[datetime]
) -> Mapping[datetime, rules.Choice]:
    """Of these times those that have room for the party, and where."""
    choices = rules.fitting(floor.tables, floor.joins, people)
    if not choices or not times:
        return {}
    ids = sorted({one for choice in choices for one in choice.table_ids})
    end = rules.until(known, people, max(times))[1]
    free = calendar.free(work, merchant_id, ids, min(times), end)
    found = {}
    for at in times:
        choice = rules.first_free(choices, free, at, rules.until(known, people, at)[1])
        if choice is not None:
            found[at] = choice
    return found


def free_now(work: Work, store_id: UUID, people: int, *, taken: Collection[UUID]) -> rules.Choice:
    """The best place for a party that has come: nobody sits there, and it is not reserved within their stay.

    `taken` are the tables with somebody at them. Refuses with NoFreeTable. Needs FLOOR_VIEW.
    """
    merchant_id, now = work.merchant_id, work.now()
    floor, known = plan(work, store_id), replace(rules_of(work, merchant_id, store_id), clear_minutes=0)
    left = Plan(floor.areas, tuple(one for one in floor.tables if one.id not in taken), floor.joins)
    with borrowed(work, HOUSE):
        found = rooms(work, merchant_id, left, known, people, [now]).get(now)
    if found is None:
        raise errors.NoFreeTable(people)
    return found


def takes_online(work: Work, merchant_id: UUID, store_id: UUID) -> bool:
    """True when the store's page should offer a table."""
    with borrowed(work, HOUSE):
        return rules_of(work, merchant_id, store_id).online


def midnight(day: date) -> datetime:
    """The beginning of a day in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)
