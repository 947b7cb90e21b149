"""Products from lists: written through the catalogue's acts, row by row told what is wrong, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.models import Product
from portal.domain.catalogue.queries import Asked, products
from portal.domain.imports.queries import Show
from portal.domain.imports.values import BatchState, Kind, RowState, Verdict
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from tests.factories.imports import csv_bytes, xlsx_bytes

HEAD = ("商品名称", "商家编码", "类目", "规格名1", "规格值1", "供货价", "建议零售价", "重量（克）", "期初库存", "条码")
SAUSAGE = (
    ("广式腊肠", "LC-500", "goods-preserved", "规格", "500 克", "32.00", "45.90", 520, 100, ""),
    ("广式腊肠", "LC-1000", "", "", "1 千克", "60", "¥88", 1040, 50, "6901234567892"),
)
ROWS = (HEAD, *SAUSAGE, ("莞香米饼", "MB-1", "goods-preserved", "", "", 9.9, 15, 200, 30, ""))


def every(world, merchant):
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return {one.name: one for one in products(work, Asked())[0]}


@pytest.mark.parametrize(("make", "suffix"), [(csv_bytes, "csv"), (xlsx_bytes, "xlsx")])
def test_a_list_is_checked_shown_and_written(world, merchant, owner, make, suffix):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, make(ROWS), suffix=suffix)
    batch = world.check(merchant, batch_id)
    assert (batch.state, batch.rows, batch.new, batch.wrong) == (BatchState.READY, 3, 3, 0), world.import_rows(
        merchant, batch_id
    )
    assert not every(world, merchant)
    batch = world.carry_out(merchant, owner, batch_id)
    assert (batch.state, batch.done, batch.failed) == (BatchState.APPLIED, 3, 0), world.import_rows(merchant, batch_id)
    found = every(world, merchant)
    sausage = found["广式腊肠"]
    assert [sku.values for sku in sausage.skus] == [("500 克",), ("1 千克",)]
    assert [(sku.supply_fen, sku.suggested_fen, sku.grams, sku.available) for sku in sausage.skus] == [
        (3200, 4590, 520, 100),
        (6000, 8800, 1040, 50),
    ]
    assert found["莞香米饼"].skus[0].supply_fen == 990
    again = world.check(merchant, world.bring(merchant, owner, Kind.PRODUCTS, make(ROWS), suffix=suffix))
    assert (again.same, again.to_do) == (3, 0)
    batch = world.undo_import(merchant, owner, batch_id)
    assert (batch.state, batch.undone, batch.left) == (BatchState.UNDONE, 3, 0)
    assert not every(world, merchant)


def test_each_wrong_cell_says_what_to_do(world, merchant, owner):
    rows = (
        HEAD,
        ("一", "A1", "没有这个", "", "", "32", "45", 500, 1, ""),
        ("二", "", "goods-preserved", "", "", "32", "45", 500, 1, ""),
        ("三", "A3", "goods-preserved", "", "", "=1+1", "45", 500, 1, ""),
        ("四", "A4", "goods-preserved", "", "", "32", "31", 500, 1, ""),
        ("五", "A5", "goods-preserved", "", "", "0", "31", 500, 1, ""),
        ("六", "A6", "goods-preserved", "", "", "32", "45", "半斤", 1, ""),
        ("七", "A7", "goods-preserved", "", "", "32", "45", 500, 1, "6901234567890"),
        ("八", "A8", "goods-preserved", "规格", "", "32", "45", 500, 1, ""),
        ("九", "A9", "goods-preserved", "", "", "32", "45", 500, 1, ""),
        ("十", "A9", "goods-preserved", "", "", "32", "45", 500, 1, ""),
        ("十" * 61, "A11", "goods-preserved", "", "", "32", "45", 500, 1, ""),
    )
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(rows))
    assert world.check(merchant, batch_id).wrong == 10
    faults = {row.number: row.problems[0] for row in world.import_rows(merchant, batch_id, Show.TROUBLE)}
    assert {number: problem.column for number, problem in faults.items()} == {
        2: "category", 3: "code", 4: "supply", 5: "suggested", 6: "supply", 7: "grams", 8: "barcode", 9: "option1",
        11: "", 12: "name",
    }  # fmt: skip
    assert "第 10 行" in str(faults[11].sentence)
    assert "数字" in str(faults[4].sentence)
    batch = world.carry_out(merchant, owner, batch_id)
    assert (batch.done, list(every(world, merchant))) == (1, ["九"])


def test_an_incomplete_table_of_options_is_told(world, merchant, owner):
    rows = (
        (*HEAD, "规格名2", "规格值2"),
        ("茶", "T1", "goods-preserved", "口味", "红", "32", "45", 500, 1, "", "包装", "盒"),
        ("茶", "T2", "goods-preserved", "口味", "绿", "32", "45", 500, 1, "", "包装", "袋"),
    )
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(rows))
    assert world.check(merchant, batch_id).wrong == 2
    first, second = world.import_rows(merchant, batch_id)
    assert "红 / 袋" in str(first.problems[0].sentence)
    assert "第 2 行" in str(second.problems[0].sentence)


def test_empty_cells_leave_what_is_there_and_undo_restores_it(world, merchant, owner):
    world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    rows = (("商品名称", "商家编码", "重量（克）", "商品介绍"), ("", "LC-500", "600", "新的介绍"))
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(rows))
    batch = world.check(merchant, batch_id)
    assert (batch.changed, batch.wrong) == (1, 0)
    world.carry_out(merchant, owner, batch_id)
    sausage = every(world, merchant)["广式腊肠"]
    assert (sausage.detail, [sku.grams for sku in sausage.skus]) == ("新的介绍", [600, 1040])
    batch = world.undo_import(merchant, owner, batch_id)
    assert batch.undone == 1
    sausage = every(world, merchant)["广式腊肠"]
    assert (sausage.detail, [sku.grams for sku in sausage.skus]) == ("", [520, 1040])


def test_what_was_changed_since_is_left_and_listed(world, merchant, owner):
    batch = world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    cake = every(world, merchant)["莞香米饼"]
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        draft = world.product_draft("莞香米饼礼盒", options=())
        catalogue.edit(work, cake.id, draft=draft, version=cake.version)
    batch = world.undo_import(merchant, owner, batch.id)
    assert (batch.undone, batch.left) == (2, 1)
    left = world.import_rows(merchant, batch.id, Show.TROUBLE)
    assert [(row.number, row.state) for row in left] == [(4, RowState.LEFT)]
    assert list(every(world, merchant)) == ["莞香米饼礼盒"]


def test_a_code_that_somebody_took_meanwhile_fails_alone(world, merchant, owner):
    batch_id = world.bring(merchant, owner, Kind.PRODUCTS, csv_bytes(ROWS))
    world.check(merchant, batch_id)
    world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, ROWS[3])))
    batch = world.carry_out(merchant, owner, batch_id)
    assert (batch.done, batch.failed) == (2, 1)
    assert "MB-1" in str(world.import_rows(merchant, batch_id, Show.TROUBLE)[0].problems[0].sentence)


def test_a_waiting_version_is_not_touched(world, merchant, owner):
    world.product(merchant, on_sale=False, submit=True, draft=coded(world))
    batch_id = world.bring(
        merchant, owner, Kind.PRODUCTS, csv_bytes((("商品名称", "商家编码", "重量"), ("", "X1", "9")))
    )
    assert world.check(merchant, batch_id).wrong == 1


def coded(world):
    draft = world.product_draft("豆瓣酱", options=())
    return replace(draft, skus=(replace(draft.skus[0], code="X1"),))


def test_the_database_lets_an_office_delete_drafts_only(world, merchant, owner):
    world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, ROWS[3])))
    seen = world.product(merchant)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        gone = delete(Product).where(Product.merchant_id == merchant.id).returning(Product.id)
        ids = set(work.session.execute(gone, execution_options={"synchronize_session": False}).scalars())
        assert (len(ids), seen.id in ids) == (1, False)
    assert len(every(world, merchant)) == 1


def test_only_the_last_one_is_taken_back(world, merchant, owner):
    first = world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, *SAUSAGE)))
    world.clock.advance(seconds=5)
    world.imported(merchant, owner, Kind.PRODUCTS, csv_bytes((HEAD, ROWS[3])))
    with pytest.raises(Refusal):
        world.undo_import(merchant, owner, first.id)


def test_verdicts_are_words_of_the_page():
    assert {verdict.value for verdict in Verdict} == {show.value for show in Show} - {"all", "trouble"} | {"wrong"}
