"""Time that is kept free of bookings, with a reason: cleaning, repair, somebody at the doctor's for an hour."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.calendar import errors
from portal.domain.calendar.access import access_to_change
from portal.domain.calendar.actions.reserving import release, reserve
from portal.domain.calendar.models import Reservation
from portal.domain.calendar.values import MOST_REASON, Claim, Holder
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

MOST_DAYS: Final = 31


def block(work: Work, resource_id: UUID, start: datetime, end: datetime, reason: str) -> UUID:
    """Keep all of a resource for nobody; returns the block. Refuses with Taken what has a booking in it."""
    row = access_to_change(work, resource_id, lock=False)
    reason = clean_line(reason, field="reason", most=MOST_REASON)
    if start >= end:
        raise errors.WrongTime(field="end")
    if (end - start).days >= MOST_DAYS:
        raise errors.TooLong(MOST_DAYS, field="end")
    block_id = new_id()
    one = Claim(row.merchant_id, row.id, start, end, Holder.BLOCK, block_id, note=reason, unbound=True)
    reserve(work, [one] * row.capacity)
    work.audit("resource.blocked", "resource", row.id, block=block_id)
    return block_id


def unblock(work: Work, block_id: UUID) -> UUID:
    """Give the time back; returns whose it is. Raises NotFound for what is no block of this office."""
    work.require(Permission.CALENDAR_EDIT)
    mine = (Reservation.merchant_id == work.merchant_id, Reservation.holder_id == block_id)
    query = select(Reservation.resource_id).where(*mine, Reservation.holder_type == Holder.BLOCK.value).limit(1)
    resource_id = work.session.scalars(query).one_or_none()
    if resource_id is None:
        raise NotFound
    row = access_to_change(work, resource_id, lock=False)
    release(work, row.merchant_id, block_id)
    work.audit("resource.unblocked", "resource", row.id, block=block_id)
    return row.id
