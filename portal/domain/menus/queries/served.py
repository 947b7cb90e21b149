"""What a store serves at a moment, and what picks of it cost. Read by the street, by guests, by the staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, or_, select

from portal.domain.menus.models import (
    WHOLE,
    DishPlace,
    DishRow,
    DishStop,
    DishStore,
    MenuBook,
    MenuSection,
    MenuStore,
    TableMust,
    TableRule,
)
from portal.domain.menus.rules import groups, pricing
from portal.domain.menus.values import (
    NO_RULES,
    Dish,
    DishKind,
    DishState,
    Group,
    Menu,
    Pick,
    Priced,
    Pricing,
    Section,
    TableRules,
)
from portal.kernel.hours import from_json, intervals
from portal.kernel.scope import fixed
from portal.kernel.work import Work

MERCHANT: Any = bindparam("merchant")
STORE: Any = bindparam("store")
IDS: Any = bindparam("ids", expanding=True)
_SERVES = or_(
    MenuBook.everywhere,
    exists().where(
        MenuStore.merchant_id == MenuBook.merchant_id, MenuStore.menu_id == MenuBook.id, MenuStore.store_id == STORE
    ),
)
_PLACES = (
    select(
        MenuSection.id,
        MenuSection.name,
        MenuBook.id.label("menu_id"),
        MenuBook.name.label("menu"),
        MenuBook.hours,
        DishPlace.dish_id,
    )
    .join(MenuBook, and_(MenuBook.merchant_id == MenuSection.merchant_id, MenuBook.id == MenuSection.menu_id))
    .join(DishPlace, and_(DishPlace.merchant_id == MenuSection.merchant_id, DishPlace.section_id == MenuSection.id))
    .where(MenuSection.merchant_id == MERCHANT, MenuBook.active, _SERVES)
)
_WHOLE = fixed(
    _PLACES.order_by(
        MenuBook.position, MenuBook.id, MenuSection.position, MenuSection.id, DishPlace.position, DishPlace.dish_id
    )
)
_ANY = fixed(_PLACES.limit(1))
_SOME = fixed(_PLACES.where(DishPlace.dish_id.in_(IDS)))
_DISHES = (
    select(
        *(DishRow.id, DishRow.name, DishRow.unit, DishRow.kind, DishRow.pricing, DishRow.price_fen, DishRow.per_grams),
        *(DishRow.station, DishRow.note, DishRow.groups, DishRow.picture),
        *(DishStore.offered, DishStore.price_fen.label("own_fen")),
    )
    .outerjoin(
        DishStore,
        and_(
            DishStore.merchant_id == DishRow.merchant_id, DishStore.dish_id == DishRow.id, DishStore.store_id == STORE
        ),
    )
    .where(DishRow.merchant_id == MERCHANT, DishRow.state == DishState.ON.value)
)
_EVERY_DISH = fixed(_DISHES)
_SOME_DISHES = fixed(_DISHES.where(DishRow.id.in_(IDS)))
_STOPS = fixed(
    select(DishStop.dish_id, DishStop.option_id, DishStop.pieces, DishStop.stopped_until).where(
        DishStop.merchant_id == MERCHANT, DishStop.store_id == STORE
    )
)
Stops = Mapping[UUID, datetime | None]


@dataclass(frozen=True)
class Halts:
    """What a store is short of: dishes and options, each until when, and how many are left of what is counted."""

    dishes: Stops
    options: Mapping[tuple[UUID, UUID], datetime | None]
    left: Mapping[UUID, int]
    counted: Stops


def served(work: Work, merchant_id: UUID, store_id: UUID, at: datetime) -> Menu:
    """The menu of a store at a moment: sections in order, sold-out dishes marked. Four statements at most,
    however many dishes."""
    keys = {"merchant": merchant_id, "store": store_id}
    places = work.session.execute(_WHOLE, keys).all()
    dishes = _dishes(work, _EVERY_DISH, keys, at)
    now = _serving(places, at)
    sections = []
    for _section_id, rows in groupby((row for row in places if row.menu_id in now), lambda row: row.id):
        standing = list(rows)
        found = tuple(dishes[row.dish_id] for row in standing if row.dish_id in dishes)
        if found:
            sections.append(Section(standing[0].id, standing[0].name, standing[0].menu, found))
    return Menu(store_id, at, tuple(sections))


def _serving(places: Sequence[Any], at: datetime) -> set[UUID]:
    """The menus whose hours are now."""
    hours = {row.menu_id: row.hours for row in places}
    return {menu_id for menu_id, week in hours.items() if week is None or _open(week, at)}


def _open(week: dict[str, Any], at: datetime) -> bool:
    return bool(intervals(from_json(week), at, at + timedelta(minutes=1)))


def quote(work: Work, merchant_id: UUID, store_id: UUID, picks: Sequence[Pick], at: datetime) -> tuple[Priced, ...]:
    """What each pick costs here and now, in the order given; a refusal says why one cannot be had.

    Whoever passes `price_fen` or `grams` has checked that the staff said them.
    """
    return quoted(work, merchant_id, store_id, picks, at)[0]


def quoted(
    work: Work, merchant_id: UUID, store_id: UUID, picks: Sequence[Pick], at: datetime
) -> tuple[tuple[Priced, ...], Mapping[UUID, Dish]]:
    """The same with the dishes as they were read."""
    wanted = {pick.dish_id for pick in picks}
    if not wanted:
        return (), {}
    keys = {"merchant": merchant_id, "store": store_id, "ids": list(wanted)}
    places = work.session.execute(_SOME, keys).all()
    now = _serving(places, at)
    placed = {row.dish_id for row in places if row.menu_id in now}
    dishes = _dishes(work, _SOME_DISHES, keys, at)
    here = {dish_id: dish for dish_id, dish in dishes.items() if dish_id in placed}
    return tuple(pricing.price(here.get(pick.dish_id), pick) for pick in picks), here


def needs(dish: Dish, pick: Pick) -> tuple[UUID, ...]:
    """The dish and, of a combo, what it is made of: each as often as the pick's quantity."""
    chosen = {one for options in pick.options.values() for one in options}
    parts = (one.part for group in dish.groups for one in group.options if one.part and one.id in chosen)
    return (dish.id, *parts)


