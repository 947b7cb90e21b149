"""Papers under any order of events, crashes and silence: printed once, or shown as uncertain. Never twice by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.domain.kitchen import actions, errors, queries
from portal.domain.kitchen.rules.layout import unpacked
from portal.domain.kitchen.values import JobState, Line
from portal.jobs import kitchen as jobs
from portal.kernel.scope import Face
from tests.domain.kitchen.nights import STEPS, Night
from tests.factories.tabs import MadePlace
from tests.factories.world import World

J = JobState


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
    world.station(place.store, "水吧", world.printer(place.store, "水吧"), tags="水吧")
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
        assert queries.job(work, paper).title == "小票"
    night.world.prints(night.services)
    assert night.fake.tray == [paper]
