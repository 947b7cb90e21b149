"""How goods look on the street: tiles, words for stock and prices, the address of a list with one filter changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, request, url_for

from portal.domain.catalogue import queries as catalogue
from portal.domain.catalogue.queries import shop as goods
from portal.domain.catalogue.queries.offers import Asked, Cursor, GoodsCard, Sort
from portal.domain.catalogue.rules.finding import look_for
from portal.domain.catalogue.values import Brand
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Category, Purpose
from portal.kernel.money import parse_yuan
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import locale
from portal.web.asking import WORDS_MOST, asked_one
from portal.web.locale import gettext
from portal.web.memory import Memory
from portal.web.storefront import all_below, top_of

KEPT = ("q", "category", "sort", "low", "high", "supplier", "brand", "returnable", "stock")
SIEVES = ("low", "high", "supplier", "brand", "returnable", "stock")
FEW_LEFT = 9
SECONDS = 20
Categories = dict[UUID, Category]


@dataclass(frozen=True)
class Tile:
    """A product in a list; `marks` are words with a tone."""

    url: str
    name: str
    picture: str
    tone: str | None
    from_fen: int
    more: bool
    merchant: str
    marks: tuple[tuple[str, str], ...]
    gone: bool


def tile(card: GoodsCard) -> Tile:
    """How a card looks in a list."""
    first = card.pictures[0] if card.pictures else None
    marks = [(gettext("七天无理由"), "ok")] if card.returnable else []
    if card.left <= FEW_LEFT:
        marks.insert(0, (stock_words(card.left), "hot" if card.left else "quiet"))
    return Tile(
        url_for("shop.goods_show", product=card.product_id),
        card.name,
        url_for("pictures.show", name=first["small"]) if first else "",
        first["tone"] if first else None,
        card.from_fen,
        card.to_fen > card.from_fen,
        card.merchant_name,
        tuple(marks[:2]),
        card.left == 0,
    )


def stock_words(left: int) -> str:
    """仅剩 3 件, 售罄, 有货."""
    if left <= 0:
        return gettext("售罄")
    return gettext("仅剩 %(left)s 件", left=left) if left <= FEW_LEFT else gettext("有货")


@dataclass(frozen=True)
class Shelves:
    """What lists can be narrowed by; the same for everybody, seconds old at most."""

    categories: Categories
    brands: tuple[Brand, ...]
    suppliers: tuple[tuple[UUID, str], ...]


def shelves(work: Work) -> Shelves:
    """Categories, brands and suppliers, read once in a while by this process."""
    memory: Memory[Any] = current_app.extensions.setdefault("portal.memory.shelves", Memory(1))

    def read() -> Any:
        tree = {one.id: one for one in reference.categories(work, Purpose.GOODS)}
        return work.now() + timedelta(seconds=SECONDS), Shelves(tree, catalogue.brands(work), goods.suppliers(work))

    found: Shelves = memory.recall("all", work.now(), read)
    return found


@dataclass(frozen=True)
class Reading:
    """What an address asks for: for the query, for the page, and what of it made no sense."""

    asked: Asked
    kept: dict[str, str]
    chosen: Category | None
    wrong: tuple[str, ...]

    @property
    def q(self) -> str:
        """The words as they were typed."""
        return self.kept.get("q", "")


def read_address(shelf: Shelves, supplier: UUID | None = None) -> Reading:
    """Words, filters and order of this list. What makes no sense filters nothing; an unreadable price is told."""
    plain = {name: "".join(sign for sign in request.args.get(name, "") if sign.isprintable()) for name in KEPT}
    kept = {name: text.strip()[:WORDS_MOST] for name, text in plain.items() if text.strip()}
    chosen = next((one for one in shelf.categories.values() if one.code == kept.get("category")), None)
    wrong: list[str] = []
    low, high = (_price(kept, name, wrong) for name in ("low", "high"))
    if low is not None and high is not None and low > high:
        low, high = high, low
        kept["low"], kept["high"] = kept["high"], kept["low"]
    asked = Asked(
        looked=look_for(kept["q"]) if "q" in kept else None,
        category_ids=all_below(chosen, shelf.categories) if chosen else frozenset(),
        merchant_id=supplier or next((one for one, _name in shelf.suppliers if str(one) == kept.get("supplier")), None),
        brand=next((one.name for one in shelf.brands if str(one.id) == kept.get("brand")), ""),
        low_fen=low,
        high_fen=high,
        returnable=kept.get("returnable") == "1",
        in_stock=kept.get("stock") == "1",
        sort=asked_one(Sort, "sort") or Sort.BEST,
        after=Cursor.from_text(request.args.get("after", "")),
    )
    return Reading(asked, kept, chosen, tuple(wrong))


def _price(kept: dict[str, str], name: str, wrong: list[str]) -> int | None:
    if name not in kept:
        return None
    try:
        return parse_yuan(kept[name])
    except Refusal as refused:
        wrong.append(locale.said(refused.sentence))
        return None


def address(start: str, kept: dict[str, str], **changes: str | None) -> str:
    """The list with some filters changed (None takes one away); it begins at its first page."""
    parts = {name: value for name, value in {**kept, **changes}.items() if value}
    return f"{start}?{urlencode(parts)}" if parts else start


def kinds(start: str, reading: Reading, categories: Categories) -> list[list[tuple[str, str, bool]]]:
    """The tree as rows of links: the tops, and under the chosen one its own."""
    spoken, chosen = locale.current(), reading.chosen
    path = [chosen] if chosen else []
    while path and (above := path[0].parent_id) in categories:
        path.insert(0, categories[above])
    rows = [[(gettext("全部"), address(start, reading.kept, category=None), chosen is None)]]
    rows[0] += _row(start, reading, None, categories, path, spoken)
    rows += [_row(start, reading, one.id, categories, path, spoken) for one in path]
    return [row for row in rows if row]


def _row(
    start: str, reading: Reading, parent: UUID | None, categories: Categories, path: list[Category], spoken: str
) -> list[tuple[str, str, bool]]:
    return [
        (one.called(spoken), address(start, reading.kept, category=one.code), one in path)
        for one in categories.values()
        if one.parent_id == parent
    ]


def orders(start: str, reading: Reading) -> list[tuple[str, str, bool]]:
    """The orders as links."""
    names = {
        Sort.BEST: gettext("综合"),
        Sort.NEW: gettext("新上架"),
        Sort.CHEAP: gettext("价格从低到高"),
        Sort.DEAR: gettext("价格从高到低"),
    }
    now = reading.asked.sort
    return [
        (name, address(start, reading.kept, sort=None if sort is Sort.BEST else sort.value), sort is now)
        for sort, name in names.items()
    ]


def crumbs(card: GoodsCard, categories: Categories) -> list[tuple[str, str | None]]:
    """All goods › top › category › this."""
    steps: list[tuple[str, str | None]] = [(card.name, None)]
    known = categories.get(card.category_id)
    for one in dict.fromkeys((known, top_of(known, categories))) if known else ():
        steps.insert(0, (one.called(locale.current()), url_for("shop.goods_list", category=one.code)))
    return [(gettext("好货"), url_for("shop.goods_list")), *steps]
