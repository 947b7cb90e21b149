"""What one store does with each dish: the switch board of the desk and the sold-out board of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.domain.menus.models import DishRow, DishStop, DishStore
from portal.domain.menus.queries.desk import places_of
from portal.domain.menus.queries.served import stops
from portal.domain.menus.values import DishState, Pricing
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


@dataclass(frozen=True)
class Choice:
    """A dish as one store has it: offered or not, its own price, sold out until."""

    id: UUID
    name: str
    unit: str
    pricing: Pricing
    price_fen: int
    per_grams: int
    sections: tuple[str, ...]
    offered: bool
    own_fen: int | None
    stopped: bool
    until: datetime | None


def choices(work: Work, store_id: UUID, at: datetime, *, q: str = "") -> tuple[Choice, ...]:
    """Every dish that is served anywhere, as this store has it: sold out first, then in the order of the menus."""
    work.require(Permission.MENU_VIEW, store_id=store_id)
    own = and_(
        DishStore.merchant_id == DishRow.merchant_id, DishStore.dish_id == DishRow.id, DishStore.store_id == store_id
    )
    query = (
        select(DishRow, DishStore.offered, DishStore.price_fen.label("own_fen"))
        .outerjoin(DishStore, own)
        .where(DishRow.merchant_id == work.merchant_id, DishRow.state == DishState.ON.value)
        .order_by(DishRow.id)
        .limit(2000)
    )
    if q:
        query = query.where(DishRow.name.icontains(q, autoescape=True))
    rows = work.session.execute(query).all()
    out = stops(work, work.merchant_id, store_id, at)
    places = places_of(work, [row.DishRow.id for row in rows])
    found = [_choice(row, out, places) for row in rows]
    ranks = {dish_id: rank for rank, dish_id in enumerate(places)}
    return tuple(sorted(found, key=lambda one: (not one.stopped, ranks.get(one.id, len(ranks)))))


def stopped_counts(work: Work, at: datetime) -> dict[UUID, int]:
    """How many dishes each store of the merchant is out of now."""
    work.require(Permission.MENU_VIEW)
    still = or_(DishStop.stopped_until.is_(None), DishStop.stopped_until > at)
    query = select(DishStop.store_id, func.count()).where(DishStop.merchant_id == work.merchant_id, still)
    return {row[0]: row[1] for row in work.session.execute(query.group_by(DishStop.store_id))}


def _choice(row: Any, out: Mapping[UUID, datetime | None], places: Mapping[UUID, list[tuple[UUID, str]]]) -> Choice:
    one: DishRow = row.DishRow
    return Choice(
        id=one.id,
        name=one.name,
        unit=one.unit,
        pricing=Pricing(one.pricing),
        price_fen=one.price_fen,
        per_grams=one.per_grams,
        sections=tuple(name for _id, name in places.get(one.id, ())),
        offered=row.offered is not False,
        own_fen=row.own_fen,
        stopped=one.id in out,
        until=out.get(one.id),
    )
