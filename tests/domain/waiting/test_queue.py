"""Numbers are given by size and day, called once, skipped and taken back by the store's rule; turns teach estimates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portal.domain.tenants.values import Kind
from portal.domain.waiting import actions, errors, queries, rules
from portal.domain.waiting.events import QueueCalled, QueueSkipped, QueueSoon
from portal.domain.waiting.values import NumberState, Rules
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from tests.factories.stores import MadeStore
from tests.factories.world import World


@pytest.fixture
def store(world: World) -> MadeStore:
    found = world.store(world.merchant(Kind.BRAND, "炉前潮汕牛肉"))
    world.queue_opens(found)
    return found


def test_numbers_by_size_and_day_in_their_order(world: World, store: MadeStore) -> None:
    assert [world.queued(store, people=people).text for people in (2, 4, 1, 8)] == ["A001", "B001", "A002", "C001"]
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        with pytest.raises(errors.NoClass):
            actions.take_at_door(work, store_id=store.id, people=40)
        small, _middle, _large = queries.queue(work, store.id).lines
    assert [(one.text, one.ahead, one.minutes) for one in small.waiting] == [("A001", 0, 8), ("A002", 1, 20)]
    world.clock.advance(hours=16, minutes=30)  # half past four in the night
    assert world.queued(store, people=2).text == "A003", "the evening goes on until five"
    world.clock.advance(hours=1)
    assert world.queued(store, people=2).text == "A001"
    with world.work(Face.JOB) as work:
        assert actions.close_days(work) == 5
        assert actions.close_days(work) == 0


def test_one_number_for_a_person_who_sees_his_place_and_leaves(world: World, store: MadeStore) -> None:
    one, other = world.person(), world.person()
    world.queued(store)
    with world.work(Face.PERSON, person=one.id, kind=ActorKind.PERSON) as work:
        taken = actions.take(work, store_id=store.id, people=2)
    with world.work(Face.PERSON, person=one.id, kind=ActorKind.PERSON) as work, pytest.raises(errors.InLine):
        actions.take(work, store_id=store.id, people=8)
    with world.work(Face.PERSON, person=other.id) as work, pytest.raises(NotFound):
        queries.number(work, taken.number_id)
    with world.work(Face.SHOP) as work:
        number, today = queries.linked(work, taken.link)
        assert (number.text, number.ahead, number.state) == ("A002", 1, NumberState.WAITING)
        assert all(one.name == "" for line in queries.open_queue(work, store.id).lines for one in line.waiting)
        actions.leave_linked(work, taken.link)
        actions.leave_linked(work, taken.link)
    with world.work(Face.PERSON, person=one.id, kind=ActorKind.PERSON) as work:
        assert actions.take(work, store_id=store.id, people=2).text == "A003"
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.set_taking(work, store.id, taking=False)
    with world.work(Face.PERSON, person=other.id) as work, pytest.raises(errors.NotTaking):
        actions.take(work, store_id=store.id, people=2)
    assert today.waiting == 2


def test_called_skipped_back_and_seated(world: World, store: MadeStore) -> None:
    ids = [world.queued(store).number_id for _ in range(6)]
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        assert actions.call(work, ids[0]) == "A001"
        actions.call(work, ids[0], again=True)
        told = [(type(one), one.text) for one in work.published]
        assert told == [(QueueCalled, "A001"), *((QueueSoon, f"A00{at}") for at in (2, 3, 4)), (QueueCalled, "A001")]
    for again in (False, True):
        with world.work(Face.OFFICE, merchant=store.merchant_id) as work, pytest.raises(errors.Moved):
            actions.call(work, ids[int(again)], again=again)
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.skip(work, ids[0])
        assert isinstance(work.published[-1], QueueSkipped)
        actions.take_back(work, ids[0])
        [line] = queries.queue(work, store.id).lines[:1]
        assert [one.text for one in line.waiting] == ["A002", "A003", "A004", "A001", "A005", "A006"]
        actions.seat(work, ids[1])
        actions.unseat(work, ids[1])
        actions.seat(work, ids[1])
        actions.set_rules(work, store.id, Rules(taking=True, back_by=0))
        actions.call(work, ids[2])
        actions.skip(work, ids[2])
        with pytest.raises(errors.NoWayBack):
            actions.take_back(work, ids[2])
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        with pytest.raises(errors.StillWaiting):
            actions.retire_class(work, line.known.id)
        with pytest.raises(errors.WrongPeople):
            actions.edit_class(work, line.known.id, name="小桌", people_from=1, people_to=3, turn_minutes=5)


def test_who_took_a_new_number_is_not_put_back_with_the_old_one(world: World, store: MadeStore) -> None:
    one = world.person()

    def take() -> UUID:
        with world.work(Face.PERSON, person=one.id, kind=ActorKind.PERSON) as work:
            return actions.take(work, store_id=store.id, people=2).number_id

    def at_desk(*acts: Callable[[Work, UUID], object], number: UUID) -> None:
        with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
            for act in acts:
                act(work, number)

    skipped = take()
    at_desk(actions.call, actions.skip, number=skipped)
    seated = take()
    with pytest.raises(errors.AnewInLine, match="A002"):
        at_desk(actions.take_back, number=skipped)
    at_desk(actions.call, actions.seat, number=seated)
    at_desk(actions.take_back, actions.dismiss, number=skipped)
    take()
    with pytest.raises(errors.AnewInLine, match="A003"):
        at_desk(actions.unseat, number=seated)


def test_a_queue_is_called_by_one_capital_letter(world: World, store: MadeStore) -> None:
    facts = {"store_id": store.id, "name": "包间", "people_from": 13, "people_to": 20, "turn_minutes": 30}
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        for letter in ("", "1", "大", "d", "DD", "D\n"):
            with pytest.raises(errors.WrongLetter):
                actions.add_class(work, letter=letter, **facts)
        actions.add_class(work, letter="D", **facts)
    assert world.queued(store, people=15).text == "D001"


def test_the_estimate_learns_from_turns_and_forgets_pauses() -> None:
    start = datetime(2026, 7, 4, 10, tzinfo=UTC)
    assert rules.turn_minutes([], 12) == 12
    assert rules.turn_minutes([start, start + timedelta(minutes=1)], 12) == 12, "one quick party promises nothing"
    quick = [start + timedelta(minutes=4 * at) for at in range(6)]
    assert rules.turn_minutes(quick, 12) == 4
    assert rules.turn_minutes([start - timedelta(hours=3), *quick], 12) == 4
    assert [rules.wait_minutes(ahead, 4) for ahead in (0, 1, 2, 5)] == [4, 8, 15, 25]


@pytest.mark.parametrize("waiting", [(), (2_000_000,), (2_000_000, 3_000_000, 4_000_000), tuple(range(5, 9))])
def test_who_comes_back_stands_behind_as_many_as_the_rule_says(waiting: tuple[int, ...]) -> None:
    rank = rules.rank_back(waiting, 9, 3)
    assert sum(one < rank for one in waiting) >= min(3, len(waiting))
    if len(waiting) > 3 and waiting[3] - waiting[2] > 1:
        assert rank < waiting[3]
