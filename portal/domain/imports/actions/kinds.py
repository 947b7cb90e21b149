"""What each kind of list does with its rows: check, apply, undo, and which rows may stand in a file once only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from portal.domain.catalogue.values import Movement
from portal.domain.imports.actions import goods, history, products, tracking
from portal.domain.imports.values import Checked, Kind, Line, Outcome, Task
from portal.kernel.work import Work

Check = Callable[[Work, UUID, Sequence[Checked]], None]
Act = Callable[[Work, UUID, Sequence[Task]], list[Outcome]]


def alone(number: int, _cells: Mapping[str, str], _before: Line | None) -> int:
    """Every row is a group of its own."""
    return number


def of_product(number: int, cells: Mapping[str, str], before: Line | None) -> int:
    """A row of the same product as the one above it belongs to its group; an empty name goes on with the last."""
    name = cells.get("name", "").strip()
    if before is not None and name in ("", before.cells.get("name", "").strip()) and number - before.first < 1000:
        return before.first
    return number


def code(cells: Mapping[str, str]) -> str:
    """A SKU once in a file."""
    return cells.get("code", "").strip()


def counted(cells: Mapping[str, str]) -> str:
    """A SKU is counted once; it may be filled up several times."""
    way = goods.WAYS.get(cells.get("way", "").strip().casefold())
    return code(cells) if way is Movement.COUNTED else ""


def order(cells: Mapping[str, str]) -> str:
    """An order leaves once."""
    return cells.get("order", "").strip()


def never(_cells: Mapping[str, str]) -> str:
    """Any row as often as it comes."""
    return ""


@dataclass(frozen=True)
class Handler:
    """How a kind works. A raised refusal makes the worker try the lot again group by group."""

    check: Check
    apply: Act
    undo: Act
    once: Callable[[Mapping[str, str]], str] = never
    group: Callable[[int, Mapping[str, str], Line | None], int] = alone
    lot: int = 500


HANDLERS: Final[Mapping[Kind, Handler]] = {
    Kind.PRODUCTS: Handler(products.check, products.apply, products.undo, code, of_product),
    Kind.PRICES: Handler(goods.check_prices, goods.apply_prices, goods.undo_prices, code, lot=200),
    Kind.STOCK: Handler(goods.check_stock, goods.apply_stock, goods.undo_stock, counted, lot=1000),
    Kind.TRACKING: Handler(tracking.check, tracking.apply, tracking.undo, order, lot=100),
    Kind.HISTORY: Handler(history.check, history.apply, history.undo, lot=1000),
}
