"""The street: what is near, open now and worth it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request

from portal.domain.reference.values import Category
from portal.domain.stores import queries as stores
from portal.domain.stores.queries import RADII, Cursor, Filters, Search, Sort
from portal.domain.stores.rules import searchable
from portal.kernel.figures import say_distance
from portal.kernel.permissions import ANYONE
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import locale
from portal.web.notices import unread
from portal.web.pages import Page, page
from portal.web.shop import shop
from portal.web.shop.cards import drawn, store_categories
from portal.web.shop.places import Where, where
from portal.web.storefront import all_below, top_of
from portal.web.wayfinding import steady

MOST_WORDS = 4
KEPT = ("open", "coupons", "category", "sort", "radius", "q")


def _(msgid: str, **params: Any) -> str:
    return locale.said(say(msgid, **params))


@shop.get("/", may=ANYONE)
def home(work: Work) -> Page:
    """What is near."""
    here = where(work)
    asked = request.args.to_dict()
    if here is None:
        cities = stores.cities_with_stores(work, most=12)
        return page("shop/nearby/ask.html", cities=cities, keep=tuple(_kept(asked).items()), notice=unread(work))
    categories = store_categories(work)
    chosen = _chosen(asked, categories)
    search = _search(work, here, asked, chosen, categories)
    found = stores.nearby(work, search)
    url = _urls(here, asked)
    return page(
        "shop/nearby/home.html",
        block="rows",
        rows=drawn(found.rows, work.now(), categories),
        notice=unread(work) if search.after is None else None,
        kinds=_kinds(url, chosen, categories),
        **_turning(url, search, found),
        **_around(here, asked),
    )


def _turning(url: Callable[..., str], search: Search, found: stores.Page) -> dict[str, Any]:
    """Where the list goes on, begins and is ordered otherwise."""
    return {
        "looked": say_distance(found.looked_metres) if found.looked_metres is not None else None,
        "more": f"{url()}&{urlencode({'after': found.after.to_text()})}" if found.after else None,
        "later": search.after is not None,
        "start": url(),
        "chips": _chips(url, search),
    }


def _around(here: Where, asked: dict[str, str]) -> dict[str, Any]:
    """What stands round the list: the search box and the ways back."""
    kept = _kept(asked)
    return {
        "plain_home": steady("shop.home"),
        "kept": tuple(kept.items()),
        "plain": f"{steady('shop.home')}?{urlencode(here.args)}",
        "filtered": bool(kept),
        "q": asked.get("q", "").strip()[:60],
        "search_keep": {**here.args, **{name: value for name, value in kept.items() if name != "q"}},
        "where_label": here.label,
    }


def _kept(asked: dict[str, str]) -> dict[str, str]:
    """The filters of the address, as they stand there."""
    return {name: asked[name] for name in KEPT if asked.get(name, "").strip()}


def _urls(here: Where, asked: dict[str, str]) -> Callable[..., str]:
    """Makes addresses of this list with some filters changed."""
    start = f"{steady('shop.home')}?"
    kept = {name: urlencode({name: value}) for name, value in {**here.args, **_kept(asked)}.items()}

    def url(**changes: str | None) -> str:
        parts = {**kept, **{name: value and _pair(name, value) for name, value in changes.items()}}
        return start + "&".join(filter(None, parts.values()))

    return url


@lru_cache(maxsize=200)
def _pair(name: str, value: str) -> str:
    """A filter or an order, in our own words: what a reader typed and where he is are not remembered."""
    return urlencode({name: value})


def _chosen(asked: dict[str, str], categories: dict[Any, Category]) -> Category | None:
    code = asked.get("category")
    return next((one for one in categories.values() if one.code == code), None) if code else None


def _search(
    work: Work, here: Where, asked: dict[str, str], chosen: Category | None, categories: dict[Any, Category]
) -> Search:
    radius = asked.get("radius", "")
    filters = Filters(
        open_now=asked.get("open") == "1",
        with_coupons=asked.get("coupons") == "1",
        category_root=top_of(chosen, categories).id if chosen else None,
        category_ids=all_below(chosen, categories) if chosen and chosen.parent_id else frozenset(),
        words=tuple(searchable(word) for word in asked.get("q", "")[:60].split()[:MOST_WORDS]),
        radius_metres=int(radius) if radius in {str(metres) for metres in RADII} else None,
    )
    sort = Sort(asked["sort"]) if asked.get("sort") in set(Sort) else Sort.DISTANCE
    after = Cursor.from_text(asked["after"], work.now()) if "after" in asked else None
    return Search(here.position, filters, sort, after)


def _chips(url: Callable[..., str], search: Search) -> list[tuple[str, str, bool]]:
    """Filters and orders as links that switch themselves."""
    filters = search.filters
    radius = filters.radius_metres
    return [
        (_("营业中"), url(open=None if filters.open_now else "1"), filters.open_now),
        (_("有券"), url(coupons=None if filters.with_coupons else "1"), filters.with_coupons),
        (_("离我最近"), url(sort=None), search.sort is Sort.DISTANCE),
        (_("评分最高"), url(sort="rating"), search.sort is Sort.RATING),
        (_("卖得最多"), url(sort="sales"), search.sort is Sort.SALES),
        *(
            (
                _("%(far)s 内", far=say_distance(metres).replace(".0", "")),
                url(radius=None if radius == metres else str(metres)),
                search.radius_metres == metres,
            )
            for metres in RADII
        ),
    ]


def _kinds(
    url: Callable[..., str], chosen: Category | None, categories: dict[Any, Category]
) -> list[tuple[str, str, bool]]:
    """The top categories, and below the chosen one its own."""
    spoken = locale.current()
    top = top_of(chosen, categories) if chosen else None
    every = [(_("全部"), url(category=None), chosen is None)]
    below = {None, top.id} if top else {None}
    return every + [
        (one.called(spoken), url(category=one.code), one in (chosen, top))
        for one in categories.values()
        if one.parent_id in below
    ]
