"""Reads lists of comma-separated lines, plain or gzipped, in UTF-8 or GBK, line by line and never as a whole.

Says in a sentence what a file is when it is not such a list. Knows no feature.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

_HEAD: Final = 64 * 1024
_SIGNS: Final = (
    (b"PK\x03\x04", "表格文件（xlsx）"),
    (b"\xd0\xcf\x11\xe0", "旧的 Excel 文件（xls）"),
    (b"%PDF", "PDF 文件"),
)
_DELIMITERS: Final = (",", "\t", ";")


class NotASheet(ValueError):
    """The file cannot be read as a list; the message says what it is and what to do."""


@dataclass(frozen=True)
class Sheet:
    """An open list: which columns it has, in our words, and which it has besides."""

    columns: tuple[str, ...]
    strangers: tuple[str, ...]
    encoding: str
    rows: Iterator[tuple[int, dict[str, str]]]


def open_sheet(path: Path, names: Mapping[str, Sequence[str]], required: Sequence[str]) -> Sheet:
    """Open the list at `path`. `names` maps each column to what it may be called. Raises NotASheet.

    `rows` gives (line number, cells by column) and may raise NotASheet when the file breaks off or turns foreign.
    """
    stream = _opened(path)
    head = _peek(stream)
    encoding = _encoding(head)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=_delimiter(head, encoding))
    try:
        titles = next(reader, [])
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise NotASheet("第一行读不出来。请用 UTF-8 或 GBK 保存为 CSV。") from wrong
    known = {alias.lower(): name for name, aliases in names.items() for alias in aliases}
    columns = tuple(known.get(title.strip().lower(), "") for title in titles)
    missing = [names[name][-1] if len(names[name]) > 1 else name for name in required if name not in columns]
    if missing:
        found = "、".join(title.strip()[:20] for title in titles[:20] if title.strip()) or "没有列名"
        wanted = "、".join(f"{names[name][0]}（{names[name][1]}）" for name in required)
        raise NotASheet(f"缺少列：{'、'.join(missing)}。第一行应当是列名，必须有 {wanted}；现在是：{found}。")
    strangers = tuple(title for title, name in zip(titles, columns, strict=True) if not name and title.strip())
    return Sheet(columns, strangers, encoding, _rows(reader, columns))


def _rows(reader: Any, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    line = 1
    try:
        for cells in reader:
            line = reader.line_num
            if any(cell.strip() for cell in cells):
                yield line, {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    except UnicodeDecodeError as wrong:
        raise NotASheet(f"第 {line + 1} 行附近有无法识别的字符，文件的编码前后不一致。") from wrong
    except csv.Error as wrong:
        raise NotASheet(f"第 {line + 1} 行附近读不下去：引号没有配对，或者一格太长。") from wrong
    except (EOFError, OSError) as wrong:
        raise NotASheet(f"第 {line + 1} 行附近文件断了，压缩包可能不完整。") from wrong


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        start = file.read(4)
    for sign, what in _SIGNS:
        if start.startswith(sign):
            raise NotASheet(f"这是{what}，不是 CSV。请在表格软件里另存为“CSV UTF-8”再导入。")
    return io.BufferedReader(gzip.open(path), _HEAD) if start.startswith(b"\x1f\x8b") else path.open("rb", _HEAD)


def _peek(stream: IO[bytes]) -> bytes:
    try:
        head = stream.read(_HEAD)
        stream.seek(0)
    except (OSError, EOFError) as wrong:
        raise NotASheet("压缩包打不开，文件可能不完整。") from wrong
    if not head.strip():
        raise NotASheet("文件是空的。")
    return head


def _encoding(head: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 with its mark, else GBK; refuse what is none of them."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise NotASheet("这不是文本文件。请导入 CSV。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)("strict").decode(head)
        except UnicodeDecodeError:
            continue
        return encoding
    raise NotASheet("看不懂文件的编码。请另存为“CSV UTF-8”再导入。")


def _delimiter(head: bytes, encoding: str) -> str:
    first = codecs.getincrementaldecoder(encoding)("ignore").decode(head).partition("\n")[0]
    return max(_DELIMITERS, key=first.count)
