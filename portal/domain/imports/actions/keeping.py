"""The worker's housekeeping: takes up imports nobody is at, forgets rows and files that nobody needs any more."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, delete, select, update

from portal.domain.imports.actions.batches import JOBS
from portal.domain.imports.models import ImportBatch, ImportRow
from portal.domain.imports.queries import sleeping
from portal.domain.imports.values import AT_WORK, BatchState
from portal.kernel.work import Work

ASLEEP = timedelta(minutes=3)
KEPT, GIVEN_UP_KEPT = timedelta(days=30), timedelta(days=1)
GIVEN_UP = (BatchState.DISCARDED, BatchState.UNREADABLE)
BULK = {"synchronize_session": False}


def wake(work: Work) -> int:
    """Queue imports again that are under way and have not moved for some minutes; how many."""
    found = sleeping(work, work.now() - ASLEEP)
    for merchant_id, batch_id, state in found:
        mine = (ImportBatch.merchant_id == merchant_id, ImportBatch.id == batch_id)
        work.session.execute(update(ImportBatch).where(*mine).values(touched_at=work.now()), execution_options=BULK)
        work.enqueue(JOBS[state], merchant=merchant_id, batch=batch_id)
    return len(found)


def forget(work: Work) -> list[str]:
    """Drop the rows of one import that nobody touched for a month (given up: for a day), and its file; the names of
    files to delete, at most one. What was checked and never begun is given up with them.
    """
    gone = ImportBatch.state.in_([state.value for state in GIVEN_UP])
    old = select(ImportBatch.merchant_id, ImportBatch.id, ImportBatch.stored).where(
        ImportBatch.touched_at < work.now() - case((gone, GIVEN_UP_KEPT), else_=KEPT),
        ImportBatch.stored != "",
        ImportBatch.state.not_in([state.value for state in AT_WORK]),
    )
    found = work.session.execute(old.limit(1)).one_or_none()
    if found is None:
        return []
    merchant_id, batch_id, stored = found
    _drop(work, merchant_id, batch_id)
    return [stored]


def _drop(work: Work, merchant_id: UUID, batch_id: UUID) -> None:
    rows = delete(ImportRow).where(ImportRow.merchant_id == merchant_id, ImportRow.batch_id == batch_id)
    work.session.execute(rows, execution_options=BULK)
    mine = (ImportBatch.merchant_id == merchant_id, ImportBatch.id == batch_id)
    work.session.execute(update(ImportBatch).where(*mine).values(stored=""), execution_options=BULK)
    waited = update(ImportBatch).where(*mine, ImportBatch.state == BatchState.READY.value)
    given_up = waited.values(state=BatchState.DISCARDED.value, ended_at=work.now())
    work.session.execute(given_up, execution_options=BULK)
