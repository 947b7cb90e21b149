"""Shifts past midnight, leave, copies, blocks, cells, overrides; who may do it, and what is refused with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.domain.calendar import actions, errors, queries, rules
from portal.domain.calendar.values import Claim, Holder, Kind, Span, WeekSpan
from portal.domain.tenants.models import Membership
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.hours import HoursRefused
from portal.kernel.permissions import ROLES, Role
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from tests.factories.calendar import NIGHTS, MadeResource
from tests.factories.stores import MadeStore
from tests.factories.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = date(2026, 7, 4)
WEEK = timedelta(days=7)


def t(hour: int, minute: int = 0, *, day: date = SATURDAY) -> datetime:
    """A moment in Shanghai; hours past 24 are the next day's."""
    return datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=hour, minutes=minute)


@pytest.fixture
def store(world: World) -> MadeStore:
    return world.store(world.merchant(MerchantKind.BRAND, "莞邑足道"))


def claim(one: MadeResource, start: datetime, end: datetime, holder: UUID | None = None, **more: object) -> Claim:
    return Claim(one.merchant_id, one.id, start, end, Holder.BOOKING, holder or uuid4(), **more)  # type: ignore[arg-type]


def reserve(world: World, *claims: Claim) -> tuple[UUID, ...]:
    with world.work(Face.PERSON, person=uuid4()) as work:
        return actions.reserve(work, claims)


def free(world: World, one: MadeResource, start: datetime | None = None, end: datetime | None = None) -> list[str]:
    start, end = start or t(0), end or t(48)
    with world.work(Face.SHOP) as work:
        told = queries.free(work, one.merchant_id, [one.id], start, end)[one.id]
    return [" ".join(f"{at.astimezone(SHANGHAI):%d·%H:%M}" for at in piece) for piece in told]


def test_who_works_in_two_stores_is_in_one_at_a_time(world: World) -> None:
    merchant = world.merchant(MerchantKind.BRAND, "莞邑足道")
    person = world.staff(merchant, Role.CLERK)
    with world.work(Face.JOB) as work:
        member = work.session.scalars(select(Membership.id).where(Membership.person_id == person.id)).one()
    here, there = (world.resource(world.store(merchant), member=member, capacity=n) for n in (1, 2))
    colleague, holder = world.resource(world.store(merchant)), uuid4()
    reserve(world, claim(here, t(20), t(21), holder))
    assert free(world, there, t(19), t(22)) == ["04·19:00 04·20:00", "04·21:00 04·22:00"]
    assert free(world, colleague, t(19), t(22)) == ["04·19:00 04·22:00"]
    with pytest.raises(errors.Taken):
        reserve(world, claim(there, t(20, 30), t(21, 30)))
    assert reserve(world, claim(there, t(21), t(22)), claim(there, t(21), t(22))), "back to back, two at once there"
    assert free(world, here, t(19), t(23)) == ["04·19:00 04·20:00", "04·22:00 04·23:00"]
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        (plan,) = queries.day_plan(work, merchant.id, [there.id], t(19), t(22))
        assert [one.start for one in plan.elsewhere] == [t(20)], "boards say so"
        assert len(plan.held) == 2
        actions.move(work, merchant.id, holder, [claim(there, t(20), t(20, 30), holder)])
    assert free(world, here, t(20), t(21)) == ["04·20:30 04·21:00"], "his own move frees the rest"
    assert reserve(world, claim(here, t(20), t(20, 30), overrides=True, note="加急"))


def test_a_night_belongs_to_the_day_it_began(world: World, store: MadeStore) -> None:
    ping = world.resource(store, name="阿萍")
    assert free(world, ping) == ["04·00:00 04·02:00", "04·18:00 05·02:00", "05·18:00 06·00:00"]
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.set_days(work, [ping.id], SATURDAY + timedelta(days=1), SATURDAY + timedelta(days=3), (), reason="年假")
        night = [Span(20 * 60, 8 * 60), Span(24 * 60 + 30, 30, "break")]
        actions.set_day(work, ping.id, SATURDAY, night)
    assert free(world, ping) == ["04·00:00 04·02:00", "04·20:00 05·00:30", "05·01:00 05·04:00"], "leave begins by day"
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.clear_days(work, [ping.id], SATURDAY, SATURDAY + timedelta(days=3))
    assert free(world, ping) == ["04·00:00 04·02:00", "04·18:00 05·02:00", "05·18:00 06·00:00"]


