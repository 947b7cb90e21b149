"""Past orders: kept as they came, odd lines marked, totals that follow, and taken out again without a trace."""

from __future__ import annotations

import csv
import lzma
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
from tests.importing import child_environment, work_alone
from tests.kernel import real

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
UCI = "online_retail_uci_full.csv.xz"


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


def recount(rows):
    """What the file says, added up here: lines, sums and orders by month, and what is odd."""
    lines, amounts, orders, marks = Counter(), defaultdict(Decimal), defaultdict(set), Counter()
    months_of, said = {}, set()
    head = next(rows)
    for row in rows:
        fact = dict(zip(head, row, strict=True))
        quantity, price, month = int(fact["Quantity"]), Decimal(fact["UnitPrice"]), fact["InvoiceDate"][:7]
        lines[month] += 1
        amounts[month] += quantity * price
        orders[months_of.setdefault(fact["InvoiceNo"], month)].add(fact["InvoiceNo"])
        plain = hash(tuple(cell.strip() for cell in row))
        odd = {
            Mark.CANCELLED: quantity < 0 or fact["InvoiceNo"].startswith("C"),
            Mark.NEGATIVE_PRICE: price < 0,
            Mark.FREE: price == 0,
            Mark.TWICE: plain in said,
        }
        marks.update(mark for mark, is_so in odd.items() if is_so)
        marks["cancellations"] += fact["InvoiceNo"].startswith("C")
        said.add(plain)
    return lines, amounts, {month: len(found) for month, found in orders.items()}, marks


@pytest.mark.prove
@pytest.mark.real_data
def test_a_year_of_a_wholesaler(world, settings, merchant, owner, tmp_path):
    """541,909 lines; the currency is added as a column, nothing else is touched. The worker has a process of its own,
    the recount happens here.
    """
    path = tmp_path / "uci.csv"
    original = real.file(UCI)
    with lzma.open(original, "rt", encoding="utf-8", newline="") as source, path.open("w", newline="") as out:
        rows = csv.reader(source)
        csv.writer(out).writerows([*row, "币种" if at == 0 else "GBP"] for at, row in enumerate(rows))
    with lzma.open(original, "rt", encoding="utf-8", newline="") as source:
        lines, amounts, orders, marks = recount(csv.reader(source))
    assert (lines.total(), marks.pop("cancellations"), marks[Mark.TWICE]) == (541_909, 9_288, 5_268)
    assert (marks[Mark.NEGATIVE_PRICE], marks[Mark.FREE]) == (2, 2_515)
    batch_id = world.bring(merchant, owner, Kind.HISTORY, path.read_bytes())
    worked = work_alone(child_environment(settings), Kind.HISTORY, merchant.id, batch_id, owner.id)
    print(f"order history: {worked.told(lines.total())}")
    batch = world.batch(merchant, batch_id)
    counts = (batch.rows, batch.new, batch.wrong, batch.done, batch.failed)
    assert counts == (lines.total(), lines.total(), 0, lines.total(), 0)
    totals = {f"{month:%Y-%m}": one for (month, _currency), one in months(world, merchant).items()}
    assert {month: (one.lines, one.amount, one.orders) for month, one in totals.items()} == {
        month: (lines[month], amounts[month], orders[month]) for month in lines
    }
    assert sum(one.amount for one in totals.values()) == sum(amounts.values())
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert queries.marked(work) == marks
    assert worked.grown < 150
    assert worked.apply < 6 * worked.check  # a cost that grew with the lots would be many times this
