"""Pure rules of stores: what may be entered, what a card says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from portal.domain.stores.values import Benefit, StoreFacts
from portal.kernel.lines import clean_line
from portal.kernel.typed import half_width

OPEN_DAYS: Final = 21
"""How far a card knows its opening."""
REFRESH_DAYS: Final = 7
"""A card is refreshed when it is this old."""
MOST_PICTURES: Final = 9
MOST_BENEFITS: Final = 3
NAME_MOST: Final = 60
ADDRESS_MOST: Final = 120
BRAND_MOST: Final = 30


def tidy(facts: StoreFacts) -> StoreFacts:
    """The facts with clean texts. Refuses a missing name, hidden signs and what is too long."""
    brand = clean_line(facts.brand or "", field="name", most=BRAND_MOST, required=False)
    return replace(
        facts,
        name=clean_line(facts.name, field="name", most=NAME_MOST),
        address=clean_line(facts.address, field="address", most=ADDRESS_MOST, required=False),
        brand=brand or None,
    )


def search_text(*parts: str | None) -> str:
    """What a search near a place looks through: half width, lower case, without spaces, one line for each part."""
    return "\n".join(searchable(part) for part in parts if part)


def searchable(text: str) -> str:
    """A text as `search_text` holds it."""
    return "".join(sign for sign in half_width(text).lower() if sign == "\n" or not sign.isspace())


def shown_benefits(benefits: list[Benefit], now: datetime) -> list[Benefit]:
    """At most three that still hold."""
    return [benefit for benefit in benefits if benefit.until > now][:MOST_BENEFITS]
