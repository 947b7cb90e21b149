"""The table behind a printed card."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from portal.domain.floor.models import FloorArea, FloorTable
from portal.domain.floor.values import TableFound
from portal.domain.stores.models import StoreCard
from portal.domain.stores.queries import StoreGone
from portal.domain.tenants.models import StoreRoute
from portal.kernel.work import Work

_CODE = re.compile(r"[A-Za-z0-9_-]{22}")


def table_by_code(work: Work, store_id: UUID, code: str) -> TableFound | None:
    """The table of this store whose card says `code`; None for an old card, another store's, one out of use, a guess.

    Raises StoreGone where the street shows no such store (any more): it closed, or its merchant was suspended. On the
    worker's face: who scans it is nobody yet.
    """
    if not _CODE.fullmatch(code):
        return None
    query = (
        select(
            *(FloorTable.merchant_id, FloorTable.id, FloorTable.name, FloorTable.seats_max),
            *(FloorArea.name.label("area"), StoreCard.store_id.label("listed")),
        )
        .join(StoreRoute, StoreRoute.merchant_id == FloorTable.merchant_id)
        .join(FloorArea, (FloorArea.merchant_id == FloorTable.merchant_id) & (FloorArea.id == FloorTable.area_id))
        .outerjoin(
            StoreCard,
            (StoreCard.merchant_id == FloorTable.merchant_id) & (StoreCard.store_id == FloorTable.store_id),
        )
        .where(StoreRoute.store_id == store_id, FloorTable.store_id == store_id)
        .where(FloorTable.code == code, FloorTable.active)
    )
    row = work.session.execute(query).one_or_none()
    if row is None:
        return None
    if row.listed is None:
        raise StoreGone
    return TableFound(row.merchant_id, store_id, row.id, row.name, row.area, row.seats_max)
