"""Many at the last table over midnight, many at a queue's next number, two clerks at one call; with controls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from portal.domain.calendar.actions import reserving
from portal.domain.calendar.models import Reservation
from portal.domain.floor import actions as floors
from portal.domain.floor.actions import placing, sitting
from portal.domain.floor.errors import Full, TableExpected
from portal.domain.floor.models import TableBooking
from portal.domain.tabs import actions as tabs
from portal.domain.tenants.values import Kind
from portal.domain.waiting import actions as waiting
from portal.domain.waiting.actions import calling
from portal.domain.waiting.errors import Moved
from portal.domain.waiting.models import QueueNumber
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from portal.localdb.bootstrap import connect
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.world import World
from tests.races.conftest import CLERKS
from tests.races.gates import gate_at, outcomes, together

NIGHT = datetime(2026, 7, 5, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai, until half past one
ZONES = [timezone(timedelta(hours=hours)) for hours in (8, 0, -5)]


@pytest.fixture
def store(wide: World) -> MadeStore:
    return wide.store(wide.merchant(Kind.BRAND, "炉前潮汕牛肉"), hours="17:00-02:00")


def book(world: World, store: MadeStore, person: MadePerson, nth: int, people: int = 4) -> object:
    """From one of three time zones, at one of two times that overlap."""
    at = NIGHT.astimezone(ZONES[nth % 3]) + timedelta(minutes=30 * (nth % 2))
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        return floors.book(work, store_id=store.id, people=people, at=at)


def rush(world: World, store: MadeStore, people: list[MadePerson], admin_url: str) -> tuple[int, set[type]]:
    with gate_at("floor.place.asked", admin_url) as gate:
        running = together([lambda one=one, nth=nth: book(world, store, one, nth) for nth, one in enumerate(people)])
        gate.wait_for(min(len(people), CLERKS), 0)
        gate.open()
        won, refused = outcomes(running)
    return len(won), {type(one) for one in refused}


def kept(world: World) -> tuple[int, int]:
    with world.work(Face.JOB) as work:
        count = select(func.count())
        return (
            work.session.scalars(count.select_from(Reservation)).one(),
            work.session.scalars(count.select_from(TableBooking)).one(),
        )


def test_of_many_at_the_last_tables_over_midnight_exactly_the_tables_come_in(
    wide: World, store: MadeStore, admin_url: str
) -> None:
    wide.floor(store, four="A1", six="B1")
    people = [wide.person() for _ in range(CLERKS)]
    assert rush(wide, store, people, admin_url) == (2, {Full})
    assert kept(wide) == (2, 2), "whoever was late has left nothing behind"


@pytest.mark.prove
def test_fifty_of_fifty_rounds_one_of_fifty(wide: World, store: MadeStore, admin_url: str) -> None:
    wide.floor(store, four="A1")
    people = [wide.person() for _ in range(50)]
    for _ in range(50):
        assert rush(wide, store, people, admin_url) == (1, {Full})
        with wide.work(Face.JOB) as work:
            row = work.session.scalars(select(TableBooking).where(TableBooking.state == "booked")).one()
            merchant, booking = row.merchant_id, row.id
        with wide.work(Face.OFFICE, merchant=merchant) as work:
            floors.cancel_by_staff(work, booking, reason="下一轮")


def test_control_without_the_calendar_many_sit_at_one_table(
    wide: World, store: MadeStore, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide.floor(store, four="A1")
    monkeypatch.setattr(placing, "hold", lambda *_a: None)
    monkeypatch.setattr(placing, "reserve", lambda *_a: ())
    won, _refused = rush(wide, store, [wide.person() for _ in range(CLERKS)], admin_url)
    print(f"control: {won} of {CLERKS} reserved the one table")
    assert won > 1


def walk_in_against_reservation(wide: World, store: MadeStore, admin_url: str, waits: int) -> tuple[int, set[type]]:
    """A clerk seats a walk-in while somebody reserves the same table for an hour later; how many have it."""
    wide.clock.at = NIGHT - timedelta(hours=5)
    floor, person = wide.floor(store, four="A1"), wide.person()

    def walk_in() -> object:
        with wide.work(Face.OFFICE, merchant=store.merchant_id, kind=ActorKind.STAFF) as work:
            return tabs.open(work, store.id, [floor.tables["A1"]], 4)

    def reserves() -> object:
        with wide.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            return floors.book(work, store_id=store.id, people=4, at=NIGHT - timedelta(hours=4))

    with gate_at("calendar.reserve.decided", admin_url) as gate:
        running = together([walk_in, reserves])
        gate.wait_for(waits, 2 - waits)
        gate.open()
        won, refused = outcomes(running)
    return len(won), {type(one) for one in refused}


def test_a_walk_in_and_a_reservation_never_get_one_table(wide: World, store: MadeStore, admin_url: str) -> None:
    won, refused = walk_in_against_reservation(wide, store, admin_url, 1)
    assert won == 1
    assert refused < {Full, TableExpected}
    assert sum(kept(wide)) in (1, 2), "the sitting, or the reservation with its row"


def test_control_without_lock_and_constraint_both_get_it(
    wide: World, store: MadeStore, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (placing, reserving, sitting):
        monkeypatch.setattr(module, "hold", lambda *_a: None)
    with connect(admin_url) as admin:
        admin.execute("ALTER TABLE reservations DROP CONSTRAINT ex_reservations_during")
    won, refused = walk_in_against_reservation(wide, store, admin_url, 2)
    print(f"control: {won} of 2 got the one table")
    assert (won, refused) == (2, set())


def test_many_numbers_at_once_are_all_different(wide: World, store: MadeStore) -> None:
    wide.queue_opens(store)
    won, refused = outcomes(together([lambda: wide.queued(store)] * CLERKS))
    assert refused == []
    assert sorted(one.text for one in won) == [f"A{nth:03}" for nth in range(1, CLERKS + 1)]


def call(world: World, store: MadeStore, number: object) -> object:
    with world.work(Face.OFFICE, merchant=store.merchant_id, kind=ActorKind.STAFF) as work:
        return waiting.call(work, number)  # type: ignore[arg-type]


def test_two_clerks_call_one_number_once(wide: World, store: MadeStore, admin_url: str) -> None:
    wide.queue_opens(store)
    number = wide.queued(store).number_id
    with gate_at("waiting.call.held", admin_url) as gate:
        running = together([lambda: call(wide, store, number)] * 6)
        gate.wait_for(1, 5)
        gate.open()
        won, refused = outcomes(running)
    assert (won, {type(one) for one in refused}) == (["A001"], {Moved})
    with wide.work(Face.JOB) as work:
        assert work.session.scalars(select(QueueNumber.calls)).one() == 1


def test_control_without_the_queues_lock_it_is_called_many_times(
    wide: World, store: MadeStore, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide.queue_opens(store)
    number = wide.queued(store).number_id

    def unheld(work: object, merchant_id: object, number_id: object) -> object:
        return work.session.scalars(select(QueueNumber).where(QueueNumber.id == number_id)).one()  # type: ignore[attr-defined]

    monkeypatch.setattr(calling, "held", unheld)
    with gate_at("waiting.call.held", admin_url) as gate:
        running = together([lambda: call(wide, store, number)] * 6)
        gate.wait_for(6, 0)
        gate.open()
        won, _refused = outcomes(running)
    assert len(won) > 1
