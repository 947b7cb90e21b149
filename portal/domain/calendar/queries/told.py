"""Resources, what is free of them, and what a board shows.

Free time is told to anybody (the street asks for it); it is read on the worker's face, and never says who has the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.calendar import rules
from portal.domain.calendar.models import Resource
from portal.domain.calendar.queries.books import HOUSE, card_of, read
from portal.domain.calendar.values import Interval, Plan, ResourceCard
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def free(
    work: Work, merchant_id: UUID, resource_ids: Sequence[UUID], start: datetime, end: datetime
) -> dict[UUID, tuple[Interval, ...]]:
    """The free stretches of each resource within [start, end): working and not reserved. Unknown ids have none."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    with borrowed(work, HOUSE):
        books = read(work, merchant_id, resource_ids, start, end, who=False)
    return {one: books[one].free(start, end) if one in books else () for one in resource_ids}


def day_plan(
    work: Work, merchant_id: UUID, resource_ids: Sequence[UUID], start: datetime, end: datetime
) -> tuple[Plan, ...]:
    """What a board shows of these resources in a window, in the order of their places. Needs CALENDAR_VIEW."""
    work.require(Permission.CALENDAR_VIEW)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    with borrowed(work, HOUSE):
        books = read(work, merchant_id, resource_ids, start, end)
    found = []
    for book in sorted(books.values(), key=lambda one: (one.resource.position, one.resource.name)):
        hours, held = book.working(start, end), tuple(sorted(book.held, key=lambda one: (one.start, one.cell)))
        left, why = rules.free(hours, book.resource.capacity, book.taken()), tuple(sorted(book.reasons.items()))
        away = rules.merged((one.start, one.end) for one in book.elsewhere)
        found.append(Plan(book.resource, hours, held, left, why, away))
    return tuple(found)


def resources(
    work: Work, store_id: UUID, kind: str | None = None, *, merchant_id: UUID | None = None, retired: bool = False
) -> tuple[ResourceCard, ...]:
    """The resources of a store in their order; `retired` adds those out of use. In an office its own merchant's."""
    query = select(Resource).where(Resource.store_id == store_id)
    owner = merchant_id or work.scope.merchant_id
    if owner is not None:
        query = query.where(Resource.merchant_id == owner)
    if kind is not None:
        query = query.where(Resource.kind == kind)
    if not retired:
        query = query.where(Resource.active)
    rows = work.session.scalars(query.order_by(Resource.kind.desc(), Resource.position, Resource.name))
    return tuple(card_of(row) for row in rows)
