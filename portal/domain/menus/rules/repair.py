"""What is wrong with the rows of a menu from a file, and what they become once somebody has decided. Pure.

A row's `facts` hold what came and what was decided beside it: `fen` None means the file's price times the menu's scale,
`full` None and `repeat` None mean that nobody has said yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from statistics import median
from typing import Any

from portal.domain.menus.values import MOST_FEN, Group, Option, Pricing
from portal.kernel.database import new_id
from portal.kernel.words import Text, say

YUAN, FEN, HUNDREDTHS = 100, 1, 10_000
SCALES = (YUAN, FEN, HUNDREDTHS)
MOST_NAME = 60
Facts = dict[str, Any]


class Trouble(StrEnum):
    """Why a row cannot be served yet."""

    NAMELESS = "nameless"
    NO_PRICE = "no_price"
    BAD_PRICE = "bad_price"
    REPEATED = "repeated"
    FULL_PRICE = "full_price"
    TWO_FULL = "two_full"
    OPTION_NAME = "option_name"
    OPTION_PRICE = "option_price"


TROUBLES: dict[Trouble, Text] = {
    Trouble.NAMELESS: say("没有菜名"),
    Trouble.NO_PRICE: say("没有价格"),
    Trouble.BAD_PRICE: say("价格读不懂"),
    Trouble.REPEATED: say("重名"),
    Trouble.FULL_PRICE: say("选项像是整份价"),
    Trouble.TWO_FULL: say("两组整份价"),
    Trouble.OPTION_NAME: say("选项没有名字"),
    Trouble.OPTION_PRICE: say("选项没有价格"),
}


def scale_of(rows: Iterable[Facts]) -> int:
    """The likely unit of a file's prices: dishes seldom cost 300 yuan at the median, or less than one."""
    figures = [figure for figure in (_figure(row["price"]) for row in rows) if figure]
    if not figures:
        return YUAN
    middle = median(figures)
    return FEN if middle >= 300 else HUNDREDTHS if middle < 1 else YUAN


def begun(captured: Facts) -> Facts:
    """What a row is before anybody has decided anything. Groups without options are left behind."""
    groups = [_begun_group(one, captured["price"]) for one in captured["groups"] if one["values"]]
    return {
        "section": captured["section"],
        "name": captured["name"],
        "unit": captured["unit"][:12],
        "price": captured["price"],
        "fen": None,
        "pricing": Pricing.FIXED.value,
        "repeat": None,
        "groups": groups,
    }


def _begun_group(one: Facts, price: str) -> Facts:
    guess = one["full"] if one["full"] is not None else _looks_full(one, price)
    free = any(not _figure(value["price"]) for value in one["values"])
    return {
        "name": one["name"] or "选项",
        "guess": guess,
        "full": None if guess else False,
        "least": 0 if one["multi"] or not free else 1,
        "most": len(one["values"]) if one["multi"] else 1,
        "values": [{"name": value["name"], "price": value["price"], "fen": None} for value in one["values"]],
    }


def _looks_full(one: Facts, price: str) -> bool:
    """One of several, all with a price, one of them the dish's own."""
    figures = [_figure(value["price"]) for value in one["values"]]
    return not one["multi"] and all(figures) and (not _figure(price) or _figure(price) in figures)


def troubles(facts: Facts, scale: int, *, repeats: bool) -> list[Trouble]:
    """What is left to decide. `repeats`: another row before has the same name."""
    found = [Trouble.NAMELESS] if not facts["name"].strip() else []
    full = [group for group in facts["groups"] if group["full"]]
    found += _price_troubles(facts, scale, sized=bool(full))
    if repeats and facts["name"].strip() and facts["repeat"] is None:
        found.append(Trouble.REPEATED)
    if any(group["full"] is None for group in facts["groups"]):
        found.append(Trouble.FULL_PRICE)
    if len(full) > 1:
        found.append(Trouble.TWO_FULL)
    values = [value for group in facts["groups"] for value in group["values"]]
    if any(not value["name"].strip() for value in values):
        found.append(Trouble.OPTION_NAME)
    if any(option_fen(value, scale) is None for value in values):
        found.append(Trouble.OPTION_PRICE)
    return found


def _price_troubles(facts: Facts, scale: int, *, sized: bool) -> list[Trouble]:
    if facts["pricing"] == Pricing.MARKET or facts["fen"] is not None:
        return []
    if not _figure(facts["price"]) and _readable(facts["price"]):
        return [] if sized else [Trouble.NO_PRICE]
    return [] if price_fen(facts, scale) is not None else [Trouble.BAD_PRICE]


def price_fen(facts: Facts, scale: int) -> int | None:
    """The dish's price in fen, or None when the file's cannot be read; nothing at all is 0."""
    if facts["pricing"] == Pricing.MARKET:
        return 0
    if facts["fen"] is not None:
        return int(facts["fen"])
    return _fen(facts["price"] or "0", scale, lowest=0)


def option_fen(value: Facts, scale: int) -> int | None:
    """An option's price in fen, or None when there is none or it cannot be read."""
    if value["fen"] is not None:
        return int(value["fen"])
    return _fen(value["price"], scale, lowest=-MOST_FEN)


def _fen(text: str, scale: int, *, lowest: int) -> int | None:
    figure = _figure(text)
    if figure is None:
        return None
    fen = figure * (scale or YUAN)
    return int(fen) if fen == int(fen) and lowest <= fen <= MOST_FEN else None


def _figure(text: str) -> Decimal | None:
    """The number a price is, or None."""
    plain = text.strip().removeprefix("¥").removesuffix("元").strip()
    try:
        figure = Decimal(plain)
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure) < MOST_FEN else None


def _readable(text: str) -> bool:
    return not text.strip() or _figure(text) is not None


def repeats_of(rows: Sequence[tuple[Facts, bool]]) -> list[int | None]:
    """For each (facts, skipped) the place of the first row before it with the same name, or None."""
    first: dict[str, int] = {}
    found: list[int | None] = []
    for place, (facts, skipped) in enumerate(rows):
        name = facts["name"].strip()
        found.append(None if skipped or not name else first.get(name))
        if name and not skipped:
            first.setdefault(name, place)
    return found


def alike(one: Facts, other: Facts) -> bool:
    """The same dish in another section: same price, same choices, elsewhere."""
    keys = ("price", "fen", "pricing", "unit", "groups")
    return one["section"] != other["section"] and all(one[key] == other[key] for key in keys)


def groups_of(facts: Facts, scale: int) -> list[Group]:
    """The option groups a mended row ends with. What has the price of the day has no sizes with a price of their own:
    they are choices that add nothing.
    """
    sized = facts["pricing"] == Pricing.FIXED
    return [
        Group(
            new_id(),
            group["name"].strip()[:30],
            bool(group["full"]) and sized,
            1 if group["full"] else group["least"],
            1 if group["full"] else group["most"],
            tuple(
                Option(
                    new_id(),
                    one["name"].strip()[:30],
                    (option_fen(one, scale) or 0) if sized or not group["full"] else 0,
                )
                for one in group["values"]
            ),
        )
        for group in facts["groups"]
    ]
