"""What a kitchen screen costs while nothing changes: the pulse against a one-line page of a bare application."""

from __future__ import annotations

from bench.groups import Figures, ratio, take_turns
from bench.installation import Installation
from bench.meter import Request, get
from bench.report import Figure
from portal.domain.kitchen.rules.permits import permit
from portal.kernel.clock import FixedClock, SystemClock
from tests.factories.world import World

POLLS, TICKETS = 300, 60


def kitchen_poll(installation: Installation) -> Figures:
    """Sixty tickets wait, nothing changes: every answer is 204."""
    installation.database("bench_kitchen")
    app = installation.app("bench_kitchen")
    world = World(app, FixedClock(SystemClock().now()))
    place = world.restaurant()
    world.station(place.store, "热菜")
    guest = world.joins(place.tables[0])
    world.sends(guest, *(world.dish(place.menu, f"菜 {n}") for n in range(TICKETS)))
    token = permit(installation.secret, place.merchant.id, place.store.id, SystemClock().now())
    path = f"/pulse/{token}?since=1"
    assert app.test_client().get(path).status_code == 204
    app.extensions["portal"].engine.dispose()
    portal = installation.serve("bench_kitchen")
    hello = installation.serve("bench_kitchen", "bench.reference:application")
    paths = {"portal": path, "hello": "/hello"}

    def send(name: str, warm: int) -> list[Request]:
        return [get(paths[name]) for _ in range(warm or POLLS)]

    try:
        costs = take_turns(installation, {"portal": portal, "hello": hello}, send)
    finally:
        portal.stop()
        hello.stop()
    note = f"{costs['portal'].cpu_ms:.2f} ms against {costs['hello'].cpu_ms:.2f} ms of CPU; a number is kept a second"
    return {"kitchen_poll.cpu_vs_hello": Figure(ratio(costs, "portal", "hello"), 3, "×", note)}
