"""Fifty at the last slot of services that share a room, past midnight, from three time zones: as many as there is room.

Controls show that the race is real: without the lock the constraint holds, without both everybody gets in.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import OperationalError

from portal.domain.calendar import access, actions, errors
from portal.domain.calendar.actions import reserving
from portal.domain.calendar.models import Reservation, Resource
from portal.domain.calendar.values import Claim, Holder, Kind
from portal.domain.tenants.models import Membership
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.localdb.bootstrap import connect
from tests.factories.calendar import MadeResource
from tests.factories.stores import MadeStore
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

PEOPLE, DOERS, ROOMS = 50, 10, 3
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Europe/London")]
NEARLY_MIDNIGHT = datetime(2026, 7, 4, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
Offer = tuple[list[MadeResource], MadeResource]


@pytest.fixture
def store(wide: World) -> MadeStore:
    return wide.store(wide.merchant(MerchantKind.BRAND, "莞邑足道"))


def offer(world: World, store: MadeStore) -> Offer:
    """Ten technicians who work till two, and three massage chairs that all of their services need."""
    doers = [world.resource(store) for _ in range(DOERS)]
    return doers, world.resource(store, Kind.ROOM, capacity=ROOMS)


def wish(number: int, there: Offer) -> list[Claim]:
    """One of three services: how long and with which buffer; all of them are running at midnight."""
    doers, room = there
    zone, holder = ZONES[number % 3], uuid4()
    start = (NEARLY_MIDNIGHT + timedelta(minutes=5 * (number % 4))).astimezone(zone)
    end = start + timedelta(minutes=(45, 60, 90)[number % 3])
    tidy = timedelta(minutes=(0, 5, 10)[number % 3])
    doer = doers[number % DOERS]
    claims = [
        Claim(doer.merchant_id, doer.id, start, end, Holder.BOOKING, holder),
        Claim(room.merchant_id, room.id, start - tidy, end + tidy, Holder.BOOKING, holder),
    ]
    return claims if number % 2 else claims[::-1]


def book(world: World, claims: list[Claim], barrier: Barrier | None = None) -> tuple[UUID, ...]:
    """Try; who waited too long for a row on a slow machine tries again, as a page's button does."""
    if barrier is not None:
        barrier.wait(20)
    for _again in range(4):
        try:
            with world.work(Face.PERSON, person=uuid4()) as work:
                return actions.reserve(work, claims)
        except OperationalError:
            continue
    raise TimeoutError


def rows(world: World, one: MadeResource) -> int:
    with world.work(Face.JOB) as work:
        return work.session.scalars(
            select(func.count()).select_from(Reservation).where(Reservation.resource_id == one.id)
        ).one()


@pytest.mark.parametrize("rounds", [2, pytest.param(50, marks=pytest.mark.prove)])
def test_as_many_as_there_is_room(wide: World, store: MadeStore, rounds: int) -> None:
    for _ in range(rounds):
        there = offer(wide, store)
        barrier = Barrier(PEOPLE)
        acts = [partial(book, wide, wish(n, there), barrier) for n in range(PEOPLE)]
        won, refused = outcomes(together(acts))
        assert (len(won), {type(one) for one in refused}) == (ROOMS, {errors.Taken})
        assert rows(wide, there[1]) == ROOMS
        assert sum(rows(wide, one) for one in there[0]) == ROOMS, "whoever had no room has no technician either"
        until = max(claim.end for n in range(PEOPLE) for claim in wish(n, there) if claim.resource_id == there[1].id)
        after = [Claim(there[1].merchant_id, there[1].id, until, until + timedelta(hours=1), Holder.BOOKING, uuid4())]
        assert book(wide, after), "back to back"
    print(f"{PEOPLE} people, {rounds} rounds, three zones, past midnight: {ROOMS} each time")


def crowd_at_the_gate(world: World, there: Offer, admin_url: str, people: int) -> tuple[int, set[type[BaseException]]]:
    """Everybody has decided before anybody writes; how many got in, and what the others were told."""
    with gate_at("calendar.reserve.decided", admin_url) as gate:
        running = together([lambda n=n: book(world, wish(n, there)) for n in range(people)])
        gate.wait_for(people, 0)
        gate.open()
        won, refused = outcomes(running)
    return len(won), {type(one) for one in refused}


