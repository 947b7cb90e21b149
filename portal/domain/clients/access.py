"""The only ways to one client and to one photo. A client is in reach of the stores that opened or served him; a photo
only of the store that took it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from portal.domain.clients.models import Client, ClientPhoto, ClientVisit
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def in_reach(work: Work) -> ColumnElement[bool] | None:
    """The condition for who covers some stores only; None for who covers all."""
    stores = work.scope.store_ids
    if stores is None:
        return None
    visit = aliased(ClientVisit)
    served = exists().where(
        visit.merchant_id == Client.merchant_id, visit.client_id == Client.id, visit.store_id.in_(stores)
    )
    return or_(Client.store_id.in_(stores), served.correlate(Client))


def access_client(work: Work, client_id: UUID, *, may: Permission, lock: bool = False) -> Client:
    """One client in reach of this office. Raises NotFound."""
    work.require(may)
    query = select(Client).where(Client.merchant_id == work.merchant_id, Client.id == client_id)
    reach: Any = in_reach(work)
    if reach is not None:
        query = query.where(reach)
    found = work.session.scalars(query.with_for_update(of=Client) if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_photo(work: Work, client_id: UUID, photo_id: UUID, *, may: Permission) -> ClientPhoto:
    """A photo of a client that was not removed, of a store in reach. Raises NotFound."""
    access_client(work, client_id, may=may)
    query = select(ClientPhoto).where(
        ClientPhoto.merchant_id == work.merchant_id,
        ClientPhoto.id == photo_id,
        ClientPhoto.client_id == client_id,
        ClientPhoto.removed_at.is_(None),
    )
    found = work.session.scalars(query).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found
