"""The street: what is near, open now and worth it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext

from portal.domain.reference import queries as reference
from portal.domain.reference.values import Category, Purpose
from portal.domain.stores import queries as stores
from portal.domain.stores.queries import RADII, Cursor, Filters, Search, Sort
from portal.domain.stores.rules import searchable
from portal.kernel.figures import say_distance
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.web import locale
from portal.web.pages import Page, page
from portal.web.shop import shop
from portal.web.shop.places import Where, where
from portal.web.storefront import shown

MOST_WORDS = 4
KEPT = ("open", "coupons", "category", "sort", "radius", "q")


@shop.get("/", may=ANYONE)
def home(work: Work) -> Page:
    """What is near."""
    here = where(work)
    if here is None:
        cities = stores.cities_with_stores(work, most=12)
        return page("shop/nearby/ask.html", cities=cities, keep=_kept())
    categories = {one.id: one for one in reference.categories(work, Purpose.STORES)}
    search = _search(work, here, categories)
    found = stores.nearby(work, search)
    return page(
        "shop/nearby/home.html",
        block="rows",
        rows=[shown(near, work.now(), categories) for near in found.rows],
        looked=say_distance(found.looked_metres) if found.looked_metres is not None else None,
        more=_url(here, after=found.after.to_text()) if found.after else None,
        later=search.after is not None,
        **_around(here, search, categories),
    )


def _around(here: Where, search: Search, categories: dict[Any, Category]) -> dict[str, Any]:
    """What stands round the list: filters, orders, the search box and the ways back."""
    kept = _kept()
    return {
        "start": _url(here),
        "plain_home": url_for("shop.home"),
        "kept": kept,
        "plain": url_for("shop.home", **here.args),
        "filtered": bool(kept),
        "chips": _chips(here, search),
        "kinds": _kinds(here, categories),
        "q": request.args.get("q", "").strip()[:60],
        "search_keep": {**here.args, **{name: value for name, value in kept.items() if name != "q"}},
        "where_label": here.label,
    }


def _kept() -> dict[str, str]:
    """The filters of the address, as they stand there."""
    return {name: request.args[name] for name in KEPT if request.args.get(name, "").strip()}


def _url(here: Where, **changes: str | None) -> str:
    """This list with some filters changed."""
    args = {**here.args, **_kept(), **changes}
    return url_for("shop.home", **{name: value for name, value in args.items() if value is not None})


def _search(work: Work, here: Where, categories: dict[Any, Category]) -> Search:
    asked = request.args
    chosen = next((one for one in categories.values() if one.code == asked.get("category")), None)
    radius = asked.get("radius", "")
    filters = Filters(
        open_now=asked.get("open") == "1",
        with_coupons=asked.get("coupons") == "1",
        category_root=_top(chosen, categories).id if chosen else None,
        category_ids=_below(chosen, categories) if chosen and chosen.parent_id else frozenset(),
        words=tuple(searchable(word) for word in asked.get("q", "")[:60].split()[:MOST_WORDS]),
        radius_metres=int(radius) if radius in {str(metres) for metres in RADII} else None,
    )
    sort = Sort(asked["sort"]) if asked.get("sort") in set(Sort) else Sort.DISTANCE
    after = Cursor.from_text(asked["after"], work.now()) if "after" in asked else None
    return Search(here.position, filters, sort, after)


def _top(category: Category, categories: dict[Any, Category]) -> Category:
    while category.parent_id in categories:
        category = categories[category.parent_id]
    return category


def _below(category: Category, categories: dict[Any, Category]) -> frozenset[Any]:
    found = {category.id}
    for one in categories.values():  # parents stand before their children
        if one.parent_id in found:
            found.add(one.id)
    return frozenset(found)


def _chips(here: Where, search: Search) -> list[tuple[str, str, bool]]:
    """Filters and orders as links that switch themselves."""
    filters = search.filters
    radius = filters.radius_metres
    return [
        (gettext("营业中"), _url(here, open=None if filters.open_now else "1"), filters.open_now),
        (gettext("有券"), _url(here, coupons=None if filters.with_coupons else "1"), filters.with_coupons),
        (gettext("离我最近"), _url(here, sort=None), search.sort is Sort.DISTANCE),
        (gettext("评分最高"), _url(here, sort="rating"), search.sort is Sort.RATING),
        (gettext("卖得最多"), _url(here, sort="sales"), search.sort is Sort.SALES),
        *(
            (
                gettext("%(far)s 内", far=say_distance(metres).replace(".0", "")),
                _url(here, radius=None if radius == metres else str(metres)),
                search.radius_metres == metres,
            )
            for metres in RADII
        ),
    ]


def _kinds(here: Where, categories: dict[Any, Category]) -> list[tuple[str, str, bool]]:
    """The top categories, and below the chosen one its own."""
    chosen = next((one for one in categories.values() if one.code == request.args.get("category")), None)
    spoken = locale.current()
    top = _top(chosen, categories) if chosen else None
    every = [(gettext("全部"), _url(here, category=None), chosen is None)]
    below = {None, top.id} if top else {None}
    return every + [
        (one.called(spoken), _url(here, category=one.code), one in (chosen, top))
        for one in categories.values()
        if one.parent_id in below
    ]
