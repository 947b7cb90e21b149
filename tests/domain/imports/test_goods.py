"""Supply prices and stock from lists: approval and shortage stay what they are, and undo respects what came later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue import queries
from portal.domain.catalogue.values import Movement
from portal.domain.imports.queries import Show
from portal.domain.imports.values import Kind, RowState
from portal.kernel.scope import Face
from tests.factories.imports import csv_bytes

STOCK, PRICES = ("商家编码", "方式", "数量", "说明"), ("商家编码", "供货价", "建议零售价")


@pytest.fixture
def made(world, merchant):
    draft = world.product_draft(supply=3200, suggested=4590, stock=10)
    codes = tuple(replace(sku, code=f"LC-{at}") for at, sku in enumerate(draft.skus, 1))
    return world.product(merchant, draft=replace(draft, skus=codes))


def stock_now(world, made):
    return [sku.available for sku in world.product_now(made).skus]


def test_stock_is_counted_and_filled_up_and_taken_back(world, merchant, owner, made):
    world.reserve(made, 3)
    rows = (STOCK, ("LC-1", "", 40, "年中盘点"), ("LC-2", "入库", 5, ""), ("LC-2", "receive", 7, ""))
    batch = world.imported(merchant, owner, Kind.STOCK, csv_bytes(rows))
    assert (batch.done, stock_now(world, made)) == (3, [37, 22])
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        moves, _more = queries.movements(work, made.skus[1])
    assert [(move.kind, move.change, move.left) for move in moves][:2] == [
        (Movement.RECEIVED, 7, 22),
        (Movement.RECEIVED, 5, 15),
    ]
    world.reserve(made, 4, sku=1)  # an order since then is no reason to leave it
    batch = world.undo_import(merchant, owner, batch.id)
    assert (batch.undone, batch.left, stock_now(world, made)) == (3, 0, [7, 6])


def test_stock_somebody_counted_since_is_left(world, merchant, owner, made):
    batch = world.imported(merchant, owner, Kind.STOCK, csv_bytes((STOCK, ("LC-1", "", 40, ""), ("LC-2", "", 9, ""))))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        catalogue.adjust(work, made.skus[0], kind=Movement.COUNTED, quantity=39)
    batch = world.undo_import(merchant, owner, batch.id)
    assert (batch.undone, batch.left, stock_now(world, made)) == (1, 1, [39, 10])
    assert world.import_rows(merchant, batch.id, Show.TROUBLE)[0].state is RowState.LEFT


def test_wrong_stock_rows(world, merchant, owner, made):
    world.reserve(made, 3)
    rows = (
        *(STOCK, ("LC-9", "", 1, ""), ("LC-1", "报废", 1, ""), ("LC-1", "盘点", -1, ""), ("LC-1", "盘点", "1.5", "")),
        *(("LC-1", "入库", 0, ""), ("LC-1", "盘点", 2, ""), ("LC-2", "盘点", 10, ""), ("LC-2", "盘点", 11, "")),
    )
    batch_id = world.bring(merchant, owner, Kind.STOCK, csv_bytes(rows))
    batch = world.check(merchant, batch_id)
    assert (batch.same, batch.wrong) == (1, 7)
    faults = {row.number: row.problems[0].column for row in world.import_rows(merchant, batch_id, Show.TROUBLE)}
    assert faults == {2: "code", 3: "way", 4: "quantity", 5: "", 6: "quantity", 7: "", 9: ""}


def test_stock_that_orders_took_meanwhile_is_not_taken_twice(world, merchant, owner, made):
    batch_id = world.bring(merchant, owner, Kind.STOCK, csv_bytes((STOCK, ("LC-1", "", 2, ""), ("LC-2", "", 12, ""))))
    world.check(merchant, batch_id)
    world.reserve(made, 5)
    batch = world.carry_out(merchant, owner, batch_id)
    assert (batch.done, batch.failed, stock_now(world, made)) == (1, 1, [5, 12])


def test_small_price_changes_hold_and_large_ones_wait(world, merchant, owner, made):
    rows = (PRICES, ("LC-1", "33.00", ""), ("LC-2", "90", "100"))
    batch = world.imported(merchant, owner, Kind.PRICES, csv_bytes(rows))
    assert (batch.done, batch.failed) == (2, 0)
    one, two = world.product_now(made).skus
    assert (one.supply_fen, one.asked_fen, two.supply_fen, two.asked_fen) == (3300, None, 6400, 9000)
    batch = world.undo_import(merchant, owner, batch.id)
    one, two = world.product_now(made).skus
    assert (batch.undone, one.supply_fen, two.supply_fen, two.asked_fen) == (2, 3200, 6400, None)


def test_prices_that_cannot_be(world, merchant, owner, made):
    draft = world.product_draft("豆瓣酱", options=())
    fresh = replace(draft, skus=(replace(draft.skus[0], code="DB"),))
    world.product(merchant, on_sale=False, submit=False, draft=fresh)
    rows = (
        *(PRICES, ("DB", "30", ""), ("LC-1", "50", ""), ("LC-2", "64.00", "91.80"), ("LC-1", "33", "")),
        *(("LC-3", "33", ""), ("", "33", ""), ("LC-4", "33.001", "")),
    )
    batch_id = world.bring(merchant, owner, Kind.PRICES, csv_bytes(rows))
    batch = world.check(merchant, batch_id)
    assert (batch.same, batch.wrong) == (1, 6)
    faults = [(row.number, row.problems[0].column) for row in world.import_rows(merchant, batch_id, Show.TROUBLE)]
    assert faults == [(2, "code"), (3, "supply"), (5, ""), (6, "code"), (7, "code"), (8, "code")]


def test_a_price_changed_since_is_left(world, merchant, owner, made):
    batch = world.imported(merchant, owner, Kind.PRICES, csv_bytes((PRICES, ("LC-1", "33", ""), ("LC-2", "65", ""))))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        catalogue.ask(work, made.skus[0], supply_fen=3100, suggested_fen=4590)
    batch = world.undo_import(merchant, owner, batch.id)
    one, two = world.product_now(made).skus
    assert (batch.undone, batch.left, one.supply_fen, two.supply_fen) == (1, 1, 3100, 6400)
