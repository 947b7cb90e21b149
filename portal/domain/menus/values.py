"""Words and facts of menus: what a reader is shown, what somebody picks, what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.kernel.hours import WeeklyHours
from portal.kernel.words import Text, say

MOST_FEN = 10_000_000
MOST_QUANTITY = 999
MOST_GRAMS = 1_000_000
MOST_PIECES = 9999
UNDO_FOR = timedelta(days=1)
"""How long a change of many prices can be taken back."""
MOST_GROUPS = 20
MOST_OPTIONS = 60
PER_GRAMS = (500, 50, 100, 1000)


class Trade(StrEnum):
    """What a store lives on, as far as its people work with it."""

    SERVICES = "services"
    TABLES = "tables"
    MENUS = "menus"


class Pricing(StrEnum):
    """How a dish is priced."""

    FIXED = "fixed"
    MARKET = "market"  # 时价: the staff says the price of the day
    WEIGHT = "weight"  # 称重: a price for so many grams


class DishKind(StrEnum):
    """A dish, or several sold as one."""

    DISH = "dish"
    COMBO = "combo"


class DishState(StrEnum):
    """Served, not served for now, thrown away."""

    ON = "on"
    OFF = "off"
    GONE = "gone"


PRICINGS: dict[Pricing, Text] = {
    Pricing.FIXED: say("按份"),
    Pricing.MARKET: say("时价"),
    Pricing.WEIGHT: say("称重"),
}


@dataclass(frozen=True)
class Option:
    """One choice. `fen` is added to the dish, or is the whole price in a `full` group; `part` is a combo's dish."""

    id: UUID
    name: str
    fen: int
    part: UUID | None = None


@dataclass(frozen=True)
class Group:
    """Choices that belong together: `least` to `most` of them. In a `full` group the choice is the price."""

    id: UUID
    name: str
    full: bool
    least: int
    most: int
    options: tuple[Option, ...]

    @property
    def single(self) -> bool:
        """One at most: radio buttons."""
        return self.most == 1


@dataclass(frozen=True)
class Dish:
    """A dish as one store serves it now. `extra_fen` is what this store asks more (or less) than the menu."""

    id: UUID
    name: str
    unit: str
    kind: DishKind
    pricing: Pricing
    price_fen: int
    per_grams: int
    station: str
    note: str
    groups: tuple[Group, ...]
    picture: Mapping[str, Any] | None
    stopped: bool = False
    until: datetime | None = None
    extra_fen: int = 0
    missing: frozenset[UUID] = frozenset()
    """Options that cannot be had: sold out, or the dish they stand for is."""
    left: int | None = None
    """How many are left, where somebody counts."""

    @property
    def full(self) -> Group | None:
        """The group whose choice is the price; none of what is weighed or has the price of the day."""
        if self.pricing is not Pricing.FIXED:
            return None
        return next((group for group in self.groups if group.full), None)

    @property
    def from_fen(self) -> int:
        """The least that one costs; of a dish with sizes its smallest."""
        full = self.full
        return min(one.fen for one in full.options) + self.extra_fen if full and full.options else self.price_fen

    @property
    def several(self) -> bool:
        """More than one price, so that a page says 起."""
        full = self.full
        return full is not None and len({one.fen for one in full.options}) > 1

    @property
    def choosing(self) -> bool:
        """Something is to be chosen before it can be ordered."""
        return any(group.least for group in self.groups)

    @property
    def asks_staff(self) -> bool:
        """时价 and 称重: nobody orders it without the staff."""
        return self.pricing is not Pricing.FIXED


@dataclass(frozen=True)
class Section:
    """A heading with its dishes."""

    id: UUID
    name: str
    menu: str
    dishes: tuple[Dish, ...]


@dataclass(frozen=True)
class Menu:
    """What a store serves at a moment."""

    store_id: UUID
    at: datetime
    sections: tuple[Section, ...]

    @property
    def by_id(self) -> dict[UUID, Dish]:
        """Each dish once, though it may stand in several sections."""
        return {dish.id: dish for section in self.sections for dish in section.dishes}


@dataclass(frozen=True)
class Pick:
    """What somebody wants. `grams` for weighed dishes, `price_fen` for 时价: both from the staff only."""

    dish_id: UUID
    options: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)
    quantity: int = 1
    grams: int | None = None
    price_fen: int | None = None


@dataclass(frozen=True)
class Priced:
    """What a pick costs. With a `refusal` it cannot be had and the figures are 0.

    `price` are lines of `{"kind", "msgid", "params", "fen"}` that add up to `total_fen / quantity`
    (`rules.pricing.said` reads one in anybody's language); `unit_fen` is the price of one, of weighed dishes that of
    `per_grams`.
    """

    dish_id: UUID
    name: str
    choice: str
    unit: str
    quantity: int
    grams: int | None
    unit_fen: int
    total_fen: int
    price: list[dict[str, Any]]
    station: str
    refusal: Text | None = None


@dataclass(frozen=True)
class MenuFacts:
    """What a merchant says of a menu. `hours` None: always; `stores` count only when it is not `everywhere`."""

    name: str
    hours: WeeklyHours | None = None
    everywhere: bool = True
    stores: tuple[UUID, ...] = ()
    active: bool = True


@dataclass(frozen=True)
class DishFacts:
    """What a merchant says of a dish; `sections` are where it stands, in any of his menus."""

    name: str
    price_fen: int = 0
    unit: str = "份"
    kind: DishKind = DishKind.DISH
    pricing: Pricing = Pricing.FIXED
    per_grams: int = 500
    station: str = ""
    note: str = ""
    sections: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class TableRules:
    """How a store keeps its tables. `cover_fen` is 茶位费 for each head, `musts` the dishes of 必点; for
    `order_minutes` after all is paid guests order on.
    """

    cover_fen: int
    cover_name: str
    musts: tuple[UUID, ...]
    pays: str  # 'before' | 'after'
    opens: str  # 'staff' | 'guest'
    shared: bool
    joins: str  # 'open' | 'asked'
    order_minutes: int = 15


NO_RULES = TableRules(
    cover_fen=0, cover_name="茶位费", musts=(), pays="after", opens="staff", shared=True, joins="open"
)
"""What holds in a store that has said nothing: staff opens, one bill, paid at the end."""
