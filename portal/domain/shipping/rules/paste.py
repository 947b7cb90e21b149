"""A column pasted from a spreadsheet: numbers in the order of the rows, or order and tracking numbers in any order.

Nothing is guessed: what cannot be told is a problem of its line, in words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.domain.shipping.rules.recognising import called, recognise
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import Text, say

MOST_TEXT: Final = 60_000
MOST_LINES: Final = 1000
ORDER_DIGITS: Final = 16
_CELLS: Final = re.compile(r"[\t,;|]| {2,}")
_BLANK: Final = re.compile(r"\s+")
_NUMBER: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{5,39}")
_POWER: Final = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}")


@dataclass(frozen=True)
class Read:
    """One line as it was understood: the order it names (None: nothing known), the number, the carrier in words."""

    order: str | None
    number: str
    carrier: str | None = None
    problem: Text | None = None


def aliases(numbers: Iterable[str]) -> dict[str, str]:
    """Every way to name these orders → the number. A spreadsheet keeps fifteen digits and writes 0 for the last: that
    is understood as well, when it can mean one order only.
    """
    known = {one: one for one in numbers}
    rounded = Counter(f"{one[:15]}0" for one in known if len(one) == ORDER_DIGITS)
    for one in list(known):
        short = f"{one[:15]}0"
        if len(one) == ORDER_DIGITS and rounded[short] == 1:
            known.setdefault(short, one)
    return known


def tidy(text: str) -> str:
    """A tracking number in its stored form: upper case, no blanks, no apostrophe or `.0` of a spreadsheet."""
    plain = _BLANK.sub("", half_width(text)).strip("'\"’‘“”").upper()
    return plain.removesuffix(".0")


def problem_of(number: str) -> Text | None:
    """Why this is no tracking number, or None."""
    if _POWER.fullmatch(number):
        return say("表格把单号变成了科学计数（%(number)s），请把这一列设成文本后重新复制。", number=number[:20])
    if not _NUMBER.fullmatch(number):
        return say("“%(number)s”不像快递单号，应是 6 到 40 位字母和数字。", number=number[:40])
    return None


def check_number(text: str, *, field: str = "number") -> str:
    """The tidy number. Refuses what cannot be one."""
    number = tidy(text)
    if not number:
        raise Refusal(say("请填写快递单号。"), field=field)
    problem = problem_of(number)
    if problem is not None:
        raise Refusal(problem, field=field)
    return number


def read_column(text: str, rows: Sequence[str], known: Mapping[str, str], held: Collection[str] = ()) -> list[Read]:
    """What a pasted text says. `rows` are the order numbers as they stand on the page, `known` maps every number of
    an order that may be meant to itself; bare numbers pass over `held` rows, which must not leave, unless there is
    a number for every row. Refuses nothing at all and more numbers than rows.
    """
    lines = _lines(text)
    if any(len(cells) > 1 for cells in lines):
        return [_pair(cells, known) for cells in lines if cells]
    numbers = [cells[0] if cells else "" for cells in lines]
    if any(numbers) and all(not one or one.upper() in known for one in numbers):
        raise Refusal(say("这一列是订单号，没有快递单号。请连同单号一列一起复制。"), field="paste")
    filled = [one for one in numbers if one]
    if len(filled) == len(rows) or len(numbers) > len(rows):
        numbers = filled
    if len(numbers) > len(rows):
        raise Refusal(
            say("贴了 %(given)s 个单号，这里只有 %(rows)s 行订单。请核对后再贴。", given=len(numbers), rows=len(rows)),
            field="paste",
        )
    free = [one for one in rows if one not in held]
    under = free if len(numbers) <= len(free) else rows
    return [_read(order, number, None) for order, number in zip(under, numbers, strict=False) if number]


def cells_of(text: str) -> set[str]:
    """Every cell that may be the number of an order: digits only, and what a spreadsheet made of it."""
    plain = half_width(text[:MOST_TEXT])
    return {cell for line in plain.split("\n") for cell in _cells(line) if cell.isdigit() and len(cell) == ORDER_DIGITS}


def _lines(text: str) -> list[list[str]]:
    """Cells of every line; the head and blank lines at the end are left out, blank lines between stay empty."""
    if len(text) > MOST_TEXT:
        raise Refusal(say("一次最多贴 %(most)s 行。", most=MOST_LINES), field="paste")
    plain = half_width(text.replace("\r\n", "\n").replace("\r", "\n")).replace("，", ",")
    lines = [_cells(line) for line in plain.rstrip().split("\n")]
    if lines and lines[0] and not any(any(sign.isdigit() for sign in cell) for cell in lines[0]):
        lines = lines[1:]
    if not any(lines):
        raise Refusal(say("请贴上快递单号：一列单号，或“订单号 + 单号”两列。"), field="paste")
    if len(lines) > MOST_LINES:
        raise Refusal(say("一次最多贴 %(most)s 行。", most=MOST_LINES), field="paste")
    return lines


def _cells(line: str) -> list[str]:
    """The filled cells of a line; single blanks part cells only when every part holds a digit or names a carrier."""
    cells = [cell.strip().strip("'\"’‘“”").strip() for cell in _CELLS.split(line)]
    cells = [cell for cell in cells if cell]
    if len(cells) == 1 and " " in cells[0]:
        parts = cells[0].split()
        if len(parts) <= 3 and all(len(part) > 5 or called(part) for part in parts):
            return parts
    return cells


def _pair(cells: Sequence[str], known: Mapping[str, str]) -> Read:
    named = next((cell for cell in cells if cell.upper() in known), None)
    order = known[named.upper()] if named is not None else None
    others = [cell for cell in cells if cell is not named]
    carrier = next((found for cell in others if (found := called(cell))), None)
    numbers = [tidy(cell) for cell in others if any(sign.isdigit() for sign in cell)]
    if order is None:
        shown = max(cells, key=len)[:40]
        return Read(None, shown, carrier, say("没有找到“%(cell)s”对应的待发货订单。", cell=" ".join(cells)[:60]))
    if not numbers:
        return Read(order, "", carrier, say("这一行没有快递单号。"))
    best = next((one for one in numbers if recognise(one)), numbers[0])
    return _read(order, best, carrier)


def _read(order: str, number: str, carrier: str | None) -> Read:
    plain = tidy(number)
    return Read(order, plain, carrier, problem_of(plain))
