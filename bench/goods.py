"""How goods are found among a thousand and among three hundred thousand SKUs: buffers and time of a page.

It fills a database of its own with generated goods by COPY; never run it on a database that matters.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, event

from bench.installation import Installation
from bench.nearby import _buffers as buffers
from bench.nearby import _milliseconds as milliseconds
from bench.report import Figure
from portal.domain.catalogue.queries.offers import Asked, Sort
from portal.domain.catalogue.queries.shop import find
from portal.domain.catalogue.rules.finding import look_for
from portal.domain.catalogue.rules.goods import bigrams
from portal.kernel.clock import FixedClock
from portal.kernel.database import make_engine
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work

SMALL, LARGE, EACH, MERCHANTS = 1_000, 300_000, 2, 50
NOON = datetime(2026, 7, 4, 4, tzinfo=UTC)
SIGNS = (
    "广岭南松湖莞香甜辣咸鲜干湿米面粉油盐酱醋茶糖果荔枝龙眼桂圆腊肠鱼虾蟹贝鸡鸭鹅猪牛羊纸巾盒箱杯碗盘锅铲刀布棉麻丝绒"
)
PACKS = ("礼盒装", "家庭装", "3 包", "500 克", "1 千克", "24 包整箱", "便携装", "尝鲜装")
CATEGORIES = tuple(UUID(int=number) for number in range(1, 25))
ANSWERS = 12
OWNED, TIMES = "merchant_id, id", "created_at, updated_at"
GOOD: tuple[object, ...] = (Jsonb([]), [], "on_sale", "", False, 1)
CARD = (
    "merchant_id, product_id, name, merchant_name, brand, category_id, detail, returnable, options, pictures, "
    "from_fen, to_fen, search, listed_at, refreshed_at"
)


def drawn(number: int, salt: int, below: int) -> int:
    """A number below `below` that looks drawn and is always the same."""
    mixed = (number * 0x9E3779B97F4A7C15 + salt * 0xBF58476D1CE4E5B9) % 2**64
    mixed = (mixed ^ mixed >> 31) * 0x94D049BB133111EB % 2**64
    return (mixed ^ mixed >> 29) % below


def words(salt: int, count: int, signs: int) -> list[str]:
    """That many invented words."""
    return ["".join(SIGNS[drawn(n, salt * 8 + at, len(SIGNS))] for at in range(signs)) for n in range(1, count + 1)]


ORIGINS, TASTES, THINGS, BRANDS = words(1, 60, 2), words(2, 80, 2), words(3, 1500, 3), words(4, 120, 2)


def name_of(number: int) -> tuple[str, str]:
    """The name and brand of a product; few things are sold by many, most by few: the first by one in fifty."""
    thing = THINGS[int(len(THINGS) * (drawn(number, 5, 10_000) / 10_000) ** 1.8)]
    origin, taste = ORIGINS[drawn(number, 6, len(ORIGINS))], TASTES[drawn(number, 7, len(TASTES))]
    pack = PACKS[drawn(number, 8, len(PACKS))]
    return f"{origin}{taste}{thing} {pack}", BRANDS[drawn(number, 9, len(BRANDS))]


def _ids(kind: int, number: int) -> UUID:
    return UUID(int=(kind << 96) + (drawn(number, 10, 2**32) << 32) + number)


def fill(address: str, first: int, last: int) -> None:
    """Products number `first` to `last` (not included) with two SKUs each, a tenth of them sold out."""
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        if not first:
            _ground(cursor)
        for table, columns, rows in _tables(first, last):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def _ground(cursor: psycopg.Cursor[Any]) -> None:
    for number in range(MERCHANTS):
        cursor.execute(
            "INSERT INTO merchants (id, kind, name, state, created_at) VALUES (%s, 'supplier', %s, 'active', %s)",
            (UUID(int=number + 1), f"供应商 {number}", NOON),
        )
    for number, category in enumerate(CATEGORIES):
        cursor.execute(
            "INSERT INTO categories (id, code, purpose, name, name_en, position, created_at) "
            "VALUES (%s, %s, 'goods', %s, %s, %s, %s)",
            (category, f"bench-{number}", f"类目 {number}", f"Category {number}", number, NOON),
        )


def _tables(first: int, last: int) -> Iterator[tuple[str, str, Iterator[tuple[Any, ...]]]]:
    here = range(first, last)
    skus = [(number, at) for number in here for at in range(EACH)]
    owner = {number: UUID(int=number % MERCHANTS + 1) for number in here}
    yield (
        "products",
        f"{OWNED}, name, category_id, detail, returnable, options, search, state, reason, forced_off, version, {TIMES}",
        ((owner[n], _ids(2, n), name_of(n)[0], _category(n), "", True, *GOOD, NOON, NOON) for n in here),
    )
    yield (
        "skus",
        f"{OWNED}, product_id, position, choice, code, barcode, grams, supply_fen, suggested_fen, low_mark, created_at",
        (
            (owner[n], _ids(3, n * EACH + at), _ids(2, n), at, [str(at)], "", "", 500, 1000, 2000, 0, NOON)
            for n, at in skus
        ),
    )
    yield (
        "stocks",
        "merchant_id, sku_id, bucket, available, held",
        ((owner[n], _ids(3, n * EACH + at), 0, 0 if n % 10 == 3 else 50, 0) for n, at in skus),
    )
    yield (
        "sku_cards",
        "merchant_id, sku_id, product_id, position, choice, grams, suggested_fen, sale_fen",
        ((owner[n], _ids(3, n * EACH + at), _ids(2, n), at, [str(at)], 500, 2000, _price(n)) for n, at in skus),
    )
    yield (
        "product_cards",
        CARD,
        (_card(owner[n], n) for n in here),
    )


def _card(owner: UUID, number: int) -> tuple[Any, ...]:
    name, brand = name_of(number)
    merchant, price = f"供应商 {owner.int - 1}", _price(number)
    listed = NOON - timedelta(seconds=drawn(number, 11, 30_000_000))
    search = bigrams(name, brand, merchant)
    empty = Jsonb([])
    head = (owner, _ids(2, number), name, merchant, brand, _category(number), "", number % 7 > 0, empty, empty)
    return (*head, price, price, search, listed, listed)


def _category(number: int) -> UUID:
    return CATEGORIES[drawn(number, 12, len(CATEGORIES))]


def _price(number: int) -> int:
    return 990 + 10 * drawn(number, 13, 9_900)


def questions() -> dict[str, list[Asked]]:
    """What people ask: shelves, orders, filters, words that many, some or none hold, a wrong sign."""
    spread = [look_for(THINGS[at * 100]) for at in range(ANSWERS)]
    exact = [look_for(name_of(number)[0]) for number in range(ANSWERS)]
    wrong = [look_for(name[:3] + "错" + name[4:]) for name, _brand in map(name_of, range(ANSWERS))]
    return {
        "shelf": [Asked(category_ids=frozenset({one})) for one in CATEGORIES[:ANSWERS]],
        "newest": [Asked()] * ANSWERS,
        "cheapest": [Asked(sort=Sort.CHEAP, in_stock=True, returnable=True)] * ANSWERS,
        "between": [Asked(low_fen=at * 1000, high_fen=at * 1000 + 2000) for at in range(1, ANSWERS + 1)],
        "supplier": [Asked(merchant_id=UUID(int=at)) for at in range(1, ANSWERS + 1)],
        "word": [Asked(one) for one in spread],
        "cheapest of a word": [Asked(one, sort=Sort.CHEAP) for one in spread],
        "whole name": [Asked(one) for one in exact],
        "wrong sign": [Asked(one) for one in wrong],
    }


def goods_search(installation: Installation) -> dict[str, Figure]:
    """The growth of a page of goods, over all kinds of questions; the worst kind is named."""
    installation.database("bench_goods")
    admin = installation.server.url(db="bench_goods").replace("+psycopg", "")
    engine = make_engine(
        installation.server.url("portal_web", "bench_goods"), connect_args={"options": "-c statement_timeout=0"}
    )
    began = time.monotonic()
    try:
        fill(admin, 0, SMALL // EACH)
        few = _measure(engine, admin)
        fill(admin, SMALL // EACH, LARGE // EACH)
        filled = time.monotonic() - began
        many = _measure(engine, admin)
    finally:
        engine.dispose()
    whole = [sum(one[unit] for one in many.values()) / sum(one[unit] for one in few.values()) for unit in (0, 1)]
    kinds = ", ".join(f"{name} {few[name][1]:.1f}→{many[name][1]:.1f}" for name in many)
    note = f"buffers ×{whole[0]:.2f}, time ×{whole[1]:.2f}; ms: {kinds}; filled in {filled:.0f} s"
    return {"goods_search.growth": Figure(max(whole), 3, "×", note)}


def _measure(engine: Engine, admin: str) -> dict[str, tuple[float, float]]:
    """For each kind of question the median buffers and milliseconds of its statements."""
    with psycopg.connect(admin, autocommit=True) as connection:
        for table in ("product_cards", "sku_cards", "stocks"):
            connection.execute(f"VACUUM (ANALYZE) {table}")
    found = {}
    for name, asked in questions().items():
        seen = [_explained(engine, one) for one in asked for _ in range(3)]
        found[name] = (statistics.median(one[0] for one in seen), statistics.median(one[1] for one in seen))
    return found


def _explained(engine: Engine, asked: Asked) -> tuple[float, float]:
    plans: list[str] = []
    scope, actor = Scope(Face.SHOP), Actor(ActorKind.GUEST)
    with open_work(engine, scope=scope, actor=actor, clock=FixedClock(NOON), read_only=True) as work:
        connection = work.session.connection()

        def explain(_c: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.lstrip().startswith("SELECT") and "set_config" not in statement:
                with cursor.connection.cursor() as beside:
                    beside.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + statement, parameters)
                    plans.append("\n".join(row[0] for row in beside.fetchall()))

        event.listen(connection, "before_cursor_execute", explain)
        find(work, asked)
    return sum(map(buffers, plans)), sum(map(milliseconds, plans))
