"""Which keys the rows before have had: the file remembers itself in the database, not in memory."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.imports.models import ImportRow
from portal.kernel.work import Work


def seen(work: Work, batch_id: UUID, keys: Sequence[str]) -> dict[str, int]:
    """Key → the first line that had it, among the rows that are kept already."""
    query = select(ImportRow.key, func.min(ImportRow.number))
    query = query.where(ImportRow.merchant_id == work.merchant_id, ImportRow.batch_id == batch_id)
    query = query.where(ImportRow.key.in_(sorted({key for key in keys if key}))).group_by(ImportRow.key)
    return {row[0]: row[1] for row in work.session.execute(query)}
