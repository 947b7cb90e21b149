"""The 17:00 board of a supplier with a thousand and with a hundred thousand orders; a hundred of them are to ship."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bench.groups import Figures, ratio, take_turns
from bench.installation import Installation, Served
from bench.meter import Request, get
from bench.report import Figure
from bench.script import keep, recording
from bench.town import signed_in
from portal.domain.tenants.values import Kind
from portal.kernel.clock import FixedClock, SystemClock
from portal.kernel.permissions import Role
from tests.factories.world import World

FEW, MANY, TO_SHIP, PAGES = 1_000, 100_000, 100, 20
_STATE = """CASE WHEN n <= 100 THEN 'paid' WHEN n % 20 = 0 THEN 'shipped' WHEN n % 20 = 1 THEN 'received'
            ELSE 'completed' END"""
_FILL = (
    f"""CREATE TEMP TABLE more AS SELECT n, gen_random_uuid() AS order_id, {_STATE} AS state
        FROM generate_series(1, CAST(:number AS int)) AS n""",
    """INSERT INTO orders SELECT merchant_id, more.order_id, lpad(more.n::text, 16, '0'), person_id, checkout_id,
        merchant_name, more.state, NULL, goods_fen, freight_fen, total_fen, 0, pieces, '收件人' || more.n, phone,
        region_code, region_names, detail || more.n, '', 0, placed_at, paid_at,
        CAST(:now AS timestamptz) + (more.n % 3 - 1) * interval '20 hours', NULL, NULL, NULL, NULL, NULL, NULL
        FROM orders, more WHERE id = :id""",
    """INSERT INTO order_lines SELECT l.merchant_id, gen_random_uuid(), more.order_id, l.person_id, l.nth, l.product_id,
        l.sku_id, l.name, l.choice, l.picture, l.code, l.grams, l.returnable, l.quantity, l.unit_fen, l.goods_fen,
        l.freight_fen, CASE WHEN more.state = 'paid' THEN 0 ELSE l.quantity END, 0, 0, 0, 0, 0
        FROM order_lines l, more WHERE l.order_id = :id""",
    """INSERT INTO order_costs SELECT l.merchant_id, l.id, l.order_id, c.terms_id, c.supply_fen
        FROM order_lines l JOIN more ON more.order_id = l.order_id
        JOIN order_lines f ON f.order_id = :id AND f.nth = l.nth
        JOIN order_costs c ON c.merchant_id = f.merchant_id AND c.line_id = f.id""",
    """INSERT INTO order_marks SELECT :merchant, order_id, n % 6, '', NULL, :now, 1, :now, NULL
        FROM more WHERE n <= 50""",
    "UPDATE orders SET state = 'completed' WHERE id = :id",
)


@dataclass(frozen=True)
class Board:
    """Whose board it is, and the cookie that opens it."""

    merchant_id: UUID
    cookie: str

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/supplier/{self.merchant_id}/orders"


def fill(app: Flask, admin_url: str, number: int) -> Board:
    """A supplier with a shipper and so many orders, copies of one that was bought by the portal's own acts."""
    now = SystemClock().now()
    world = World(app, FixedClock(now))
    merchant = world.merchant(Kind.SUPPLIER, "莞邑日用")
    shipper = world.staff(merchant, Role.SHIPPER)
    goods = world.product(merchant, "抽纸 原木浆 24 包", stock=1000)
    first = world.order(world.person(), (goods, 2), (goods, 1, 1))
    _copy(admin_url, number, merchant.id, first.id, now)
    return Board(merchant.id, signed_in(app, world, shipper)[0])


def _copy(admin_url: str, number: int, merchant_id: UUID, order_id: UUID, now: datetime) -> None:
    engine = create_engine(admin_url, poolclass=NullPool)
    values: dict[str, Any] = {"number": number, "merchant": merchant_id, "id": order_id, "now": now}
    with engine.begin() as connection:
        for statement in _FILL:
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def order_board(installation: Installation) -> Figures:
    """The board with 100,000 orders against the same statements in a bare template, and against 1,000 orders."""
    boards, served = {}, {}
    try:
        for name, number in (("few", FEW), ("many", MANY)):
            database = f"bench_orders_{name}"
            installation.database(database)
            app = installation.app(database)
            boards[name] = fill(app, installation.server.url(db=database), number)
            if name == "many":
                served["plain"] = _plain(installation, database, app, boards[name])
            app.extensions["portal"].engine.dispose()
            served[name] = installation.serve(database)
        costs = take_turns(installation, served, _send(boards))
    finally:
        for one in served.values():
            one.stop()
    growth = ratio(costs, "many", "few")
    note = f"{costs['many'].cpu_ms:.1f} ms against {costs['plain'].cpu_ms:.1f} ms of CPU, {TO_SHIP} rows"
    few = f"{costs['many'].cpu_ms:.1f} ms of CPU among {MANY:,}, {costs['few'].cpu_ms:.1f} among {FEW:,}"
    return {
        "order_board.cpu_vs_plain": Figure(ratio(costs, "many", "plain"), 2, "×", note),
        "order_board.growth": Figure(growth, 1.5, "×", few),
    }


def _plain(installation: Installation, database: str, app: Flask, board: Board) -> Served:
    """The reference with the statements of the page itself."""
    client = app.test_client(use_cookies=False)
    for _ in range(3):
        client.get(board.path, headers={"Cookie": board.cookie})
    with recording() as script:
        answer = client.get(board.path, headers={"Cookie": board.cookie})
    assert answer.status_code == 200, answer.status
    path = installation.folder / f"{database}.scripts"
    keep({"orders": script}, path)
    return installation.serve(database, "bench.reference:application", BENCH_SCRIPTS=str(path))


def _send(boards: dict[str, Board]) -> Any:
    def send(name: str, _warm: int) -> list[Request]:
        if name == "plain":
            return [get("/orders")] * PAGES
        return [get(boards[name].path, boards[name].cookie)] * PAGES

    return send
