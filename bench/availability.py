"""The consumer's page of times of a store with twenty technicians and six rooms, among 1,000 and 60,000 bookings.

Bookings lie densely from three days ahead backwards, as they come in: what is more of them is past. The plain
reference sends the statements that the page was seen to send, works the same times out by hand and shows them bare.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bench.groups import Figures, ratio, take_turns
from bench.installation import Installation, Served
from bench.meter import Request, get
from bench.report import Figure
from bench.script import Script, keep, recording
from portal.domain.calendar.values import Kind, WeekSpan
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.clock import FixedClock, SystemClock
from portal.kernel.figures import SHANGHAI
from tests.factories.bookings import FACIAL
from tests.factories.world import World

FEW, MANY, TECHNICIANS, ROOMS, EACH_DAY, AHEAD, PAGES = 1_000, 60_000, 20, 6, 8, 3, 30
WEEK = [
    *(WeekSpan(day, 600, 840) for day in range(7)),
    *(WeekSpan(day, 1080, 30, "break") for day in range(7)),
]
ABOUT = ("services", "resources", "shifts", "resource_days", "reservations", "booking_sessions")
_FILL = """INSERT INTO reservations
    SELECT r.merchant_id, gen_random_uuid(), r.id, 1,
        tstzrange(s.at, s.at + interval '75 minutes'), 'booking', gen_random_uuid(), false, '', :day
    FROM resources r CROSS JOIN generate_series(0, CAST(:each AS int) - 1) n
    CROSS JOIN LATERAL (SELECT CAST(:day AS timestamptz) + (CAST(:ahead AS int) - n / 8) * interval '1 day'
        + interval '10 hours' + (n % 8) * interval '100 minutes' AS at) s"""


@dataclass(frozen=True)
class Times:
    """The page: a store and a service."""

    store_id: UUID
    service_id: UUID

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/s/{self.store_id}/book/times?service={self.service_id}"


def fill(app: Flask, admin_url: str, bookings: int) -> Times:
    """A store whose people and rooms are booked eight times a day, back from three days ahead."""
    now = SystemClock().now()
    world = World(app, FixedClock(now))
    merchant = world.merchant(MerchantKind.BRAND, "莞邑足道")
    store = world.store(merchant, "莞邑足道 鸿福店")
    doers = [world.resource(store, name=f"技师 {n + 1}", week=WEEK) for n in range(TECHNICIANS)]
    for n in range(ROOMS):
        world.resource(store, Kind.ROOM, name=f"{n + 1} 号房")
    service = world.service(merchant, doers, draft=FACIAL)
    day = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    each = -(-bookings // (TECHNICIANS + ROOMS))
    engine = create_engine(admin_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(_FILL), {"day": day, "each": each, "ahead": AHEAD})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return Times(store.id, service)


def availability_day(installation: Installation) -> Figures:
    """CPU of the page against the same statements in a bare template and among fewer bookings; its statements."""
    pages, served = {}, {}
    script = Script()
    try:
        for name, number in (("few", FEW), ("many", MANY)):
            database = f"bench_times_{name}"
            installation.database(database)
            app = installation.app(database)
            pages[name] = fill(app, installation.server.url(db=database), number)
            if name == "many":
                script = _recorded(app, pages[name])
                served["plain"] = _plain(installation, database, script)
            app.extensions["portal"].engine.dispose()
            served[name] = installation.serve(database)
        counted = {name: _times(one, "/times" if name == "plain" else pages[name].path) for name, one in served.items()}
        costs = take_turns(installation, served, _send(pages))
    finally:
        for one in served.values():
            one.stop()
    assert counted["plain"] == counted["many"] > 20, f"both say the same times: {counted}"
    ms = {name: cost.cpu_ms for name, cost in costs.items()}
    about = [line for line, _values in script.lines if any(f"FROM {table}" in line for table in ABOUT)]
    note = f"{ms['many']:.1f} ms against {ms['plain']:.1f} ms of CPU"
    return {
        "availability_day.cpu_vs_plain": Figure(ratio(costs, "many", "plain"), 2, "×", note),
        "availability_day.statements": Figure(len(about), 6, "", f"about time; {len(script.lines)} lines in all"),
        "availability_day.growth": Figure(
            ratio(costs, "many", "few"), 1.3, "×", f"from {FEW} to {MANY} bookings, {ms['few']:.1f} ms among few"
        ),
    }


def _recorded(app: Flask, page: Times) -> Script:
    """The statements of the page itself, once it is warm."""
    client = app.test_client(use_cookies=False)
    for _ in range(3):
        client.get(page.path)
    with recording() as script:
        answer = client.get(page.path)
    assert answer.status_code == 200, answer.status
    return script


def _times(served: Served, path: str) -> int:
    """How many times a page offers."""
    try:
        with urlopen(f"http://127.0.0.1:{served.port}{path}", timeout=30) as answer:
            return int(answer.read().count(b'name="at"'))
    except HTTPError as error:
        raise RuntimeError(served.last_words()) from error


def _plain(installation: Installation, database: str, script: Script) -> Served:
    path = installation.folder / f"{database}.scripts"
    keep({"times": script}, path)
    return installation.serve(database, "bench.reference:application", BENCH_SCRIPTS=str(path))


def _send(pages: dict[str, Times]) -> Any:
    def send(name: str, _warm: int) -> list[Request]:
        return [get("/times" if name == "plain" else pages[name].path)] * PAGES

    return send
