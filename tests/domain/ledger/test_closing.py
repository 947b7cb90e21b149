"""Days close when nothing can still be posted into them, and each is chained to the one before."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from portal.domain.ledger import actions, queries, rules
from portal.domain.ledger.values import (
    HOUSE,
    AccountKind,
    AccountRef,
    Business,
    Day,
    Journal,
    JournalKind,
    Transfer,
    TransferKind,
)
from portal.jobs.timetable import close_days
from portal.kernel.clock import FixedClock
from portal.kernel.scope import Face
from portal.kernel.work import Work
from portal.localdb.bootstrap import connect
from portal.localdb.server import LocalPostgres
from tests.factories.world import World

CLEARING = AccountRef(AccountKind.CLEARING, HOUSE)
TODAY = date(2026, 7, 4)
DAY = timedelta(days=1)


@pytest.fixture
def ask(postgres: LocalPostgres, database: str) -> Callable[..., list]:
    def _ask(question: str, *facts: object) -> list:
        with connect(postgres.url(db=database)) as admin:
            return admin.execute(question, facts).fetchall()

    return _ask


def close_all(world: World) -> list[Day]:
    with world.work(Face.JOB) as work:
        actions.seal(work)
    days: list[Day] = []
    while True:
        with world.work(Face.JOB) as work:
            day = actions.close(work)
        if day is None:
            return days
        days.append(day)


def test_days_are_closed_one_after_the_other_and_chained(world: World, clock: FixedClock) -> None:
    world.captured(100)
    assert close_all(world) == []  # today is still going on
    clock.advance(days=1)
    world.captured(250)
    clock.advance(days=2)
    days = close_all(world)
    assert [(day.day, day.transfers, day.sums) for day in days] == [
        (TODAY, 1, {"CNY": 100}),
        (TODAY + DAY, 1, {"CNY": 250}),
        (TODAY + 2 * DAY, 0, {}),
    ]
    before = rules.GENESIS
    for day in days:
        assert day.chain == rules.chain(before, day.day, day.transfers, day.sums, day.digest)
        before = day.chain
    assert close_all(world) == []


def test_the_balance_is_the_snapshot_and_what_came_after(world: World, clock: FixedClock, ask: Callable) -> None:
    world.captured(100)
    clock.advance(days=1)
    world.captured(10)
    clock.advance(days=1)
    close_all(world)
    world.captured(1)
    assert ask("SELECT day, balance FROM ledger_snapshots ORDER BY day") == [(TODAY, -100), (TODAY + DAY, -110)]
    with world.work(Face.PLATFORM) as work:
        assert queries.balance(work, CLEARING) == -111


def test_a_late_posting_is_dated_to_the_open_day(world: World, clock: FixedClock) -> None:
    world.captured(100)
    clock.advance(days=1)
    close_all(world)
    clock.advance(days=-1)  # a Work that began before midnight
    _, late = world.captured(7)
    assert late.day == TODAY + DAY


def test_sealing_waits_for_postings_under_way(world: World, clock: FixedClock) -> None:
    world.captured(100)
    order = uuid4()
    with ThreadPoolExecutor(1) as pool:
        with world.work(Face.JOB) as work:
            journal = _capture(work, order)
            clock.advance(days=1)
            sealing = pool.submit(close_all, world)
            with pytest.raises(TimeoutError):
                sealing.result(timeout=0.5)
        days = sealing.result(timeout=10)
    assert journal.day == TODAY
    assert [(day.day, day.transfers) for day in days] == [(TODAY, 2)]


def test_the_timetable_catches_up(world: World, clock: FixedClock, ask: Callable) -> None:
    world.captured(100)
    clock.advance(days=5)
    assert close_days(world.services) == 5
    assert close_days(world.services) == 0
    assert ask("SELECT count(*) FROM ledger_days") == [(5,)]


def test_the_database_dates_a_journal_whoever_writes_it(world: World, clock: FixedClock, ask: Callable) -> None:
    world.captured(100)
    clock.advance(days=1)
    close_all(world)
    row = (uuid4(), "by hand", b"", uuid4(), clock.now(), TODAY)
    made = ask(
        "INSERT INTO ledger_journals (id, key, fingerprint, business_id, at, day, kind, business_type, actor_kind) "
        "VALUES (%s, %s, %s, %s, %s, %s, 'adjustment', 'order', 'job') RETURNING day",
        *row,
    )
    assert made == [(TODAY + DAY,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="written once"):
        ask("UPDATE ledger_journals SET day = %s RETURNING id", TODAY)


def _capture(work: Work, order: UUID) -> Journal:
    escrow = AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order)
    transfer = Transfer(TransferKind.CAPTURE, CLEARING, escrow, 5)
    business = Business("order", order)
    return actions.post(work, kind=JournalKind.CAPTURE, key=f"pay/{order}", business=business, transfers=[transfer])
