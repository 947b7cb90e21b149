"""Random services with buffers, rooms and shared seats, booked, moved and called off over midnight by the portal's own
acts: what a page offers and what an act does agree with a grid of minutes, each time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.bookings import actions, errors, queries
from portal.domain.bookings.values import ServiceDraft
from portal.domain.calendar import actions as calendar
from portal.domain.calendar.values import Kind
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.domain.calendar.grid import FIRST, Grid, at
from tests.domain.calendar.test_grid import WEEKS
from tests.factories.stores import MadeStore
from tests.factories.world import World

QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}
DAY = timedelta(days=1)
Span = tuple[int, int]
SUNDAY = (1440, 2880)  # the day that pages are asked for, in minutes of the grid
DRAFTS = st.builds(
    ServiceDraft,
    name=st.just("推拿"),
    minutes=st.sampled_from([15, 30, 50, 60, 90, 180]),
    price_fen=st.just(9_900),
    before_minutes=st.sampled_from([0, 0, 5, 15]),
    after_minutes=st.sampled_from([0, 10, 15]),
    group_size=st.sampled_from([1, 1, 1, 2, 3]),
    needs=st.sampled_from([frozenset({"technician"}), frozenset({"technician", "room"}), frozenset({"room"})]),
)


@dataclass
class Session:
    """Several who share one service at one time."""

    service: UUID
    start: int
    technician: UUID | None
    seats: int
    taken: int = 1


@dataclass
class Walk:
    """A store, and the steps that may be taken in it: in the portal and on the grid."""

    work: Work
    store: MadeStore
    data: st.DataObject
    people: dict[UUID, Grid] = field(default_factory=dict)
    rooms: dict[UUID, Grid] = field(default_factory=dict)
    services: dict[UUID, ServiceDraft] = field(default_factory=dict)
    sessions: dict[UUID, Session] = field(default_factory=dict)
    visits: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        draw = self.data.draw
        for number in range(draw(st.integers(1, 3))):
            week = draw(WEEKS)
            made = self._add(Kind.TECHNICIAN, f"技师 {number}", 1)
            calendar.set_week(self.work, made, week, since=FIRST - 30 * DAY)
            self.people[made] = Grid(1, week)
        for number in range(draw(st.integers(1, 2))):
            capacity = draw(st.integers(1, 2))
            self.rooms[self._add(Kind.ROOM, f"房 {number}", capacity)] = Grid(capacity, [], always=True)
        for _ in range(draw(st.integers(1, 3))):
            doers = draw(st.lists(st.sampled_from(sorted(self.people)), min_size=1, unique=True))
            draft = replace(draw(DRAFTS), doers=frozenset(doers))
            made = actions.draft_service(self.work, draft=draft)
            actions.offer_service(self.work, made)
            self.services[made] = draft

    def _add(self, kind: Kind, name: str, capacity: int) -> UUID:
        return calendar.add(
            self.work, store_id=self.store.id, kind=kind, name=f"{name} {new_id()}"[:40], capacity=capacity
        )

    def wish(self) -> tuple[tuple[UUID, ...], UUID | None, int]:
        """One or two services, perhaps somebody in particular, a minute of Saturday afternoon to Monday morning."""
        draw = self.data.draw
        every = sorted(self.services)
        alone = [one for one in every if self.services[one].group_size == 1]
        chosen = (draw(st.sampled_from(every)),)
        if chosen[0] in alone and len(alone) > 1 and draw(st.booleans()):
            chosen = tuple(draw(st.permutations(alone))[:2])
        start = draw(st.one_of(st.integers(80, 224).map(lambda n: n * 15), st.integers(240, 660).map(lambda n: n * 5)))
        return chosen, draw(st.sampled_from([None, None, *sorted(self.people)])), start

    def possible(self, chosen: tuple[UUID, ...], who: UUID | None, start: int) -> bool:
        """What the minutes say: for each service its people and rooms, or a seat with others."""
        begins = start
        for one in chosen:
            draft = self.services[one]
            if not (self._joins(one, who, begins) or self._own(draft, who, begins)):
                return False
            begins += draft.minutes
        return True

    def _joins(self, service: UUID, who: UUID | None, start: int) -> bool:
        return any(
            (one.service, one.start) == (service, start) and one.taken < one.seats and who in (None, one.technician)
            for one in self.sessions.values()
        )

    def _own(self, draft: ServiceDraft, who: UUID | None, start: int) -> bool:
        since, until = start - draft.before_minutes, start + draft.minutes + draft.after_minutes
        able = [self.people[one] for one in draft.doers if who in (None, one)]
        people = "technician" not in draft.needs or any(one.free_for(since, until) for one in able)
        return people and ("room" not in draft.needs or any(one.free_for(since, until) for one in self.rooms.values()))

    def able(self, chosen: tuple[UUID, ...], who: UUID | None) -> bool:
        """Whether somebody in particular does all of it."""
        drafts = [self.services[one] for one in chosen]
        return who is None or all("technician" not in one.needs or who in one.doers for one in drafts)

    def book(self) -> None:
        chosen, who, start = self.wish()
        if not self.able(chosen, who):
            who = None
        good = self.possible(chosen, who, start)
        try:
            made = actions.book_for(
                self.work,
                store_id=self.store.id,
                service_ids=chosen,
                starts_at=at(start),
                technician_id=who,
                client_name="陈静",
            )
        except errors.TimeTaken:
            assert not good, (chosen, who, start)
            return
        assert good, (chosen, who, start)
        self.put(made)

    def put(self, booking: UUID) -> None:
        """What the portal chose must have been free, minute by minute."""
        shown = queries.of_house(self.work, self.store.merchant_id, booking)
        assert shown is not None
        self.visits[booking] = tuple(line.service_id for line in shown.lines)
        for line in shown.lines:
            draft, start = self.services[line.service_id], minute(line.starts_at)
            if line.session_id is not None and line.session_id in self.sessions:
                session = self.sessions[line.session_id]
                session.taken += 1
                assert session.taken <= session.seats
                assert (session.service, session.start) == (line.service_id, start)
                continue
            holder = line.session_id or line.id
            if line.session_id is not None:
                who = line.technician_id
                self.sessions[line.session_id] = Session(line.service_id, start, who, draft.group_size)
            span = (start - draft.before_minutes, start + draft.minutes + draft.after_minutes)
            for one in [line.technician_id, *(place.id for place in line.places)]:
                if one is not None:
                    grid = self.people.get(one) or self.rooms[one]
                    own = {other.id for other in shown.lines}
                    mine = {key: grid.holders.pop(key) for key in own & set(grid.holders)}
                    assert grid.free_for(*span), (one, span)
                    grid.holders |= _together(mine, holder, span)

    def taken_away(self, booking: UUID) -> None:
        """The visit as it is now leaves the grid."""
        shown = queries.of_house(self.work, self.store.merchant_id, booking)
        assert shown is not None
        for line in shown.lines:
            if line.session_id is not None:
                self.leave(line.session_id)
            else:
                self.free(line.id)

    def leave(self, session_id: UUID) -> None:
        self.sessions[session_id].taken -= 1
        if not self.sessions[session_id].taken:
            del self.sessions[session_id]
            self.free(session_id)

    def free(self, holder: UUID) -> None:
        for grid in [*self.people.values(), *self.rooms.values()]:
            grid.holders.pop(holder, None)

    def cancel(self) -> None:
        if self.visits:
            booking = self.data.draw(st.sampled_from(sorted(self.visits)))
            self.taken_away(booking)
            actions.cancel_by_store(self.work, booking, why="停电")
            del self.visits[booking]

    def move(self) -> None:
        """Its own time counts as free, a seat in a session does not; whom the client asked for stays."""
        if not self.visits:
            return
        booking = self.data.draw(st.sampled_from(sorted(self.visits)))
        _chosen, who, start = self.wish()
        shown = queries.of_house(self.work, self.store.merchant_id, booking)
        assert shown is not None
        chosen, sessions = self.visits[booking], [line.session_id for line in shown.lines if line.session_id]
        who = who if self.able(chosen, who) else None
        asked = who or next((line.technician_id for line in shown.lines if line.requested), None)
        kept = [(grid, dict(grid.holders)) for grid in (*self.people.values(), *self.rooms.values())]
        for line in shown.lines:
            self.free(line.id)
        good = self.possible(chosen, asked, start)
        try:
            actions.move_by_store(self.work, booking, starts_at=at(start), technician_id=who)
        except errors.TimeTaken:
            assert not good, (chosen, asked, start)
            for grid, holders in kept:
                grid.holders = holders
            return
        assert good, (chosen, asked, start)
        self.put(booking)
        for one in sessions:
            self.leave(one)

    def compare(self) -> None:
        """A page of Sunday: exactly the quarters that the minutes allow."""
        chosen, who, _start = self.wish()
        who = who if self.able(chosen, who) else None
        offers = queries.offers(self.work, self.store.merchant_id, self.store.id, chosen)
        day = FIRST + DAY
        told = queries.starts(self.work, self.store.merchant_id, self.store.id, offers, day, 1, technician_id=who)
        expected = [at(one) for one in range(*SUNDAY, 15) if self.possible(chosen, who, one)]
        assert list(told[day]) == expected


def _together(mine: dict[UUID, Span], holder: UUID, span: Span) -> dict[UUID, Span]:
    """A visit's own services that overlap by their buffers are there once."""
    for key, (start, end) in mine.items():
        if start < span[1] and span[0] < end:
            return {**mine, key: (min(start, span[0]), max(end, span[1]))}
    return {**mine, holder: span}


