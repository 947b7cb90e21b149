"""Taking back leave, other hours and copied weeks: each act on dated days remembers what was there before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from portal.domain.calendar import errors
from portal.domain.calendar.access import access_to_change
from portal.domain.calendar.models import HourChange, ResourceDay
from portal.domain.calendar.values import UNDO_WITHIN, Key
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

Was = dict[Key, Any]


@contextmanager
def remembered(work: Work, store_id: UUID, keys: Collection[Key]) -> Iterator[None]:
    """Keep what the block does to these days, so that it can be taken back. Their resources are held."""
    before = _now(work, keys)
    yield
    work.session.flush()
    after = _now(work, keys)
    days = [[str(one), day.isoformat(), before.get((one, day)), after.get((one, day))] for one, day in sorted(keys)]
    changed = [row for row in days if row[2] != row[3]]
    if changed:
        row = HourChange(
            merchant_id=work.merchant_id,
            id=new_id(),
            store_id=store_id,
            days=changed,
            made_at=work.now(),
            undone_at=None,
        )
        work.session.add(row)
        work.session.flush()


def undo_days(work: Work, change_id: UUID) -> date:
    """The days as they were before; returns the first of them. Refuses a change that is long ago or was followed by
    another of the same days. Taken back twice is once. Raises NotFound.
    """
    work.require(Permission.CALENDAR_EDIT)
    mine = (HourChange.merchant_id == work.merchant_id, HourChange.id == change_id)
    row = work.session.scalars(select(HourChange).where(*mine).with_for_update()).one_or_none()
    if row is None or not work.scope.covers_store(row.store_id):
        raise NotFound
    days = {(UUID(one), date.fromisoformat(day)): (before, after) for one, day, before, after in row.days}
    first = min(day for _one, day in days)
    if row.undone_at is not None:
        return first
    if work.now() - row.made_at > UNDO_WITHIN:
        raise errors.UndoTooLate
    for resource_id in sorted({one for one, _day in days}):
        access_to_change(work, resource_id)
    found = _now(work, days.keys())
    if any(found.get(key) != after for key, (_before, after) in days.items()):
        raise errors.ChangedSince
    for (resource_id, day), (before, _after) in days.items():
        _put(work, resource_id, day, before)
    row.undone_at = work.now()
    work.session.flush()
    work.audit("calendar.undone", "store", row.store_id, days=len(days))
    return first


def _now(work: Work, keys: Collection[Key]) -> Was:
    """What these days have of their own: [spans, reason]; nothing where the week holds."""
    ids, days = {one for one, _day in keys}, {day for _one, day in keys}
    query = select(ResourceDay.resource_id, ResourceDay.day, ResourceDay.spans, ResourceDay.reason)
    query = query.where(ResourceDay.merchant_id == work.merchant_id, ResourceDay.resource_id.in_(ids))
    rows = work.session.execute(query.where(ResourceDay.day.in_(days)))
    return {(one, day): [spans, reason] for one, day, spans, reason in rows if (one, day) in keys}


def _put(work: Work, resource_id: UUID, day: date, was: Any) -> None:
    mine = (ResourceDay.merchant_id == work.merchant_id, ResourceDay.resource_id == resource_id)
    work.session.execute(delete(ResourceDay).where(*mine, ResourceDay.day == day))
    if was is not None:
        row = ResourceDay(merchant_id=work.merchant_id, resource_id=resource_id, day=day)
        row.spans, row.reason, row.changed_at = was[0], was[1], work.now()
        work.session.add(row)
