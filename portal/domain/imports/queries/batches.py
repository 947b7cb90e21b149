"""Batches of an office, the rows of one, and for the worker those that nobody is at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from portal.domain.imports.access import access_batch
from portal.domain.imports.models import ImportBatch, ImportRow
from portal.domain.imports.values import (
    AT_WORK,
    RIGHTS,
    Batch,
    BatchState,
    Kind,
    Problem,
    RowShown,
    RowState,
    Verdict,
)
from portal.kernel.work import Work

PAGE = 50
HISTORY = 30
LOT = 1000


class Show(StrEnum):
    """Which rows a page shows."""

    ALL = "all"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    TROUBLE = "trouble"


def batches(work: Work, *, after: UUID | None = None) -> tuple[tuple[Batch, ...], bool]:
    """A page of the office's imports the reader may make, the latest first; and whether there is more."""
    kinds = [kind.value for kind, right in RIGHTS.items() if work.may(right)]
    query = select(ImportBatch).where(ImportBatch.merchant_id == work.merchant_id, ImportBatch.kind.in_(kinds))
    if after is not None:
        query = query.where(ImportBatch.id < after)
    rows = list(work.session.execute(query.order_by(ImportBatch.id.desc()).limit(HISTORY + 1)).scalars())
    return tuple(shown(row) for row in rows[:HISTORY]), len(rows) > HISTORY


def batch(work: Work, batch_id: UUID) -> Batch:
    """One import."""
    return shown(access_batch(work, batch_id))


def shown(row: ImportBatch) -> Batch:
    """As pages show it."""
    counts = ("rows", "new", "changed", "same", "wrong", "done", "failed", "undone", "left")
    return Batch(
        id=row.id,
        merchant_id=row.merchant_id,
        kind=Kind(row.kind),
        state=BatchState(row.state),
        file_name=row.file_name,
        stored=row.stored,
        problem=Problem.of(row.problem) if row.problem else None,
        strangers=tuple(row.strangers),
        **{name: getattr(row, name) for name in counts},
        stopping=row.stopping,
        made_at=row.made_at,
        made_by=row.made_by,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
    )


def rows(work: Work, batch_id: UUID, show: Show, *, after: int = 0) -> tuple[tuple[RowShown, ...], bool]:
    """A page of rows in the file's order; and whether there is more."""
    access_batch(work, batch_id)
    query = _rows(work, batch_id, show).where(ImportRow.number > after)
    found = list(work.session.execute(query.order_by(ImportRow.number).limit(PAGE + 1)).scalars())
    return tuple(_row(row) for row in found[:PAGE]), len(found) > PAGE


def trouble(work: Work, batch_id: UUID) -> Iterator[RowShown]:
    """All rows that were wrong, refused or left, in lots."""
    access_batch(work, batch_id)
    after = 0
    while True:
        query = _rows(work, batch_id, Show.TROUBLE).where(ImportRow.number > after)
        found = list(work.session.execute(query.order_by(ImportRow.number).limit(LOT)).scalars())
        yield from (_row(row) for row in found)
        if len(found) < LOT:
            return
        after = found[-1].number
        work.session.expunge_all()


def _rows(work: Work, batch_id: UUID, show: Show) -> Any:
    query = select(ImportRow).where(ImportRow.merchant_id == work.merchant_id, ImportRow.batch_id == batch_id)
    if show is Show.TROUBLE:
        return query.where(or_(ImportRow.verdict == "wrong", ImportRow.state.in_(["failed", "left"])))
    return query if show is Show.ALL else query.where(ImportRow.verdict == show.value)


def _row(row: ImportRow) -> RowShown:
    problems = tuple(Problem.of(one) for one in row.problems)
    return RowShown(
        row.number, row.key.partition("/")[2], Verdict(row.verdict), RowState(row.state), row.cells, problems
    )


def sleeping(work: Work, before: datetime) -> Sequence[tuple[UUID, UUID, BatchState]]:
    """Batches that are the worker's and that nobody has touched since; for the worker."""
    query = select(ImportBatch.merchant_id, ImportBatch.id, ImportBatch.state)
    query = query.where(ImportBatch.state.in_([state.value for state in AT_WORK]), ImportBatch.touched_at < before)
    return [(row[0], row[1], BatchState(row[2])) for row in work.session.execute(query.limit(100))]


def begun_by(work: Work, merchant_id: UUID, batch_id: UUID) -> UUID | None:
    """Who brought the file, let it go ahead or takes it back; for the worker, who acts in his name."""
    query = select(ImportBatch.begun_by).where(ImportBatch.merchant_id == merchant_id, ImportBatch.id == batch_id)
    return work.session.execute(query).scalar()
