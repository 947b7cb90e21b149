"""Cards of the street, each drawn once for as long as it would say the same: only the distance differs by reader.

A card is known by its row's version, so that any change of the store draws it anew at once; by the clock it is drawn
again when its hours or a benefit change their words, at midnight at the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from markupsafe import Markup

from portal.domain.reference import queries as reference
from portal.domain.reference.values import Category, Purpose
from portal.domain.stores.queries import Card, Near
from portal.kernel.figures import SHANGHAI, say_distance
from portal.kernel.hours import CLOSING_SOON, Closed, Open
from portal.kernel.work import Work
from portal.web import locale
from portal.web.memory import Memory
from portal.web.storefront import shown

MOST_CARDS = 3000
CATEGORIES_SECONDS = 20
DISTANCE = "\ue000"  # a private character: where the distance goes

Categories = dict[Any, Category]


def store_categories(work: Work) -> Categories:
    """The tree of stores' categories by id, a few seconds old at most."""

    def read() -> tuple[datetime, Categories]:
        found = {one.id: one for one in reference.categories(work, Purpose.STORES)}
        return work.now() + timedelta(seconds=CATEGORIES_SECONDS), found

    found: Categories = _memory("categories", 4).recall("stores", work.now(), read)
    return found


def drawn(rows: Sequence[Near], now: datetime, categories: Categories) -> list[Markup]:
    """The cards as HTML, each with its distance."""
    spoken, memory = locale.current(), _memory("cards", MOST_CARDS)
    return [_drawn(near, now, categories, spoken, memory) for near in rows]


def _drawn(near: Near, now: datetime, categories: Categories, spoken: str, memory: Memory[tuple[str, str]]) -> Markup:
    known = categories.get(near.category_id)
    key = (near.store_id, near.version, spoken, known.called(spoken) if known else "")
    before, after = memory.recall(key, now, lambda: (_good_until(near.card, now), _draw(near, now, categories)))
    return Markup(before + say_distance(near.distance_metres) + after)  # noqa: S704 - both halves came from a template


def _draw(near: Near, now: datetime, categories: Categories) -> tuple[str, str]:
    ui: Any = current_app.jinja_env.globals["ui"]
    macro = ui.store_card
    before, _, after = str(macro(panel=True, **{**shown(near, now, categories), "metres": DISTANCE})).partition(
        DISTANCE
    )
    return before, after


def _good_until(card: Card, now: datetime) -> datetime:
    """The first moment at which the card would read otherwise."""
    today = now.astimezone(SHANGHAI)
    turns = [(today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)]
    turns += [benefit.until for benefit in card.benefits_at(now)]
    match card.state_at(now):
        case Open(until=datetime() as until, closing_soon=soon):
            turns.append(until if soon else until - CLOSING_SOON)
        case Closed(opens_at=datetime() as opens):
            turns.append(opens)
    return min(turns)


def _memory(name: str, most: int) -> Memory[Any]:
    """This application's memory of that name."""
    found: Memory[Any] = current_app.extensions.setdefault(f"portal.memory.{name}", Memory(most))
    return found
