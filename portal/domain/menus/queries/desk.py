"""What the merchant's desk reads: his menus with their sections, and his dishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.domain.menus.access import access_dish, access_section
from portal.domain.menus.models import DishPlace, DishRow, MenuBook, MenuSection, MenuStore
from portal.domain.menus.rules import groups
from portal.domain.menus.values import DishFacts, DishKind, DishState, Group, Pricing
from portal.kernel.hours import WeeklyHours, from_json
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

MOST = 50


@dataclass(frozen=True)
class SectionLine:
    """A heading and how many dishes stand under it."""

    id: UUID
    name: str
    count: int


@dataclass(frozen=True)
class MenuLine:
    """A menu with its sections in order. `stores` counts only when it is not `everywhere`."""

    id: UUID
    name: str
    active: bool
    everywhere: bool
    hours: WeeklyHours | None
    stores: tuple[UUID, ...]
    sections: tuple[SectionLine, ...]

    @property
    def count(self) -> int:
        """Dishes in all its sections; one in two sections counts twice."""
        return sum(section.count for section in self.sections)


@dataclass(frozen=True)
class DishLine:
    """A dish in a list."""

    id: UUID
    name: str
    unit: str
    kind: DishKind
    pricing: Pricing
    price_fen: int
    per_grams: int
    station: str
    groups: int
    state: DishState
    sections: tuple[str, ...]
    picture: Mapping[str, Any] | None
    sized: bool


@dataclass(frozen=True)
class DishShown:
    """A dish to be edited; `version` is what an edit must name."""

    id: UUID
    facts: DishFacts
    groups: tuple[Group, ...]
    state: DishState
    version: int
    picture: Mapping[str, Any] | None


def menus(work: Work) -> tuple[MenuLine, ...]:
    """All menus of the merchant, in order. Three statements."""
    work.require(Permission.MENU_VIEW)
    mine = work.merchant_id
    books = select(MenuBook).where(MenuBook.merchant_id == mine).order_by(MenuBook.position, MenuBook.id)
    serving: dict[UUID, list[UUID]] = {}
    for row in work.session.execute(select(MenuStore).where(MenuStore.merchant_id == mine)).scalars():
        serving.setdefault(row.menu_id, []).append(row.store_id)
    standing = sections(work)
    return tuple(
        MenuLine(
            id=row.id,
            name=row.name,
            active=row.active,
            everywhere=row.everywhere,
            hours=from_json(row.hours) if row.hours else None,
            stores=tuple(serving.get(row.id, ())),
            sections=tuple(standing.get(row.id, ())),
        )
        for row in work.session.execute(books).scalars()
    )


def sections(work: Work) -> dict[UUID, list[SectionLine]]:
    """The sections of each menu in order, with their counts."""
    count = func.count(DishRow.id)
    query = (
        select(MenuSection.menu_id, MenuSection.id, MenuSection.name, count)
        .outerjoin(
            DishPlace, and_(DishPlace.merchant_id == MenuSection.merchant_id, DishPlace.section_id == MenuSection.id)
        )
        .outerjoin(
            DishRow,
            and_(
                DishRow.merchant_id == DishPlace.merchant_id,
                DishRow.id == DishPlace.dish_id,
                DishRow.state != DishState.GONE.value,
            ),
        )
        .where(MenuSection.merchant_id == work.merchant_id)
        .group_by(MenuSection.merchant_id, MenuSection.id)
        .order_by(MenuSection.position, MenuSection.id)
    )
    found: dict[UUID, list[SectionLine]] = {}
    for menu_id, section_id, name, number in work.session.execute(query):
        found.setdefault(menu_id, []).append(SectionLine(section_id, name, number))
    return found


def dishes(
    work: Work,
    *,
    q: str = "",
    section: UUID | None = None,
    state: DishState | None = None,
    after: UUID | None = None,
    most: int = MOST,
) -> tuple[tuple[DishLine, ...], bool]:
    """A page of dishes, the newest first, or those of a section in its order; whether more follow."""
    work.require(Permission.MENU_VIEW)
    mine = work.merchant_id
    query = select(DishRow).where(DishRow.merchant_id == mine)
    query = query.where(DishRow.state == state.value if state else DishRow.state != DishState.GONE.value)
    if q:
        query = query.where(DishRow.name.icontains(q, autoescape=True))
    if section:
        query = query.join(
            DishPlace, and_(DishPlace.merchant_id == DishRow.merchant_id, DishPlace.dish_id == DishRow.id)
        ).where(DishPlace.merchant_id == mine, DishPlace.section_id == section)
        query = query.order_by(DishPlace.position, DishRow.id).limit(500)
    else:
        query = query.order_by(DishRow.id.desc()).limit(most + 1)
        query = query.where(DishRow.id < after) if after else query
    rows = list(work.session.execute(query).scalars())
    shown = rows if section else rows[:most]
    names = places_of(work, [row.id for row in shown])
    return tuple(_line(row, names) for row in shown), not section and len(rows) > most


def places_of(work: Work, ids: list[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """The sections where each of these dishes stands; the dishes come in the order of the menus."""
    query = (
        select(DishPlace.dish_id, MenuSection.id, MenuSection.name)
        .join(
            MenuSection,
            and_(MenuSection.merchant_id == DishPlace.merchant_id, MenuSection.id == DishPlace.section_id),
        )
        .join(MenuBook, and_(MenuBook.merchant_id == MenuSection.merchant_id, MenuBook.id == MenuSection.menu_id))
        .where(DishPlace.merchant_id == work.merchant_id, DishPlace.dish_id.in_(ids))
        .order_by(MenuBook.position, MenuSection.position, MenuSection.id, DishPlace.position)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for dish_id, section_id, name in work.session.execute(query) if ids else ():
        found.setdefault(dish_id, []).append((section_id, name))
    return found


def _line(row: DishRow, places: Mapping[UUID, list[tuple[UUID, str]]]) -> DishLine:
    return DishLine(
        id=row.id,
        name=row.name,
        unit=row.unit,
        kind=DishKind(row.kind),
        pricing=Pricing(row.pricing),
        price_fen=row.price_fen,
        per_grams=row.per_grams,
        station=row.station,
        groups=len(row.groups),
        state=DishState(row.state),
        sections=tuple(name for _id, name in places.get(row.id, ())),
        picture=row.picture,
        sized=any(group["full"] for group in row.groups),
    )


def counts(work: Work) -> dict[DishState, int]:
    """How many dishes are in each state that is shown."""
    query = select(DishRow.state, func.count()).where(DishRow.merchant_id == work.merchant_id).group_by(DishRow.state)
    found = {row[0]: row[1] for row in work.session.execute(query)}
    return {state: found.get(state.value, 0) for state in (DishState.ON, DishState.OFF)}


def stations(work: Work) -> tuple[str, ...]:
    """The kitchen's places that are in use."""
    query = select(DishRow.station).where(
        DishRow.merchant_id == work.merchant_id, DishRow.station != "", DishRow.state != DishState.GONE.value
    )
    return tuple(sorted(set(work.session.execute(query.distinct()).scalars())))


