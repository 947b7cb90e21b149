"""A store's own page: open, far, rated above the fold; then coupons, hours, the way there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, url_for

from portal.domain.bookings import queries as bookings
from portal.domain.floor import queries as floors
from portal.domain.menus import queries as menus
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.domain.stores import queries as stores
from portal.domain.stores.queries import Card, StoreGone
from portal.domain.waiting import queries as waiting
from portal.kernel import phones
from portal.kernel.figures import SHANGHAI, say_day
from portal.kernel.geo import distance_metres
from portal.kernel.hours import WeeklyHours, say_spans
from portal.kernel.navigation import navigation_links
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.services import Services
from portal.web import locale
from portal.web.htmx import htmx
from portal.web.pages import Page, page
from portal.web.shop import coupons, passes, shop
from portal.web.shop.places import Where, where
from portal.web.storefront import category_name, hours_fact, kind_of, shown
from portal.web.structured import local_business

MOST_EXCEPTIONS = 6
ALTERNATIVES = 4


@shop.get("/s/<uuid:store>", may=ANYONE)
def stores_show(work: Work, store: Any) -> Page:
    """The store; when it is gone, what is near instead."""
    here = where(work)
    categories = {one.id: one for one in reference.categories(work, Purpose.STORES, hidden=True)}
    try:
        card = stores.card(work, store)
    except StoreGone as gone:
        near = stores.nearest(work, here.position, size=ALTERNATIVES) if here else ()
        rows = [shown(one, work.now(), categories) for one in near]
        return page("shop/stores/gone.html", status=gone.status, sentence=gone.sentence, rows=rows)
    facts = {**_facts(card, here, work.now()), **_offers(work, card)}
    about = _about(card, category_name(card, categories))
    seating = {"takes_tables": floors.takes_online(work, card.merchant_id, store), "queues": waiting.takes(work, store)}
    return page(
        "shop/stores/show.html",
        block="detail",
        beside=htmx.wants_block,
        **facts,
        **about,
        **seating,
    )


def _offers(work: Work, card: Card) -> dict[str, Any]:
    """What can be had here: coupons, passes, times, dishes."""
    return {
        **coupons.of_store(work, card.store_id),
        **passes.of_merchant(work, card.merchant_id),
        "books": bookings.takes_bookings(work, card.merchant_id, card.store_id),
        "has_menu": menus.offers(work, card.merchant_id, card.store_id),
    }


def _about(card: Card, category: str) -> dict[str, Any]:
    """What does not depend on who asks or when."""
    settings = _settings()
    return {
        "card": card,
        "category": category,
        "kind": kind_of(category, card.name),
        "address": _address(card),
        "phone": phones.show(card.phone) if card.phone else "",
        "maps": navigation_links(card.position, card.name, card.area),
        "tiles": settings.tile_url or "",
        "credit": settings.tile_attribution,
        "canonical": settings.public_url + url_for("shop.stores_show", store=card.store_id),
        "data": local_business(card, category, settings.public_url),
    }


def _settings() -> Any:
    services: Services = current_app.extensions["portal"]
    return services.settings


def _address(card: Card) -> str:
    """The area in front, unless the address says it already."""
    town = card.area.partition("市")[2] or card.area
    return card.address if town and town in card.address else card.area + card.address


def _facts(card: Card, here: Where | None, now: datetime) -> dict[str, Any]:
    return {
        "hours": hours_fact(card.state_at(now), now),
        "metres": distance_metres(here.position, card.position) if here else None,
        "from_where": here.label if here else "",
        "week": _week(card.hours, now),
        "exceptions": _exceptions(card.hours, now),
    }


def _week(hours: WeeklyHours | None, now: datetime) -> Sequence[tuple[str, str, bool]]:
    """The coming seven days with what is meant to be open on each, exceptions included; today is marked."""
    if hours is None:
        return ()
    spoken, today = locale.current(), now.astimezone(SHANGHAI).date()
    days = [today + timedelta(days=step) for step in range(7)]
    return [
        (say_day(day, spoken, today=today), say_spans(hours.starting_on(day), spoken), day == today) for day in days
    ]


def _exceptions(hours: WeeklyHours | None, now: datetime) -> Sequence[tuple[str, str]]:
    """Dated exceptions behind the coming week."""
    spoken, today = locale.current(), now.astimezone(SHANGHAI).date()
    later = [(day, spans) for day, spans in (hours.exceptions if hours else ()) if _is_later(day, today)]
    return [(say_day(day, spoken, today=today), say_spans(spans, spoken)) for day, spans in later[:MOST_EXCEPTIONS]]


def _is_later(day: date, today: date) -> bool:
    return day >= today + timedelta(days=7)
