"""What one store does with each dish: the switch board of the desk and the sold-out board of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.domain.menus.models import WHOLE, DishRepricing, DishRow, DishStop, DishStore
from portal.domain.menus.queries.desk import places_of
from portal.domain.menus.queries.served import Halts, halts
from portal.domain.menus.rules import groups as rules
from portal.domain.menus.values import UNDO_FOR, DishState, Pricing
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
    left: int | None = None
    options: tuple[tuple[UUID, str], ...] = ()
    out: tuple[tuple[UUID, str, datetime | None], ...] = ()
    """Options that are sold out."""

    @property
    def short(self) -> bool:
        """Anything of it is sold out or counted."""
        return self.stopped or self.left is not None or bool(self.out)


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
    out = halts(work, work.merchant_id, store_id, at)
    places = places_of(work, [row.DishRow.id for row in rows])
    found = [_choice(row, out, places) for row in rows]
    ranks = {dish_id: rank for rank, dish_id in enumerate(places)}
    return tuple(sorted(found, key=lambda one: (not one.short, ranks.get(one.id, len(ranks)))))


def stopped_counts(work: Work, at: datetime) -> dict[UUID, int]:
    """How many dishes each store of the merchant is out of now."""
    work.require(Permission.MENU_VIEW)
    still = or_(DishStop.stopped_until.is_(None), DishStop.stopped_until > at)
    query = select(DishStop.store_id, func.count()).where(
        DishStop.merchant_id == work.merchant_id,
        still,
        DishStop.option_id == WHOLE,
        func.coalesce(DishStop.pieces, 0) == 0,
    )
    return {row[0]: row[1] for row in work.session.execute(query.group_by(DishStop.store_id))}


@dataclass(frozen=True)
class Repriced:
    """The latest change of many prices, while it can be taken back."""

    id: UUID
    fen: int
    count: int
    made_at: datetime


def last_repriced(work: Work) -> Repriced | None:
    """What `actions.undo_prices` would take back now; None when there is nothing."""
    work.require(Permission.MENU_EDIT)
    query = select(DishRepricing).where(DishRepricing.merchant_id == work.merchant_id).order_by(DishRepricing.id.desc())
    row = work.session.scalars(query.limit(1)).one_or_none()
    if row is None or row.undone_at is not None or work.now() >= row.made_at + UNDO_FOR:
        return None
    return Repriced(row.id, row.change_fen, len(row.dishes), row.made_at)


def _choice(row: Any, out: Halts, places: Mapping[UUID, list[tuple[UUID, str]]]) -> Choice:
    one: DishRow = row.DishRow
    options = [option for group in rules.read(one.groups) for option in group.options]
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
        stopped=one.id in out.dishes,
        until=out.dishes.get(one.id, out.counted.get(one.id)),
        left=out.left.get(one.id),
        options=tuple((each.id, each.name) for each in options),
        out=tuple(
            (each.id, each.name, out.options[one.id, each.id]) for each in options if (one.id, each.id) in out.options
        ),
    )
