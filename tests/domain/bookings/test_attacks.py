"""What clients and shops try with visits: passes past their end, money before its day, a whole day for one person, a
service for several that was for one, one more in a full session.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.bookings import actions, errors, queries
from portal.domain.bookings.models import BookingSession
from portal.domain.bookings.values import MOST_LIVING, BookingState, Missed, Prepay
from portal.domain.clients import actions as clients
from portal.domain.passes.errors import PassExpired
from portal.domain.passes.models import PassUse
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.bookings.test_visits import FREE, HOUR, held
from tests.factories.bookings import SHANGHAI_FOUR
from tests.factories.world import World

DAY = timedelta(days=1)


def test_a_visit_is_not_moved_past_the_end_of_its_pass(world: World) -> None:
    salon = world.salon()
    kind = world.pass_kind(salon.merchant, valid_days=3)
    paid_by: dict[UUID, UUID] = {salon.service: world.bought_pass(salon.client, kind).id}
    booking = world.booked(salon, passes=paid_by)
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        with pytest.raises(PassExpired):
            actions.move(work, booking, starts_at=SHANGHAI_FOUR + 20 * DAY)
        actions.move(work, booking, starts_at=SHANGHAI_FOUR + DAY)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.move_by_store(work, booking, starts_at=SHANGHAI_FOUR + 20 * DAY)


def test_nothing_is_earned_days_before_the_visit(world: World) -> None:
    salon = world.salon()
    booking = world.booked(salon, at=SHANGHAI_FOUR + 5 * DAY)
    for act in (actions.arrive, actions.finish, actions.no_show):
        with pytest.raises(Refusal), world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
            act(work, booking)
    assert world.visit(booking).state is BookingState.BOOKED


def test_nobody_books_a_whole_store_for_himself(world: World) -> None:
    salon = world.salon(prepay=Prepay.NONE, prepay_fen=0)
    for nth in range(MOST_LIVING):
        world.booked(salon, at=SHANGHAI_FOUR + nth * DAY)
    with pytest.raises(errors.EnoughBooked):
        world.booked(salon, at=SHANGHAI_FOUR + MOST_LIVING * DAY)
    world.booked(salon, world.person(), at=SHANGHAI_FOUR + MOST_LIVING * DAY)


def test_no_client_cuts_the_day_to_pieces(world: World) -> None:
    salon = world.salon(**FREE)
    odd = SHANGHAI_FOUR + timedelta(minutes=7)
    with pytest.raises(errors.TimeOver):
        world.booked(salon, at=odd)
    booking = world.booked(salon)
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        for at in (odd, SHANGHAI_FOUR + timedelta(seconds=1)):
            with pytest.raises(errors.TimeOver):
                actions.move(work, booking, starts_at=at)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.move_by_store(work, booking, starts_at=odd)


def test_numbers_of_the_demo_town_are_nobodys_elsewhere(world: World) -> None:
    salon = world.salon(**FREE)
    facts = {
        "store_id": salon.store.id,
        "service_ids": [salon.service],
        "client_name": "陈",
        "client_phone": "15400001234",
    }
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        for act in (
            lambda **more: actions.book_for(work, starts_at=SHANGHAI_FOUR, **facts, **more),
            lambda **more: actions.walk_in(work, **facts, **more),
            lambda **more: clients.open_record(work, salon.store.id, name="陈", phone="15400001234", **more),
        ):
            with pytest.raises(Refusal):
                act()
            act(demo=True)


def test_others_do_nothing_with_a_booking_and_strange_passes_pay_nothing(world: World) -> None:
    salon, stranger = world.salon(), world.person()
    booking = world.booked(salon)
    kind = world.pass_kind(salon.merchant)
    theirs = world.bought_pass(salon.client, kind)
    with world.work(Face.PERSON, person=stranger.id, kind=ActorKind.PERSON) as work:
        for act in (
            lambda: actions.move(work, booking, starts_at=SHANGHAI_FOUR + DAY),
            lambda: actions.cancel(work, booking, keep_fen=10**9),
            lambda: actions.renew_link(work, booking),
            lambda: actions.accept(work, booking),
        ):
            with pytest.raises(NotFound):
                act()
    with pytest.raises(Refusal):
        world.book(salon, stranger, SHANGHAI_FOUR + DAY, passes={salon.service: theirs.id})
    other = world.salon()
    with world.work(Face.OFFICE, merchant=other.merchant.id, kind=ActorKind.STAFF) as work:
        for of_house in (actions.arrive, actions.finish, actions.no_show, actions.not_arrived):
            with pytest.raises(NotFound):
                of_house(work, booking)


def test_what_was_agreed_for_one_moves_as_one_when_the_service_is_for_several_by_now(world: World) -> None:
    salon = world.salon(doers=1, needs=frozenset({"technician"}), **FREE)
    second = world.service(
        salon.merchant, salon.doers, name="肩颈", minutes=30, **FREE, needs=frozenset({"technician"})
    )
    visit = world.booked(salon, service_ids=[salon.service, second])
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        draft = replace(queries.service(work, salon.service).draft, group_size=4)
        actions.change_service(work, salon.service, draft=draft)
    for hours in (1, -3):
        with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
            actions.move(work, visit, starts_at=SHANGHAI_FOUR + hours * HOUR)
    assert held(world) == 1, "the old time is free again"


def test_the_store_squeezes_one_more_into_a_full_session(world: World) -> None:
    salon = world.salon(doers=1, group_size=2, needs=frozenset({"technician"}), **FREE)
    first, _second = (world.booked(salon, world.person()) for _ in range(2))
    facts = {"store_id": salon.store.id, "service_ids": [salon.service], "starts_at": SHANGHAI_FOUR}
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        with pytest.raises(errors.TimeTaken):
            actions.book_for(work, **facts, client_name="陈")
        third = actions.book_for(work, **facts, client_name="陈", overrides="老客")
        session = work.session.execute(select(BookingSession.seats, BookingSession.taken)).one()
    assert (session, held(world)) == ((3, 3), 1)
    assert world.visit(third).lines[0].session_id == world.visit(first).lines[0].session_id


def test_a_use_of_a_pass_is_kept_only_of_who_was_told_and_as_it_was_agreed(world: World) -> None:
    salon = world.salon()
    kind = world.pass_kind(salon.merchant)
    paid_by = {salon.service: world.bought_pass(salon.client, kind).id}
    late = world.booked(salon, passes=paid_by)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        draft = queries.service(work, salon.service).draft
        actions.change_service(work, salon.service, draft=replace(draft, missed=Missed.RETURN, prepay=Prepay.DEPOSIT))
    mild = world.booked(salon, at=SHANGHAI_FOUR + 2 * HOUR, passes=paid_by)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.change_service(work, salon.service, draft=draft)
    world.clock.at = SHANGHAI_FOUR - HOUR
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        with pytest.raises(errors.CostsUses):
            actions.cancel(work, late)
        actions.cancel(work, late, uses=1)
    world.clock.advance(hours=2)
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, mild)
    with world.work(Face.JOB) as work:
        states = list(work.session.scalars(select(PassUse.state).order_by(PassUse.id)))
    assert states == ["used", "returned"]


def test_what_was_never_paid_costs_no_use_of_a_pass(world: World) -> None:
    salon = world.salon(cancel_minutes=2880)
    other = world.service(salon.merchant, salon.doers, name="肩颈", minutes=30)
    bought = world.bought_pass(salon.client, world.pass_kind(salon.merchant)).id
    made = world.book(salon, service_ids=[salon.service, other], passes={salon.service: bought})
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, made.booking_id)
    with world.work(Face.JOB) as work:
        assert work.session.scalars(select(PassUse.state)).one() == "returned"


@pytest.mark.parametrize("how", ["no_show", "cancel", "close_one"])
def test_the_store_gains_nothing_by_moving_a_visit_to_when_nobody_can_come(world: World, how: str) -> None:
    salon = world.salon(prepay=Prepay.FULL, prepay_fen=16800)
    booking = world.booked(salon)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.move_by_store(work, booking, starts_at=world.clock.now() - 11 * HOUR, overrides="改期")
    if how == "cancel":
        with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
            actions.cancel(work, booking)
    elif how == "no_show":
        with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
            actions.no_show(work, booking)
    else:
        world.clock.advance(hours=15)
        with world.work(Face.JOB) as work:
            assert actions.close_one(work)
    assert world.visit(booking).refunded_fen == 16800


def test_a_pass_is_not_used_up_by_a_visit_that_the_store_moved_to_now(world: World) -> None:
    salon = world.salon()
    bought = world.bought_pass(salon.client, world.pass_kind(salon.merchant)).id
    booking = world.booked(salon, passes={salon.service: bought})
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.move_by_store(work, booking, starts_at=world.clock.now(), overrides="改期")
        actions.no_show(work, booking)
    with world.work(Face.JOB) as work:
        assert work.session.scalars(select(PassUse.state)).one() == "returned"