def test_rooms_are_always_there_until_they_have_a_week(world: World, store: MadeStore) -> None:
    room = world.resource(store, Kind.ROOM, name="一号房")
    assert free(world, room) == ["04·00:00 06·00:00"]
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.set_week(work, room.id, [WeekSpan(6, 600, 60)], since=SATURDAY + timedelta(days=1))
    assert free(world, room) == ["04·00:00 05·00:00", "05·10:00 05·11:00"], "the new week holds from its day on"


def test_back_to_back_and_all_or_nothing(world: World, store: MadeStore) -> None:
    ping, room = world.resource(store, name="阿萍"), world.resource(store, Kind.ROOM, name="一号房")
    mine = uuid4()
    reserve(world, claim(ping, t(19), t(20), mine), claim(room, t(19), t(20), mine))
    reserve(world, claim(ping, t(20), t(21)), claim(room, t(20), t(20, 30)))
    with pytest.raises(errors.Taken, match="一号房 7 月 4 日 20:29 这段时间已经被占用了"):
        reserve(world, claim(ping, t(21), t(22)), claim(room, t(20, 29), t(22)))
    assert free(world, ping, t(18), t(24)) == ["04·18:00 04·19:00", "04·21:00 05·00:00"]
    with world.work(Face.JOB) as work:
        actions.release(work, ping.merchant_id, mine)
    assert free(world, room, t(18), t(22)) == ["04·18:00 04·20:00", "04·20:30 04·22:00"]
    with pytest.raises(errors.OffHours, match="不在可约时间"):
        reserve(world, claim(ping, t(25, 30), t(26, 30)))


def test_a_move_keeps_the_old_when_the_new_is_refused(world: World, store: MadeStore) -> None:
    ping, mine = world.resource(store), uuid4()
    reserve(world, claim(ping, t(19), t(20), mine))
    reserve(world, claim(ping, t(21), t(22)))
    with world.work(Face.PERSON, person=uuid4()) as work:
        with pytest.raises(errors.Taken):
            actions.move(work, ping.merchant_id, mine, [claim(ping, t(20, 30), t(21, 30), mine)])
        told = queries.free(work, ping.merchant_id, [ping.id], t(18), t(26))  # a refusal may be caught: faces are back
        assert len(told[ping.id]) == 3
        assert work.scope.face is Face.PERSON
        actions.move(work, ping.merchant_id, mine, [claim(ping, t(19, 30), t(20, 30), mine)])
    assert free(world, ping, t(18), t(24)) == ["04·18:00 04·19:30", "04·20:30 04·21:00", "04·22:00 05·00:00"]


def test_what_is_free_all_the_time_can_be_had_from_cell_to_cell(world: World, store: MadeStore) -> None:
    slot = world.resource(store, Kind.PICKUP, capacity=2, week=[WeekSpan(5, 600, 240)])
    between, mine = uuid4(), uuid4()
    reserve(world, claim(slot, t(10), t(11)), claim(slot, t(11), t(12), between), claim(slot, t(11), t(12)))
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.release(work, slot.merchant_id, between)
    assert free(world, slot) == ["04·10:00 04·14:00"], "one of two is free all the time, but not the same one"
    assert len(reserve(world, claim(slot, t(10), t(12, 30), mine))) == 1
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        (plan,) = queries.day_plan(work, slot.merchant_id, [slot.id], t(0), t(24))
    mine_now = [(one.cell, f"{one.start.astimezone(SHANGHAI):%H:%M}") for one in plan.held if one.holder_id == mine]
    assert mine_now == [(2, "10:00"), (1, "11:00")]
    assert free(world, slot) == ["04·12:00 04·14:00"]
    with pytest.raises(errors.Taken):
        reserve(world, claim(slot, t(11, 59), t(13)))