def test_control_without_the_lock_the_constraint_holds(
    wide: World, store: MadeStore, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = offer(wide, store)
    monkeypatch.setattr(reserving, "hold", lambda *_: None)
    won, refused = crowd_at_the_gate(wide, there, admin_url, 20)
    print(f"control without lock: {won} of 20 got in")
    assert 1 <= won <= ROOMS
    assert refused <= {errors.Taken, TimeoutError}


def test_control_without_lock_and_constraint_all_get_in(
    wide: World, store: MadeStore, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = offer(wide, store)
    monkeypatch.setattr(reserving, "hold", lambda *_: None)
    with connect(admin_url) as admin:
        admin.execute("ALTER TABLE reservations DROP CONSTRAINT ex_reservations_during")
    won, refused = crowd_at_the_gate(wide, there, admin_url, 20)
    print(f"control without lock and constraint: {won} of 20 got {ROOMS} places")
    assert (won, refused) == (20, set())


def one_person_in_two_stores(world: World) -> list[MadeResource]:
    """Somebody who works in two stores of a merchant: a resource in each."""
    merchant = world.merchant(MerchantKind.BRAND, "莞邑足道")
    person = world.staff(merchant, Role.CLERK)
    with world.work(Face.JOB) as work:
        member = work.session.scalars(select(Membership.id).where(Membership.person_id == person.id)).one()
    return [world.resource(world.store(merchant), member=member) for _ in range(2)]


def both_stores_at_the_gate(world: World, places: list[MadeResource], admin_url: str) -> tuple[int, list[type]]:
    """A client in each store wants the same evening hour; who decided waits at the gate."""
    end = NEARLY_MIDNIGHT + timedelta(hours=1)
    claims = [Claim(one.merchant_id, one.id, NEARLY_MIDNIGHT, end, Holder.BOOKING, uuid4()) for one in places]
    with gate_at("calendar.reserve.decided", admin_url) as gate:
        running = together([partial(book, world, [one]) for one in claims])
        gate.wait_for(1, 1)
        gate.open()
        won, refused = outcomes(running)
    return len(won), [type(one) for one in refused]


def test_nobody_is_at_two_places_at_once(wide: World, admin_url: str) -> None:
    places = one_person_in_two_stores(wide)
    assert both_stores_at_the_gate(wide, places, admin_url) == (1, [errors.Taken])
    assert sum(rows(wide, one) for one in places) == 1


def test_control_holding_only_one_of_his_resources_books_him_twice(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = one_person_in_two_stores(wide)
    alone = select(Resource.id).where(
        Resource.merchant_id == bindparam("of_merchant"), Resource.id.in_(bindparam("resource_ids", expanding=True))
    )
    monkeypatch.setattr(access, "_HELD", alone.with_for_update(key_share=True))
    won, refused = both_stores_at_the_gate(wide, places, admin_url)
    print(f"control with one resource held: {won} of 2 got one person")
    assert (won, refused) == (2, [])


def test_moves_to_each_others_place_never_wait_in_a_circle(wide: World, store: MadeStore) -> None:
    one, other = wide.resource(store), wide.resource(store)
    start, hour = NEARLY_MIDNIGHT, timedelta(hours=1)

    def claim(where: MadeResource, nth: int, holder: UUID) -> Claim:
        return Claim(where.merchant_id, where.id, start + nth * hour, start + (nth + 1) * hour, Holder.BOOKING, holder)

    holders = [uuid4() for _ in range(2)]
    for nth, holder in enumerate(holders):
        book(wide, [claim(one if nth else other, nth, holder)])

    def swap(holder: UUID, nth: int, where: MadeResource) -> None:
        with wide.work(Face.JOB) as work:
            actions.move(work, one.merchant_id, holder, [claim(where, nth, holder)])

    for turn in range(6):
        places = (one, other) if turn % 2 else (other, one)
        _won, refused = outcomes(together([partial(swap, holders[n], n, places[n]) for n in range(2)]))
        assert refused == []
