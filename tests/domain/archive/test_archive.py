"""Past orders: kept as they came, odd lines marked, totals that follow, and taken out again without a trace."""

from __future__ import annotations

import csv
import lzma
import resource
import time
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest

from portal.domain.archive import queries
from portal.domain.archive.queries import Asked
from portal.domain.archive.values import Mark
from portal.domain.imports.values import Kind
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.scope import Face
from tests.factories.imports import csv_bytes
from tests.kernel.real import FOLDER

HEAD = ("订单号", "下单时间", "商家编码", "商品名称", "数量", "单价", "币种", "顾客", "国家或地区")
ROWS = (
    HEAD,
    ("A1", "2025-12-01 08:26", "85123A", "灯笼", "6", "2.55", "GBP", "17850", "英国"),
    ("A1", "2025-12-01 08:26", "71053", "蜡烛", "2", "0.001", "GBP", "17850", "英国"),
    ("A1", "2025-12-01 08:26", "71053", "蜡烛", "2", "0.001", "GBP", "17850", "英国"),
    ("C9", "2026-01-02", "85123A", "灯笼", "-1", "2.55", "GBP", "17850", "英国"),
    ("B2", "2026/1/3", "M", "调账", "1", "-11062.06", "GBP", "", ""),
    ("B3", "2026-01-04", "S", "样品", "1", "0", "", "", ""),
    ("B4", "2026-13-04", "S", "样品", "一", "1e5", "ABCD", "", ""),
)
UCI = FOLDER / "online_retail_uci_full.csv.xz"


@pytest.fixture
def merchant(world):
    return world.merchant(MerchantKind.SUPPLIER)


@pytest.fixture
def owner(world, merchant):
    return world.staff(merchant)


def found(world, merchant, **asked):
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return [one.line for one in queries.lines(work, Asked(**asked))[0]]


def months(world, merchant):
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return {(one.month, one.currency): one for one in queries.months(work)}


def test_odd_lines_are_kept_marked_and_counted(world, merchant, owner):
    batch = world.imported(merchant, owner, Kind.HISTORY, csv_bytes(ROWS))
    assert (batch.done, batch.wrong) == (6, 1)
    marks = {line.number: line.marks for line in found(world, merchant)}
    assert marks == {2: (), 3: (), 4: (Mark.TWICE,), 5: (Mark.CANCELLED,), 6: (Mark.NEGATIVE_PRICE,), 7: (Mark.FREE,)}
    totals = months(world, merchant)
    december, january = totals[date(2025, 12, 1), "GBP"], totals[date(2026, 1, 1), "GBP"]
    assert (december.orders, december.lines, december.amount) == (1, 3, Decimal("15.304"))
    assert (january.orders, january.lines, january.amount) == (2, 2, Decimal("-11064.61"))
    assert (january.cancelled, totals[date(2026, 1, 1), "CNY"].amount) == (Decimal("-2.55"), 0)


def test_it_is_found_by_number_code_customer_and_month(world, merchant, owner):
    world.imported(merchant, owner, Kind.HISTORY, csv_bytes(ROWS))
    assert len(found(world, merchant, words="A")) == 3
    assert len(found(world, merchant, words="85123A")) == 2
    assert len(found(world, merchant, words="17850")) == 4
    assert len(found(world, merchant, month=date(2025, 12, 1))) == 3
    assert found(world, merchant, words="%") == []
    assert found(world, world.merchant(MerchantKind.SUPPLIER)) == []


def test_the_same_file_again_changes_nothing_and_undo_leaves_no_trace(world, merchant, owner):
    first = world.imported(merchant, owner, Kind.HISTORY, csv_bytes(ROWS))
    again = world.check(merchant, world.bring(merchant, owner, Kind.HISTORY, csv_bytes(ROWS)))
    assert (again.same, again.to_do) == (6, 0)
    batch = world.undo_import(merchant, owner, first.id)
    assert (batch.undone, batch.left) == (6, 0)
    assert (found(world, merchant), months(world, merchant)) == ([], {})


@pytest.mark.prove
@pytest.mark.real_data
@pytest.mark.skipif(not UCI.exists(), reason="no real data")
def test_a_year_of_a_wholesaler(world, merchant, owner):
    """541,909 lines; the currency is added as a column, nothing else is touched."""
    lines, amounts, orders, marks, cells = Counter(), defaultdict(Decimal), defaultdict(set), Counter(), set()
    with lzma.open(UCI, "rt", encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    head, rows = rows[0], rows[1:]
    first = {}
    for row in rows:
        fact = dict(zip(head, row, strict=True))
        month = first.setdefault(fact["InvoiceNo"], fact["InvoiceDate"][:7])
        amounts[fact["InvoiceDate"][:7]] += Decimal(fact["UnitPrice"]) * int(fact["Quantity"])
        lines[fact["InvoiceDate"][:7]] += 1
        orders[month].add(fact["InvoiceNo"])
        price, said = Decimal(fact["UnitPrice"]), tuple(cell.strip() for cell in row)
        marks[Mark.CANCELLED] += int(fact["Quantity"]) < 0 or fact["InvoiceNo"].startswith("C")
        marks[Mark.NEGATIVE_PRICE] += price < 0
        marks[Mark.FREE] += price == 0
        marks[Mark.TWICE] += said in cells
        cells.add(said)
    content = csv_bytes([[*head, "币种"], *([*row, "GBP"] for row in rows)])
    count = len(rows)
    del rows, cells
    before, peak = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    batch_id = world.bring(merchant, owner, Kind.HISTORY, content)
    batch = world.check(merchant, batch_id)
    checked = time.monotonic()
    assert (batch.rows, batch.new, batch.wrong) == (count, count, 0)
    batch = world.carry_out(merchant, owner, batch_id)
    done = time.monotonic()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) // 1024
    print(f"{count} lines: checked in {checked - before:.0f} s, kept in {done - checked:.0f} s, ", end="")
    print(f"{count / (done - before):.0f} lines/s in all, memory grew by {grown} MB")
    assert (batch.done, batch.failed) == (count, 0)
    totals = {f"{month:%Y-%m}": one for (month, _currency), one in months(world, merchant).items()}
    assert {month: (one.lines, one.amount, one.orders) for month, one in totals.items()} == {
        month: (lines[month], amounts[month], len(orders[month])) for month in lines
    }
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert queries.marked(work) == {mark: number for mark, number in marks.items() if number}
    assert grown < 150
