"""Large files: the memory of the worker does not follow the number of rows."""

from __future__ import annotations

import io
import resource
import time

import openpyxl
import pytest

from portal.domain.imports.values import BatchState, Kind
from portal.domain.tenants.values import Kind as MerchantKind

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


def grown(world, content, suffix):
    """Rows and megabytes of growth when a list of codes nobody knows is read and checked."""
    merchant = world.merchant(MerchantKind.SUPPLIER)
    owner = world.staff(merchant)
    batch_id = world.bring(merchant, owner, Kind.STOCK, content, suffix=suffix)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    batch = world.check(merchant, batch_id)
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rate = batch.rows / (time.monotonic() - began)
    print(f"{suffix}: {batch.rows} rows, {rate:.0f} rows/s, memory grew by {megabytes:.0f} MB")
    assert (batch.state, batch.wrong) == (BatchState.READY, batch.rows)
    return batch.rows, megabytes


@pytest.mark.parametrize(("make", "suffix"), [(csv_of, "csv"), (xlsx_of, "xlsx")])
def test_three_thousand_rows(world, make, suffix):
    rows, megabytes = grown(world, make(3000), suffix)
    assert rows == 3000
    assert megabytes < 150


@pytest.mark.prove
@pytest.mark.parametrize(("make", "suffix", "rows"), [(xlsx_of, "xlsx", 50_000), (csv_of, "csv", 1_000_000)])
def test_as_many_as_are_allowed(world, make, suffix, rows):
    found, megabytes = grown(world, make(rows), suffix)
    assert found == rows
    assert megabytes < 150


@pytest.mark.prove
def test_one_row_too_many_is_said(world):
    merchant = world.merchant(MerchantKind.SUPPLIER)
    batch_id = world.bring(merchant, world.staff(merchant), Kind.STOCK, xlsx_of(50_001), suffix="xlsx")
    batch = world.check(merchant, batch_id)
    assert batch.state is BatchState.UNREADABLE
    assert "50000" in str(batch.problem.sentence)
