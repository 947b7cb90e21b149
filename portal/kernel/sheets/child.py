"""The process that reads one xlsx from its standard input and writes rows as lines of JSON; `null` is the end.

It stands alone: started by path, without the portal's modules, with little memory and little time. A formula is the
text that was typed; numbers and dates become text here and nowhere else.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time
from typing import Any

import openpyxl

MEMORY, CPU_SECONDS, FILES = 900 * 2**20, 120, 32
MOST_CELL = 6000


def plain(value: Any) -> str:
    """A cell as text; whole numbers without a point, formulas as they were typed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:MOST_CELL]
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") if value.time() != time() else value.strftime("%Y-%m-%d")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(getattr(value, "text", value))[:MOST_CELL]


def main() -> None:
    """Read, write, end."""
    most_rows, most_columns = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source = sys.stdin.buffer
    source.seek(0)
    book = openpyxl.load_workbook(source, read_only=True, data_only=False, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    write = sys.stdout.write
    rows = sheet.iter_rows(max_row=most_rows, max_col=most_columns, values_only=True)
    for number, row in enumerate(rows, 1):
        cells = [plain(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells or number == 1:
            write(json.dumps((number, cells)) + "\n")
    write("null\n")


if __name__ == "__main__":
    main()
