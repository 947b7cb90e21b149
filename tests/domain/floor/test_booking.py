"""Tables are reserved by the rule that pages show, their deposits follow, and a floor keeps its names and codes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.domain.calendar.models import Reservation
from portal.domain.earnings.models import Earning
from portal.domain.floor import actions, errors, queries
from portal.domain.floor.models import FloorTable, TableBooking
from portal.domain.floor.rules import digest
from portal.domain.floor.values import BookingState, DepositKind, Made
from portal.domain.payments import actions as payments
from portal.domain.payments.models import PaymentIntent, PaymentRefund
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.floor import MadeFloor
from tests.factories.persons import MadePerson
from tests.factories.world import World

DAY = date(2026, 7, 5)
EVENING = datetime(2026, 7, 5, 10, 30, tzinfo=UTC)  # 18:30 in Shanghai
NIGHT = datetime(2026, 7, 5, 15, 30, tzinfo=UTC)  # 23:30: their stay crosses midnight


@pytest.fixture
def floor(world: World) -> MadeFloor:
    store = world.store(world.merchant(Kind.BRAND, "炉前潮汕牛肉"), hours="17:00-02:00")
    return world.floor(store, two="B1", four="A1-A2")


def state(world: World, made: Made) -> TableBooking:
    with world.work(Face.JOB) as work:
        row = work.session.scalars(select(TableBooking).where(TableBooking.id == made.booking_id)).one()
        work.session.expunge(row)
        return row


def reserved(world: World) -> int:
    with world.work(Face.JOB) as work:
        return work.session.scalars(select(func.count()).select_from(Reservation)).one()


def tables(world: World, person: MadePerson) -> list[tuple[str, ...]]:
    with world.work(Face.PERSON, person=person.id) as work:
        return [one.tables for one in queries.mine(work)]


def free_times(world: World, floor: MadeFloor, people: int) -> dict[str, bool]:
    with world.work(Face.SHOP) as work:
        found = queries.offer(work, floor.store.id, people=people, day=DAY)
        return {f"{slot.at + timedelta(hours=8):%H:%M}": slot.free for slot in found.slots}


def test_the_smallest_table_first_then_added_chairs_then_joined_tables(world: World, floor: MadeFloor) -> None:
    with world.work(Face.OFFICE, merchant=floor.store.merchant_id) as work:
        both = [floor.tables["A1"], floor.tables["A2"]]
        actions.join_tables(work, store_id=floor.store.id, table_ids=both, seats_min=5, seats_max=8)
    people = [world.person() for _ in range(4)]
    world.table_booking(floor.store, people[0], EVENING, people=2)
    world.table_booking(floor.store, people[1], EVENING, people=2)
    assert [tables(world, one) for one in people[:2]] == [[("B1",)], [("A1",)]]
    with pytest.raises(errors.Full):
        world.table_booking(floor.store, people[2], EVENING, people=7)
    world.table_booking(floor.store, people[3], EVENING + timedelta(hours=3), people=7)
    assert tables(world, people[3]) == [("A1", "A2")]
    assert reserved(world) == 4


def test_pages_show_exactly_what_can_be_reserved(world: World, floor: MadeFloor) -> None:
    world.floor_rules(floor.store, stays=((200, 60),), clear_minutes=0)
    one = world.person()
    times = free_times(world, floor, 4)
    assert next(iter(times)) == "17:00"
    assert list(times)[-1] == "01:00", "an hour before closing, past midnight, still this day"
    assert all(times.values())
    for table in range(2):
        world.table_booking(floor.store, one, NIGHT, people=4 - table)
    left = free_times(world, floor, 4)
    assert [at for at, free in left.items() if not free] == ["23:00", "23:30", "00:00"]
    assert left["22:30"], "back to back is allowed"
    assert left["00:30"]
    with pytest.raises(errors.Full):
        world.table_booking(floor.store, world.person(), NIGHT + timedelta(minutes=30), people=4)
    for wrong in (NIGHT + timedelta(minutes=7), datetime(2026, 7, 5, 4, tzinfo=UTC), EVENING + timedelta(days=30)):
        with pytest.raises(errors.NoSuchTime):
            world.table_booking(floor.store, one, wrong)
    with pytest.raises(errors.TooManyPeople):
        world.table_booking(floor.store, one, EVENING, people=50)


def test_a_person_keeps_at_most_three(world: World, floor: MadeFloor) -> None:
    one = world.person()
    for hours in range(3):
        world.table_booking(floor.store, one, EVENING + timedelta(hours=hours))
    with pytest.raises(errors.EnoughBooked):
        world.table_booking(floor.store, one, EVENING + timedelta(hours=4))


def test_moved_and_cancelled_by_its_link_and_by_nobody_else(world: World, floor: MadeFloor) -> None:
    one, other = world.person(), world.person()
    made = world.table_booking(floor.store, one, EVENING, people=4)
    with world.work(Face.PERSON, person=other.id) as work, pytest.raises(NotFound):
        actions.cancel(work, made.booking_id)
    with world.work(Face.SHOP) as work:
        with pytest.raises(NotFound):
            queries.linked(work, "x" * 22)
        actions.move_linked(work, made.link, at=EVENING + timedelta(minutes=30), people=3)
        seen = queries.linked(work, made.link)
    assert (seen.people, seen.sequence, seen.tables, reserved(world)) == (3, 1, ("A1",), 1)
    for _ in range(2):  # twice is once
        with world.work(Face.SHOP) as work:
            actions.cancel_linked(work, made.link)
    assert (state(world, made).state, reserved(world)) == ("cancelled", 0)
    assert state(world, made).link == digest(made.link)
    world.clock.advance(days=1, hours=6)
    late = world.table_booking(floor.store, one, world.clock.now() + timedelta(hours=1, minutes=30))
    with world.work(Face.PERSON, person=one.id) as work, pytest.raises(errors.TooLateToMove):
        actions.move(work, late.booking_id, at=EVENING + timedelta(days=2), people=2)


@pytest.mark.parametrize("kind", [DepositKind.BACK, DepositKind.KEPT])
def test_a_deposit_holds_the_table_and_follows_what_becomes_of_it(
    world: World, floor: MadeFloor, kind: DepositKind
) -> None:
    world.floor_rules(floor.store, deposit_kind=kind, deposit_fen=2000, deposit_each=True, deposit_from=2)
    merchant = floor.store.merchant_id
    one = world.person()
    unpaid, missed, seated = (
        world.table_booking(floor.store, one, EVENING + timedelta(hours=hours)) for hours in (0, 2, 4)
    )
    assert state(world, unpaid).state == BookingState.HELD
    assert state(world, unpaid).deposit_fen == 4000
    for made in (missed, seated):
        assert made.intent_id is not None
        world.told(world.paid_fact(world.attempt(one, made.intent_id), 4000))
        assert state(world, made).state == BookingState.BOOKED
    world.clock.advance(minutes=16)
    assert unpaid.intent_id is not None
    with world.work(Face.JOB) as work:
        assert payments.expire(work, unpaid.intent_id)
    assert (state(world, unpaid).state, reserved(world)) == (BookingState.EXPIRED, 2)
    world.clock.advance(days=1, hours=12)
    with world.work(Face.OFFICE, merchant=merchant, kind=ActorKind.STAFF) as work:
        actions.miss(work, missed.booking_id)
        actions.seat(work, seated.booking_id)
    with world.work(Face.JOB) as work:
        back = {row.subject_id: row.amount_fen for row in work.session.scalars(select(PaymentRefund))}
        kept = {row.subject_id: row.amount_fen for row in work.session.scalars(select(Earning))}
    is_kept = kind is DepositKind.KEPT
    assert back == {seated.booking_id: 4000} | ({} if is_kept else {missed.booking_id: 4000})
    assert kept == ({missed.booking_id: 4000} if is_kept else {})
    with world.work(Face.OFFICE, merchant=merchant, kind=ActorKind.STAFF) as work:
        actions.seat(work, missed.booking_id)  # he came after all
    with world.work(Face.JOB) as work:
        assert work.session.scalars(select(func.count()).select_from(PaymentRefund)).one() == 2


def test_a_deposit_is_kept_only_of_who_was_told_that_it_would_be(world: World, floor: MadeFloor) -> None:
    world.floor_rules(floor.store, deposit_kind=DepositKind.KEPT, deposit_fen=2000, deposit_from=2)
    one = world.person()
    made = world.table_booking(floor.store, one, EVENING)
    assert made.intent_id is not None
    world.told(world.paid_fact(world.attempt(one, made.intent_id), 4000))
    world.clock.advance(seconds=(state(world, made).free_until - world.clock.now()).total_seconds() + 60)
    with pytest.raises(errors.CostsMore, match="40"), world.work(Face.PERSON, person=one.id) as work:
        actions.cancel(work, made.booking_id)  # the page was opened while cancelling was free
    with pytest.raises(errors.CostsMore), world.work(Face.SHOP) as work:
        actions.cancel_linked(work, made.link, keep_fen=3999)
    assert state(world, made).state == BookingState.BOOKED
    with world.work(Face.PERSON, person=one.id) as work:
        actions.cancel(work, made.booking_id, keep_fen=4000)
    assert (state(world, made).state, state(world, made).kept_fen) == (BookingState.CANCELLED, 4000)
    with world.work(Face.JOB) as work:
        titles = {*work.session.scalars(select(Earning.title)), *work.session.scalars(select(PaymentIntent.title))}
    assert titles == {f"{floor.store.name} 07-05 18:30 ×2"}, "the same in every language"


@pytest.mark.parametrize("kind", [DepositKind.BACK, DepositKind.KEPT])
def test_who_was_never_marked_is_missed_after_the_stay_and_the_deposit_goes_back(
    world: World, floor: MadeFloor, kind: DepositKind
) -> None:
    world.floor_rules(floor.store, deposit_kind=kind, deposit_fen=2000, deposit_from=2)
    one = world.person()
    made, later = (world.table_booking(floor.store, one, EVENING + timedelta(hours=hours)) for hours in (0, 4))
    for paid in (made, later):
        assert paid.intent_id is not None
        world.told(world.paid_fact(world.attempt(one, paid.intent_id), 4000))

    def close() -> int:
        done = 0
        while True:
            with world.work(Face.JOB) as work:
                if not actions.miss_one(work):
                    return done
            done += 1

    world.clock.advance(seconds=(state(world, made).ends_at - world.clock.now()).total_seconds() - 1)
    assert close() == 0, "somebody may still come"
    world.clock.advance(seconds=1)
    assert (close(), close()) == (1, 0)
    assert [state(world, row).state for row in (made, later)] == ["missed", "booked"]
    assert reserved(world) == 1
    with world.work(Face.JOB) as work:
        assert [row.subject_id for row in work.session.scalars(select(PaymentRefund))] == [made.booking_id]
        assert not work.session.scalars(select(Earning)).all(), "only a person's word keeps it"
    with world.work(Face.OFFICE, merchant=floor.store.merchant_id, kind=ActorKind.STAFF) as work:
        actions.seat(work, made.booking_id)  # they were there, somebody forgot to tap
    with world.work(Face.JOB) as work:
        assert work.session.scalars(select(func.count()).select_from(PaymentRefund)).one() == 1, "back once"


def test_a_free_table_now_is_one_where_nobody_sits_or_comes_soon(world: World, floor: MadeFloor) -> None:
    world.clock.advance(seconds=(EVENING - world.clock.now()).total_seconds())
    world.table_booking(floor.store, world.person(), EVENING + timedelta(hours=1), people=4)  # A1
    with world.work(Face.OFFICE, merchant=floor.store.merchant_id, kind=ActorKind.STAFF) as work:
        b1 = floor.tables["B1"]
        assert queries.free_now(work, floor.store.id, 2, taken=()).names == ("B1",)
        assert queries.free_now(work, floor.store.id, 2, taken={b1}).names == ("A2",)
        with pytest.raises(errors.NoFreeTable):
            queries.free_now(work, floor.store.id, 2, taken={b1, floor.tables["A2"]})


def test_the_staff_takes_a_reservation_and_says_why_it_cancels(world: World, floor: MadeFloor) -> None:
    merchant = floor.store.merchant_id
    with world.work(Face.OFFICE, merchant=merchant, kind=ActorKind.STAFF) as work:
        facts = {"store_id": floor.store.id, "name": "陈先生", "phone": "15400001234", "at": EVENING}
        made = actions.take(work, people=3, tables=(floor.tables["A2"],), **facts)
    with world.work(Face.OFFICE, merchant=merchant, kind=ActorKind.STAFF) as work, pytest.raises(errors.TableTaken):
        actions.take(work, people=2, tables=(floor.tables["A2"],), **facts)
    with world.work(Face.OFFICE, merchant=merchant, kind=ActorKind.STAFF) as work:
        with pytest.raises(errors.StillBooked):
            actions.put_away(work, floor.tables["A2"])
        assert queries.coming(work, floor.store.id, within=timedelta(days=2))[floor.tables["A2"]].name == "陈先生"
        with pytest.raises(errors.NoReason):
            actions.cancel_by_staff(work, made.booking_id, reason=" ")
        actions.cancel_by_staff(work, made.booking_id, reason="当天包场")
        [seen] = queries.on_day(work, floor.store.id, EVENING, EVENING + timedelta(hours=1), q="陈")
    assert (seen.state, seen.reason, seen.tables) == (BookingState.CANCELLED, "当天包场", ("A2",))


def test_a_floor_keeps_names_and_a_new_code_voids_the_card(world: World, floor: MadeFloor) -> None:
    other = world.floor(world.store(world.merchant(Kind.BRAND, "别家")), four="A1")
    with world.work(Face.OFFICE, merchant=floor.store.merchant_id) as work:
        for names in ("A1", "C1, C1", "", "X1-X90", "A3-B5", "一个非常非常非常长的桌号名"):
            with pytest.raises(Refusal):
                actions.add_tables(work, area_id=floor.area_id, names=names, seats_min=1, seats_max=4)
        with pytest.raises(errors.WrongSeats):
            actions.add_tables(work, area_id=floor.area_id, names="D1", seats_min=5, seats_max=4)
        with pytest.raises(NotFound):
            actions.renew_code(work, other.tables["A1"])
    with world.work(Face.JOB) as work:
        codes = {
            row.name: row.code
            for row in work.session.scalars(select(FloorTable).where(FloorTable.store_id == floor.store.id))
        }
        found = queries.table_by_code(work, floor.store.id, codes["A1"])
        assert found is not None
        assert (found.table_id, found.name, found.merchant_id) == (floor.tables["A1"], "A1", floor.store.merchant_id)
        assert queries.table_by_code(work, other.store.id, codes["A1"]) is None, "bound to its store"
        assert queries.table_by_code(work, floor.store.id, "../../etc") is None
    with world.work(Face.OFFICE, merchant=floor.store.merchant_id) as work:
        actions.renew_code(work, floor.tables["A1"])
        actions.put_away(work, floor.tables["A2"])
    with world.work(Face.JOB) as work:
        assert queries.table_by_code(work, floor.store.id, codes["A1"]) is None
        assert queries.table_by_code(work, floor.store.id, codes["A2"]) is None
