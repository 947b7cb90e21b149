"""How the nearest stores are found among a thousand and among a million: buffers touched and time, as the shop's face.

`growth(engine)` fills a database of its own choosing with generated stores; never run it on a database that matters.
"""

from __future__ import annotations

import re
import statistics
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event, text

from portal.domain.stores.queries import Filters, Search, nearby
from portal.kernel.clock import FixedClock
from portal.kernel.geo import Position
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work

ASKERS = (
    (23.0205, 113.7518), (22.5431, 114.0579), (23.1291, 113.2644), (30.5728, 104.0668), (39.9042, 116.4074),
    (31.2304, 121.4737), (29.563, 106.5516), (34.3416, 108.9398), (25.0389, 102.7183), (43.8256, 87.6168),
)  # fmt: skip
ROOTS = tuple(uuid.UUID(int=number) for number in range(1, 31))
NOON = datetime(2026, 7, 4, 4, tzinfo=UTC)

_MERCHANT = """
INSERT INTO merchants (id, kind, name, state, created_at) VALUES (:id, 'brand', '小店', 'active', :now)
ON CONFLICT DO NOTHING
"""
_STORES = """
INSERT INTO stores (merchant_id, id, name, address, lat, lng, raw_lat, raw_lng, raw_datum, hours, state,
                    state_at, version, rating_sum, rating_count, month_sales, benefits, created_at, updated_at)
SELECT :merchant, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '小店 ' || n,
       '幸福路 ' || n % 999 || ' 号',
       lat, lng, lat, lng, 'wgs84', '{"v": 1, "week": [[], [], [], [], [], [], []]}', 'listed', :now, 1,
       n % 5 * 40 + 40, 40, n % 3000, '[]', :now, :now
FROM (
  SELECT n, 22.2 + 18.8 * (('x' || substr(md5('a' || n % 300), 1, 8))::bit(32)::bigint / 4294967296.0)
            + 0.35 * sqrt(-2 * ln(u + 1e-9)) * cos(2 * pi() * v) AS lat,
         100 + 20 * (('x' || substr(md5('b' || n % 300), 1, 8))::bit(32)::bigint / 4294967296.0)
            + 0.35 * sqrt(-2 * ln(u + 1e-9)) * sin(2 * pi() * v) AS lng
  FROM (SELECT n, ('x' || substr(md5('u' || n), 1, 8))::bit(32)::bigint / 4294967296.0 AS u,
                  ('x' || substr(md5('v' || n), 1, 8))::bit(32)::bigint / 4294967296.0 AS v
        FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n) AS drawn
) AS spots
"""
_CARDS = """
INSERT INTO store_cards (merchant_id, store_id, name, brand, category_id, category_root, area, address, lat, lng,
                         hours, open_times, rating_sum, rating_count, month_sales, benefits, pictures, search,
                         listed_at, refreshed_at)
SELECT merchant_id, id, name, '小店', root, root, '某市', address, lat, lng, hours,
       tstzmultirange(CASE WHEN ascii(substr(md5(id::text), 1, 1)) < 54
                           THEN tstzrange(:now - interval '2 hours', :now + interval '8 hours')
                           ELSE tstzrange(:now + interval '9 hours', :now + interval '14 hours') END),
       rating_sum, rating_count, month_sales, '[]', '[]', lower(name), updated_at, updated_at
FROM (SELECT *, ('00000000-0000-0000-0000-' || lpad(to_hex(1 + month_sales % 30), 12, '0'))::uuid AS root
      FROM stores WHERE merchant_id = :merchant AND id >= :low AND id <= :high) AS those
"""


def fill(engine: Engine, first: int, last: int, merchant: uuid.UUID) -> None:
    """Generated stores number `first` to `last` in 300 clusters, with their cards; a third is open at NOON."""
    before = NOON - timedelta(days=1)
    low, high = (uuid.UUID(f"00000000-0000-7000-8000-{number:012x}") for number in (first, last))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0; SET LOCAL ROLE face_platform"))
        connection.execute(text(_MERCHANT), {"id": merchant, "now": before})
        connection.execute(text(f"SET LOCAL ROLE face_office; SET LOCAL app.merchant = '{merchant}'"))
        connection.execute(text(_STORES), {"merchant": merchant, "first": first, "last": last, "now": before})
        connection.execute(text(_CARDS), {"merchant": merchant, "low": low, "high": high, "now": NOON})


def growth(engine: Engine, owner: Engine, *, small: int = 1000, large: int = 1_000_000) -> dict[str, Any]:
    """Medians over ten askers and three kinds of question, few against many: {"few": …, "many": …, "growth": …}.

    `engine` is the web role, `owner` owns the tables and refreshes the planner's statistics, as autovacuum would.
    """
    merchant = uuid.UUID(int=0xBE0C)
    fill(engine, 1, small, merchant)
    few = _measure(engine, owner)
    fill(engine, small + 1, large, merchant)
    many = _measure(engine, owner)
    ratios = {name: {unit: round(many[name][unit] / few[name][unit], 2) for unit in ("buffers", "ms")} for name in few}
    all_few, all_many = (_together(measured) for measured in (few, many))
    ratios["all"] = {unit: round(all_many[unit] / all_few[unit], 2) for unit in all_few}
    return {"few": few, "many": many, "growth": ratios}


def _together(measured: dict[str, dict[str, float]]) -> dict[str, float]:
    return {unit: sum(one[unit] for one in measured.values()) for unit in ("buffers", "ms")}


def _measure(engine: Engine, owner: Engine) -> dict[str, dict[str, float]]:
    """For each kind of question the median buffers and milliseconds of the page's statements."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) store_cards"))
    kinds = {
        "near": Filters(),
        "open": Filters(open_now=True),
        "category": Filters(category_root=ROOTS[3], open_now=True),
    }
    return {name: _ask(engine, filters) for name, filters in kinds.items()}


def _ask(engine: Engine, filters: Filters) -> dict[str, float]:
    seen = [_explained(engine, Search(Position(*asker), filters)) for asker in ASKERS for _ in range(5)]
    buffers, times = zip(*seen, strict=True)
    return {"buffers": statistics.median(buffers), "ms": statistics.median(times)}


def _explained(engine: Engine, search: Search) -> tuple[float, float]:
    """Run the page's statements under EXPLAIN ANALYZE; buffers and milliseconds of execution in the server."""
    plans: list[str] = []
    with open_work(
        engine, scope=Scope(Face.SHOP), actor=Actor(ActorKind.GUEST), clock=FixedClock(NOON), read_only=True
    ) as work:
        connection = work.session.connection()

        def explain(_c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.lstrip().startswith("SELECT"):
                with cursor.connection.cursor() as beside:
                    beside.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + statement, parameters)
                    plans.append("\n".join(row[0] for row in beside.fetchall()))

        event.listen(connection, "before_cursor_execute", explain)
        nearby(work, search)
    return sum(map(_buffers, plans)), sum(map(_milliseconds, plans))


def _buffers(plan: str) -> int:
    top = re.search(r"Buffers: (.*)", plan)
    return sum(int(number) for number in re.findall(r"(?:hit|read)=(\d+)", top[1])) if top else 0


def _milliseconds(plan: str) -> float:
    found = re.search(r"Execution Time: ([\d.]+) ms", plan)
    return float(found[1]) if found else 0.0
