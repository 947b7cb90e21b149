"""Stores as their merchant's office sees them: lists, one store with everything, its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_

from portal.domain.regions import queries as regions
from portal.domain.regions.rules import area_of
from portal.domain.stores.access import access_store
from portal.domain.stores.models import Store, StorePicture
from portal.domain.stores.values import GivenPosition, Picture, StoreFacts, StoreState
from portal.kernel.audit import AuditEntry
from portal.kernel.geo import Datum, Position
from portal.kernel.hours import Closed, Open, WeeklyHours, from_json, state_at
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

MOST = 50
HISTORY = 20


@dataclass(frozen=True)
class StoreLine:
    """A store in the office's list."""

    id: UUID
    name: str
    state: StoreState
    category_id: UUID | None
    area: str
    address: str
    phone: str | None
    hours: WeeklyHours | None
    has_position: bool
    updated_at: datetime

    def state_at(self, now: datetime) -> Open | Closed | None:
        """Open or closed at this moment; None when nobody has said."""
        return state_at(self.hours, now) if self.hours else None


@dataclass(frozen=True)
class StoreShown:
    """A store with everything its office knows; `version` guards against two editors."""

    id: UUID
    state: StoreState
    state_at: datetime
    version: int
    facts: StoreFacts
    position: Position | None
    area: str
    pictures: tuple[Picture, ...]
    month_sales: int
    updated_at: datetime

    def now_at(self, now: datetime) -> Open | Closed | None:
        """Open or closed at this moment; None when nobody has said."""
        return state_at(self.facts.hours, now) if self.facts.hours else None


@dataclass(frozen=True)
class StoreEvent:
    """One act on a store; `by` is None when it was not a member of staff."""

    at: datetime
    action: str
    by: UUID | None
    actor_kind: str
    facts: Mapping[str, str]


def store_lines(
    work: Work, *, state: StoreState | None = None, words: str = "", category_ids: frozenset[UUID] = frozenset(),
    after: UUID | None = None, most: int = MOST,
) -> list[StoreLine]:  # fmt: skip
    """The stores in reach by name, after the store `after`; closed ones only when asked for by their state."""
    query = _mine(work, select(Store)).order_by(Store.name, Store.id).limit(most)
    query = query.where(Store.state == state if state else Store.state != StoreState.CLOSED)
    if words:
        query = query.where(or_(Store.name.icontains(words, autoescape=True), Store.address.contains(words)))
    if category_ids:
        query = query.where(Store.category_id.in_(category_ids))
    if after is not None:
        last = select(Store.name, Store.id).where(Store.merchant_id == work.merchant_id, Store.id == after)
        query = query.where(tuple_(Store.name, Store.id) > last.scalar_subquery())
    stores = list(work.session.execute(query).scalars())
    paths = regions.paths(work, {store.region_code for store in stores if store.region_code})
    return [_line(store, area_of(paths.get(store.region_code or "", ()))) for store in stores]


def store_counts(work: Work) -> dict[StoreState, int]:
    """How many stores in reach are in which state."""
    query = _mine(work, select(Store.state, func.count())).group_by(Store.state)
    found = {StoreState(state): count for state, count in work.session.execute(query)}
    return {state: found.get(state, 0) for state in StoreState}


def store(work: Work, store_id: UUID) -> StoreShown:
    """One store. Raises NotFound when it is another's or out of reach."""
    row = access_store(work, store_id)
    path = regions.paths(work, {row.region_code}).get(row.region_code, ()) if row.region_code else ()
    return StoreShown(
        id=row.id,
        state=StoreState(row.state),
        state_at=row.state_at,
        version=row.version,
        facts=_facts(row),
        position=_position(row),
        area=area_of(path),
        pictures=_pictures(work, row),
        month_sales=row.month_sales,
        updated_at=row.updated_at,
    )


def store_history(work: Work, store_id: UUID) -> list[StoreEvent]:
    """What was done with the store, the latest first."""
    work.require(Permission.STORE_VIEW, store_id=store_id)
    query = (
        select(AuditEntry)
        .where(AuditEntry.merchant_id == work.merchant_id, AuditEntry.subject_id == store_id)
        .where(AuditEntry.subject_type == "store")
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(HISTORY)
    )
    rows = work.session.execute(query).scalars()
    return [StoreEvent(row.at, row.action, row.actor_id, row.actor_kind, row.facts) for row in rows]


def _mine(work: Work, query: Any) -> Any:
    work.require(Permission.STORE_VIEW)
    query = query.where(Store.merchant_id == work.merchant_id)
    reach = work.scope.store_ids
    return query if reach is None else query.where(Store.id.in_(reach))


def _line(row: Store, area: str) -> StoreLine:
    return StoreLine(
        id=row.id,
        name=row.name,
        state=StoreState(row.state),
        category_id=row.category_id,
        area=area,
        address=row.address,
        phone=row.phone,
        hours=from_json(row.hours) if row.hours else None,
        has_position=row.lat is not None,
        updated_at=row.updated_at,
    )


def _facts(row: Store) -> StoreFacts:
    given = None
    if row.raw_lat is not None and row.raw_lng is not None and row.raw_datum is not None:
        given = GivenPosition(row.raw_lat, row.raw_lng, Datum(row.raw_datum))
    return StoreFacts(
        name=row.name,
        category_id=row.category_id,
        phone=row.phone,
        region_code=row.region_code,
        address=row.address,
        given=given,
        hours=from_json(row.hours) if row.hours else None,
        brand=row.brand,
    )


def _position(row: Store) -> Position | None:
    return Position(row.lat, row.lng) if row.lat is not None and row.lng is not None else None


def _pictures(work: Work, row: Store) -> tuple[Picture, ...]:
    query = select(StorePicture).where(StorePicture.merchant_id == row.merchant_id, StorePicture.store_id == row.id)
    rows = work.session.execute(query.order_by(StorePicture.position, StorePicture.id)).scalars()
    return tuple(Picture(one.full, one.wide, one.small, one.width, one.height, one.tone, one.id) for one in rows)