def test_an_override_lies_over_it_with_a_reason(world: World, store: MadeStore) -> None:
    ping = world.resource(store)
    reserve(world, claim(ping, t(19), t(20)))
    over = claim(ping, t(17), t(20), overrides=True)
    with pytest.raises(errors.NoReason):
        reserve(world, over)
    reserve(world, claim(ping, t(19), t(20), overrides=True, note="老客加钟，店长同意"))
    reserve(world, claim(ping, t(12), t(13), unbound=True))
    with pytest.raises(errors.Taken):
        reserve(world, claim(ping, t(12, 30), t(13, 30), unbound=True))
    assert free(world, ping, t(12), t(24)) == ["04·18:00 04·19:00", "04·20:00 05·00:00"]


def test_long_stretches_are_several_rows_of_one_holder(world: World, store: MadeStore) -> None:
    room = world.resource(store, Kind.ROOM)
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        block = actions.block(work, room.id, t(0), t(60), "翻新")
        (plan,) = queries.day_plan(work, room.merchant_id, [room.id], t(0), t(72))
    assert [one.end - one.start for one in plan.held] == [timedelta(hours=24)] * 2 + [timedelta(hours=12)]
    assert {(one.holder_id, one.note) for one in plan.held} == {(block, "翻新")}
    assert free(world, room, t(50), t(72)) == ["06·12:00 07·00:00"], "a row that began long before is seen"
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.unblock(work, block)
    assert free(world, room, t(0), t(24)) == ["04·00:00 05·00:00"]


