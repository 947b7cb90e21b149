"""A store's resources: add, change, put in order, take out of use. Tables are the floor's, the rest the calendar's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.calendar import errors, rules
from portal.domain.calendar.access import access_to_change, right_for
from portal.domain.calendar.models import Resource
from portal.domain.calendar.queries import HOUSE, read
from portal.domain.calendar.values import MOST_NAME, Held, Kind
from portal.domain.stores.access import access_store
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

MOST_CELLS: Final = 200
AHEAD: Final = timedelta(days=400)
"""How far ahead somebody may have reserved; a year and a month."""


def add(
    work: Work, *, store_id: UUID, kind: str, name: str, capacity: int = 1, membership_id: UUID | None = None
) -> UUID:
    """A new resource at the end of its kind. Refuses an empty or long name, a capacity out of 1–200, somebody twice."""
    may = right_for(Kind(kind))
    access_store(work, store_id, may=may)
    name, membership_id = _checked(work, store_id, None, kind, name, capacity, membership_id)
    here = (Resource.merchant_id == work.merchant_id, Resource.store_id == store_id)
    last = work.session.scalar(select(func.max(Resource.position)).where(*here)) or 0
    row = Resource(
        merchant_id=work.merchant_id,
        id=new_id(),
        store_id=store_id,
        kind=str(kind),
        name=name,
        capacity=capacity,
        membership_id=membership_id,
        position=last + 1,
        active=True,
        created_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    work.audit("resource.added", "resource", row.id, kind=row.kind)
    return row.id


def change(work: Work, resource_id: UUID, *, name: str, capacity: int, membership_id: UUID | None = None) -> None:
    """Another name, capacity or person. Refuses a capacity below what is reserved at once from now on."""
    row = access_to_change(work, resource_id)
    name, membership_id = _checked(work, row.store_id, row.id, row.kind, name, capacity, membership_id)
    if capacity < row.capacity:
        _refuse_narrow(work, row, capacity)
    row.name, row.capacity, row.membership_id = name, capacity, membership_id
    work.audit("resource.changed", "resource", row.id, capacity=capacity)


def retire(work: Work, resource_id: UUID) -> None:
    """Out of use: it is offered nowhere. Refuses while something is reserved from now on; blocks do not count."""
    row = access_to_change(work, resource_id)
    count = len({one.holder_id for one in _to_come(work, row) if one.holder_type != "block"})
    if count:
        raise errors.StillToCome(row.name, count)
    row.active = False
    work.audit("resource.retired", "resource", row.id)


def restore(work: Work, resource_id: UUID) -> None:
    """Back in use."""
    row = access_to_change(work, resource_id)
    row.active = True
    work.audit("resource.restored", "resource", row.id)


def arrange(work: Work, store_id: UUID, resource_ids: Sequence[UUID]) -> None:
    """Show them in this order everywhere; those that are not named come after."""
    work.require(Permission.CALENDAR_EDIT, store_id=store_id)
    mine = (Resource.merchant_id == work.merchant_id, Resource.store_id == store_id)
    rows = {row.id: row for row in work.session.scalars(select(Resource).where(*mine).order_by(Resource.id))}
    first = [one for one in resource_ids if one in rows]
    rest = sorted(set(rows) - set(first), key=lambda one: (rows[one].position, one))
    for position, one in enumerate([*first, *rest], start=1):
        rows[one].position = position
    work.audit("resource.arranged", "store", store_id)


def _checked(
    work: Work, store_id: UUID, resource_id: UUID | None, kind: str, name: str, capacity: int, member: UUID | None
) -> tuple[str, UUID | None]:
    name = clean_line(name, field="name", most=MOST_NAME)
    if not 1 <= capacity <= MOST_CELLS:
        raise Refusal(say("同时可用数量请填 1 到 %(most)s。", most=MOST_CELLS), field="capacity")
    member = member if kind == Kind.TECHNICIAN else None
    here = select(Resource.id).where(Resource.merchant_id == work.merchant_id, Resource.store_id == store_id)
    others = here.where(Resource.id != resource_id) if resource_id is not None else here
    if work.session.scalars(others.where(Resource.name == name, Resource.kind == kind)).first():
        raise Refusal(say("这家门店已经有“%(name)s”了。", name=name), field="name")
    if member is not None and work.session.scalars(others.where(Resource.membership_id == member)).first():
        raise Refusal(say("这位员工在这家门店已经有一张排班表了。"), field="member")
    return name, member


def _to_come(work: Work, row: Resource) -> list[Held]:
    now = work.now()
    with borrowed(work, HOUSE):
        return list(read(work, row.merchant_id, [row.id], now, now + AHEAD)[row.id].held)


def _refuse_narrow(work: Work, row: Resource, capacity: int) -> None:
    taken = [(one.cell, one.start, one.end) for one in _to_come(work, row)]
    at_once = next((count for count in range(row.capacity, capacity, -1) if rules.full(count, taken)), 0)
    if at_once:
        raise errors.StillReserved(at_once)
