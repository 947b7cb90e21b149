"""Papers under any order of events, crashes and silence: printed once, or shown as uncertain. Never twice by itself."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.domain.kitchen import actions, errors, queries
from portal.domain.kitchen.actions import telling
from portal.domain.kitchen.models import PrintJob
from portal.domain.kitchen.rules.layout import unpacked
from portal.domain.kitchen.values import JobState, Line
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.events import LineCancelled
from portal.jobs import kitchen as jobs
from portal.kernel import faults
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.kitchen import WAYS, Crash
from tests.factories.tabs import MadePlace
from tests.factories.world import World

J = JobState
STEPS = st.one_of(
    st.tuples(st.just("order"), st.integers(1, 3)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("again"), st.integers(0, 9)),
    st.tuples(st.just("print"), st.integers(0, 9), st.sampled_from(WAYS)),
    st.tuples(st.just("ask"), st.integers(0, 9)),
    st.tuples(st.just("torn"), st.integers(0, 9), st.sampled_from(["kitchen.take.written", "kitchen.told.checked"])),
    st.tuples(st.just("reprint"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.sampled_from([5, 40, 700])),
    st.tuples(st.just("look")),
)


def die(_work: Work) -> None:
    raise Crash


class Night:
    """One evening: a table, a station with a printer, and everything that may go wrong."""

    def __init__(self, world: World, place: MadePlace) -> None:
        self.world, self.place, self.merchant = world, place, place.merchant.id
        world.clock.advance(days=1)
        self.fake, self.services = world.fake_printers()
        self.began = world.clock.now()
        table = world.dining_table(place.store)
        self.guest = world.joins(table)
        self.dish = world.dish(place.menu)
        self.events: list[Any] = []
        self.lines: list[Any] = []
        self.ids: list[UUID] = []
        """The papers there were at the last check: what a step picks from."""

    def step(self, what: str, *how: Any) -> None:
        getattr(self, what)(*how)

    def order(self, quantity: int) -> None:
        self.lines.append(self.world.thinks_of(self.guest, self.dish, quantity))
        self.events.append(("round", self.world.sends(self.guest)))

    def cancel(self, which: int) -> None:
        if not self.lines:
            return
        line = self.lines[which % len(self.lines)]
        with self.world.work(Face.OFFICE, merchant=self.merchant) as work, suppress(Refusal):
            tabs.cancel_line(work, self.guest.sitting_id, line, reason="不要了", quantity=1)
            self.events += [one for one in work.published if isinstance(one, LineCancelled)]

    def again(self, which: int) -> None:
        """An event is delivered once more."""
        if not self.events:
            return
        event = self.events[which % len(self.events)]
        with self.world.work(Face.JOB) as work:
            if isinstance(event, LineCancelled):
                telling.tell_fewer(work, self.merchant, event.line_id, event.version, event.quantity)
            else:
                telling.tell_round(work, self.merchant, event[1])

    def papers(self) -> list[PrintJob]:
        return self.world.papers(since=self.began)

    def pick(self, which: int) -> UUID:
        self.ids = self.ids or [one.id for one in self.papers()]
        return self.ids[which % len(self.ids)]

    def print(self, which: int, way: str) -> None:
        self.fake.does.append(way)
        with suppress(Crash):
            jobs.print_one(self.services, job=str(self.pick(which)))
        self.fake.does.clear()

    def torn(self, which: int, point: str) -> None:
        """The worker dies inside a transaction: before the paper is handed over, or after it came out."""
        faults.HOOKS[point] = die
        try:
            self.print(which, "well")
        finally:
            del faults.HOOKS[point]

    def ask(self, which: int) -> None:
        jobs.ask_one(self.services, job=str(self.pick(which)))

    def look(self) -> None:
        """The timetable looks; what it queues is printed behind the printer's other papers."""
        now = self.world.clock.now()
        lost = [one.id for one in self.papers() if one.state == J.QUEUED and one.ask_at and one.ask_at <= now]
        jobs.look(self.services)
        for one in lost:
            jobs.print_one(self.services, job=str(one))

    def wait(self, seconds: int) -> None:
        self.world.clock.advance(seconds=seconds)

    def reprint(self, which: int) -> None:
        one = self.pick(which)
        with self.world.work(Face.OFFICE, merchant=self.merchant) as work, suppress(errors.PaperMoved):
            actions.reprint(work, one)

    def check(self) -> None:
        with self.world.work(Face.OFFICE, merchant=self.merchant) as work:
            papers = self.world.papers_since(work, self.began)
            shown, _more = queries.jobs(work, self.place.store.id, only=(J.UNCERTAIN, J.REFUSED))
        out, self.ids = Counter(self.fake.tray), [one.id for one in papers]
        assert all(count == 1 for count in out.values()), "nothing comes out twice by itself"
        for one in papers:
            printed = out[one.id]
            if one.state == J.PRINTED:
                assert printed == 1, "what is called printed is on paper"
            if one.state in (J.QUEUED, J.REFUSED):
                assert printed == 0, "what may still be printed, or is called refused, is not on paper"
        lost = {one.id for one in papers if one.state in (J.UNCERTAIN, J.REFUSED)}
        assert lost <= {one.id for one in shown}, "people see what nobody knows"

    def end(self) -> None:
        """An hour later, with a printer that works."""
        for _ in range(3):
            self.wait(1200)
            self.look()
        self.check()
        papers = self.papers()
        states = {one.state for one in papers}
        assert states <= {J.PRINTED, J.UNCERTAIN, J.REFUSED, J.DROPPED}, "nothing is left under way"
        tickets = self.world.tickets(since=self.began)
        keys = Counter((one.line_id, one.version) for one in tickets)
        assert all(count == 1 for count in keys.values())
        assert all(one.job_id is not None for one in tickets), "each version has its original paper"
        originals = Counter(one.job_id for one in tickets)
        assert set(originals) == {one.id for one in papers if one.copy_of is None}
        tab = self.world.tab_seen(self.merchant, self.guest.sitting_id)
        for line in self.lines:
            left = next((one.quantity for one in tab.lines if one.id == line and one.counts), 0)
            made = [one for one in tickets if one.line_id == line and one.kind == "make"]
            assert len(made) == 1
            assert (made[0].quantity if made[0].state != "cancelled" else 0) == left, (
                "the kitchen makes what is ordered"
            )


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(STEPS, min_size=6, max_size=18))
def test_printed_once_or_shown(world: World, evening: MadePlace, steps: list[tuple[Any, ...]]) -> None:
    _play(world, evening, steps)


