"""Fifty people book the last hour of two services that share a room, by the portal's own acts, from three time zones:
one gets it. Seats of a session, and offers of the waiting list, likewise. The controls fail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from threading import Barrier
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from portal.domain.bookings import actions, errors
from portal.domain.bookings.actions import seating
from portal.domain.bookings.models import Booking, BookingSession, Waiting
from portal.domain.bookings.values import Made, Missed, Prepay
from portal.domain.calendar.actions import reserving
from portal.domain.calendar.models import Reservation
from portal.kernel import faults
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from portal.localdb.bootstrap import connect
from tests.factories.bookings import SHANGHAI_FOUR, Salon
from tests.factories.persons import MadePerson
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

PEOPLE = 50
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Europe/London")]
FREE = {"prepay": Prepay.NONE, "prepay_fen": 0, "missed": Missed.RETURN}


def attempt(world: World, salon: Salon, service: UUID, who: MadePerson, at: datetime, barrier: Barrier | None) -> Made:
    """Try; who waited too long for a row on a slow machine tries again, as a page's button does."""
    if barrier is not None:
        barrier.wait(20)
    for _again in range(6):
        try:
            with world.work(Face.PERSON, person=who.id, kind=ActorKind.PERSON) as work:
                return actions.book(work, store_id=salon.store.id, service_ids=[service], starts_at=at)
        except OperationalError:
            continue
    raise TimeoutError


def two_services(world: World) -> tuple[Salon, list[UUID]]:
    """Ten technicians, one room that both services need."""
    salon = world.salon(doers=10, **FREE)
    other = world.service(salon.merchant, salon.doers, name="肩颈放松", minutes=30, **FREE)
    return salon, [salon.service, other]


def everybody(
    world: World, salon: Salon, services: list[UUID], people: list[MadePerson], at: datetime
) -> list[partial]:
    barrier = Barrier(len(people))
    return [
        partial(attempt, world, salon, services[n % len(services)], who, at.astimezone(ZONES[n % 3]), barrier)
        for n, who in enumerate(people)
    ]


def held(world: World, where: UUID) -> int:
    with world.work(Face.JOB) as work:
        query = select(func.count()).select_from(Reservation).where(Reservation.resource_id == where)
        return work.session.scalars(query).one()


@pytest.mark.parametrize("rounds", [2, pytest.param(50, marks=pytest.mark.prove)])
def test_the_last_hour_of_a_room_that_two_services_share(wide: World, rounds: int) -> None:
    salon, services = two_services(wide)
    people = [wide.person() for _ in range(PEOPLE)]
    for nth in range(rounds):
        at = SHANGHAI_FOUR + timedelta(days=nth % 25, hours=-3 * (nth // 25))
        won, refused = outcomes(together(everybody(wide, salon, services, people, at)))
        assert (len(won), {type(one) for one in refused}) == (1, {errors.TimeTaken})
        assert held(wide, salon.room.id) == nth + 1
        assert sum(held(wide, one.id) for one in salon.doers) == nth + 1, "nobody holds a technician without a room"
    with wide.work(Face.JOB) as work:
        assert work.session.scalars(select(func.count()).select_from(Booking)).one() == rounds
    print(f"{PEOPLE} people, {rounds} rounds, two services, one room: one each time")


def test_control_without_the_calendars_lock_and_constraint_all_get_in(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    salon, services = two_services(wide)
    people = [wide.person() for _ in range(20)]
    monkeypatch.setattr(reserving, "hold", lambda *_: None)
    with connect(admin_url) as admin:
        admin.execute("ALTER TABLE reservations DROP CONSTRAINT ex_reservations_during")
    with gate_at("calendar.reserve.decided", admin_url) as gate:
        acts = [
            partial(attempt, wide, salon, services[n % 2], who, SHANGHAI_FOUR, None) for n, who in enumerate(people)
        ]
        running = together(acts)
        gate.wait_for(20, 0)
        gate.open()
        won, refused = outcomes(running)
    print(f"control: {len(won)} of 20 got the one room")
    assert (len(won), refused) == (20, [])


def test_as_many_as_a_session_has_seats(wide: World) -> None:
    salon, people = session_of_four(wide)
    won, refused = outcomes(together(everybody(wide, salon, [salon.service], people, SHANGHAI_FOUR)))
    assert (len(won), {type(one) for one in refused}) == (3, {errors.TimeTaken})
    with wide.work(Face.JOB) as work:
        assert work.session.execute(select(BookingSession.taken, BookingSession.seats)).one() == (4, 4)


def test_control_a_seat_that_is_counted_and_taken_later_is_given_twice(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    salon, people = session_of_four(wide)
    monkeypatch.setattr(seating, "_join", count_then_take)
    with gate_at("control.session.counted", admin_url) as gate:
        running = together([partial(attempt, wide, salon, salon.service, who, SHANGHAI_FOUR, None) for who in people])
        gate.wait_for(len(people), 0)
        gate.open()
        won, refused = outcomes(running)
    print(f"control: {len(won)} of {len(people)} got the three seats")
    assert (len(won), refused) == (20, [])


def session_of_four(world: World) -> tuple[Salon, list[MadePerson]]:
    """One seat is taken; twenty want one of the three others."""
    salon = world.salon(doers=1, group_size=4, **FREE)
    people = [world.person() for _ in range(20)]
    attempt(world, salon, salon.service, salon.client, SHANGHAI_FOUR, None)
    return salon, people


def count_then_take(work: Work, wish: seating.Wish, session_id: UUID) -> bool:
    """The control: looks whether there is a seat, and takes it later."""
    mine = (BookingSession.merchant_id == wish.merchant_id, BookingSession.id == session_id)
    taken, seats = work.session.execute(select(BookingSession.taken, BookingSession.seats).where(*mine)).one()
    faults.point(work, "control.session.counted")
    if taken >= seats:
        return False
    work.session.execute(
        update(BookingSession).where(*mine).values(taken=taken + 1), execution_options={"synchronize_session": False}
    )
    return True


def test_two_who_call_off_at_once_never_offer_one_time_twice(wide: World) -> None:
    salon = wide.salon(doers=2, needs=frozenset({"technician"}), **FREE)
    visits = [wide.booked(salon, who) for who in (salon.client, wide.person())]
    owners = [wide.visit(one).person_id for one in visits]
    waiting = [wide.person() for _ in range(3)]
    for who in waiting:
        with wide.work(Face.PERSON, person=who.id, kind=ActorKind.PERSON) as work:
            minutes = {"from_minute": 16 * 60, "until_minute": 16 * 60 + 1}
            actions.wait(
                work, store_id=salon.store.id, service_ids=[salon.service], day=SHANGHAI_FOUR.date(), **minutes
            )
    barrier = Barrier(2)

    def call_off(nth: int) -> None:
        barrier.wait(20)
        with wide.work(Face.PERSON, person=owners[nth], kind=ActorKind.PERSON) as work:
            actions.cancel(work, visits[nth])

    _done, refused = outcomes(together([partial(call_off, n) for n in range(2)]))
    assert refused == []
    with wide.work(Face.JOB) as work:
        states = list(work.session.scalars(select(Waiting.state).order_by(Waiting.id)))
        assert states.count("offered") == 2
        offered = list(work.session.scalars(select(Waiting.booking_id).where(Waiting.state == "offered")))
        assert len(set(offered)) == 2
    assert sum(held(wide, one.id) for one in salon.doers) == 2
