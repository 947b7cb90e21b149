"""A statement as a file: xlsx with a summary and all lines, written row by row, or CSV with the lines.

Texts stay texts, also when they look like formulas; amounts are numbers with two decimals.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from portal.domain.settlement.values import OWN, Figures, Section, StatementLine
from portal.kernel.figures import SHANGHAI
from portal.web import sheets
from portal.web.locale import gettext
from portal.web.moneywords import ACCOUNTS, business_name, transfer_name
from portal.web.statementwords import SECTIONS, line_what, period_name

Cell = str | int | Decimal
WIDTHS = {"summary": (26, 22, 12), "lines": (20, 12, 14, 22, 22, 36, 14, 38)}
BOLD = Font(bold=True)


def download(
    figures: Figures, lines: Sequence[StatementLine], *, name: str, merchant: str, number: str, kind: str
) -> Response:
    """The statement as an attachment."""
    if kind != "xlsx":
        return sheets.download(csv_rows(lines), name, "csv")
    response = Response(book(figures, lines, merchant=merchant, number=number), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def book(figures: Figures, lines: Iterable[StatementLine], *, merchant: str, number: str) -> bytes:
    """The xlsx file."""
    book = Workbook(write_only=True)
    for title, key, rows in (
        (gettext("汇总"), "summary", summary_rows(figures, merchant=merchant, number=number)),
        (gettext("明细"), "lines", line_rows(lines)),
    ):
        sheet = book.create_sheet(title)
        for at, width in enumerate(WIDTHS[key]):
            sheet.column_dimensions["ABCDEFGH"[at]].width = width
        if key == "lines":
            sheet.freeze_panes = "A2"
        for nth, row in enumerate(rows):
            sheet.append([_cell(sheet, value, head=nth == 0) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def summary_rows(figures: Figures, *, merchant: str, number: str) -> list[list[Cell]]:
    """From the opening to the closing balance, and where the closing one lies."""
    rows: list[list[Cell]] = [
        [gettext("对账单"), number],
        [gettext("商家"), merchant],
        [gettext("期间"), period_name(figures.period)],
        [gettext("首日"), figures.period.first.isoformat()],
        [gettext("末日"), figures.period.last.isoformat()],
        [],
        [gettext("项目"), gettext("金额（元）"), gettext("笔数")],
        [gettext("期初余额"), yuan(figures.opening_fen)],
    ]
    rows += [[str(SECTIONS[one]), yuan(figures.sums[one]), figures.counts[one]] for one in Section]
    rows += [[gettext("期末余额"), yuan(figures.closing_fen)], []]
    rows += [[str(ACCOUNTS[kind]), yuan(figures.closing.get(kind, 0))] for kind in OWN]
    return rows


def line_rows(lines: Iterable[StatementLine]) -> Iterable[list[Cell]]:
    """Head and lines; amounts as decimals."""
    yield _head()
    for line in lines:
        yield [*_words(line), yuan(line.amount_fen), str(line.transfer_id)]


def csv_rows(lines: Iterable[StatementLine]) -> sheets.Rows:
    """The same for CSV."""
    return [_head(), *([*_words(line), yuan(line.amount_fen), str(line.transfer_id)] for line in lines)]


def yuan(fen: int) -> Decimal:
    """Exactly, with two decimals."""
    return Decimal(fen).scaleb(-2)


def _head() -> list[Cell]:
    return [
        *(gettext("时间"), gettext("记账日"), gettext("类别"), gettext("事项"), gettext("订单或业务")),
        *(gettext("商品"), gettext("金额（元）"), gettext("流水号")),
    ]


def _words(line: StatementLine) -> list[Cell]:
    return [
        f"{line.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        line.day.isoformat(),
        str(SECTIONS[line.section]),
        transfer_name(line.kind, line.business),
        line.order_number or business_name(line.business),
        line_what(line),
    ]


def _cell(sheet: object, value: Cell, *, head: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=sheets.writable(value))
    if isinstance(value, str):
        cell.data_type = "s"  # a text, also when it begins with =
    elif isinstance(value, Decimal):
        cell.number_format = "0.00"
    if head:
        cell.font = BOLD
    return cell
