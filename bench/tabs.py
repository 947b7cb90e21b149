"""Putting a dish on a tab: the whole request of a guest's phone against its own statements, with 200 tables open."""

from __future__ import annotations

from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from bench.groups import Figures, ratio, serve_both, take_turns
from bench.installation import Installation
from bench.meter import Request, get, post
from bench.report import Figure
from bench.script import Script, recording
from bench.town import RAW_CSRF
from portal.domain.tabs.values import Joined
from portal.kernel.clock import FixedClock, SystemClock
from tests.factories.world import World

TABLES, LINES, DISHES, WARM = 200, 60, 80, 12


def tab_add_line(installation: Installation) -> Figures:
    """Two hundred tables, a menu of eighty dishes, each request a new line at the next table."""
    installation.database("bench_tabs")
    app = installation.app("bench_tabs")
    world = World(app, FixedClock(SystemClock().now()))
    place = world.restaurant(TABLES, cover_fen=300)
    dish = [world.dish(place.menu, f"菜 {number}", 1800 + number) for number in range(DISHES)][7]
    phones = cycle([Phone(app, world.joins(table, people=4), dish) for table in place.tables])
    recorded = _record(app, next(phones))
    app.extensions["portal"].engine.dispose()
    portal, reference = serve_both(installation, "bench_tabs", {"tab": recorded})

    def send(name: str, warm: int) -> list[Request]:
        number = warm or LINES
        if name == "portal":
            return [next(phones)() for _ in range(number)]
        return [post("/tab-core", "", "") for _ in range(number)] if name == "core" else [get("/hello")] * number

    try:
        costs = take_turns(installation, {"portal": portal, "core": reference, "hello": reference}, send, warm=WARM)
    finally:
        portal.stop()
        reference.stop()
    note = f"{costs['portal'].cpu_ms:.1f} ms against {costs['core'].cpu_ms:.1f} ms of CPU"
    lines = len(recorded["script"].lines)
    return {"tab_add_line.cpu_vs_core": Figure(ratio(costs, "portal", "core"), 2.5, "×", f"{note}, {lines} statements")}


class Phone:
    """A guest's phone: each call is one more line, told apart by its note."""

    def __init__(self, app: Flask, seat: Joined, dish: UUID) -> None:
        kept = (str(seat.sitting_id), f"{seat.merchant_id}.{seat.guest_id}.{seat.key}")
        session = {"csrf_token": RAW_CSRF, "device": "bench", "seats": [kept]}
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        self.cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}"
        self.csrf = str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(RAW_CSRF))
        self.path, self.dish, self.notes = f"/table/{seat.sitting_id}/lines", dish, count()

    def body(self) -> str:
        """The form as the page sends it."""
        fields: dict[str, Any] = {"dish": self.dish, "quantity": 1, "note": f"少盐 {next(self.notes)}"}
        return urlencode({"csrf_token": self.csrf, "key": str(uuid4()), **fields})

    def __call__(self) -> Request:
        return post(self.path, self.body(), self.cookie)


def _record(app: Flask, phone: Phone) -> dict[str, Any]:
    """One line word by word. What a second one says again is no id that the portal made."""
    for _warm in range(3):
        _add(app, phone)
    scripts: list[Script] = []
    for _ in range(2):
        with recording() as script:
            _add(app, phone)
        scripts.append(script)
    return {"script": scripts[0], "constants": scripts[0].uuids() & scripts[1].uuids(), "numbers": []}


def _add(app: Flask, phone: Phone) -> None:
    answer = app.test_client(use_cookies=False).post(
        phone.path,
        data=phone.body(),
        headers={"Cookie": phone.cookie},
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
