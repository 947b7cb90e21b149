"""What people try with reserved tables and numbers: a larger party for a small deposit, two numbers at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.floor import actions, errors, queries
from portal.domain.floor.values import MOST_MOVES, DepositKind
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.world import World

EVENING = datetime(2026, 7, 5, 10, 30, tzinfo=UTC)


def test_a_larger_party_does_not_slip_past_its_deposit(world: World) -> None:
    floor = world.floor(world.store(world.merchant(Kind.BRAND), hours="17:00-02:00"), two="B1", four="A1-A2")
    world.floor_rules(floor.store, deposit_kind=DepositKind.KEPT, deposit_fen=2000, deposit_each=True, deposit_from=4)
    person = world.person()
    made = world.table_booking(floor.store, person, EVENING, people=2)
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        with pytest.raises(errors.DepositNeeded):
            actions.move(work, made.booking_id, at=EVENING, people=4)
        with pytest.raises(errors.DepositNeeded):
            actions.move_linked(work, made.link, at=EVENING, people=4)
        actions.move(work, made.booking_id, at=EVENING + timedelta(hours=1), people=1)


def test_strangers_get_nothing_and_times_are_possible(world: World) -> None:
    floor = world.floor(world.store(world.merchant(Kind.BRAND), hours="17:00-02:00"), two="B1")
    made = world.table_booking(floor.store, world.person(), EVENING)
    stranger, other = world.person(), world.merchant(Kind.BRAND)
    with world.work(Face.PERSON, person=stranger.id, kind=ActorKind.PERSON) as work:
        with pytest.raises(NotFound):
            actions.cancel(work, made.booking_id)
        with pytest.raises(NotFound):
            actions.cancel_linked(work, made.link[:-1] + "_")
        for at in (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), EVENING - timedelta(days=2)):
            with pytest.raises(Refusal):
                actions.book(work, store_id=floor.store.id, people=2, at=at)
        for people in (-1, 0, 10**6):
            with pytest.raises(Refusal):
                actions.book(work, store_id=floor.store.id, people=people, at=EVENING)
    with world.work(Face.OFFICE, merchant=other.id, kind=ActorKind.STAFF) as work, pytest.raises(NotFound):
        actions.seat(work, made.booking_id)
    for at, people in ((datetime(9999, 12, 31, 23, tzinfo=UTC), 2), (EVENING, -1), (EVENING, 10**9)):
        with pytest.raises(Refusal), world.work(Face.OFFICE, merchant=floor.store.merchant_id) as work:
            actions.take(work, store_id=floor.store.id, people=people, at=at, name="陈", phone="")


def test_the_store_gains_nothing_by_moving_a_reservation_to_when_nobody_can_come(world: World) -> None:
    floor = world.floor(world.store(world.merchant(Kind.BRAND), hours="17:00-02:00"), two="B1", four="A1-A2")
    world.floor_rules(floor.store, deposit_kind=DepositKind.KEPT, deposit_fen=2000, deposit_each=False, deposit_from=1)
    person = world.person()
    one, other = (world.table_booking(floor.store, person, EVENING) for _nth in range(2))
    for made in (one, other):
        world.told(world.paid_fact(world.attempt(person, made.intent_id), 2000))
    soon = world.clock.now()
    for made in (one, other):
        with world.work(Face.OFFICE, merchant=floor.store.merchant_id) as work:
            with pytest.raises(errors.NoSuchTime):
                actions.move_by_staff(work, made.booking_id, at=soon - timedelta(hours=1), people=2)
            actions.move_by_staff(work, made.booking_id, at=soon, people=2)
    with world.work(Face.OFFICE, merchant=floor.store.merchant_id) as work:
        actions.miss(work, one.booking_id)
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, other.booking_id)
        kept = [queries.booking(work, made.booking_id, may=Permission.TABLE_BOOK).kept_fen for made in (one, other)]
    assert kept == [0, 0]


def test_nobody_moves_a_reservation_for_ever(world: World) -> None:
    floor = world.floor(world.store(world.merchant(Kind.BRAND), hours="17:00-02:00"), two="B1")
    made = world.table_booking(floor.store, world.person(), EVENING)
    for nth in range(1, MOST_MOVES + 1):
        with world.work(Face.SHOP) as work:
            actions.move_linked(work, made.link, at=EVENING + timedelta(minutes=30 * (nth % 2)), people=2)
    with pytest.raises(errors.MovedTooOften), world.work(Face.SHOP) as work:
        actions.move_linked(work, made.link, at=EVENING, people=1)


def test_no_name_turns_the_stores_lists_round(world: World) -> None:
    floor = world.floor(world.store(world.merchant(Kind.BRAND), hours="17:00-02:00"), two="B1")
    person, facts = world.person(), {"store_id": floor.store.id, "people": 2, "at": EVENING}
    for odd in ({"name": "陈\u202e美"}, {"note": "靠窗\x1b@"}, {"note": "长" * 101}):
        with pytest.raises(Refusal), world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            actions.book(work, **facts, **odd)
        with pytest.raises(Refusal), world.work(Face.OFFICE, merchant=floor.store.merchant_id) as work:
            actions.take(work, **facts, **{"name": "陈", "phone": "", **odd})
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        made = actions.book(work, **facts, name="陈\n女士")
        assert queries.booking(work, made.booking_id, may=Permission.TABLE_BOOK).name == "陈 女士"
