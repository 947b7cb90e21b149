"""An evening in a kitchen with everything that may go wrong, step by step, and what has to hold after each step."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from portal.domain.kitchen import actions, errors, queries
from portal.domain.kitchen.actions import telling
from portal.domain.kitchen.models import PrintJob
from portal.domain.kitchen.values import JobState
from portal.domain.menus.values import DishKind
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.events import LineCancelled
from portal.domain.tabs.values import LineShown, LineState, Wanted
from portal.jobs import kitchen as jobs
from portal.kernel import faults
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.kitchen import WAYS, Crash
from tests.factories.menus import group
from tests.factories.tabs import MadePlace
from tests.factories.world import World

J = JobState
STEPS = st.one_of(
    st.tuples(st.just("order"), st.integers(1, 3)),
    st.tuples(st.just("combo"), st.integers(1, 3)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("gift"), st.integers(0, 9)),
    st.tuples(st.just("split"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("serve"), st.integers(0, 9)),
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
        self.guest, self.friend = (world.joins(world.dining_table(place.store)) for _ in range(2))
        self.dish, rice, tea = (world.dish(place.menu, station=tag) for tag in ("", "", "水吧"))
        parts = [group("主食", [("饭", 0, rice)], least=1), group("饮料", [("茶", 0, tea)], least=1)]
        self.set_meal = world.dish(place.menu, "套餐", kind=DishKind.COMBO, groups=parts)
        self.picks = {one.id: (one.options[0].id,) for one in parts}
        self.events: list[Any] = []
        self.ids: list[UUID] = []
        """The papers there were at the last check: what a step picks from."""

    def step(self, what: str, *how: Any) -> None:
        getattr(self, what)(*how)

    def order(self, quantity: int) -> None:
        self.world.thinks_of(self.guest, self.dish, quantity)
        self.events.append(("round", self.world.sends(self.guest)))

    def combo(self, quantity: int) -> None:
        with self.world.at_table(self.guest) as work:
            tabs.add(work, self.guest.sitting_id, Wanted(self.set_meal, self.picks, quantity))
        self.events.append(("round", self.world.sends(self.guest)))

    def lines(self) -> list[LineShown]:
        """Of both tables, in the order they were made."""
        seen = [self.world.tab_seen(self.merchant, one.sitting_id) for one in (self.guest, self.friend)]
        return sorted((line for tab in seen for line in tab.lines), key=lambda line: line.id)

    def living(self, which: int) -> LineShown | None:
        lines = [line for line in self.lines() if line.counts]
        return lines[which % len(lines)] if lines else None

    def cancel(self, which: int) -> None:
        line = self.living(which)
        if line is None:
            return
        with self.world.work(Face.OFFICE, merchant=self.merchant) as work, suppress(Refusal):
            tabs.cancel_line(work, line.sitting_id, line.id, reason="不要了", quantity=1)
            self.events += [one for one in work.published if isinstance(one, LineCancelled)]

    def gift(self, which: int) -> None:
        """赠: of several one becomes a line of its own."""
        line = self.living(which)
        if line is not None:
            with self.world.work(Face.OFFICE, merchant=self.merchant) as work:
                tabs.gift(work, line.sitting_id, line.id, reason="老顾客", quantity=1)

    def split(self, which: int, whole: bool) -> None:
        """拆单: to the friends' table, or back."""
        line = self.living(which)
        if line is None:
            return
        to = next(one.sitting_id for one in (self.guest, self.friend) if one.sitting_id != line.sitting_id)
        with self.world.work(Face.OFFICE, merchant=self.merchant) as work:
            tabs.split_lines(work, line.sitting_id, {line.id: line.quantity if whole else 1}, to)

    def serve(self, which: int) -> None:
        """上桌, from the pass."""
        tickets = self.world.tickets(since=self.began)
        with self.world.work(Face.OFFICE, merchant=self.merchant) as work:
            actions.serve(work, self.place.store.id, [tickets[which % len(tickets)].id])

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
        keys = Counter((one.line_id, one.version, one.part) for one in tickets)
        assert all(count == 1 for count in keys.values())
        assert all(one.job_id is not None for one in tickets), "each version has its original paper"
        originals = Counter(one.job_id for one in tickets)
        assert set(originals) == {one.id for one in papers if one.copy_of is None}
        self.check_made()

    def check_made(self) -> None:
        """Of what was ordered each table gets what it has on its tab; nothing waits that is on the table."""
        lines = {line.id: line for line in self.lines()}
        ordered, made, served = Counter[Any](), Counter[Any](), dict[Any, bool]()
        for line in lines.values():
            if line.counts:
                where = (self.root(lines, line.id), line.sitting_id)
                ordered[where] += line.quantity
                served[where] = served.get(where, True) and line.state is LineState.SERVED
        tickets = [one for one in self.world.tickets(since=self.began) if one.kind == "make"]
        parts = {one.part for one in tickets}
        for one in tickets:
            where = (self.root(lines, one.line_id), one.sitting_id)
            if one.state != "cancelled":
                made[where, one.part] += one.quantity
            assert not (one.state in ("new", "done") and served.get(where)), "what is on the table does not wait"
        combos = {where for where, part in made if part}
        wanted = {
            (where, part): many for where, many in ordered.items() for part in parts if (part > 0) == (where in combos)
        }
        assert {key: many for key, many in made.items() if many} == wanted, "the kitchen makes what is ordered"

    def root(self, lines: dict[UUID, LineShown], line_id: UUID) -> UUID:
        """The line it was ordered as."""
        source = lines[line_id].from_id
        return self.root(lines, source) if source is not None and source in lines else line_id
