"""Keeps the public cards true to the stores: written in the transaction of every change, never on their own account.

A card exists exactly when the store is listed and its merchant active.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, select, tuple_
from sqlalchemy.dialects.postgresql import Range, insert

from portal.domain.reference import queries as reference
from portal.domain.reference.values import Category, Purpose
from portal.domain.regions import queries as regions
from portal.domain.regions.rules import area_of
from portal.domain.stores.actions.bulk import insert_many
from portal.domain.stores.models import Store, StoreCard, StorePicture
from portal.domain.stores.rules import OPEN_DAYS, search_text, shown_benefits
from portal.domain.stores.values import Benefit, StoreState
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import MerchantState
from portal.kernel.hours import WeeklyHours, from_json, open_times
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

_KEPT = frozenset({"merchant_id", "store_id", "listed_at"})
RESPELL_LOT = 500
_ALWAYS = Range(datetime(2000, 1, 1, tzinfo=UTC), None)


def write_cards(work: Work, stores: Sequence[Store], *, fresh: bool = False) -> None:
    """Make the cards of these stores of one merchant say what the stores say; those that may not be seen go.

    `fresh` says that none of them has a card yet.
    """
    if not stores:
        return
    work.session.flush()
    merchant = work.session.execute(
        select(Merchant.name, Merchant.state).where(Merchant.id == stores[0].merchant_id)
    ).one()
    shown = [s for s in stores if s.state == StoreState.LISTED and merchant.state == MerchantState.ACTIVE]
    hidden = {store.id for store in stores} - {store.id for store in shown}
    if hidden and not fresh:
        drop_cards(work, stores[0].merchant_id, hidden)
    if shown:
        now, times = work.now(), _Times(work.now())
        rows = [_card(store, merchant.name, now, times) for store in sorted(shown, key=_scattered)]
        _with_areas(work, rows)
        _with_roots(work, rows)
        if fresh:
            insert_many(work, StoreCard, [{**row, "open_times": row["open_times"] or "{}"} for row in rows])
            return
        _with_pictures(work, stores[0].merchant_id, rows)
        put_cards(work, rows)


def drop_cards(work: Work, merchant_id: UUID, store_ids: set[UUID] | None = None) -> None:
    """Take these cards (all of the merchant by default) off the street."""
    gone = delete(StoreCard).where(StoreCard.merchant_id == merchant_id)
    if store_ids is not None:
        gone = gone.where(StoreCard.store_id.in_(store_ids))
    work.session.execute(gone, execution_options={"synchronize_session": False})


def put_cards(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Insert or replace cards; one that moves remembers where it stood."""
    new = insert(StoreCard).values(list(rows))
    said = new.excluded
    stays = and_(StoreCard.lat == said.lat, StoreCard.lng == said.lng)
    changes: dict[str, Any] = {name: said[name] for name in rows[0] if name not in _KEPT}
    changes["moved_at"] = case((stays, StoreCard.moved_at), else_=said.refreshed_at)
    changes["moved_from"] = case((stays, StoreCard.moved_from), else_=StoreCard.earth)
    work.session.execute(
        new.on_conflict_do_update(index_elements=[StoreCard.merchant_id, StoreCard.store_id], set_=changes),
        execution_options={"synchronize_session": False},
    )


def open_ranges(hours: WeeklyHours | None, now: datetime) -> list[Range[datetime]]:
    """The times a card is open in the coming weeks; round the clock is one range without an end."""
    if hours is None:
        return []
    if hours.is_always:
        return [_ALWAYS]
    return [Range(opens, closes) for opens, closes in open_times(hours, now, OPEN_DAYS)]


def _scattered(store: Store) -> bytes:
    """The random half of the id. Positions that come sorted along a street would tear the spatial index into a page
    for every few of them (measured: 78 MB for 4,000); in a random order it stays small.
    """
    return store.id.bytes[8:]


