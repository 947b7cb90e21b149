"""From lines to rows of so many columns, as every vendor prints them. A sign that GB18030 writes with two bytes is two
columns wide; what steers a printer, and what no printer has in its font, does not come through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from portal.domain.kitchen.values import Form, Line, Side, Size

COLUMNS: Final = {58: 32, 80: 48}
MISSING: Final = "？"
_ALIKE: Final = str.maketrans({"¥": "￥", "−": "-", "\u2009": " ", "\u202f": " ", "\xa0": " "})
"""What our figures are written with, in signs of the printers' font."""
_UNSEEN: Final = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")


@dataclass(frozen=True)
class Row:
    """One printed row; of a QR code `text` is what it says."""

    text: str
    size: Size = Size.NORMAL
    side: Side = Side.LEFT
    bold: bool = False
    qr: bool = False


def printable(text: str) -> str:
    """The text without control signs; what the printers' font lacks becomes a question mark."""
    return "".join(_sign(sign) for sign in text.translate(_ALIKE) if sign not in _UNSEEN)


def _sign(sign: str) -> str:
    if sign in "\t\n\r":
        return " "
    if ord(sign) < 32 or 127 <= ord(sign) < 160 or 0xD800 <= ord(sign) < 0xE000:
        return ""
    return sign if len(sign.encode("gb18030")) <= 2 else MISSING


def wide(text: str) -> int:
    """How many columns it takes."""
    return sum(2 if len(sign.encode("gb18030")) > 1 else 1 for sign in text)


def wrapped(text: str, columns: int) -> list[str]:
    """The text in pieces of at most `columns`; one empty piece for nothing."""
    rows, row, left = [], "", columns
    for sign in text:
        need = wide(sign)
        if need > left:
            rows.append(row.rstrip())
            row, left = "", columns
            if sign == " ":
                continue
        row, left = row + sign, left - need
    return [*rows, row.rstrip()]


def rows(lines: Iterable[Line], columns: int) -> list[Row]:
    """The lines laid out on paper of so many columns."""
    return [row for line in lines for row in _laid(line, columns)]


def _laid(line: Line, columns: int) -> Iterator[Row]:
    room = columns // 2 if line.size is Size.LARGE else columns
    match line.form:
        case Form.RULE:
            yield Row("-" * columns)
        case Form.QR:
            yield Row(printable(line.text), side=Side.CENTRE, qr=True)
        case Form.PAIR:
            yield from (Row(text, line.size, bold=line.bold) for text in _pair(line, room))
        case Form.TEXT:
            for text in wrapped(printable(line.text), room):
                yield Row(text, line.size, line.side, line.bold)


def _pair(line: Line, room: int) -> list[str]:
    right = printable(line.right)
    lefts = wrapped(printable(line.text), room)
    gap = room - wide(lefts[-1]) - wide(right)
    if gap < 1:
        return [*lefts, " " * max(0, room - wide(right)) + right]
    return [*lefts[:-1], lefts[-1] + " " * gap + right]


def packed(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as they are kept."""
    return [{name: value for name, value in asdict(line).items() if value} for line in lines]


def unpacked(kept: Iterable[dict[str, Any]]) -> tuple[Line, ...]:
    """Lines as they were kept."""
    return tuple(
        Line(
            str(one.get("text", "")),
            Form(one.get("form", Form.TEXT)),
            str(one.get("right", "")),
            Size(one.get("size", Size.NORMAL)),
            Side(one.get("side", Side.LEFT)),
            bool(one.get("bold", False)),
        )
        for one in kept
    )
