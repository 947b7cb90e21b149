"""From a free time to what becomes of its money: booked, moved, called off, missed, done; and the waiting list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from portal.domain.bookings import actions, errors, queries
from portal.domain.bookings.models import Waiting
from portal.domain.bookings.rules.links import Link
from portal.domain.bookings.values import BookingState, Missed, Prepay
from portal.domain.calendar.models import Reservation, Resource
from portal.domain.clients.models import ClientVisit
from portal.domain.commissions import actions as commissions
from portal.domain.commissions.models import CommissionEntry
from portal.domain.commissions.values import Kind, RuleDraft, Turn
from portal.domain.identity.models import Notification
from portal.domain.ledger import actions as ledger_acts
from portal.domain.ledger import queries as ledger
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.passes.models import PassUse
from portal.jobs import bookings as jobs
from portal.jobs import payments
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.bookings import SHANGHAI_FOUR, Salon
from tests.factories.persons import MadePerson
from tests.factories.world import World

HOUR = timedelta(hours=1)
SUNDAY = date(2026, 7, 5)
FREE: dict[str, Any] = {"prepay": Prepay.NONE, "prepay_fen": 0, "missed": Missed.RETURN}


def times(world: World, salon: Salon, *, who: UUID | None = None) -> list[str]:
    """When a visit can begin on Sunday, as Shanghai's clocks say it."""
    with world.work(Face.SHOP) as work:
        chosen = queries.offers(work, salon.merchant.id, salon.store.id, [salon.service])
        found = queries.starts(work, salon.merchant.id, salon.store.id, chosen, SUNDAY, 1, technician_id=who)
    return [f"{at + 8 * HOUR:%H:%M}" for at in found[SUNDAY]]


def money(world: World, salon: Salon, booking: UUID) -> tuple[int, int]:
    """What lies in the booking's escrow, and what the merchant has with the platform's fee on it."""
    with world.work(Face.JOB) as work:
        escrow = ledger.balance(work, AccountRef(AccountKind.ESCROW, HOUSE, subject_id=booking))
        has = ledger.balance(work, AccountRef(AccountKind.AVAILABLE, salon.merchant.id))
        return escrow, has + ledger.balance(work, AccountRef(AccountKind.FEES, HOUSE))


def held(world: World) -> int:
    """How many stretches are reserved in the whole calendar."""
    with world.work(Face.JOB) as work:
        return work.session.scalars(select(func.count()).select_from(Reservation)).one()


def letters(world: World, person: MadePerson) -> list[str]:
    with world.work(Face.PERSON, person=person.id) as work:
        query = select(Notification.kind).where(Notification.person_id == person.id).order_by(Notification.id)
        return list(work.session.scalars(query))


def test_a_visit_takes_technician_and_room_with_buffers_and_ends_in_the_ledger(world: World) -> None:
    salon = world.salon()
    free = times(world, salon)
    assert free[0] == "10:00"
    assert free[-1] == "18:45", "sixty minutes and fifteen to tidy up before eight"
    made = world.book(salon)
    assert made.intent_id is not None
    assert world.visit(made.booking_id).state is BookingState.HELD
    after = times(world, salon)
    assert "16:00" not in after, "the second technician is free, the only room is not"
    assert "17:00" not in after, "the room is tidied"
    assert {"14:45", "17:15"} <= set(after), "back to back is fine"
    world.pay_visit(salon.client, made)
    assert world.visit(made.booking_id).state is BookingState.BOOKED
    with world.work(Face.OFFICE, merchant=salon.merchant.id, person=salon.clerk.id, kind=ActorKind.STAFF) as work:
        actions.arrive(work, made.booking_id)
        actions.finish(work, made.booking_id)
    assert world.visit(made.booking_id).state is BookingState.DONE
    assert money(world, salon, made.booking_id) == (0, 5000)
    assert letters(world, salon.client) == ["booking.booked"]
    with world.work(Face.JOB) as work:
        assert ledger_acts.prove(work).differences == 0


def test_unpaid_it_expires_and_its_time_is_free_again(world: World) -> None:
    salon = world.salon()
    made = world.book(salon)
    assert held(world) == 2
    world.clock.advance(minutes=16)
    payments.end_expired(world.services)
    shown = world.visit(made.booking_id)
    assert (shown.state, held(world)) == (BookingState.CANCELLED, 0)
    assert "16:00" in times(world, salon)


@pytest.mark.parametrize(("minutes", "keeps"), [(121, 0), (119, 5000)])
def test_calling_off_is_free_in_time_and_says_what_it_costs_later(world: World, minutes: int, keeps: int) -> None:
    salon = world.salon()
    booking = world.booked(salon)
    world.clock.at = SHANGHAI_FOUR - timedelta(minutes=minutes)
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        if keeps:
            with pytest.raises(errors.CostsMore):
                actions.cancel(work, booking)
            work.start_again()
        actions.cancel(work, booking, keep_fen=keeps)
    shown = world.visit(booking)
    assert (shown.state, shown.refunded_fen) == (BookingState.CANCELLED, 5000 - keeps)
    assert money(world, salon, booking) == (0, keeps)
    assert held(world) == 0