def dish(work: Work, dish_id: UUID) -> DishShown:
    """One dish to edit. NotFound when it is another's or was thrown away."""
    row = access_dish(work, dish_id)
    facts = DishFacts(
        name=row.name,
        price_fen=row.price_fen,
        unit=row.unit,
        kind=DishKind(row.kind),
        pricing=Pricing(row.pricing),
        per_grams=row.per_grams,
        station=row.station,
        note=row.note,
        sections=tuple(section_id for section_id, _name in places_of(work, [dish_id]).get(dish_id, ())),
    )
    return DishShown(dish_id, facts, groups.read(row.groups), DishState(row.state), row.version, row.picture)


def section(work: Work, section_id: UUID) -> tuple[UUID, str]:
    """A section's menu and its name."""
    row = access_section(work, section_id)
    return row.menu_id, row.name


def parts(work: Work, *, plain: bool = False) -> tuple[tuple[UUID, str], ...]:
    """Dishes a combo may be made of, by name; `plain` ones have a fixed price and no options (for 必点)."""
    query = (
        select(DishRow.id, DishRow.name)
        .where(
            DishRow.merchant_id == work.merchant_id,
            DishRow.state != DishState.GONE.value,
            DishRow.kind == DishKind.DISH.value,
        )
        .order_by(DishRow.name, DishRow.id)
        .limit(1000)
    )
    if plain:
        query = query.where(DishRow.pricing == Pricing.FIXED.value, func.jsonb_array_length(DishRow.groups) == 0)
    return tuple((row.id, row.name) for row in work.session.execute(query))
