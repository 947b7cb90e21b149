"""Whatever is ordered, taken off, moved, merged, split and undone: no piece is lost or there twice, totals agree."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from portal.domain.tabs import actions, errors
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.models import Guest, SittingTable, TabLine, TabMove
from portal.domain.tabs.values import Joined, Opens, Wanted
from portal.kernel.database import new_id
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from tests.factories.tabs import MadePlace
from tests.factories.world import World

TABLES = 4
WAYS = ("open", "order", "cancel", "gift", "move", "merge", "split", "undo", "serve", "close", "people")
STEPS = st.lists(st.tuples(st.sampled_from(WAYS), *(st.integers(0, 9) for _ in range(3))), min_size=8, max_size=20)


class Evening:
    """Acts picked by numbers; what the menu was asked for is counted beside."""

    def __init__(self, world: World, place: MadePlace, dishes: list[UUID]) -> None:
        self.world, self.place, self.dishes = world, place, dishes
        self.wanted: Counter[UUID] = Counter()

    def play(self, way: str, one: int, two: int, three: int) -> None:
        """One act; a refusal changes nothing."""
        with suppress(Refusal), self.world.work(Face.OFFICE, merchant=self.place.merchant.id) as work:
            getattr(self, way)(work, one, two, three)

    def sitting(self, work: Any, number: int) -> UUID:
        """An open sitting; none is a refusal."""
        found = tabs.floor_state(work, self.place.store.id)
        if not found:
            raise errors.SittingOver
        return found[number % len(found)].id

    def line(self, work: Any, sitting_id: UUID, number: int) -> Any:
        """A line of it that counts."""
        found = [line for line in tabs.tab(work, sitting_id).lines if line.counts]
        if not found:
            raise errors.NothingToPlace
        return found[number % len(found)]

    def tables(self, one: int, two: int) -> list[UUID]:
        """One table or two."""
        return sorted({self.place.tables[one % TABLES].id, self.place.tables[(one + two % 2) % TABLES].id})

    def open(self, work: Any, one: int, two: int, three: int) -> None:
        actions.open(work, self.place.store.id, self.tables(one, two), three % 8 + 1, Opens.STAFF)

    def order(self, work: Any, one: int, two: int, three: int) -> None:
        sitting_id, dish = self.sitting(work, one), self.dishes[two % len(self.dishes)]
        actions.add(work, sitting_id, Wanted(dish, {}, three % 4 + 1))
        actions.place(work, sitting_id)
        self.wanted[dish] += three % 4 + 1

    def cancel(self, work: Any, one: int, two: int, three: int) -> None:
        sitting_id = self.sitting(work, one)
        actions.cancel_line(
            work, sitting_id, self.line(work, sitting_id, two).id, reason="多了", quantity=three % 3 + 1
        )

    def gift(self, work: Any, one: int, two: int, three: int) -> None:
        sitting_id = self.sitting(work, one)
        actions.gift(work, sitting_id, self.line(work, sitting_id, two).id, reason="赔礼", quantity=three % 3 + 1)

    def move(self, work: Any, one: int, two: int, three: int) -> None:
        actions.move_tables(work, self.sitting(work, one), self.tables(two, three))

    def merge(self, work: Any, one: int, two: int, _three: int) -> None:
        actions.merge(work, self.sitting(work, one), self.sitting(work, two))

    def split(self, work: Any, one: int, two: int, three: int) -> None:
        sitting_id = self.sitting(work, one)
        line = self.line(work, sitting_id, two)
        actions.split_lines(work, sitting_id, {line.id: three % 3 + 1}, self.sitting(work, one + 1))

    def undo(self, work: Any, one: int, _two: int, _three: int) -> None:
        found = list(work.session.scalars(select(TabMove.id).order_by(TabMove.id.desc())))
        if found:
            actions.undo(work, found[one % min(3, len(found))])

    def serve(self, work: Any, one: int, two: int, _three: int) -> None:
        actions.serve(work, [self.line(work, self.sitting(work, one), two).id])

    def close(self, work: Any, one: int, _two: int, three: int) -> None:
        if three < 3:
            actions.close(work, self.sitting(work, one))

    def people(self, work: Any, one: int, two: int, _three: int) -> None:
        actions.set_people(work, self.sitting(work, one), two + 1)

    def check(self) -> None:
        """Pieces by dish are what was ordered; fen are prices times pieces; no table is held twice."""
        with self.world.work(Face.OFFICE, merchant=self.place.merchant.id) as work:
            lines = list(work.session.scalars(select(TabLine).where(TabLine.kind == "dish")))
            pieces: Counter[UUID] = Counter()
            for line in lines:
                assert line.dish_id is not None
                pieces[line.dish_id] += line.quantity
                assert 0 <= line.due_fen <= line.total_fen == line.unit_fen * line.quantity
            assert pieces == self.wanted
            live = list(work.session.scalars(select(SittingTable.table_id).where(SittingTable.left_at.is_(None))))
            assert len(live) == len(set(live))
            for floor in tabs.floor_state(work, self.place.store.id):
                tab = tabs.tab(work, floor.id)
                assert floor.due_fen == tab.due_fen
                assert [one.id for one in tab.tables], "an open sitting has a table"
                assert len({one.nth for one in tab.rounds}) == len(tab.rounds)


def evening(world: World) -> Evening:
    place = world.restaurant(TABLES)
    return Evening(world, place, [world.dish(place.menu, f"菜 {n}", 1001 + n) for n in range(3)])


def run(world: World, steps: list[tuple[str, int, int, int]]) -> None:
    played = evening(world)
    for step in (("open", 0, 0, 1), ("order", 0, 0, 2), ("open", 2, 0, 1), ("order", 1, 1, 3), *steps):
        played.play(*step)
    played.check()


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_no_piece_is_lost(world: World, steps: list[tuple[str, int, int, int]]) -> None:
    run(world, steps)


@pytest.mark.prove
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_no_piece_is_lost_in_many_evenings(world: World, steps: list[tuple[str, int, int, int]]) -> None:
    run(world, steps)


def test_a_merge_and_its_undo(world: World) -> None:
    place = world.restaurant(3)
    beef = world.dish(place.menu)
    one, other = world.joins(place.tables[0], people=2), world.joins(place.tables[1], people=3)
    world.sends(one, beef)
    world.sends(other, beef, beef)
    world.thinks_of(one, beef)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        move = actions.merge(work, one.sitting_id, other.sitting_id)
        both = tabs.tab(work, other.sitting_id)
        assert (both.people, len(both.tables), len(both.rounds), len(both.guests)) == (5, 2, 2, 2)
        assert both.due_fen == 3 * 4800
    with world.work(Face.SHOP) as work:
        assert tabs.seat(work, one.merchant_id, one.guest_id, one.key).sitting_id == other.sitting_id
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.undo(work, move)
        actions.undo(work, move)
        first, second = tabs.tab(work, one.sitting_id), tabs.tab(work, other.sitting_id)
    assert (first.people, first.due_fen, len(first.drafts)) == (2, 4800, 1)
    assert (second.people, second.due_fen, [two.nth for two in second.rounds]) == (3, 9600, [1])
    with world.work(Face.SHOP) as work:
        assert tabs.seat(work, one.merchant_id, one.guest_id, one.key).sitting_id == one.sitting_id


def test_moving_to_a_taken_table_is_refused_and_undone(world: World) -> None:
    place = world.restaurant(3)
    one, _other = world.joins(place.tables[0]), world.joins(place.tables[1])
    ids = [table.id for table in place.tables]
    with pytest.raises(errors.TableTaken), world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.move_tables(work, one.sitting_id, [ids[1]])
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        move = actions.move_tables(work, one.sitting_id, [ids[2]])
        assert [table.id for table in tabs.tab(work, one.sitting_id).tables] == [ids[2]]
        actions.undo(work, move)
        assert [table.id for table in tabs.tab(work, one.sitting_id).tables] == [ids[0]]


def test_undoing_a_merge_takes_back_only_what_it_moved(world: World) -> None:
    """Pieces that went over before, or by another way, stay; pieces of what the merge moved go back."""
    place = world.restaurant(3)
    beef = world.dish(place.menu)
    one, other, third = (world.joins(table) for table in place.tables)
    world.thinks_of(one, beef, 4)
    world.sends(one)
    (line,) = world.tab_seen(one.merchant_id, one.sitting_id).lines
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        for to in (other, third):
            actions.split_lines(work, one.sitting_id, {line.id: 1}, to.sitting_id)
        (stray,) = tabs.tab(work, third.sitting_id).lines
        move = actions.merge(work, one.sitting_id, other.sitting_id)
        actions.split_lines(work, third.sitting_id, {stray.id: 1}, other.sitting_id)
        actions.gift(work, other.sitting_id, line.id, reason="赔礼", quantity=1)
        actions.undo(work, move)
        pieces = [sum(each.quantity for each in tabs.tab(work, at.sitting_id).lines) for at in (one, other, third)]
        due = [tabs.tab(work, at.sitting_id).due_fen for at in (one, other, third)]
    assert (pieces, due) == ([2, 2, 0], [4800, 9600, 0])


def numbers(world: World, table: Joined) -> list[tuple[int, str]]:
    return [(one.nth, one.state) for one in world.tab_seen(table.merchant_id, table.sitting_id).guests]


def test_merging_more_guests_than_numbers_is_refused_and_who_is_out_takes_none(world: World) -> None:
    place = world.restaurant(3)
    one, other, third = (world.joins(table) for table in place.tables)
    world.dining_rules(place.store, joins="asked")
    stranger = world.joins(place.tables[0])
    with world.work(Face.JOB, merchant=place.merchant.id) as work:
        last = update(Guest).where(Guest.id.in_([one.guest_id, stranger.guest_id]))
        work.session.execute(last.values(nth=100 - Guest.nth))
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.turn_away(work, one.sitting_id, stranger.guest_id)
        move = actions.merge(work, one.sitting_id, other.sitting_id)
    assert numbers(world, other) == [(1, "in"), (2, "in"), (98, "out")]
    assert world.joins(place.tables[1]).sitting_id == other.sitting_id
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.undo(work, move)
    world.joins(place.tables[1])
    assert numbers(world, other) == [(1, "in"), (2, "asked"), (3, "asked")], "none is given twice"
    with world.work(Face.JOB, merchant=place.merchant.id) as work:
        facts = {"merchant_id": other.merchant_id, "sitting_id": other.sitting_id, "colour": 0, "joined_at": work.now()}
        friends = [Guest(id=new_id(), nth=nth, name="", state="in", **facts) for nth in range(4, 100)]
        work.session.add_all(friends)
    with pytest.raises(errors.TableFull), world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.merge(work, third.sitting_id, other.sitting_id)
    with pytest.raises(errors.TableFull):
        world.joins(place.tables[1])
