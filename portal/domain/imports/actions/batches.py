"""What people do with an import: bring a file, let it go ahead, stop it, give it up, take it back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.imports import errors
from portal.domain.imports.access import access_batch
from portal.domain.imports.models import ImportBatch
from portal.domain.imports.values import ENDED, RIGHTS, STATES, BatchState, Kind
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

NAME_MOST = 100
MOST_WAITING = 20
JOBS = {
    BatchState.READING: "imports.read",
    BatchState.APPLYING: "imports.apply",
    BatchState.UNDOING: "imports.undo",
}
COUNTS = ("rows", "new", "changed", "same", "wrong", "done", "failed", "undone", "left")


def bring(work: Work, *, kind: Kind, file_name: str, stored: str) -> UUID:
    """A file to be read and checked; nothing is changed yet. Refuses when too many wait already."""
    work.require(RIGHTS[kind])
    waiting = select(ImportBatch.id).where(ImportBatch.merchant_id == work.merchant_id)
    waiting = waiting.where(ImportBatch.state.in_([BatchState.READING.value, BatchState.READY.value]))
    if len(work.session.execute(waiting.limit(MOST_WAITING)).all()) >= MOST_WAITING:
        raise Refusal(say("有 %(most)s 个文件等着确认，请先导入或放弃其中一些。", most=MOST_WAITING), field="file")
    name = "".join(sign for sign in file_name if sign.isprintable()).strip()[-NAME_MOST:]
    row = ImportBatch(
        merchant_id=work.merchant_id,
        id=new_id(),
        kind=kind.value,
        state=BatchState.READING.value,
        file_name=clean_line(name, field="file", most=NAME_MOST, required=False),
        stored=stored,
        problem=None,
        strangers=[],
        reached=0,
        stopping=False,
        made_at=work.now(),
        made_by=work.actor.person_id,
        begun_by=work.actor.person_id,
        touched_at=work.now(),
        **dict.fromkeys(COUNTS, 0),
    )
    work.session.add(row)
    work.session.flush()
    work.audit("import.brought", "import", row.id, kind=kind.value)
    _queue(work, row)
    return row.id


def go(work: Work, batch_id: UUID) -> None:
    """Apply every row that is right. Refuses when it was not just checked, when nothing would change, and when its rows
    are not kept any more.
    """
    row = _kept(work, batch_id, BatchState.READY, BatchState.STOPPED)
    if row.state == BatchState.READY and not row.new + row.changed:
        raise Refusal(say("没有要导入的行。"))
    _begin(work, row, BatchState.APPLYING, fresh=row.state == BatchState.READY)
    work.audit("import.begun", "import", row.id, kind=row.kind)


def stop(work: Work, batch_id: UUID) -> None:
    """Stop after the lot that is under way; what is done stays, and may be taken back."""
    row = _at(work, batch_id, BatchState.APPLYING, BatchState.READING)
    row.stopping = True
    work.audit("import.stopped", "import", row.id, kind=row.kind)


def discard(work: Work, batch_id: UUID) -> None:
    """Give up a file that was checked."""
    row = _at(work, batch_id, BatchState.READY, BatchState.UNREADABLE)
    row.state, row.ended_at = BatchState.DISCARDED.value, work.now()
    work.audit("import.discarded", "import", row.id, kind=row.kind)


def take_back(work: Work, batch_id: UUID) -> None:
    """Restore what was before where nobody has changed it since. Refuses all but the last import of its kind, and one
    whose rows are not kept any more.
    """
    row = _kept(work, batch_id, *ENDED)
    later = select(ImportBatch.id).where(ImportBatch.merchant_id == row.merchant_id, ImportBatch.kind == row.kind)
    later = later.where(ImportBatch.begun_at > row.begun_at, ImportBatch.done > 0)
    if work.session.execute(later.where(ImportBatch.state != BatchState.UNDONE).limit(1)).scalar() is not None:
        raise errors.NotLast
    if not row.done:
        raise Refusal(say("这次导入没有改动任何内容，不用撤销。"))
    _begin(work, row, BatchState.UNDOING, fresh=True)
    work.audit("import.undone", "import", row.id, kind=row.kind)


def _at(work: Work, batch_id: UUID, *states: BatchState) -> ImportBatch:
    row = access_batch(work, batch_id, lock=True)
    if row.state not in {state.value for state in states}:
        raise errors.BatchMoved(STATES[BatchState(row.state)])
    return row


def _kept(work: Work, batch_id: UUID, *states: BatchState) -> ImportBatch:
    row = _at(work, batch_id, *states)
    if not row.stored:
        raise errors.Forgotten
    return row


def _begin(work: Work, row: ImportBatch, state: BatchState, *, fresh: bool) -> None:
    if fresh:
        row.reached = 0
    if state is BatchState.APPLYING:
        row.begun_at = row.begun_at or work.now()
    row.state, row.stopping, row.begun_by = state.value, False, work.actor.person_id
    row.touched_at, row.ended_at = work.now(), None
    _queue(work, row)


def _queue(work: Work, row: ImportBatch) -> None:
    work.session.flush()
    work.enqueue(JOBS[BatchState(row.state)], merchant=row.merchant_id, batch=row.id)
