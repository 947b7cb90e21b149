"""What a client is told and gets back, state by state: a letter in both languages, and a text to the phone where he may
be on the way already.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.bookings import actions
from portal.domain.bookings.values import BookingState, Missed, Prepay
from portal.domain.identity.models import Notification
from portal.domain.ledger import actions as ledger_acts
from portal.domain.messages.models import TextMessage
from portal.domain.messages.values import unpacked
from portal.jobs import bookings as jobs
from portal.jobs import payments
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from portal.web.locale import said
from tests.domain.bookings.test_visits import SUNDAY, money
from tests.factories.bookings import SHANGHAI_FOUR, Salon
from tests.factories.persons import MadePerson
from tests.factories.world import World

HOUR = timedelta(hours=1)
Act = Callable[[Work, UUID], object]


def told(world: World, person: MadePerson, *, texts: bool = False) -> tuple[str, str]:
    """The last letter (or text) this person got: its kind and its sentence."""
    model = TextMessage if texts else Notification
    with world.work(Face.JOB if texts else Face.PERSON, person=None if texts else person.id) as work:
        query = select(model.kind, model.words).where(model.person_id == person.id).order_by(model.id.desc()).limit(1)
        row = work.session.execute(query).one_or_none()
    return (row.kind, str(unpacked(row.words))) if row else ("", "")


def english(world: World, person: MadePerson) -> str:
    """The same letter as somebody reads it who reads English."""
    with world.work(Face.PERSON, person=person.id) as work:
        query = select(Notification.words).where(Notification.person_id == person.id).order_by(Notification.id.desc())
        words = work.session.scalars(query.limit(1)).one()
    with world.app.test_request_context(headers={"Accept-Language": "en"}):
        return said(unpacked(words))


def by_store(world: World, salon: Salon, act: Act, booking: UUID) -> None:
    with world.work(Face.OFFICE, merchant=salon.merchant.id, person=salon.clerk.id, kind=ActorKind.STAFF) as work:
        act(work, booking)


def by_client(world: World, salon: Salon, act: Act, booking: UUID) -> None:
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        act(work, booking)


def cancel_by_store(work: Work, booking: UUID) -> None:
    actions.cancel_by_store(work, booking, why="技师生病了")


def move_by_store(work: Work, booking: UUID) -> None:
    actions.move_by_store(work, booking, starts_at=SHANGHAI_FOUR + HOUR)


def move(work: Work, booking: UUID) -> None:
    actions.move(work, booking, starts_at=SHANGHAI_FOUR + HOUR)


CHANGES = [
    pytest.param(
        by_store, cancel_by_store, "visit.cancelled", "技师生病了", "cancelled", True, id="called off by store"
    ),
    pytest.param(by_store, move_by_store, "visit.moved", "17:00", "moved", True, id="moved by store"),
    pytest.param(by_client, actions.cancel, "booking.cancelled", "已取消", "cancelled", False, id="called off"),
    pytest.param(by_client, move, "booking.moved", "17:00", "moved", False, id="moved"),
]


@pytest.mark.parametrize(("who", "act", "kind", "words", "spoken", "phone"), CHANGES)
def test_a_change_is_told(
    world: World, who: Callable[..., None], act: Act, kind: str, words: str, spoken: str, phone: bool
) -> None:
    salon = world.salon()
    booking = world.booked(salon)
    assert told(world, salon.client)[0] == "booking.booked"
    assert "booked" in english(world, salon.client).lower()
    who(world, salon, act, booking)
    letter = told(world, salon.client)
    assert letter[0] == kind
    assert words in letter[1]
    assert spoken in english(world, salon.client).lower()
    assert told(world, salon.client, texts=True) == (letter if phone else ("", ""))


@pytest.mark.parametrize("prepay", [Prepay.DEPOSIT, Prepay.EARNEST, Prepay.FULL])
@pytest.mark.parametrize("minutes", [600, 5], ids=["early", "at the last minute"])
def test_what_the_store_calls_off_goes_back_whole(world: World, prepay: Prepay, minutes: int) -> None:
    missed = Missed.RETURN if prepay is Prepay.DEPOSIT else Missed.KEEP
    salon = world.salon(prepay=prepay, missed=missed)
    booking = world.booked(salon)
    paid = world.visit(booking).prepay_fen
    world.clock.at = SHANGHAI_FOUR - timedelta(minutes=minutes)
    by_store(world, salon, cancel_by_store, booking)
    shown = world.visit(booking)
    assert (shown.state, shown.refunded_fen, shown.ended_why) == (BookingState.CANCELLED, paid, "技师生病了")
    assert money(world, salon, booking) == (0, 0)
    with world.work(Face.JOB) as work:
        assert ledger_acts.prove(work).differences == 0


def test_the_store_says_why_also_while_it_waits_for_payment(world: World) -> None:
    salon = world.salon()
    made = world.book(salon)
    by_store(world, salon, cancel_by_store, made.booking_id)
    shown = world.visit(made.booking_id)
    assert (shown.state, shown.ended_why) == (BookingState.CANCELLED, "技师生病了")
    assert told(world, salon.client)[0] == "visit.cancelled"
    assert "技师生病了" in told(world, salon.client)[1]
    again = world.book(salon)
    by_client(world, salon, actions.cancel, again.booking_id)
    assert "没有按时" not in told(world, salon.client)[1], "he called it off himself"


def test_a_time_nobody_paid_a_visit_missed_and_one_that_is_near_are_told(world: World) -> None:
    salon = world.salon()
    world.book(salon)
    world.clock.advance(minutes=16)
    payments.end_expired(world.services)
    assert told(world, salon.client)[0] == "booking.cancelled"
    assert "没有按时" in told(world, salon.client)[1]
    booking = world.booked(salon)
    world.clock.at = SHANGHAI_FOUR - 3 * HOUR
    jobs.remind(world.services)
    assert told(world, salon.client, texts=True) == told(world, salon.client)
    assert "16:00" in english(world, salon.client)
    world.clock.at = SHANGHAI_FOUR + HOUR
    by_store(world, salon, actions.no_show, booking)
    assert told(world, salon.client)[0] == "booking.missed"


def test_a_freed_time_is_told_on_the_phone_with_its_deadline(world: World) -> None:
    salon = world.salon(doers=1)
    booking, waits = world.booked(salon), world.person()
    with world.work(Face.PERSON, person=waits.id, kind=ActorKind.PERSON) as work:
        actions.wait(work, store_id=salon.store.id, service_ids=[salon.service], day=SUNDAY)
    by_store(world, salon, cancel_by_store, booking)
    assert told(world, waits) == told(world, waits, texts=True)
    assert told(world, waits)[0] == "visit.offered"
    assert told(world, salon.client)[0] == "visit.cancelled"
    assert "confirm" in english(world, waits).lower()
