"""Stores to choose from, in an office."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.stores.models import Store
from portal.domain.stores.values import StoreName, StoreState
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
