"""Stores to choose from, in an office."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from portal.domain.stores.models import Store, StoreCard
from portal.domain.stores.values import StoreName, StoreState
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import KINDS_WITH_STORES
from portal.kernel.work import Work


def store_names(work: Work, *, closed: bool = False) -> list[StoreName]:
    """The merchant's stores within the scope, by name; closed ones only when asked for."""
    query = select(Store.id, Store.name, Store.state).where(Store.merchant_id == work.merchant_id)
    if not closed:
        query = query.where(Store.state != StoreState.CLOSED)
    if work.scope.store_ids is not None:
        query = query.where(Store.id.in_(work.scope.store_ids))
    rows = work.session.execute(query.order_by(Store.name, Store.id))
    return [StoreName(row.id, row.name, StoreState(row.state)) for row in rows]


def counters(work: Work, merchant_ids: Collection[UUID], *, most: int = 500) -> dict[UUID, list[tuple[UUID, str]]]:
    """The listed stores of these merchants by merchant, each with id and name: where somebody may stand. By name."""
    found: dict[UUID, list[tuple[UUID, str]]] = {merchant_id: [] for merchant_id in merchant_ids}
    query = select(StoreCard.merchant_id, StoreCard.store_id, StoreCard.name)
    query = query.where(StoreCard.merchant_id.in_(found)).order_by(StoreCard.name, StoreCard.store_id).limit(most)
    for row in work.session.execute(query) if found else ():
        found[row.merchant_id].append((row.store_id, row.name))
    return found


def merchants_called(work: Work, said: str) -> list[UUID]:
    """Merchants with stores whose id or exact name was said; for commands, on the platform's face."""
    query = select(Merchant.id).where(Merchant.kind.in_([kind.value for kind in KINDS_WITH_STORES]))
    try:
        query = query.where(Merchant.id == UUID(said))
    except ValueError:
        query = query.where(Merchant.name == said)
    return list(work.session.execute(query).scalars())
