"""Random shifts, breaks, buffers, moves and cancellations: pages and acts agree with the minute grid, each time."""

from __future__ import annotations

from datetime import timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.calendar import actions, errors, queries
from portal.domain.calendar.values import Claim, Kind, Span, WeekSpan
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.domain.calendar.grid import FIRST, MINUTES, Grid, at
from tests.factories.stores import MadeStore
from tests.factories.world import World

QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}
STEP = 5
ZONES = [timezone(timedelta(hours=8)), timezone(timedelta(0)), timezone(timedelta(hours=-5, minutes=-30))]
STARTS = st.integers(0, 1440 // STEP - 1).map(lambda n: n * STEP)
LENGTHS = st.one_of(st.integers(1, 24), st.integers(1, 1440 // STEP)).map(lambda n: n * STEP)


@st.composite
def a_day(draw: st.DrawFn) -> list[Span]:
    """One or two shifts that do not overlap, of which the last may cross midnight, and breaks within them."""
    cuts = sorted(set(draw(st.lists(STARTS, min_size=0, max_size=4))))
    spans: list[Span] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        spans.append(Span(start, end - start))
    if len(cuts) % 2:
        spans.append(Span(cuts[-1], draw(st.integers(1, 120)) * STEP))
    for shift in list(spans):
        if shift.minutes > 3 * STEP and draw(st.booleans()):
            into = draw(st.integers(0, shift.minutes // STEP - 2)) * STEP
            spans.append(Span(shift.start + into, min(draw(st.integers(1, 12)) * STEP, shift.minutes - into), "break"))
    return spans


WEEKS = st.lists(a_day(), min_size=7, max_size=7).map(
    lambda days: [WeekSpan(n, *span) for n, day in enumerate(days) for span in day]
)
MODELS = st.lists(
    st.tuples(st.sampled_from([Kind.TECHNICIAN, Kind.ROOM, Kind.PICKUP]), st.integers(1, 3), WEEKS),
    min_size=2,
    max_size=3,
)


class Walk:
    """A few resources and the steps that may be taken with them, in the calendar and on the grid."""

    def __init__(self, work: Work, store: MadeStore, data: st.DataObject) -> None:
        self.work, self.merchant, self.data = work, store.merchant_id, data
        self.grids: dict[UUID, Grid] = {}
        self.held: list[UUID] = []
        for number, (kind, capacity, week) in enumerate(data.draw(MODELS)):
            if kind is Kind.ROOM and number % 2:
                week = []
            name = f"{kind} {new_id()}"[:40]
            made = actions.add(work, store_id=store.id, kind=kind, name=name, capacity=capacity)
            actions.set_week(work, made, week, since=FIRST - timedelta(days=30))
            self.grids[made] = Grid(capacity, week, always=kind is Kind.ROOM)

    def claims(self, holder: UUID) -> list[Claim]:
        """What somebody wants of one or two different resources, buffers before and after, from some zone."""
        found, draw = [], self.data.draw
        ids = draw(st.lists(st.sampled_from(sorted(self.grids)), min_size=1, max_size=2, unique=True))
        start, length = draw(st.integers(60, MINUTES - 60)), draw(LENGTHS)
        for one in ids:
            before, after = draw(st.sampled_from([0, 0, 10, 15])), draw(st.sampled_from([0, 5, 20]))
            a, b = max(0, start - before), min(MINUTES, start + length + after)
            zone = draw(st.sampled_from(ZONES))
            found.append(Claim(self.merchant, one, at(a).astimezone(zone), at(b).astimezone(zone), "booking", holder))
        return found

    def fits(self, claims: list[Claim], holder: UUID) -> bool:
        """What the grid says, as if the holder had nothing."""
        kept = {one: grid.holders.pop(holder, None) for one, grid in self.grids.items()}
        good = all(self.grids[one.resource_id].free_for(*self.minutes(one)) for one in claims)
        for one, was in kept.items():
            if was is not None:
                self.grids[one].holders[holder] = was
        return good

    @staticmethod
    def minutes(claim: Claim) -> tuple[int, int]:
        """Start and end on the grid."""
        start, end = (int((moment - at(0)).total_seconds() // 60) for moment in (claim.start, claim.end))
        return start, end

    def put(self, claims: list[Claim], holder: UUID) -> None:
        for grid in self.grids.values():
            grid.holders.pop(holder, None)
        for one in claims:
            self.grids[one.resource_id].holders[holder] = self.minutes(one)

    def reserve(self) -> None:
        holder = new_id()
        self.try_(holder, move=False)

    def move(self) -> None:
        if self.held:
            self.try_(self.data.draw(st.sampled_from(self.held)), move=True)

    def try_(self, holder: UUID, *, move: bool) -> None:
        claims = self.claims(holder)
        good = self.fits(claims, holder)
        try:
            if move:
                actions.move(self.work, self.merchant, holder, claims)
            else:
                actions.reserve(self.work, claims)
        except errors.Taken:
            assert not good, claims
            return
        assert good, claims
        self.put(claims, holder)
        if not move:
            self.held.append(holder)

    def cancel(self) -> None:
        if self.held:
            holder = self.held.pop(self.data.draw(st.integers(0, len(self.held) - 1)))
            actions.release(self.work, self.merchant, holder)
            self.put([], holder)

    def other_hours(self) -> None:
        one, day = self.data.draw(st.sampled_from(sorted(self.grids))), self.data.draw(st.integers(-1, 2))
        spans = self.data.draw(a_day())
        actions.set_day(self.work, one, FIRST + timedelta(days=day), spans)
        self.grids[one].days[day] = spans

    def compare(self) -> None:
        told = queries.free(self.work, self.merchant, list(self.grids), at(0), at(MINUTES))
        for one, grid in self.grids.items():
            assert list(told[one]) == grid.runs()


STEPS = ("reserve", "reserve", "reserve", "move", "move", "cancel", "other_hours")


def walk(world: World, store: MadeStore, data: st.DataObject, most: int) -> None:
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        one = Walk(work, store, data)
        one.compare()
        for _ in range(data.draw(st.integers(1, most))):
            getattr(one, data.draw(st.sampled_from(STEPS)))()
        one.compare()


@pytest.fixture
def store(world: World) -> MadeStore:
    return world.store(world.merchant(MerchantKind.BRAND, "莞邑足道"))


def test_any_walk_agrees_with_the_minutes(world: World, store: MadeStore) -> None:
    @settings(max_examples=25, **QUIET)  # type: ignore[arg-type]
    @given(st.data())
    def walks(data: st.DataObject) -> None:
        walk(world, store, data, 15)

    walks()


@pytest.mark.prove
def test_long_walks_agree_with_the_minutes(world: World, store: MadeStore) -> None:
    @settings(max_examples=400, **QUIET)  # type: ignore[arg-type]
    @given(st.data())
    def walks(data: st.DataObject) -> None:
        walk(world, store, data, 60)

    walks()
