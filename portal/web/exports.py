"""Long tables as files, written to disk row by row and never held in memory; what looks like a formula stays text."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from flask import Response, send_file
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from portal.web.sheets import XLSX, Cell, plain, writable

Table = Iterable[Sequence[Cell]]
WIDTH = 18


def hand_over(rows: Table, name: str, kind: str, *, more: Mapping[str, Table] | None = None) -> Response:
    """The rows as an attachment `name`.xlsx, or .csv with a byte order mark; `more` are further sheets of an xlsx. The
    first row is the head.
    """
    excel = kind == "xlsx"
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by the server when it is sent
    if excel:
        _book(file, {"Sheet1": rows, **(more or {})})
    else:
        _text(file, rows)
    file.seek(0)
    suffix, mimetype = ("xlsx", XLSX) if excel else ("csv", "text/csv; charset=utf-8")
    answer: Response = send_file(file, mimetype, as_attachment=True, download_name=f"{name}.{suffix}", etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _text(file: IO[bytes], rows: Table) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows([plain(cell) for cell in row] for row in rows)
    text.detach()


def _book(file: IO[bytes], sheets: Mapping[str, Table]) -> None:
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for at in range(26):
            sheet.column_dimensions[chr(65 + at)].width = WIDTH
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, value, bold=number == 0) for value in row])
    book.save(file)


def _cell(sheet: Any, value: Cell, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet, value=None if value == "" else writable(value))
    if isinstance(value, str) and value:
        cell.data_type = "s"  # a text, also when it begins with =
    if bold:
        cell.font = Font(bold=True)
    return cell
