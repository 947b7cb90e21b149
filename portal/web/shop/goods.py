"""Goods on the street: found by words and shelves, one product with what it comes in, a supplier's window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, request, url_for

from portal.domain.catalogue.queries import shop as goods
from portal.domain.catalogue.queries.offers import GoodsGone, GoodsShown, SkuOffer
from portal.domain.reference.values import Category
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.services import Services
from portal.web.goods import span
from portal.web.locale import gettext
from portal.web.pages import Page, page
from portal.web.shop import shop
from portal.web.shop.goodsfront import (
    SIEVES,
    Reading,
    Shelves,
    address,
    crumbs,
    kinds,
    orders,
    read_address,
    shelves,
    stock_words,
    tile,
)
from portal.web.shop.sending import to_reader
from portal.web.structured import product

MOST_PIECES = 99


@shop.get("/goods", may=ANYONE)
def goods_list(work: Work) -> Page:
    """All goods on sale, by shelf, words, filters and order."""
    shelf = shelves(work)
    reading, start = read_address(shelf), url_for("shop.goods_list")
    return _list(work, "shop/goods/list.html", start, reading, shelf)


@shop.get("/m/<uuid:supplier>", may=ANYONE)
def goods_window(work: Work, supplier: UUID) -> Page:
    """All goods of one supplier."""
    shelf = shelves(work)
    name, count = goods.window(work, supplier)
    start = url_for("shop.goods_window", supplier=supplier)
    reading = read_address(shelf, supplier)
    return _list(work, "shop/goods/window.html", start, reading, shelf, name=name, count=count)


def _list(work: Work, template: str, start: str, reading: Reading, shelf: Shelves, **more: Any) -> Page:
    found = goods.find(work, reading.asked)
    latest = () if found.rows or found.alike or reading.asked.after else goods.newest(work)
    further = found.after.to_text() if found.after else None
    return page(
        template,
        block="rows",
        tiles=[tile(card) for card in found.rows],
        alike=[tile(card) for card in found.alike],
        latest=[tile(card) for card in latest],
        more=address(start, reading.kept, after=further) if further else None,
        start=start,
        later=reading.asked.after is not None,
        again=address(start, reading.kept),
        unsieved=address(start, reading.kept, category=None, **dict.fromkeys(SIEVES)),
        sieved=[name for name in SIEVES if name in reading.kept] + ["category"] * bool(reading.chosen),
        reading=reading,
        rows_of_kinds=kinds(start, reading, shelf.categories),
        orders=orders(start, reading),
        shelf=shelf,
        **more,
    )


@shop.get("/g/<uuid:product>", may=ANYONE)
def goods_show(work: Work, product: UUID) -> Page:
    """One product; when it is gone, what came last instead."""
    try:
        shown = goods.shown(work, product)
    except GoodsGone as gone:
        tiles = [tile(card) for card in goods.newest(work)]
        return page("shop/goods/gone.html", status=gone.status, sentence=gone.sentence, tiles=tiles)
    return page("shop/goods/show.html", **_shown(work, shown, _picked(shown)))


def _shown(work: Work, shown: GoodsShown, sku: SkuOffer) -> dict[str, Any]:
    """What a reader sees of it."""
    return {
        "shown": shown,
        "card": shown.card,
        "sku": sku,
        "picks": picks(shown, sku),
        "pieces": _pieces(sku),
        "stock": stock_words(sku.left),
        "prices": span([one.sale_fen for one in shown.skus]),
        "cart": _cart(),
        "sending": to_reader(work, shown.card, sku),
        "most": MOST_PIECES,
        "beside": [tile(card) for card in goods.beside(work, shown.card)],
        **_machines(shown, sku, shelves(work).categories),
    }


def _machines(shown: GoodsShown, sku: SkuOffer, categories: dict[UUID, Category]) -> dict[str, Any]:
    """What search engines and other people's phones read."""
    services: Services = current_app.extensions["portal"]
    public = services.settings.public_url
    return {
        "canonical": public + url_for("shop.goods_show", product=shown.card.product_id),
        "public": public,
        "data": product(shown, public),
        "crumbs": crumbs(shown.card, categories),
        "weight": _weight(sku.grams),
    }


def _weight(grams: int) -> str:
    """500 克, 1.25 千克."""
    if grams < 1000:
        return gettext("%(count)s 克", count=grams)
    return gettext("%(count)s 千克", count=f"{grams / 1000:.3f}".rstrip("0").rstrip("."))


def _picked(shown: GoodsShown) -> SkuOffer:
    """The SKU of the address; else the first that can be bought, else the first."""
    wanted = request.args.get("sku", "")
    named = next((one for one in shown.skus if str(one.id) == wanted), None)
    return named or next((one for one in shown.skus if one.left > 0), shown.skus[0])


def _pieces(sku: SkuOffer) -> int:
    text = request.args.get("quantity", "")
    typed = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return max(1, min(typed, sku.left or 1, MOST_PIECES))


def _cart() -> str:
    """Where the basket is filled; nothing while there is none."""
    return url_for("shop.cart_add") if "shop.cart_add" in current_app.view_functions else ""


@dataclass(frozen=True)
class Pick:
    """A value of an option: where it leads, whether it is chosen, whether that combination is sold out or not made."""

    text: str
    url: str
    on: bool
    sold_out: bool
    other: bool


def picks(shown: GoodsShown, sku: SkuOffer) -> list[tuple[str, list[Pick]]]:
    """The options with their values. A value leads to the present combination with this value instead; where that is
    not sold, to one that has the value (`other`).
    """
    by_choice = {one.choice: one for one in shown.skus}
    found = []
    for at, option in enumerate(shown.options):
        row = []
        for value in option.values:
            wanted = (*sku.choice[:at], value, *sku.choice[at + 1 :])
            exact = by_choice.get(wanted)
            target = exact or next((one for one in shown.skus if one.choice[at : at + 1] == (value,)), None)
            if target is not None:
                url = url_for("shop.goods_show", product=shown.card.product_id, sku=target.id) + "#choose"
                row.append(Pick(value, url, wanted == sku.choice, target.left <= 0, exact is None))
        found.append((option.name, row))
    return found
