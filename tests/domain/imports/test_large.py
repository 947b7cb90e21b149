"""Large files: the memory of the worker does not follow the number of rows."""

from __future__ import annotations

import io
import os

import openpyxl
import pytest

from portal.domain.imports.values import BatchState, Kind
from portal.kernel.sheets import reading
from portal.kernel.sheets.reading import MOST_ROWS_BOOK, MOST_ROWS_TEXT
from tests.importing import child_environment, work_alone

LINES = min(MOST_ROWS_TEXT, int(os.environ.get("IMPORT_LINES", "100000")))  # a million takes some minutes
HEAD = ("商家编码", "方式", "数量")


def csv_of(rows):
    return ("商家编码,方式,数量\n" + "".join(f"N{at:07},入库,{at % 50 + 1}\n" for at in range(rows))).encode()


def xlsx_of(rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEAD)
    for at in range(rows):
        sheet.append((f"N{at:07}", "入库", at % 50 + 1))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("make", "suffix"), [(csv_of, "csv"), (xlsx_of, "xlsx")])
def test_two_thousand_rows(world, merchant, owner, make, suffix):
    batch_id = world.bring(merchant, owner, Kind.STOCK, make(2000), suffix=suffix)
    batch = world.check(merchant, batch_id)
    assert (batch.state, batch.rows, batch.wrong) == (BatchState.READY, 2000, 2000)


@pytest.mark.prove
@pytest.mark.parametrize(("make", "suffix", "rows"), [(xlsx_of, "xlsx", MOST_ROWS_BOOK), (csv_of, "csv", LINES)])
def test_memory_does_not_follow_the_rows(world, settings, merchant, owner, make, suffix, rows):
    """A list of codes nobody knows, read and checked by a process of its own."""
    batch_id = world.bring(merchant, owner, Kind.STOCK, make(rows), suffix=suffix)
    worked = work_alone(child_environment(settings), Kind.STOCK, merchant.id, batch_id)
    print(f"{suffix}: {worked.told(rows)}")
    batch = world.batch(merchant, batch_id)
    assert (batch.state, batch.rows, batch.wrong) == (BatchState.READY, rows, rows)
    assert worked.grown < 150


def test_one_row_too_many_is_said(world, merchant, owner, monkeypatch):
    assert (MOST_ROWS_BOOK, MOST_ROWS_TEXT) == (50_000, 1_000_000)
    monkeypatch.setattr(reading, "MOST_ROWS_BOOK", 30)
    found = [world.bring(merchant, owner, Kind.STOCK, xlsx_of(rows), suffix="xlsx") for rows in (30, 31)]
    enough, many = [world.check(merchant, batch_id) for batch_id in found]
    assert (enough.state, enough.rows) == (BatchState.READY, 30)
    assert (many.state, "30" in str(many.problem.sentence)) == (BatchState.UNREADABLE, True)
