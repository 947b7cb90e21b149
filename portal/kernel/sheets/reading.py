"""Reads a list that was looked at, row by row; xlsx in a process of its own with a limit on memory and time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from portal.kernel.sheets.looking import HEAD, Looked, NotASheet
from portal.kernel.words import say

MOST_ROWS_BOOK: Final = 50_000
MOST_ROWS_TEXT: Final = 1_000_000
MOST_COLUMNS: Final = 100
MOST_BYTES: Final = 400 * 2**20
MOST_LINE: Final = 512 * 1024
SECONDS: Final = 180
_CHILD: Final = Path(__file__).with_name("child.py")
_RUNS: Final = frozenset("=+-@＝＋－＠\t\r")
Cells = Sequence[str]
Line = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Sheet:
    """An open list: which columns it has, in our words, and which it has besides. Close `rows` when left early."""

    columns: tuple[str, ...]
    strangers: tuple[str, ...]
    encoding: str
    rows: Iterator[Line]


def open_sheet(
    file: IO[bytes],
    names: Mapping[str, Sequence[str]],
    required: Sequence[str],
    looked: Looked,
    *,
    most_text: int | None = MOST_ROWS_TEXT,
) -> Sheet:
    """Open the list. `names` maps each column to what it may be called; a text has at most so many rows. Raises
    NotASheet.

    `rows` gives (line number, cells by column) and may raise NotASheet when the file breaks off or turns foreign.
    """
    lines = _of_book(file) if looked.kind == "xlsx" else _of_text(file, looked)
    try:
        _number, titles = next(lines, (1, []))
        columns, strangers = _columns(titles, names, required)
    except BaseException:
        lines.close()
        raise
    most = MOST_ROWS_BOOK if looked.kind == "xlsx" else most_text
    return Sheet(columns, strangers, looked.encoding, _rows(lines, columns, most))


def _columns(
    titles: Cells, names: Mapping[str, Sequence[str]], required: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(titles) > MOST_COLUMNS:
        raise NotASheet(say("表格的列太多，最多 %(most)s 列。请用模板。", most=MOST_COLUMNS))
    known = {alias.lower(): name for name, aliases in names.items() for alias in aliases}
    columns = tuple(known.get(title.strip().lstrip("*＊").strip().lower(), "") for title in titles)
    missing = [names[name][-1] if len(names[name]) > 1 else name for name in required if name not in columns]
    if missing:
        found = "、".join(title.strip()[:20] for title in titles[:20] if title.strip()) or "-"
        wanted = "、".join(f"{names[name][0]}（{names[name][1]}）" for name in required)
        sentence = say(
            "缺少列：%(missing)s。第一行应当是列名，必须有 %(wanted)s；现在是：%(found)s。",
            missing="、".join(missing),
            wanted=wanted,
            found=found,
        )
        raise NotASheet(sentence)
    twice = next((title for at, title in enumerate(titles) if columns[at] and columns[at] in columns[:at]), None)
    if twice is not None:
        raise NotASheet(say("列“%(name)s”出现了两次，请删掉一列。", name=twice.strip()[:20]))
    strangers = tuple(title for title, name in zip(titles, columns, strict=True) if not name and title.strip())
    return columns, strangers


def _rows(lines: Generator[tuple[int, Cells], None, None], columns: Sequence[str], most: int | None) -> Iterator[Line]:
    count = 0
    try:
        for number, cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if most is not None and count > most:
                raise NotASheet(say("最多 %(most)s 行，请拆成几个文件。", most=most))
            yield number, {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    finally:
        lines.close()


def _of_text(file: IO[bytes], looked: Looked) -> Generator[tuple[int, Cells], None, None]:
    line = 1
    stream: Any = io.BufferedReader(cast(Any, gzip.GzipFile(fileobj=file)), HEAD) if looked.packed else file
    text = io.TextIOWrapper(stream, encoding=looked.encoding, newline="")
    try:
        reader = csv.reader(_bounded(text), delimiter=looked.delimiter)
        for cells in reader:
            line = reader.line_num
            yield line, [_unquoted(cell) for cell in cells]
    except UnicodeDecodeError as wrong:
        raise NotASheet(say("第 %(line)s 行附近有无法识别的字符，文件的编码前后不一致。", line=line + 1)) from wrong
    except csv.Error as wrong:
        raise NotASheet(say("第 %(line)s 行附近读不下去：引号没有配对，或者一格太长。", line=line + 1)) from wrong
    except (EOFError, OSError, zlib.error) as wrong:
        raise NotASheet(say("第 %(line)s 行附近文件断了，压缩包可能不完整。", line=line + 1)) from wrong
    finally:
        text.detach()  # the file is whose it was


def _unquoted(cell: str) -> str:
    """Our own files put a quote before what a spreadsheet would run; it is no part of the text."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _RUNS else cell


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines of a bounded length, of a bounded whole."""
    total = 0
    while line := text.readline(MOST_LINE):
        total += len(line)
        if len(line) >= MOST_LINE or total > MOST_BYTES:
            raise NotASheet(say("有一行太长，或文件解开后太大，不能读取。请用模板整理后再上传。"))
        yield line


def _of_book(file: IO[bytes]) -> Generator[tuple[int, Cells], None, None]:
    """Rows from the child. Its limits are its own; what it cannot finish in time is ended."""
    command = [sys.executable, "-I", str(_CHILD), str(MOST_ROWS_BOOK + 2), str(MOST_COLUMNS + 1)]
    process = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={})
    timer = threading.Timer(SECONDS, process.kill)
    timer.start()
    assert process.stdout is not None
    last = None
    try:
        for line in process.stdout:
            last = json.loads(line)
            if last is None:  # the child has read to the end
                return
            yield last[0], last[1]
        raise NotASheet(say("表格读不出来：文件已损坏，或内容太复杂。请另存为 CSV 再导入。"))
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()
