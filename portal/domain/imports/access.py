"""The only way to one batch."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.imports.models import ImportBatch
from portal.domain.imports.values import RIGHTS, Kind
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_batch(work: Work, batch_id: UUID, *, lock: bool = False) -> ImportBatch:
    """The batch of the office that is open, for who may do by hand what it does. Raises NotFound, Denied."""
    query = select(ImportBatch).where(ImportBatch.merchant_id == work.merchant_id, ImportBatch.id == batch_id)
    query = query.execution_options(populate_existing=True)
    row = work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if row is None:
        raise NotFound
    work.require(RIGHTS[Kind(row.kind)])
    return row