def test_a_deposit_goes_back_even_when_nobody_comes(world: World) -> None:
    salon = world.salon(prepay=Prepay.DEPOSIT, missed=Missed.RETURN)
    booking = world.booked(salon)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, person=salon.clerk.id, kind=ActorKind.STAFF) as work:
        with pytest.raises(errors.TooEarly):
            actions.no_show(work, booking)
        work.start_again()
        world.clock.at = SHANGHAI_FOUR + timedelta(minutes=20)
        actions.no_show(work, booking)
    assert world.visit(booking).refunded_fen == 5000
    assert money(world, salon, booking) == (0, 0)


def test_what_nobody_marked_is_closed_after_a_day_and_its_money_leaves_the_escrow(world: World) -> None:
    salon = world.salon(doers=3)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        work.session.execute(update(Resource).where(Resource.id == salon.room.id).values(capacity=3))
    unseen = world.booked(salon)
    arrived = world.booked(salon, world.person(), SHANGHAI_FOUR)
    later = world.booked(salon, world.person(), SHANGHAI_FOUR + 2 * HOUR)
    world.clock.at = SHANGHAI_FOUR
    with world.work(Face.OFFICE, merchant=salon.merchant.id, person=salon.clerk.id, kind=ActorKind.STAFF) as work:
        actions.arrive(work, arrived)
    unpaid = world.book(salon, world.person(), SHANGHAI_FOUR + 2 * HOUR).booking_id
    world.clock.at = SHANGHAI_FOUR + 25 * HOUR - timedelta(seconds=1)
    assert jobs.close(world.services) == 0
    world.clock.advance(seconds=1)
    assert (jobs.close(world.services), jobs.close(world.services)) == (2, 0)
    states = [world.visit(one).state for one in (unseen, arrived, later, unpaid)]
    assert states == [BookingState.NO_SHOW, BookingState.DONE, BookingState.BOOKED, BookingState.HELD]
    assert [money(world, salon, one)[0] for one in (unseen, arrived, later)] == [0, 0, 5000]
    assert (money(world, salon, unseen)[1], world.visit(unseen).refunded_fen) == (5000, 5000), "only who came paid"
    assert letters(world, salon.client) == ["booking.booked", "booking.unseen"]
    with world.work(Face.JOB) as work:
        assert ledger_acts.prove(work).differences == 0


