"""Ordering: a checkout of two merchants and three lines against its own statements, and the flow from cart to paid.

Each checkout empties a cart, so each request is another buyer's; the carts are filled beforehand. The reference says
the same statements in one transaction, with fresh ids where the portal made ids.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask

from bench.groups import ROUNDS, Figures, ratio, serve_both, take_turns
from bench.installation import Installation
from bench.meter import Request, get, post
from bench.report import Figure
from bench.script import Script, recording
from bench.town import signed_in
from portal.domain.freight import actions as freight
from portal.domain.freight.values import Tariff, TemplateDraft, Unit
from portal.domain.ordering import queries
from portal.domain.tenants.values import Kind
from portal.kernel.clock import FixedClock, SystemClock
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.catalogue import MadeProduct
from tests.factories.ordering import PLACE
from tests.factories.persons import MadePerson
from tests.factories.world import World

CHECKOUTS, WARM, CLIENTS, FLOWS = 24, 12, 4, 12
STOCK = 1_000_000


@dataclass(frozen=True)
class Buyer:
    """Somebody signed in, with three lines in his cart."""

    person: MadePerson
    cookie: str
    csrf: str
    address: UUID

    def body(self, shown: int, mark: str) -> str:
        """The checkout's form as its page sends it."""
        fields = {"address": self.address, "shown": shown, "mark": mark}
        return urlencode({"csrf_token": self.csrf, "key": str(uuid4()), **fields})


def checkout(installation: Installation) -> Figures:
    """Both figures on one database."""
    installation.database("bench_checkout")
    app = installation.app("bench_checkout")
    world = World(app, FixedClock(SystemClock().now()))
    goods = _shelves(world)
    buyers = iter([_buyer(app, world, goods) for _ in range(ROUNDS * CHECKOUTS + WARM + 6)])
    first = next(buyers)
    with world.work(Face.PERSON, person=first.person.id, kind=ActorKind.PERSON) as work:
        quote = queries.quote(work, region_code=PLACE.region_code)
    recorded = _record(app, world, goods, buyers, quote)
    flow = _flow(installation, world, goods, [_buyer(app, world, ()) for _ in range(CLIENTS)])
    app.extensions["portal"].engine.dispose()
    portal, reference = serve_both(installation, "bench_checkout", {"checkout": recorded})

    def send(name: str, warm: int) -> list[Request]:
        number = warm or CHECKOUTS
        if name == "portal":
            return [
                post("/checkout", one.body(quote.total_fen, quote.mark), one.cookie) for one in _some(buyers, number)
            ]
        return [post("/checkout-core", "", "") for _ in range(number)] if name == "core" else [get("/hello")] * number

    try:
        costs = take_turns(installation, {"portal": portal, "core": reference, "hello": reference}, send, warm=WARM)
    finally:
        portal.stop()
        reference.stop()
    note = f"{costs['portal'].cpu_ms:.1f} ms against {costs['core'].cpu_ms:.1f} ms of CPU"
    lines = len(recorded["script"].lines)
    return {
        "checkout.cpu_vs_core": Figure(ratio(costs, "portal", "core"), 2.5, "×", f"{note}, {lines} statements"),
        "order_flow.per_min": flow,
    }


def _some(buyers: Any, number: int) -> list[Buyer]:
    return [next(buyers) for _ in range(number)]


def _shelves(world: World) -> tuple[MadeProduct, ...]:
    """Two suppliers that charge for sending, one product each, two SKUs."""
    made = []
    for name in ("莞邑日用", "松湖优选"):
        merchant = world.merchant(Kind.SUPPLIER, name)
        made.append(world.product(merchant, stock=STOCK))
        draft = TemplateDraft("标准", Unit.PIECE, Tariff(1, 700, 1, 300))
        with world.work(Face.OFFICE, merchant=merchant.id, kind=ActorKind.STAFF) as work:
            freight.create(work, draft=draft, default=True)
    return tuple(made)


def _wishes(goods: tuple[MadeProduct, ...]) -> tuple[Any, ...]:
    return ((goods[0], 2, 0), (goods[0], 1, 1), (goods[1], 1, 0)) if goods else ()


def _buyer(app: Flask, world: World, goods: tuple[MadeProduct, ...]) -> Buyer:
    person = world.person()
    address = world.address(person)
    if goods:
        world.in_cart(person, *_wishes(goods))
    cookie, csrf = signed_in(app, world, person)
    return Buyer(person, cookie, csrf, address)


def _record(app: Flask, world: World, goods: tuple[MadeProduct, ...], buyers: Any, quote: Any) -> dict[str, Any]:
    """One checkout word by word. What a second one of the same buyer says again is no id that the portal made."""
    for one in _some(buyers, 3):
        _order(app, one, quote)
    buyer, scripts = next(buyers), []
    for _ in range(2):
        with recording() as script:
            _order(app, buyer, quote)
        scripts.append(script)
        world.in_cart(buyer.person, *_wishes(goods))
    return {"script": scripts[0], "constants": scripts[0].uuids() & scripts[1].uuids(), "numbers": _numbers(scripts[0])}


def _order(app: Flask, buyer: Buyer, quote: Any) -> None:
    answer = app.test_client(use_cookies=False).post(
        "/checkout",
        data=buyer.body(quote.total_fen, quote.mark),
        headers={"Cookie": buyer.cookie},
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]


def _numbers(script: Script) -> list[str]:
    """The numbers of the orders that were written."""
    values = next(values for statement, values in script.lines if statement.startswith("INSERT INTO orders"))
    return [value for name, value in values.items() if name.startswith("number")]


def _flow(installation: Installation, world: World, goods: tuple[MadeProduct, ...], clients: list[Buyer]) -> Figure:
    """Four browsers fill their carts, order and begin to pay; the provider's word is applied in this process, as the
    worker does. Whole orders a minute.
    """
    world.gateway()
    web = installation.serve("bench_checkout")
    done: list[int] = []

    def shop(buyer: Buyer) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
        done.extend(_buy(connection, world, goods, buyer) for _ in range(FLOWS))

    threads = [threading.Thread(target=shop, args=[one]) for one in clients]
    began = time.monotonic()
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        web.stop()
    minutes = (time.monotonic() - began) / 60
    if len(done) != CLIENTS * FLOWS:
        raise RuntimeError(f"{len(done)} of {CLIENTS * FLOWS} were paid\n{web.last_words()}")
    return Figure(len(done) / minutes, None, "/min", f"cart to paid, {CLIENTS} clients, {sum(done)} requests over HTTP")


def _buy(connection: http.client.HTTPConnection, world: World, goods: tuple[MadeProduct, ...], buyer: Buyer) -> int:
    """One order of two merchants, from the empty cart to the escrow; how many requests it took."""
    requests = 0

    def ask(method: str, path: str, **fields: Any) -> tuple[str, str]:
        nonlocal requests
        requests += 1
        body = urlencode({"csrf_token": buyer.csrf, "key": str(uuid4()), **fields}) if method == "POST" else None
        headers = {"Cookie": buyer.cookie, "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 303):
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return text, answer.headers.get("Location", "")

    for product, quantity, sku in _wishes(goods):
        ask("POST", "/cart/add", product=product.id, sku=product.skus[sku], quantity=quantity)
    page, _ = ask("GET", "/checkout")
    shown, mark = (re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("shown", "mark"))  # type: ignore[union-attr]
    _text, payment = ask("POST", "/checkout", address=buyer.address, shown=shown, mark=mark)
    ask("POST", f"{payment}/pay", provider="sandbox")
    world.pay(world.last_orders(buyer.person)[0])
    return requests