def test_the_constraint_says_no_in_the_same_words(
    world: World, store: MadeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ping = world.resource(store, name="阿萍")
    reserve(world, claim(ping, t(19), t(20)))
    monkeypatch.setattr(rules, "full_within", lambda *_: False)
    monkeypatch.setattr(rules, "cells_for", lambda start, end, *_: [(1, start, end)])
    with world.work(Face.PERSON, person=uuid4()) as work:
        with pytest.raises(errors.Taken, match="阿萍"):
            actions.reserve(work, [claim(ping, t(19, 59), t(21))])
        assert queries.free(work, ping.merchant_id, [ping.id], t(18), t(19)), "the Work goes on"


def test_hours_that_cannot_be_are_refused(world: World, store: MadeStore) -> None:
    ping = world.resource(store)
    wrong = [
        (HoursRefused, [WeekSpan(0, 600, 120), WeekSpan(0, 660, 120)]),
        (errors.WrongBreak, [WeekSpan(0, 600, 120), WeekSpan(0, 700, 60, "break")]),
        (errors.WrongBreak, [WeekSpan(0, 600, 120), WeekSpan(0, 610, 30, "break"), WeekSpan(0, 620, 30, "break")]),
    ]
    for refusal, week in wrong:
        with world.work(Face.OFFICE, merchant=store.merchant_id) as work, pytest.raises(refusal) as no:
            actions.set_week(work, ping.id, week, since=SATURDAY)
        assert no.value.field == "day0"
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        for last in (SATURDAY - timedelta(days=1), SATURDAY + timedelta(days=92)):
            with pytest.raises(Refusal):
                actions.set_days(work, [ping.id], SATURDAY, last, ())
        with pytest.raises(errors.WrongTime):
            actions.block(work, ping.id, t(12), t(12), "清洁")
    assert actions.break_in([Span(1200, 480)], 30, 30) == Span(1470, 30, "break")
    assert actions.break_in([Span(600, 480)], 720, 30) == Span(720, 30, "break")


def test_a_week_is_copied_as_it_really_was(world: World, store: MadeStore) -> None:
    ping = world.resource(store)
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.set_day(work, ping.id, SATURDAY, [Span(600, 120)], reason="早班")
        actions.set_day(work, ping.id, SATURDAY + 2 * WEEK + timedelta(days=1), (), reason="调休")
        count = actions.copy_week(work, store.id, [ping.id], SATURDAY, [SATURDAY + WEEK, SATURDAY + 2 * WEEK, SATURDAY])
    assert count == 2, "what is as the week is anyway needs no date of its own"
    for weeks in (1, 2):
        day = SATURDAY + weeks * WEEK
        shown = free(world, ping, t(3, day=day), t(42, day=day))
        assert [one[3:8] for one in shown] == ["10:00"], "Saturday early, Sunday from six"
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work, pytest.raises(errors.TooLong):
        actions.copy_week(work, store.id, [ping.id], SATURDAY, [SATURDAY + n * WEEK for n in range(1, 14)])


def test_resources_keep_what_is_promised(world: World, store: MadeStore) -> None:
    slot = world.resource(store, Kind.PICKUP, name="自提", capacity=3, week=NIGHTS)
    reserve(world, claim(slot, t(19), t(20)), claim(slot, t(19, 30), t(20)))
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        with pytest.raises(errors.StillReserved):
            actions.change(work, slot.id, name="自提", capacity=1)
        with pytest.raises(errors.StillToCome):
            actions.retire(work, slot.id)
        with pytest.raises(Refusal):
            actions.add(work, store_id=store.id, kind=Kind.PICKUP, name="自提")
        actions.change(work, slot.id, name="自提柜", capacity=2)
    assert free(world, slot, t(19), t(21)) == ["04·19:00 04·19:30", "04·20:00 04·21:00"]
    world.clock.advance(days=2)
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.retire(work, slot.id)
        assert queries.resources(work, store.id) == ()
        assert [one.name for one in queries.resources(work, store.id, Kind.PICKUP, retired=True)] == ["自提柜"]
    later = SATURDAY + timedelta(days=3)
    with pytest.raises(errors.NotThere):
        reserve(world, claim(slot, t(19, day=later), t(20, day=later)))


def test_who_may_change_the_hours(world: World, store: MadeStore) -> None:
    ping, other = world.resource(store), world.store(world.merchant(MerchantKind.BRAND, "松湖"))
    table = world.resource(store, Kind.TABLE)
    with world.work(Face.OFFICE, merchant=other.merchant_id) as work, pytest.raises(NotFound):
        actions.set_week(work, ping.id, (), since=SATURDAY)
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        scope = Scope(Face.OFFICE, merchant_id=store.merchant_id, store_ids=frozenset({store.id}))
        work.enter(scope, work.actor, ROLES[Role.CLERK])
        for one in (ping, table):
            with pytest.raises(Denied):
                actions.block(work, one.id, t(19), t(20), "清洁")
        assert len(queries.day_plan(work, ping.merchant_id, [ping.id], t(0), t(24))) == 1
        elsewhere = Scope(Face.OFFICE, merchant_id=store.merchant_id, store_ids=frozenset({uuid4()}))
        work.enter(elsewhere, work.actor, ROLES[Role.MANAGER])
        with pytest.raises(NotFound):
            actions.set_day(work, ping.id, SATURDAY, ())


def test_leave_and_a_copied_week_are_taken_back_as_a_whole(world: World, store: MadeStore) -> None:
    ping, fang = world.resource(store, name="阿萍"), world.resource(store, name="阿芳")
    other = world.resource(world.store(world.merchant(MerchantKind.BRAND, "别家")))
    ids, monday, first = [ping.id, fang.id], date(2026, 6, 29), SATURDAY + timedelta(days=1)

    def hours() -> list[str]:
        return free(world, ping, t(0), t(24 * 12)) + free(world, fang, t(0), t(24 * 12))

    def undo(merchant_id: UUID = store.merchant_id) -> date:
        with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
            change = queries.last_change(work, store.id)
        assert change is not None
        with world.work(Face.OFFICE, merchant=merchant_id) as work:
            return actions.undo_days(work, change.id)

    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.set_day(work, ping.id, SATURDAY, [Span(600, 60)], reason="早班")
    before = hours()
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.set_days(work, ids, SATURDAY, first, (), reason="年假")
    with pytest.raises(NotFound):
        undo(other.merchant_id)
    assert undo() == SATURDAY
    assert hours() == before
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        assert queries.last_change(work, store.id) is None, "once"
        assert actions.copy_week(work, store.id, ids, monday, [monday + WEEK]) == 1
    assert hours() != before
    assert undo() == SATURDAY + WEEK
    assert hours() == before
    with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
        actions.clear_days(work, ids, SATURDAY, first)
        cleared = queries.last_change(work, store.id)
        actions.set_day(work, ping.id, SATURDAY, [])
        assert cleared is not None
        with pytest.raises(errors.ChangedSince):
            actions.undo_days(work, cleared.id)
        world.clock.advance(minutes=61)
        assert queries.last_change(work, store.id) is None
        with pytest.raises(errors.UndoTooLate):
            actions.undo_days(work, cleared.id)