class _Times(dict[str, list[Range[datetime]]]):
    """Opening times by the stored hours: thousands of stores share a few."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now

    def __missing__(self, stored: str) -> list[Range[datetime]]:
        hours = json.loads(stored)
        self[stored] = open_ranges(from_json(hours) if hours else None, self.now)
        return self[stored]


def _card(store: Store, merchant_name: str, now: datetime, times: _Times) -> dict[str, Any]:
    benefits = shown_benefits([Benefit.from_json(one) for one in store.benefits], now)
    return {
        "merchant_id": store.merchant_id,
        "store_id": store.id,
        "name": store.name,
        "brand": store.brand or merchant_name,
        "category_id": store.category_id,
        "category_root": None,
        "phone": store.phone,
        "region_code": store.region_code,
        "area": "",
        "address": store.address,
        "lat": store.lat,
        "lng": store.lng,
        "hours": store.hours,
        "open_times": times[json.dumps(store.hours)],
        "rating_sum": store.rating_sum,
        "rating_count": store.rating_count,
        "month_sales": store.month_sales,
        "benefits": [benefit.to_json() for benefit in benefits],
        "benefits_until": max((benefit.until for benefit in benefits), default=None),
        "pictures": [],
        "search": "",
        "listed_at": now,
        "refreshed_at": now,
    }


def _with_areas(work: Work, rows: list[dict[str, Any]]) -> None:
    paths = regions.paths(work, {row["region_code"] for row in rows if row["region_code"]})
    for row in rows:
        row["area"] = area_of(paths.get(row["region_code"], ()))
        row["search"] = search_text(row["name"], row["brand"], row["area"], row["address"])


def _with_pictures(work: Work, merchant_id: UUID, rows: list[dict[str, Any]]) -> None:
    by_store: dict[UUID, list[Any]] = {row["store_id"]: row["pictures"] for row in rows}
    found = work.session.execute(
        select(StorePicture)
        .where(StorePicture.merchant_id == merchant_id, StorePicture.store_id.in_(by_store))
        .order_by(StorePicture.position, StorePicture.id)
    ).scalars()
    for picture in found:
        by_store[picture.store_id].append(
            {
                "id": str(picture.id),
                "f": picture.full,
                "x": picture.wide,
                "s": picture.small,
                "w": picture.width,
                "h": picture.height,
                "c": picture.tone,
            }
        )


def _with_roots(work: Work, rows: list[dict[str, Any]]) -> None:
    """Categories are trees; the street filters by their tops and searches their names."""
    if not any(row["category_id"] for row in rows):
        return
    known = {one.id: one for one in reference.categories(work, Purpose.STORES, hidden=True)}
    for row in rows:
        chain = _chain(known, row["category_id"])
        row["category_root"] = chain[-1].id if chain else None
        row["search"] = search_text(row["search"], *_names(chain))


def _chain(known: dict[UUID, Category], category_id: UUID | None) -> list[Category]:
    """A category and all above it."""
    chain: list[Category] = []
    node = known.get(category_id) if category_id else None
    while node is not None:
        chain.append(node)
        node = known.get(node.parent_id) if node.parent_id else None
    return chain


def _names(chain: list[Category]) -> list[str]:
    return [name for one in chain for name in (one.name, one.name_en)]


def respell(work: Work, category_id: UUID, after: tuple[UUID, UUID] | None) -> tuple[UUID, UUID] | None:
    """Write the present names of this category and those below into one lot of cards; where the next lot begins.

    For the job face, lot by lot, each a transaction of its own; None when all are done.
    """
    work.require(Permission.STORE_EDIT)
    known = {one.id: one for one in reference.categories(work, Purpose.STORES, hidden=True)}
    chains = {one: _chain(known, one) for one in known}
    below = [one for one, chain in chains.items() if any(node.id == category_id for node in chain)]
    place = tuple_(StoreCard.merchant_id, StoreCard.store_id)
    query = (
        select(StoreCard).where(StoreCard.category_id.in_(below)).order_by(StoreCard.merchant_id, StoreCard.store_id)
    )
    if after is not None:
        query = query.where(place > tuple_(*after))
    cards = work.session.execute(query.limit(RESPELL_LOT).with_for_update()).scalars().all()
    for card in cards:
        chain = chains[card.category_id] if card.category_id else []
        card.search = search_text(card.name, card.brand, card.area, card.address, *_names(chain))
    return (cards[-1].merchant_id, cards[-1].store_id) if len(cards) == RESPELL_LOT else None
