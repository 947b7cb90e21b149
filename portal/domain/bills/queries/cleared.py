"""Tables that were cleared a moment ago, to be opened again when that was a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.floor.models import FloorTable
from portal.domain.tabs.models import Sitting, SittingTable
from portal.domain.tabs.values import UNDO_WITHIN
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

MOST: Final = 12


@dataclass(frozen=True)
class Cleared:
    """A sitting that is over, and where it was."""

    id: UUID
    number: str
    tables: str
    people: int
    closed_at: datetime


def cleared(work: Work, store_id: UUID) -> tuple[Cleared, ...]:
    """What was cleared within the hour that allows to undo it, the latest first; one statement."""
    work.require(Permission.TAB_ORDER, store_id=store_id)
    query = (
        select(Sitting, func.string_agg(FloorTable.name, "、"))
        .join(
            SittingTable,
            (SittingTable.merchant_id == Sitting.merchant_id)
            & (SittingTable.sitting_id == Sitting.id)
            & (SittingTable.left_at == Sitting.closed_at),
        )
        .join(
            FloorTable,
            (FloorTable.merchant_id == SittingTable.merchant_id) & (FloorTable.id == SittingTable.table_id),
        )
        .where(Sitting.merchant_id == work.merchant_id, Sitting.store_id == store_id)
        .where(Sitting.closed_at > work.now() - UNDO_WITHIN)
        .group_by(Sitting.merchant_id, Sitting.id)
        .order_by(Sitting.closed_at.desc())
    )
    rows = work.session.execute(query.limit(MOST))
    return tuple(Cleared(row.id, row.number, names, row.people, row.closed_at) for row, names in rows if row.closed_at)
