"""Tables as files: CSV that Excel opens in the right encoding, and xlsx; what looks like a formula stays text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from portal.domain.vouchers.queries import RedemptionLine
from portal.domain.vouchers.rules import words
from portal.kernel.figures import SHANGHAI
from portal.web import tickets
from portal.web.locale import gettext, said

Cell = str | int | float | Decimal
Rows = list[Sequence[Cell]]
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def redemptions(lines: Iterable[RedemptionLine]) -> Rows:
    """Head and rows of redemptions; amounts in yuan, times local."""
    head = (
        *(
            gettext("时间"),
            gettext("门店"),
            gettext("券名"),
            gettext("优惠"),
            gettext("减免（元）"),
            gettext("门槛（元）"),
        ),
        *(gettext("券码"), gettext("顾客"), gettext("店员"), gettext("状态"), gettext("撤销时间"), gettext("撤销原因")),
    )
    return [head, *(_redemption(line) for line in lines)]


def _redemption(line: RedemptionLine) -> Sequence[Cell]:
    receipt = line.receipt
    reason = said(words.REASONS[line.undo_reason]) if line.undo_reason else ""
    return (
        f"{line.redeemed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        line.store,
        receipt.title,
        tickets.worth(receipt.worth),
        (receipt.worth.amount_fen or 0) / 100 if receipt.worth.amount_fen else "",
        receipt.worth.threshold_fen / 100,
        line.code,
        receipt.holder,
        receipt.clerk,
        gettext("已撤销") if line.undone_at else gettext("已核销"),
        f"{line.undone_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if line.undone_at else "",
        f"{reason} {line.undo_note or ''}".strip(),
    )


def download(rows: Rows, name: str, kind: str) -> Response:
    """The rows as an attachment `name`.csv or .xlsx."""
    excel = kind == "xlsx"
    body, mimetype = (_xlsx(rows), XLSX) if excel else (_csv(rows), "text/csv; charset=utf-8")
    response = Response(body, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{"xlsx" if excel else "csv"}"'
    return response


def _csv(rows: Rows) -> bytes:
    """With a byte order mark; a text that a spreadsheet would run gets a quote before it."""
    out = io.StringIO()
    csv.writer(out).writerows([plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def plain(cell: Cell) -> Cell:
    """A cell of a CSV: a text that a spreadsheet would run gets a quote before it."""
    cell = writable(cell)
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def writable(cell: Cell) -> Cell:
    """The same without signs that no file can hold: one odd note must not keep a whole list from being written."""
    return _UNWRITABLE.sub("\ufffd", cell) if isinstance(cell, str) else cell


def _xlsx(rows: Rows) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=writable(cell)) for cell in row]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text, also when it begins with =
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
