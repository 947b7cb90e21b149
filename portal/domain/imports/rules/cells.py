"""What a cell may hold. A cell that cannot be leaves its fault with the row and is None."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, TypeVar

from portal.domain.imports.values import Checked
from portal.kernel.figures import SHANGHAI
from portal.kernel.money import parse_yuan
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

Value = TypeVar("Value")
MOST_CELL: Final = 5000
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_WHOLE: Final = re.compile(r"[0-9]{1,9}(?:\.0+)?")
_WHEN: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")
_PLAIN_WHEN: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_YES, _NO = {"是", "支持", "yes", "y", "true", "1"}, {"否", "不支持", "no", "n", "false", "0"}


def cell(row: Checked, column: str) -> str:
    """The cell with plain spaces at its ends taken away."""
    return row.line.cells.get(column, "").strip()


def read(row: Checked, column: str, parse: Callable[[str], Value]) -> Value | None:
    """What the cell says; None when it is empty or wrong."""
    text = cell(row, column)
    return _parsed(row, column, text, parse) if text else None


def _parsed(row: Checked, column: str, text: str, parse: Callable[[str], Value]) -> Value | None:
    try:
        return parse(text)
    except Refusal as refusal:
        row.wrong(column, refusal.sentence)
        return None


def needed(row: Checked, column: str, parse: Callable[[str], Value]) -> Value | None:
    """The same; an empty cell is wrong."""
    text = cell(row, column)
    if not text:
        row.wrong(column, say("请填写这一项。"))
        return None
    return _parsed(row, column, text, parse)


def text(most: int) -> Callable[[str], str]:
    """A text of at most so many signs."""

    def parse(typed: str) -> str:
        if len(typed) > most:
            raise Refusal(say("最多 %(most)s 个字，现在是 %(count)s 个。", most=most, count=len(typed)))
        return typed

    return parse


def price(typed: str) -> int:
    """Yuan, in fen, more than nothing."""
    fen = parse_yuan(typed)
    if fen <= 0:
        raise Refusal(say("价格要大于 0。"))
    return fen


def whole(typed: str) -> int:
    """A whole number, not below zero."""
    plain = half_width(typed).replace(",", "").strip()
    if not _WHOLE.fullmatch(plain):
        raise Refusal(say("“%(text)s”不是整数。", text=typed[:30]))
    return int(plain.partition(".")[0])


def yes(typed: str) -> bool:
    """Yes or no, in both languages."""
    plain = half_width(typed).casefold()
    if plain not in _YES | _NO:
        raise Refusal(say("请填“是”或“否”。"))
    return plain in _YES


def moment(typed: str) -> datetime:
    """A local day or moment."""
    plain = half_width(typed).replace("T", " ").strip()
    try:
        at = datetime.fromisoformat(plain) if _PLAIN_WHEN.fullmatch(plain) else _spelled(plain)
        return at.replace(tzinfo=SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(say("看不懂时间“%(text)s”，请写成 2026-12-01 08:00。", text=typed[:30])) from None


def _spelled(plain: str) -> datetime:
    """The rarer ways of writing it, each tried: slower."""
    for form in _WHEN:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007  # local until it is told
        except ValueError:
            continue
    raise ValueError


def signed(typed: str) -> int:
    """A whole number that may be below zero."""
    plain = half_width(typed).replace(",", "").strip()
    negative = plain.startswith("-")
    return -whole(plain[1:]) if negative else whole(plain)


def decimal(typed: str) -> Decimal:
    """A decimal number of any currency, exactly as written."""
    plain = half_width(typed).replace(",", "").strip()
    if not _NUMBER.fullmatch(plain):
        raise Refusal(say("“%(text)s”不是金额，最多六位小数。", text=typed[:30]))
    return Decimal(plain)
