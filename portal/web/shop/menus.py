"""The menu of a store, to look at before going there. Ordering happens at the table."""

from __future__ import annotations

from typing import Any

from portal.domain.menus import queries
from portal.domain.menus.values import Menu, Section
from portal.domain.stores import queries as stores
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.web import menuwords
from portal.web.asking import asked_words
from portal.web.pages import Page, page
from portal.web.shop import shop


@shop.get("/s/<uuid:store>/menu", may=ANYONE)
def menus_show(work: Work, store: Any) -> Page:
    """What is served now; StoreGone when the store is off the street."""
    card = stores.card(work, store)
    menu, q = queries.served(work, card.merchant_id, card.store_id, work.now()), asked_words()
    rules = queries.table_rules(work, card.merchant_id, card.store_id)
    return page(
        "shop/menus/show.html",
        card=card,
        sections=_found(menu, q),
        empty=not menu.sections,
        rules=rules,
        q=q,
        now=work.now(),
        **menuwords.SHOWN,
    )


def _found(menu: Menu, q: str) -> list[Section]:
    """The sections with the dishes whose name holds the words."""
    if not q:
        return list(menu.sections)
    kept = [(one, tuple(dish for dish in one.dishes if q.lower() in dish.name.lower())) for one in menu.sections]
    return [Section(one.id, one.name, one.menu, dishes) for one, dishes in kept if dishes]