def table_rules(work: Work, merchant_id: UUID, store_id: UUID) -> TableRules:
    """How the store keeps its tables; `NO_RULES` while it has said nothing."""
    keys = (TableRule.merchant_id == merchant_id, TableRule.store_id == store_id)
    rule = work.session.execute(select(TableRule).where(*keys)).scalar_one_or_none()
    if rule is None:
        return NO_RULES
    musts = (
        select(TableMust.dish_id)
        .where(TableMust.merchant_id == merchant_id, TableMust.store_id == store_id)
        .order_by(TableMust.position, TableMust.dish_id)
    )
    found = tuple(work.session.execute(musts).scalars())
    kept = (rule.cover_fen, rule.cover_name, found, rule.pays, rule.opens, rule.shared, rule.joins, rule.order_minutes)
    return TableRules(*kept)


def offers(work: Work, merchant_id: UUID, store_id: UUID) -> bool:
    """Whether the store has any menu to look at."""
    return bool(work.session.execute(_ANY, {"merchant": merchant_id, "store": store_id}).first())


def halts(work: Work, merchant_id: UUID, store_id: UUID, at: datetime) -> Halts:
    """Everything a store is short of now, in one statement."""
    found = work.session.execute(_STOPS, {"merchant": merchant_id, "store": store_id}).all()
    rows = [row for row in found if row.stopped_until is None or row.stopped_until > at]
    whole = [row for row in rows if row.option_id == WHOLE]
    return Halts(
        {row.dish_id: row.stopped_until for row in whole if not row.pieces},
        {(row.dish_id, row.option_id): row.stopped_until for row in rows if row.option_id != WHOLE},
        {row.dish_id: row.pieces for row in whole if row.pieces is not None},
        {row.dish_id: row.stopped_until for row in whole if row.pieces is not None},
    )


def _dishes(work: Work, statement: Any, keys: dict[str, Any], at: datetime) -> dict[UUID, Dish]:
    rows = [row for row in work.session.execute(statement, keys) if row.offered is not False]
    out = halts(work, keys["merchant"], keys["store"], at)
    read = [(row, groups.read(row.groups)) for row in rows]
    parts = {option.part for _row, found in read for group in found for option in group.options if option.part}
    missing = _missing(work, keys, parts, {row.id for row in rows}, out.dishes) if parts else set()
    return {row.id: dish_of(row, found, row.own_fen, out, missing) for row, found in read}


def _missing(work: Work, keys: dict[str, Any], parts: set[UUID], known: set[UUID], out: Stops) -> set[UUID]:
    """Parts of combos that cannot be had here: sold out, not offered, not served any more."""
    here = set(known)
    if others := parts - known:
        asked = {**keys, "ids": list(others)}
        here |= {row.id for row in work.session.execute(_SOME_DISHES, asked) if row.offered is not False}
    return {part for part in parts if part not in here or part in out}


def dish_of(row: Any, found: Sequence[Group], own_fen: int | None, out: Halts, missing: Iterable[UUID] = ()) -> Dish:
    """A row as a store shows it."""
    gone = set(missing)
    return Dish(
        id=row.id,
        name=row.name,
        unit=row.unit,
        kind=DishKind(row.kind),
        pricing=Pricing(row.pricing),
        price_fen=row.price_fen if own_fen is None else own_fen,
        per_grams=row.per_grams,
        station=row.station,
        note=row.note,
        groups=tuple(found),
        picture=row.picture,
        stopped=row.id in out.dishes,
        until=out.dishes.get(row.id),
        extra_fen=0 if own_fen is None else own_fen - row.price_fen,
        missing=frozenset(
            one.id for group in found for one in group.options if one.part in gone or (row.id, one.id) in out.options
        ),
        left=out.left.get(row.id),
    )
