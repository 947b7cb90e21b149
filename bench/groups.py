"""The groups of figures. Reference and subject take turns in rounds; medians are reported."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from bench import nearby, town
from bench.installation import Installation, Served
from bench.meter import Cost, Request, get, measure, post, round_trips
from bench.report import Figure
from bench.script import keep, recording
from bench.weights import first_visit_kb
from portal.app import create_app
from portal.kernel.database import make_engine
from portal.settings import load_settings

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
PAGES, REDEMPTIONS, WARM = 100, 60, 20
Figures = dict[str, Figure]


def take_turns(
    installation: Installation,
    served: dict[str, Served],
    send: Callable[[str, int], list[Request]],
    *,
    warm: int = WARM,
) -> Any:
    """Measure each in every round, the order turning; returns name → Cost."""
    costs = {name: Cost() for name in served}
    database = installation.server.pid()
    assert database is not None
    for name, web in served.items():
        try:
            measure(web.port, [web.process.pid, database], send(name, warm), Cost())
        except RuntimeError as error:
            raise RuntimeError(f"{name}: {error}\n{web.last_words()}") from error
    for number in range(ROUNDS):
        names = list(served)[number % len(served) :] + list(served)[: number % len(served)]
        for name in names:
            web = served[name]
            measure(web.port, [web.process.pid, database], send(name, 0), costs[name])
    return costs


def nearby_page(installation: Installation) -> Figures:
    """The first page of what is near, against the same rows in a bare template, and against hello."""
    installation.database("bench_nearby")
    app = installation.app("bench_nearby")
    town.street(app)
    client, scripts = app.test_client(), []
    for path in town.asked():
        client.get(path)
        with recording() as script:
            answer = client.get(path)
        assert answer.status_code == 200, answer.status
        scripts.append(script)
    app.extensions["portal"].engine.dispose()
    portal, reference = serve_both(installation, "bench_nearby", {"nearby": scripts})
    paths = {"portal": town.asked(), "plain": [f"/plain/{n}" for n in range(len(scripts))], "hello": ["/hello"]}

    def send(name: str, warm: int) -> list[Request]:
        return [get(paths[name][n % len(paths[name])]) for n in range(warm or PAGES)]

    try:
        costs = take_turns(installation, {"portal": portal, "plain": reference, "hello": reference}, send)
        weight, files = first_visit_kb(portal.port, paths["portal"][0])
    finally:
        portal.stop()
        reference.stop()
    note = (
        f"{costs['portal'].cpu_ms:.1f} ms against {costs['plain'].cpu_ms:.1f} ms of CPU, {len(scripts[0].lines)} lines"
    )
    return {
        "nearby_page.cpu_vs_plain": Figure(ratio(costs, "portal", "plain"), 2, "×", note),
        "nearby_page.http_vs_hello": Figure(
            costs["portal"].wall_ms / costs["hello"].wall_ms, None, "×", f"{costs['portal'].wall_ms:.1f} ms a page"
        ),
        "shop.first_visit_kb": Figure(weight, 100, "kB", ", ".join(files[:6])),
    }


def ratio(costs: dict[str, Cost], subject: str, reference: str) -> float:
    """The median of the rounds' quotients."""
    pairs = zip(costs[subject].cpu, costs[reference].cpu, strict=True)
    return statistics.median(one / other for one, other in pairs)


def serve_both(installation: Installation, database: str, scripts: dict[str, Any]) -> tuple[Served, Served]:
    """The portal and the reference on one database."""
    path = installation.folder / f"{database}.scripts"
    keep(scripts, path)
    reference = installation.serve(database, "bench.reference:application", BENCH_SCRIPTS=str(path))
    return installation.serve(database), reference


