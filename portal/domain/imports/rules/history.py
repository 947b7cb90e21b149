"""Rows of past orders; odd ones are kept and marked, never corrected. Pure."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal

from portal.domain.archive.values import Mark, PastLine
from portal.domain.imports.rules import cells
from portal.domain.imports.rules.cells import cell
from portal.domain.imports.rules.columns import COLUMNS
from portal.domain.imports.values import Checked, Kind, Verdict
from portal.kernel.refusals import Refusal
from portal.kernel.words import say

_CURRENCY = re.compile(r"[A-Z]{3}")
_NAMES = tuple(column.name for column in COLUMNS[Kind.HISTORY])
_ORDER = cells.text(40)
_TEXTS = {"code": cells.text(60), "name": cells.text(200), "customer": cells.text(60), "country": cells.text(60)}


def currency(typed: str) -> str:
    """Three letters."""
    if not _CURRENCY.fullmatch(typed.upper()):
        raise Refusal(say("币种请写三个字母，例如 CNY。"))
    return typed.upper()


def digest(row: Checked) -> str:
    """What the row says, shortly: equal rows are equal."""
    said = "\0".join([cell(row, name) for name in _NAMES])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]


def check(row: Checked) -> PastLine | None:
    """The line a row comes to; None when it is wrong."""
    row.key, row.verdict = digest(row), Verdict.NEW
    order = cells.needed(row, "order", _ORDER)
    placed_at = cells.needed(row, "placed_at", cells.moment)
    quantity = cells.needed(row, "quantity", cells.signed)
    unit_price = cells.needed(row, "unit_price", cells.decimal)
    named = cells.read(row, "currency", currency)
    texts = {name: cells.read(row, name, parse) or "" for name, parse in _TEXTS.items()}
    if row.problems or order is None or placed_at is None or quantity is None or unit_price is None:
        return None
    marks = _marks(order, quantity, unit_price)
    return PastLine(
        number=row.line.number,
        order_number=order,
        placed_at=placed_at,
        quantity=quantity,
        unit_price=unit_price,
        currency=named or "CNY",
        marks=marks,
        digest=row.key,
        **texts,
    )


def _marks(order: str, quantity: int, unit_price: Decimal) -> tuple[Mark, ...]:
    found = []
    if quantity < 0 or order.upper().startswith("C"):
        found.append(Mark.CANCELLED)
    if unit_price < 0:
        found.append(Mark.NEGATIVE_PRICE)
    if unit_price == 0:
        found.append(Mark.FREE)
    return tuple(found)
