"""Papers in lists: what is uncertain or was refused, all of a store, one in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.domain.kitchen.access import access_job, access_store
from portal.domain.kitchen.models import PrinterRow, PrintJob
from portal.domain.kitchen.rules.layout import COLUMNS, unpacked
from portal.domain.kitchen.values import TROUBLE, JobState, JobView, Why
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

SEE: Final = Permission.KITCHEN_VIEW
PAGE: Final = 40


def _all(work: Work) -> Select[PrintJob, str, int]:
    return (
        select(PrintJob, PrinterRow.name, PrinterRow.width_mm)
        .join(PrinterRow, PrinterRow.id == PrintJob.printer_id)
        .where(PrintJob.merchant_id == work.merchant_id, PrinterRow.merchant_id == work.merchant_id)
    )


def _shown(found: Any) -> JobView:
    row, name, width = found
    return JobView(
        row.id,
        row.printer_id,
        name,
        row.kind,
        row.title,
        JobState(row.state),
        Why(row.why),
        row.copy_of is not None,
        unpacked(row.lines),
        row.made_at,
        row.changed_at,
        COLUMNS[width],
        row.tried,
    )


def jobs(
    work: Work, store_id: UUID, *, only: Sequence[JobState] = (), q: str = "", after: UUID | None = None
) -> tuple[tuple[JobView, ...], bool]:
    """A page of a store's papers, the latest first, and whether there are more."""
    access_store(work, store_id, SEE)
    query = _all(work).where(PrintJob.store_id == store_id)
    if only:
        query = query.where(PrintJob.state.in_([one.value for one in only]))
    if q:
        query = query.where(PrintJob.title.icontains(q, autoescape=True))
    if after is not None:
        query = query.where(PrintJob.id < after)
    found = [_shown(one) for one in work.session.execute(query.order_by(PrintJob.id.desc()).limit(PAGE + 1))]
    return tuple(found[:PAGE]), len(found) > PAGE


def trouble(work: Work, store_id: UUID) -> int:
    """How many papers wait for somebody to look."""
    access_store(work, store_id, SEE)
    query = select(func.count()).where(
        PrintJob.merchant_id == work.merchant_id,
        PrintJob.store_id == store_id,
        PrintJob.state.in_([one.value for one in TROUBLE]),
    )
    return int(work.session.execute(query).scalar_one())


def job(work: Work, job_id: UUID) -> JobView:
    """One paper in full. Raises NotFound."""
    access_job(work, job_id, SEE)
    return _shown(work.session.execute(_all(work).where(PrintJob.id == job_id)).one())