def redeem(installation: Installation) -> Figures:
    """One redemption against the same statements in one transaction; and how often it waits for the database."""
    installation.database("bench_redeem")
    app = installation.app("bench_redeem")
    pile = town.counter(app, installation.server.url(db="bench_redeem"), (ROUNDS * REDEMPTIONS + WARM) * 2 + 100)
    codes = iter(pile.codes)
    recorded = _record(app, pile, codes)
    trips = _count_trips(installation, pile, codes)
    app.extensions["portal"].engine.dispose()
    portal, reference = serve_both(installation, "bench_redeem", {"redeem": recorded})

    def send(name: str, warm: int) -> list[Request]:
        number = warm or REDEMPTIONS
        if name == "portal":
            return [post(pile.path, pile.body(next(codes)), pile.cookie) for _ in range(number)]
        return [post("/core", f"code={next(codes)}", "") for _ in range(number)] if name == "core" else _hellos(number)

    try:
        costs = take_turns(installation, {"portal": portal, "core": reference, "hello": reference}, send)
        weight, files = first_visit_kb(portal.port, f"/store/{pile.store_id}/", pile.cookie)
    finally:
        portal.stop()
        reference.stop()
    note = f"{costs['portal'].cpu_ms:.1f} ms against {costs['core'].cpu_ms:.1f} ms of CPU"
    return {
        "redeem.cpu_vs_core": Figure(ratio(costs, "portal", "core"), 2.5, "×", note),
        "redeem.round_trips": Figure(
            trips, 14, "", "waits for the database in one redemption, BEGIN and COMMIT counted"
        ),
        "redeem.http_vs_hello": Figure(
            costs["portal"].wall_ms / costs["hello"].wall_ms,
            None,
            "×",
            f"{costs['portal'].wall_ms:.1f} ms a redemption",
        ),
        "counter.first_visit_kb": Figure(weight, 100, "kB", ", ".join(files[:6])),
    }


def _hellos(number: int) -> list[Request]:
    return [get("/hello") for _ in range(number)]


def _send_here(app: Any, pile: town.Counter, code: str) -> str:
    """Redeem in this process; the receipt's address."""
    answer = app.test_client(use_cookies=False).post(
        pile.path,
        data=pile.body(code),
        headers={"Cookie": pile.cookie},
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    return str(answer.headers["Location"])


def _record(app: Any, pile: town.Counter, codes: Any) -> dict[str, Any]:
    """The statements of one redemption, and which of its values belong to the voucher."""
    for _ in range(3):
        _send_here(app, pile, next(codes))
    code = next(codes)
    with recording() as script:
        location = _send_here(app, pile, code)
    redemption = UUID(location.rpartition("/")[2])
    inserted = next(v for s, v in script.lines if s.startswith("INSERT INTO redemptions"))
    constants = {inserted[name] for name in ("merchant_id", "coupon_id", "store_id", "holder_id", "membership_id")}
    return {
        "script": script,
        "code": code,
        "redemption": redemption,
        "voucher": inserted["voucher_id"],
        "constants": constants | {pile.person_id},
    }


def _count_trips(installation: Installation, pile: town.Counter, codes: Any) -> float:
    """The median over redemptions once statements are prepared."""
    socket = installation.server.socket / ".s.PGSQL.5432"
    with round_trips(installation.folder / "trips", socket) as counter:
        env = installation.environment("bench_redeem") | {"DATABASE_URL": counter.url("portal_web", "bench_redeem")}
        app = create_app(load_settings(env))
        seen = []
        for _ in range(20):
            before = counter.count
            _send_here(app, pile, next(codes))
            seen.append(counter.count - before)
        app.extensions["portal"].engine.dispose()
    return statistics.median(seen[8:])


def nearby_query(installation: Installation) -> Figures:
    """The same question among a thousand and among a million stores."""
    installation.database("bench_growth")
    urls = (installation.server.url(user, "bench_growth") for user in ("portal_web", "portal_owner"))
    web, owner = (make_engine(url, connect_args={"options": "-c statement_timeout=0"}) for url in urls)
    began = time.monotonic()
    try:
        found = nearby.growth(web, owner)
    finally:
        web.dispose()
        owner.dispose()
    growth, seconds = found["growth"]["all"], time.monotonic() - began
    among = found["many"]["near"]["ms"]
    note = f"buffers ×{growth['buffers']}, time ×{growth['ms']}, {among} ms among a million; filled in {seconds:.0f} s"
    return {"nearby_query.growth": Figure(max(growth["buffers"], growth["ms"]), 2, "×", note)}


def web(installation: Installation) -> Figures:
    """How long a cold start takes, and what a worker weighs after a thousand pages."""
    installation.database("bench_web")
    app = installation.app("bench_web")
    town.street(app)
    app.extensions["portal"].engine.dispose()
    starts = []
    for _ in range(3):
        served = installation.serve("bench_web")
        starts.append(served.started_in)
        served.stop()
    served = installation.serve("bench_web")
    try:
        pages = [get(path) for path in town.asked()] * 50
        for _ in range(2):  # both workers
            measure(served.port, [served.process.pid], pages, Cost())
        rss = max(worker.memory_info().rss for worker in served.workers()) / 2**20
    finally:
        served.stop()
    return {
        "cold_start_s": Figure(statistics.median(starts), 3, "s", "gunicorn to the first answer, database running"),
        "web.rss_mb": Figure(rss, 130, "MB", "the heavier worker after 1,000 pages"),
    }
