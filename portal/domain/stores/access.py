"""The only way to one store: permission, scope, lock."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.stores.models import Store
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_store(work: Work, store_id: UUID, *, lock: bool = False, may: Permission = Permission.STORE_VIEW) -> Store:
    """The store of the merchant whose office is open. Raises NotFound when it is another's or out of reach."""
    work.require(may, store_id=store_id)
    query = select(Store).where(Store.merchant_id == work.merchant_id, Store.id == store_id)
    store = work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if store is None:
        raise NotFound
    return store
