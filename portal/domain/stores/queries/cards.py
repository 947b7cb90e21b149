"""The public card of a store as pages read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.stores.models import StoreCard
from portal.domain.stores.values import Benefit, Picture
from portal.domain.tenants.models import StoreRoute
from portal.kernel.geo import Position
from portal.kernel.hours import Closed, Open, WeeklyHours, from_json, state_at
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


class StoreGone(Refusal):
    """There was a store here; it is closed, withdrawn or its merchant suspended."""

    status = 410

    def __init__(self) -> None:
        super().__init__(say("这家店现在不营业了。附近还有别的店。"))


@dataclass(frozen=True)
class Card:
    """A store as the street sees it. `hours` None means nobody has said."""

    store_id: UUID
    merchant_id: UUID
    name: str
    brand: str
    category_id: UUID | None
    region_code: str | None
    area: str
    address: str
    phone: str | None
    position: Position
    hours: WeeklyHours | None
    rating_sum: int
    rating_count: int
    month_sales: int
    benefits: tuple[Benefit, ...]
    pictures: tuple[Picture, ...]

    @property
    def rating(self) -> float | None:
        """The mean of all ratings, one decimal; None without any."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None

    @property
    def cover(self) -> Picture | None:
        """The first picture."""
        return self.pictures[0] if self.pictures else None

    def state_at(self, now: datetime) -> Open | Closed | None:
        """Open or closed at this moment; None when nobody has said."""
        return state_at(self.hours, now) if self.hours else None

    def benefits_at(self, now: datetime) -> tuple[Benefit, ...]:
        """Those that still hold."""
        return tuple(benefit for benefit in self.benefits if benefit.until > now)


def card_columns() -> tuple[Any, ...]:
    """What `card_of` needs."""
    card = StoreCard
    return (
        *(card.store_id, card.merchant_id, card.name, card.brand, card.category_id, card.region_code, card.area),
        *(card.address, card.phone, card.lat, card.lng, card.hours, card.rating_sum, card.rating_count),
        *(card.month_sales, card.benefits, card.pictures),
    )


def card_of(row: Any) -> Card:
    """The card in a row of `card_columns`."""
    return Card(
        store_id=row.store_id,
        merchant_id=row.merchant_id,
        name=row.name,
        brand=row.brand,
        category_id=row.category_id,
        region_code=row.region_code,
        area=row.area,
        address=row.address,
        phone=row.phone,
        position=Position(row.lat, row.lng),
        hours=from_json(row.hours) if row.hours else None,
        rating_sum=row.rating_sum,
        rating_count=row.rating_count,
        month_sales=row.month_sales,
        benefits=tuple(Benefit.from_json(one) for one in row.benefits),
        pictures=tuple(_picture(one) for one in row.pictures),
    )


def _picture(one: dict[str, Any]) -> Picture:
    return Picture(one["f"], one["x"], one["s"], one["w"], one["h"], one["c"], UUID(one["id"]))


def is_listed(work: Work, merchant_id: UUID, store_id: UUID) -> bool:
    """Whether the street shows this store now: it is open for business and its merchant is not suspended."""
    query = select(StoreCard.store_id).where(StoreCard.merchant_id == merchant_id, StoreCard.store_id == store_id)
    return work.session.scalar(query) is not None


def card(work: Work, store_id: UUID) -> Card:
    """The card of one store. Raises StoreGone when it was there once, NotFound when it never was."""
    query = (
        select(StoreRoute.store_id.label("known"), *card_columns())
        .outerjoin(
            StoreCard,
            (StoreCard.merchant_id == StoreRoute.merchant_id) & (StoreCard.store_id == StoreRoute.store_id),
        )
        .where(StoreRoute.store_id == store_id)
    )
    row = work.session.execute(query).first()
    if row is None:
        raise NotFound(say("没有这家店。"))
    if row.store_id is None:
        raise StoreGone
    return card_of(row)
