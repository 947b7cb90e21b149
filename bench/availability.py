"""What is free on one day of a store with twenty technicians and six rooms, among 1,000 and 60,000 bookings.

The plain reference sends the same statements by the bare driver in one transaction and works out the same answer by
code for this question alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psutil
import psycopg
from sqlalchemy import Engine, text

from bench.installation import Installation
from bench.report import Figure
from bench.script import recording
from portal.domain.calendar import queries
from portal.domain.calendar.values import Kind, WeekSpan
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.clock import FixedClock
from portal.kernel.database import make_engine
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from tests.factories.world import World

FEW, MANY, TECHNICIANS, ROOMS, EACH_DAY = 1_000, 60_000, 20, 6, 8
ROUNDS, TIMES = 7, 40
DAY = datetime(2026, 7, 5, 16, tzinfo=UTC)  # Monday 6 July in Shanghai
WEEK = [
    *(WeekSpan(day, 600, 840) for day in range(7)),
    *(WeekSpan(day, 1080, 30, "break") for day in range(7)),
]
_FILL = """INSERT INTO reservations
    SELECT r.merchant_id, gen_random_uuid(), r.id, 1,
        tstzrange(s.at, s.at + interval '75 minutes'), 'booking', gen_random_uuid(), false, '', :day
    FROM resources r CROSS JOIN generate_series(0, CAST(:each AS int) - 1) n
    CROSS JOIN LATERAL (SELECT CAST(:day AS timestamptz) + (n / 8 - CAST(:before AS int)) * interval '1 day'
        + interval '10 hours' + (n % 8) * interval '100 minutes' AS at) s"""
Store = tuple[UUID, list[UUID]]


def fill(installation: Installation, database: str, bookings: int) -> Store:
    """A store whose people are booked eight times a day, as many days before and after as it takes."""
    installation.database(database)
    app = installation.app(database)
    world = World(app, FixedClock(DAY))
    store = world.store(world.merchant(MerchantKind.BRAND, "莞邑足道"))
    made = [world.resource(store, week=WEEK) for _ in range(TECHNICIANS)]
    made += [world.resource(store, Kind.ROOM) for _ in range(ROOMS)]
    app.extensions["portal"].engine.dispose()
    each = -(-bookings // len(made))
    admin = make_engine(installation.server.url(db=database))
    with admin.begin() as connection:
        connection.execute(text(_FILL), {"day": DAY, "each": each, "before": each // EACH_DAY // 2})
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    admin.dispose()
    return store.merchant_id, [one.id for one in made]


def ask(engine: Engine, store: Store) -> int:
    """What is free, as the street asks; how many stretches."""
    actor, clock = Actor(ActorKind.GUEST), FixedClock(DAY)
    with open_work(engine, scope=Scope(Face.SHOP), actor=actor, clock=clock, read_only=True) as work:
        told = queries.free(work, store[0], store[1], DAY, DAY + timedelta(days=1))
    return sum(len(one) for one in told.values())


def availability_day(installation: Installation) -> dict[str, Figure]:
    """CPU of client and database against the bare driver, statements of one question, and growth with the bookings."""
    few, many = fill(installation, "bench_few", FEW), fill(installation, "bench_many", MANY)
    engines = {name: make_engine(installation.server.url("portal_web", name), pool_size=1, max_overflow=0)
               for name in ("bench_few", "bench_many")}  # fmt: skip
    for _ in range(8):
        found = ask(engines["bench_few"], few), ask(engines["bench_many"], many)
    with recording() as script:
        ask(engines["bench_many"], many)
    lines = [line for line in script.lines if not line[0].startswith(("BEGIN", "COMMIT"))]
    with psycopg.connect(installation.server.url("portal_web", "bench_many").replace("+psycopg", "")) as bare:
        assert plain(bare, lines) == found[1], "both say the same"
        subjects: dict[str, tuple[Callable[[], Any], int]] = {
            "few": (lambda: ask(engines["bench_few"], few), backend(engines["bench_few"])),
            "many": (lambda: ask(engines["bench_many"], many), backend(engines["bench_many"])),
            "plain": (lambda: plain(bare, lines), bare.info.backend_pid),
        }
        costs = {name: [cost(*subject) for _ in range(ROUNDS)] for name, subject in subjects.items()}
    for engine in engines.values():
        engine.dispose()
    against = statistics.median(a / b for a, b in zip(costs["many"], costs["plain"], strict=True))
    growth = statistics.median(a / b for a, b in zip(costs["many"], costs["few"], strict=True))
    ms = {name: statistics.median(values) * 1000 for name, values in costs.items()}
    note = f"{ms['many']:.2f} ms against {ms['plain']:.2f} ms of CPU; {found[1]} free stretches"
    return {
        "availability_day.cpu_vs_plain": Figure(against, 2, "×", note),
        "availability_day.statements": Figure(len(lines), 6, "", "changes of face counted"),
        "availability_day.growth": Figure(growth, 1.3, "×", f"from {FEW} to {MANY} bookings, {ms['few']:.2f} ms"),
    }


def plain(bare: psycopg.Connection[Any], lines: list[tuple[str, Any]]) -> int:
    """The same statements and the same answer, written for this one question only: one cell, one day, one zone."""
    kept: dict[int, list[Any]] = {}
    with bare.transaction():
        for statement, values in lines:
            cursor = bare.execute(statement, values)
            if cursor.description is not None:
                kept[len(cursor.description)] = cursor.fetchall()
    books, held = kept[15], kept[9]
    work: dict[Any, list[tuple[datetime, datetime]]] = {}
    busy: dict[Any, list[tuple[datetime, datetime]]] = {}
    for row in books:
        if row[9] is None:
            work[row[1]] = [(DAY, DAY + timedelta(days=1))]
            continue
        start = DAY + timedelta(days=row[9] if row[9] < 6 else -1, minutes=row[10])
        into = work if row[12] == "work" else busy
        into.setdefault(row[1], []).append((start, start + timedelta(minutes=row[11])))
    for row in held:
        busy.setdefault(row[1], []).append((row[3], row[4]))
    return sum(gaps(shifts, sorted(busy.get(one, ()))) for one, shifts in work.items())


def gaps(shifts: list[tuple[datetime, datetime]], busy: list[tuple[datetime, datetime]]) -> int:
    """How many stretches of the shifts are left on the day."""
    count, end_of_day = 0, DAY + timedelta(days=1)
    for start, end in shifts:
        at, until = max(start, DAY), min(end, end_of_day)
        for a, b in busy:
            if at < a < until:
                count += 1
            at = max(at, b) if a < until else at
        count += at < until
    return count


def backend(engine: Engine) -> int:
    """The process of PostgreSQL that serves this pool of one."""
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def cost(act: Callable[[], Any], pid: int) -> float:
    """Seconds of CPU of one act, here and in the database."""
    process = psutil.Process(pid)
    before, began = process.cpu_times(), time.process_time()
    for _ in range(TIMES):
        act()
    after, ended = process.cpu_times(), time.process_time()
    return (ended - began + after.user + after.system - before.user - before.system) / TIMES
