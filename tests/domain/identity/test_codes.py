"""Codes: single use, ten minutes, five tries, one purpose, limits that no rollback and no second process passes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.app import create_app
from portal.domain.identity import access
from portal.domain.identity.actions import codes
from portal.domain.identity.errors import CodeSpent, CodesUsedUp, CodeTooSoon, CodeWrong
from portal.domain.identity.models import Code
from portal.domain.identity.values import Purpose
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from tests.domain.identity.doors import counted, secret, use
from tests.factories.world import World

PHONE = "15400007788"


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def test_a_code_works_once(world: World) -> None:
    code_id = world.send_code(PHONE)
    digits = world.code_for(PHONE)
    assert use(world, code_id, digits) == PHONE
    with pytest.raises(CodeSpent):
        use(world, code_id, digits)


def test_digits_may_be_typed_in_full_width_and_in_groups(world: World) -> None:
    code_id = world.send_code(PHONE)
    digits = world.code_for(PHONE)
    wide = digits.translate({48 + n: 0xFF10 + n for n in range(10)})
    assert use(world, code_id, f" {wide[:3]}　{wide[3:]} ") == PHONE


NONSENSE = ("", "-12345", "1e999", "😀😀😀", "\ud800", "9" * 100_000, "000000\x00", "NaN")


def test_nonsense_is_a_wrong_code_and_no_crash(world: World) -> None:
    for at, lot in enumerate((NONSENSE[:4], NONSENSE[4:])):
        phone = f"1540000779{at}"
        code_id = world.send_code(phone)
        for left, typed in zip((4, 3, 2, 1), lot, strict=True):
            with pytest.raises(CodeWrong) as told:
                use(world, code_id, typed)
            assert told.value.sentence.params == {"left": left}
        assert use(world, code_id, world.code_for(phone)) == phone


def test_after_ten_minutes_it_is_over(world: World) -> None:
    code_id = world.send_code(PHONE)
    world.clock.advance(minutes=9, seconds=59)
    attempt = counted(world, code_id)
    world.clock.advance(seconds=1)
    with pytest.raises(CodeSpent), world.work(Face.GATE) as work:
        codes.use(work, secret(world), attempt, purpose=Purpose.SIGN_IN, typed=world.code_for(PHONE))
    assert counted(world, code_id).number is None


def test_five_wrong_tries_burn_it_even_for_the_right_digits(world: World) -> None:
    code_id = world.send_code(PHONE)
    digits = world.code_for(PHONE)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as told:
            use(world, code_id, wrong(digits))
        assert told.value.sentence.params == {"left": left}
    for typed in (wrong(digits), digits):
        with pytest.raises(CodeSpent):
            use(world, code_id, typed)


def test_a_code_for_one_purpose_opens_no_other_door(world: World) -> None:
    code_id = world.send_code(PHONE, Purpose.SIGN_IN)
    for purpose in (Purpose.PASSWORD, Purpose.OLD_PHONE, Purpose.NEW_PHONE):
        with pytest.raises(CodeSpent):
            use(world, code_id, world.code_for(PHONE), purpose)


def test_it_is_kept_as_a_keyed_digest(world: World) -> None:
    world.send_code(PHONE)
    digits = world.code_for(PHONE)
    with world.work(Face.GATE) as work:
        row = work.session.scalars(select(Code)).one()
        assert len(row.digest) == 32
        assert digits.encode() not in row.digest
        other = codes._digest("another key", row, digits)
        assert other != row.digest == codes._digest(secret(world), row, digits)


def test_one_a_minute_five_an_hour_ten_a_day(world: World) -> None:
    first = world.send_code(PHONE)
    digits = world.code_for(PHONE)
    world.clock.advance(seconds=37)
    with pytest.raises(CodeTooSoon) as told:
        world.send_code(PHONE)
    assert told.value.retry_after == 23
    assert use(world, first, digits) == PHONE, "a refused request leaves the earlier code as it was"
    sent = 1
    for _ in range(4):
        world.clock.advance(seconds=61)
        world.send_code(PHONE)
        sent += 1
    world.clock.advance(seconds=61)
    with pytest.raises(CodesUsedUp):
        world.send_code(PHONE)
    world.clock.advance(hours=1)
    for _ in range(5):
        world.send_code(PHONE)
        world.clock.advance(seconds=61)
    world.clock.advance(hours=2)
    with pytest.raises(CodesUsedUp) as day:
        world.send_code(PHONE)
    assert day.value.retry_after > 20 * 3600
    world.clock.advance(hours=24)
    world.send_code(PHONE)


def test_another_phone_is_not_held_up(world: World) -> None:
    world.send_code(PHONE)
    world.send_code("15400007789")


def test_limits_hold_across_two_installations_of_the_same_database(world: World) -> None:
    twin = create_app(world.services.settings, world.clock)
    try:
        other = World(twin, world.clock)
        world.send_code(PHONE)
        with pytest.raises(CodeTooSoon):
            other.send_code(PHONE)
    finally:
        twin.extensions["portal"].engine.dispose()


def test_ten_requests_at_once_send_one_code(world: World) -> None:
    barrier = Barrier(8)

    def ask(_: int) -> bool:
        barrier.wait()
        try:
            world.send_code(PHONE)
        except CodeTooSoon:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    with world.work(Face.GATE) as work:
        assert work.session.scalar(select(func.count()).select_from(Code)) == 1


def winners(world: World, code_id, digits: str) -> int:
    """How many of four at once may use the code."""
    attempts = [counted(world, code_id) for _ in range(4)]
    barrier = Barrier(4)

    def try_it(attempt) -> bool:
        with world.work(Face.GATE) as work:
            barrier.wait()
            try:
                codes.use(work, secret(world), attempt, purpose=Purpose.SIGN_IN, typed=digits)
            except Refusal:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(try_it, attempts))


def test_the_same_code_in_parallel_wins_once(world: World) -> None:
    code_id = world.send_code(PHONE)
    assert winners(world, code_id, world.code_for(PHONE)) == 1


def test_without_the_lock_it_would_win_more_than_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the race is real, the lock is what stops it."""
    gate = Barrier(4)

    def naive(work, found_id, *, lock=False):
        row = access.access_code(work, found_id)
        gate.wait()  # everybody has looked before anybody writes
        return row

    monkeypatch.setattr(codes, "access_code", naive)
    code_id = world.send_code(PHONE)
    assert winners(world, code_id, world.code_for(PHONE)) == 4