@pytest.mark.parametrize(
    ("prepay", "missed", "with_pass", "state", "earned"),
    [
        (Prepay.DEPOSIT, Missed.RETURN, False, BookingState.NO_SHOW, 0),
        (Prepay.EARNEST, Missed.KEEP, False, BookingState.NO_SHOW, 0),
        (Prepay.NONE, Missed.RETURN, False, BookingState.NO_SHOW, 0),
        (Prepay.FULL, Missed.RETURN, False, BookingState.NO_SHOW, 0),
        (Prepay.FULL, Missed.KEEP, False, BookingState.DONE, 16800),
        (Prepay.FULL, Missed.RETURN, True, BookingState.NO_SHOW, 0),
        (Prepay.FULL, Missed.KEEP, True, BookingState.DONE, 12800),
    ],
)
def test_a_store_is_paid_nothing_for_not_pressing(
    world: World, prepay: Prepay, missed: Missed, with_pass: bool, state: BookingState, earned: int
) -> None:
    salon = world.salon(prepay=prepay, missed=missed, **({"prepay_fen": 0} if prepay is Prepay.NONE else {}))
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        commissions.add_rule(work, RuleDraft(Kind.WORK, None, None, Turn.ANY, 1000, None))
        commissions.add_rule(work, RuleDraft(Kind.CARD_USE, None, None, Turn.ANY, 1000, None))
    paid_by = {}
    if with_pass:
        paid_by = {salon.service: world.bought_pass(salon.client, world.pass_kind(salon.merchant)).id}
    booking = world.booked(salon, passes=paid_by)
    world.clock.at = SHANGHAI_FOUR + 25 * HOUR
    assert jobs.close(world.services) == 1
    assert (world.visit(booking).state, money(world, salon, booking)) == (state, (0, earned))
    with world.work(Face.JOB) as work:
        assert list(work.session.scalars(select(CommissionEntry.amount_fen))) == ([earned // 10] if earned else [])
        assert set(work.session.scalars(select(ClientVisit.state))) == {"done" if earned else "cancelled"}
        assert set(work.session.scalars(select(PassUse.state))) == (
            set() if not with_pass else {"used"} if earned else {"returned"}
        )


def test_a_move_raises_the_sequence_and_keeps_the_old_time_when_the_new_is_taken(world: World) -> None:
    salon = world.salon(**FREE)
    booking, other = world.booked(salon), world.booked(salon, world.person(), SHANGHAI_FOUR - 3 * HOUR)
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        with pytest.raises(errors.TimeTaken):
            actions.move(work, booking, starts_at=SHANGHAI_FOUR - 3 * HOUR)
        work.start_again()
        actions.move(work, booking, starts_at=SHANGHAI_FOUR + timedelta(minutes=15))
    shown = world.visit(booking)
    assert (shown.sequence, shown.starts_at) == (1, SHANGHAI_FOUR + timedelta(minutes=15)), "over its own old time"
    assert shown.lines[0].starts_at == shown.starts_at
    assert held(world) == 4
    with world.work(Face.SHOP) as work:
        actions.move_linked(work, Link(booking, 1), starts_at=SHANGHAI_FOUR + HOUR)
        with pytest.raises(errors.LinkOver):
            actions.cancel_linked(work, Link(other, 2))
    assert world.visit(booking).sequence == 2


def test_anybody_free_is_the_least_busy_and_two_services_stay_with_one(world: World) -> None:
    salon = world.salon(**FREE, needs=frozenset({"technician"}))
    second = world.service(salon.merchant, salon.doers, name="肩颈", minutes=30, prepay=Prepay.NONE, prepay_fen=0)
    first = world.visit(world.booked(salon, technician_id=salon.doers[0].id, at=SHANGHAI_FOUR - 4 * HOUR))
    assert first.lines[0].requested
    both = world.visit(world.booked(salon, world.person(), service_ids=[salon.service, second]))
    assert [line.technician_id for line in both.lines] == [salon.doers[1].id] * 2
    assert both.lines[1].starts_at == both.lines[0].ends_at
    assert both.ends_at - both.starts_at == timedelta(minutes=90)


def test_a_session_for_several_holds_its_resources_once(world: World) -> None:
    salon = world.salon(group_size=3, **FREE)
    people = [world.person() for _ in range(4)]
    visits = [world.booked(salon, person) for person in people[:3]]
    assert held(world) == 2
    with pytest.raises(errors.TimeTaken):
        world.book(salon, people[3])
    for person, visit in zip(people, visits, strict=False):
        with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            actions.cancel(work, visit)
    assert held(world) == 0


def test_a_freed_time_is_held_for_the_first_who_waits_then_for_the_next(world: World) -> None:
    salon = world.salon(doers=1)
    booking = world.booked(salon)
    first, second = world.person(), world.person()
    for who in (first, second):
        with world.work(Face.PERSON, person=who.id, kind=ActorKind.PERSON) as work:
            facts = {"store_id": salon.store.id, "service_ids": [salon.service], "day": SUNDAY}
            actions.wait(work, **facts, from_minute=16 * 60, until_minute=17 * 60)  # type: ignore[arg-type]
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, booking)
    assert offered(world) == [("offered", first.id), ("waiting", second.id)]
    assert "16:00" not in times(world, salon), "held for who waits"
    assert letters(world, first) == ["visit.offered"]
    world.clock.advance(minutes=31)
    assert jobs.expire(world.services) == 1
    assert offered(world) == [("over", first.id), ("offered", second.id)]
    with world.work(Face.PERSON, person=second.id, kind=ActorKind.PERSON) as work:
        asked = queries.waiting(work)[0].booking_id
        assert asked is not None
        made = actions.accept(work, asked)
    world.pay_visit(second, made)
    assert world.visit(made.booking_id).state is BookingState.BOOKED


def test_nobody_waits_for_a_technician_of_another_house(world: World) -> None:
    salon, other = world.salon(), world.salon()
    services, doer = [salon.service], other.doers[0].id
    as_client = world.work(Face.PERSON, person=world.person().id, kind=ActorKind.PERSON)
    with as_client as work, pytest.raises(errors.NotThere):
        actions.wait(work, store_id=salon.store.id, service_ids=services, day=SUNDAY, technician_id=doer)


def offered(world: World) -> list[tuple[str, UUID]]:
    with world.work(Face.JOB) as work:
        return [(row.state, row.person_id) for row in work.session.scalars(select(Waiting).order_by(Waiting.id))]


def test_reminded_once(world: World) -> None:
    salon = world.salon()
    world.booked(salon)
    world.clock.at = SHANGHAI_FOUR - 3 * HOUR
    assert jobs.remind(world.services) == 1
    assert jobs.remind(world.services) == 0
    assert letters(world, salon.client)[-1] == "visit.reminder"


def test_a_pass_pays_and_comes_back(world: World) -> None:
    salon = world.salon(prepay=Prepay.FULL)
    kind = world.pass_kind(salon.merchant)
    bought = world.bought_pass(salon.client, kind)
    paid_by = {salon.service: bought.id}
    booking = world.booked(salon, passes=paid_by)
    assert world.visit(booking).prepay_fen == 0
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        actions.cancel(work, booking)
    again = world.booked(salon, passes=paid_by)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, person=salon.clerk.id, kind=ActorKind.STAFF) as work:
        actions.arrive(work, again)
    assert money(world, salon, again) == (0, 12800), "a tenth of the pass"