@pytest.mark.prove
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=10, max_size=40))
def test_printed_once_or_shown_at_length(world: World, evening: MadePlace, steps: list[tuple[Any, ...]]) -> None:
    _play(world, evening, steps)


def _play(world: World, place: MadePlace, steps: list[tuple[Any, ...]]) -> None:
    night = Night(world, place)
    night.order(2)
    night.check()
    for step in steps:
        night.step(*step)
        night.check()
    night.end()


@pytest.fixture
def evening(world: World) -> MadePlace:
    place = world.restaurant()
    world.station(place.store, "后厨", world.printer(place.store))
    return place


@pytest.fixture
def night(world: World, evening: MadePlace) -> Night:
    return Night(world, evening)


def test_a_printer_that_is_off_is_tried_again_until_it_is_given_up(night: Night) -> None:
    night.order(1)
    for _ in range(12):
        night.print(0, "offline")
        night.wait(70)
    (one,) = night.papers()
    assert (one.state, one.why) == (J.REFUSED, "offline")
    with night.world.work(Face.OFFICE, merchant=night.merchant) as work:
        actions.try_again(work, one.id)
    night.print(0, "well")
    assert (night.papers()[0].state, night.fake.tray) == (J.PRINTED, [one.id])


def test_papers_go_to_a_printer_one_at_a_time(night: Night) -> None:
    night.order(1)
    night.order(1)
    night.check()
    night.print(0, "offline")
    night.wait(70)
    assert (jobs.look(night.services), jobs.look(night.services), night.fake.tray) == (2, 0, [])
    with night.world.engine.connect() as connection:
        query = "SELECT lock FROM jobs.procrastinate_jobs WHERE task_name = 'kitchen.print'"
        locks = [row.lock for row in connection.exec_driver_sql(query)]
    assert locks == [f"printer-{night.papers()[0].printer_id}"] * 5, "two new, one tried again, two looked for"


def test_a_cloud_that_stays_silent_is_shown_and_believed_later(night: Night) -> None:
    night.order(1)
    night.print(0, "cloud")
    night.fake.known.clear()
    night.wait(300)
    night.look()
    assert night.papers()[0].state == J.UNCERTAIN
    night.fake.known.add(night.papers()[0].id)
    night.wait(2000)
    night.look()
    assert night.papers()[0].state == J.PRINTED


def test_printed_again_is_a_persons_act_and_says_so(night: Night) -> None:
    night.order(1)
    night.print(0, "silent after")
    first = night.papers()[0].id
    with night.world.work(Face.OFFICE, merchant=night.merchant) as work:
        assert queries.trouble(work, night.place.store.id) == 1
        copy = actions.reprint(work, first)
    with night.world.work(Face.OFFICE, merchant=night.merchant) as work:
        assert queries.trouble(work, night.place.store.id) == 0
        assert queries.job(work, copy).again
    found = {one.id: one for one in night.papers()}
    assert (found[first].state, found[copy].copy_of) == (J.DROPPED, first)
    assert unpacked(found[copy].lines)[0].text == "【补打】"
    night.world.prints(night.services)
    assert night.fake.tray == [first, copy]


def test_any_paper_on_the_receipt_printer(night: Night) -> None:
    store, merchant = night.place.store.id, night.merchant
    lines = (Line("谢谢惠顾"),)
    with night.world.work(Face.OFFICE, merchant=merchant) as work, pytest.raises(errors.NoPrinter):
        actions.print_paper(
            work, merchant_id=merchant, store_id=store, title="小票", lines=lines, about=("bill", store)
        )
    night.world.printer(night.place.store, "收银", receipts=True, width_mm=80)
    with night.world.work(Face.OFFICE, merchant=merchant) as work:
        paper = actions.print_paper(
            work, merchant_id=merchant, store_id=store, title="小票", lines=lines, about=("bill", store)
        )
        assert [one.id for one in queries.printed_for(work, ("bill", store))] == [paper]
    night.world.prints(night.services)
    assert night.fake.tray == [paper]
