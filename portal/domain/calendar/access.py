"""The only ways to one resource: an office's own, and those that are held to be reserved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from portal.domain.calendar.models import Resource
from portal.domain.calendar.values import Kind
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import fixed
from portal.kernel.work import Work


def access_resource(
    work: Work, resource_id: UUID, *, lock: bool = False, may: Permission = Permission.CALENDAR_VIEW
) -> Resource:
    """One resource of the merchant whose office is open, of a store in reach. Raises NotFound."""
    work.require(may)
    query = select(Resource).where(Resource.merchant_id == work.merchant_id, Resource.id == resource_id)
    if lock:
        query = query.with_for_update(key_share=True)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found


def right_for(kind: str) -> Permission:
    """Who may change resources of this kind: tables are the floor's, the rest the calendar's."""
    return Permission.FLOOR_EDIT if kind == Kind.TABLE else Permission.CALENDAR_EDIT


def access_to_change(work: Work, resource_id: UUID, *, lock: bool = True) -> Resource:
    """One resource that the actor may change, held. Raises NotFound, Denied."""
    row = access_resource(work, resource_id, lock=lock)
    work.require(right_for(row.kind), store_id=row.store_id)
    return row


_R: Any = Resource.__table__.c
_ASKED: Any = aliased(Resource.__table__, name="asked")
_IDS: Any = bindparam("resource_ids", type_=ARRAY(_R.id.type))
_TWIN: Any = aliased(Resource.__table__, name="twin")
_TWINS: Any = select(_TWIN.c.id).join(
    _ASKED, and_(_ASKED.c.merchant_id == _TWIN.c.merchant_id, _ASKED.c.membership_id == _TWIN.c.membership_id)
)
_HELD: Any = fixed(
    select(_R.id)
    .where(
        _R.merchant_id == bindparam("of_merchant"),
        _R.id.in_(
            select(func.unnest(_IDS)).union(
                _TWINS.where(_ASKED.c.merchant_id == bindparam("of_merchant"), _ASKED.c.id == any_(_IDS))
            )
        ),
    )
    .order_by(_R.id)
    .with_for_update(key_share=True)
)


def hold(work: Work, merchant_id: UUID, resource_ids: Iterable[UUID]) -> None:
    """Hold these until the end, in the order of their ids, so that nobody waits in a circle (the worker's face).

    Who works in several stores is a resource in each: all of his are held.
    """
    work.session.execute(_HELD, {"of_merchant": merchant_id, "resource_ids": sorted(set(resource_ids))})
