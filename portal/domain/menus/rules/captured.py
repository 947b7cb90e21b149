"""A menu as a file holds it: read strictly, kept as it came. Says what is not a menu; mends nothing.

JSON: `{"shop_name", "categories": [{"name", "foods": [{"name", "price", "unit", "options": [{"name", "multi",
"values": [{"name", "price"}]}]}]}]}`, one such object, a list of them, or `{"shops": [...]}`. Prices stay as written.

A sheet has one dish in a line; its options are written `规格=小:30|大:50；加料*=加面:3|加蛋:2` (a star: several).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.menus.errors import NotAMenu
from portal.domain.menus.values import MOST_GROUPS, MOST_OPTIONS
from portal.kernel.words import say

MOST_BYTES = 8 * 1024 * 1024
MOST_MENUS = 100
MOST_ROWS = 2000
MOST_TEXT = 200
COLUMNS: dict[str, tuple[str, ...]] = {
    "section": ("分类", "类别", "category"),
    "name": ("菜名", "菜品", "名称", "dish", "name"),
    "price": ("价格", "单价", "price"),
    "unit": ("单位", "unit"),
    "options": ("选项", "规格", "options"),
}
NEEDED = ("name", "price")


@dataclass(frozen=True)
class Captured:
    """One menu of a file: its name, its sections in order, its dishes as they came."""

    name: str
    sections: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


def read(content: bytes) -> tuple[Captured, ...]:
    """The menus of a JSON file. Refuses (`NotAMenu`) anything else, over 100 menus, over 2,000 dishes in one."""
    if len(content) > MOST_BYTES:
        raise NotAMenu(say("文件太大了，最多 %(most)s MB。", most=MOST_BYTES // 2**20))
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotAMenu from None
    shops = _shops(found)
    if not 1 <= len(shops) <= MOST_MENUS:
        raise NotAMenu
    return tuple(_menu(one, nth) for nth, one in enumerate(shops, 1))


def _shops(found: Any) -> list[Any]:
    if isinstance(found, dict):
        inner = found.get("shops", [found])
        return inner if isinstance(inner, list) else []
    return found if isinstance(found, list) else []


def _menu(shop: Any, nth: int) -> Captured:
    categories = _list(_dict(shop).get("categories"))
    name = _text(shop.get("shop_name") or shop.get("name")) or f"#{nth}"
    sections, rows = [], []
    for category in categories:
        title = _text(_dict(category).get("name")) or "未分类"
        if title not in sections:
            sections.append(title)
        rows += [_dish(food, title) for food in _list(category.get("foods"))]
    if not rows or len(rows) > MOST_ROWS:
        raise NotAMenu(say("菜单“%(name)s”要有 1 到 %(most)s 道菜。", name=name, most=MOST_ROWS))
    return Captured(name[:30], tuple(sections), tuple(rows))


def _dish(food: Any, section: str) -> dict[str, Any]:
    groups = list(_groups(_list(_dict(food).get("options"))))
    if len(groups) > MOST_GROUPS:
        raise NotAMenu(say("“%(name)s”的选项组太多了。", name=_text(food.get("name"))))
    return {
        "section": section,
        "name": _text(food.get("name")),
        "price": _text(food.get("price")),
        "unit": _text(food.get("unit")) or "份",
        "groups": groups,
    }


def _groups(options: list[Any]) -> Iterator[dict[str, Any]]:
    for one in options:
        values = _list(_dict(one).get("values"))
        if len(values) > MOST_OPTIONS:
            raise NotAMenu(say("“%(name)s”的选项太多了。", name=_text(one.get("name"))))
        yield {
            "name": _text(one.get("name")),
            "multi": one.get("multi") is True,
            "full": one.get("absolute_price_guess") is True if "absolute_price_guess" in one else None,
            "values": [{"name": _text(_dict(v).get("name")), "price": _text(v.get("price"))} for v in values],
        }


def _dict(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise NotAMenu
    return found


def _list(found: Any) -> list[Any]:
    if found is None:
        return []
    if not isinstance(found, list):
        raise NotAMenu
    return found


def _text(found: Any) -> str:
    """Words and figures as text; nothing else is understood."""
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise NotAMenu
    return " ".join(holdable(str(found)).split())[:MOST_TEXT]


def holdable(text: str) -> str:
    """Without what no database holds: NUL and halves of letters."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def from_lines(name: str, lines: Iterable[Mapping[str, str]]) -> Captured:
    """The menu of a sheet's lines, by the columns of `COLUMNS`. An empty section is that of the line before."""
    foods: dict[str, list[dict[str, Any]]] = {}
    section, count = "", 0
    for line in lines:
        section = _text(line.get("section")) or section or "未分类"
        count += 1
        if count > MOST_ROWS:
            break
        food = {**line, "options": list(_written(_text(line.get("options"))))}
        foods.setdefault(section, []).append(food)
    categories = [{"name": title, "foods": found} for title, found in foods.items()]
    if count > MOST_ROWS or not count:
        raise NotAMenu(say("菜单“%(name)s”要有 1 到 %(most)s 道菜。", name=name, most=MOST_ROWS))
    return _menu({"shop_name": name, "categories": categories}, 1)


def _written(text: str) -> Iterator[dict[str, Any]]:
    for part in filter(None, re.split("[;；]", text)):
        title, _, values = part.partition("=")
        pairs = [re.split("[:：]", one, maxsplit=1) for one in re.split("[|｜]", values) if one.strip()]
        yield {
            "name": title.strip().removesuffix("*"),
            "multi": title.strip().endswith("*"),
            "values": [{"name": pair[0], "price": pair[1] if len(pair) > 1 else "0"} for pair in pairs],
        }