def minute(moment: datetime) -> int:
    """A moment on the grid."""
    return int((moment - at(0)).total_seconds() // 60)


STEPS = ("book", "book", "book", "book", "move", "move", "cancel", "compare")


class Undone(Exception):
    """An example leaves nothing behind."""


def walk(world: World, store: MadeStore, data: st.DataObject, most: int) -> None:
    with suppress(Undone), world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        one = Walk(work, store, data)
        one.compare()
        for _ in range(data.draw(st.integers(1, most))):
            getattr(one, data.draw(st.sampled_from(STEPS)))()
        one.compare()
        raise Undone


@pytest.fixture
def store(world: World) -> MadeStore:
    return world.store(world.merchant(MerchantKind.BRAND, "莞邑足道"))


def test_any_walk_agrees_with_the_minutes(world: World, store: MadeStore) -> None:
    @settings(max_examples=15, **QUIET)  # type: ignore[arg-type]
    @given(st.data())
    def walks(data: st.DataObject) -> None:
        walk(world, store, data, 12)

    walks()


@pytest.mark.prove
def test_long_walks_agree_with_the_minutes(world: World, store: MadeStore) -> None:
    @settings(max_examples=300, **QUIET)  # type: ignore[arg-type]
    @given(st.data())
    def walks(data: st.DataObject) -> None:
        walk(world, store, data, 40)

    walks()
