"""What the worker does with an import, one lot in one transaction: keep what was read, apply, take back.

The batch is locked and says how far it is, so a worker that died is followed by another at the next lot, and two of
them never do the same row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, any_, cast, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB

from portal.domain.imports.access import access_batch
from portal.domain.imports.actions.kinds import HANDLERS
from portal.domain.imports.actions.seen import bare, own, seen
from portal.domain.imports.models import ImportBatch, ImportRow
from portal.domain.imports.values import BatchState, Checked, Kind, Line, Outcome, Problem, RowState, Task, Verdict
from portal.domain.stores.actions.bulk import insert_many
from portal.kernel.plans import plan_afresh
from portal.kernel.refusals import Refusal
from portal.kernel.words import Text as Sentence
from portal.kernel.words import say
from portal.kernel.work import Work

BULK = {"synchronize_session": False}
MOST_CELL = 5000


def reading(work: Work, batch_id: UUID) -> tuple[str, int] | None:
    """The stored file and the last line that is kept; None when there is nothing to read any more."""
    row = access_batch(work, batch_id)
    return (row.stored, row.reached) if row.state == BatchState.READING and not row.stopping else None


def keep(work: Work, batch_id: UUID, *, after: int, lines: Sequence[Line], strangers: Sequence[str]) -> bool:
    """Check rows and keep them; False when somebody else is at it, or it was stopped. `after` is the last line that
    was kept before these.
    """
    plan_afresh(work)
    batch = access_batch(work, batch_id, lock=True)
    if batch.state != BatchState.READING or batch.reached != after or batch.stopping:
        return False
    rows = [Checked(line) for line in lines]
    handler = HANDLERS[Kind(batch.kind)]
    _check_cells(rows)
    _check_once(work, batch_id, rows)
    handler.check(work, batch_id, rows)
    for row in rows:
        row.verdict = Verdict.WRONG if row.problems else row.verdict
    for verdict, count in Counter(row.verdict.value for row in rows).items():
        setattr(batch, verdict, getattr(batch, verdict) + count)
    insert_many(work, ImportRow, [_kept(work, batch_id, row) for row in rows])
    batch.rows, batch.reached = batch.rows + len(rows), lines[-1].number
    batch.strangers, batch.touched_at = [one[:40] for one in strangers][:20], work.now()
    return True


def _check_cells(rows: Sequence[Checked]) -> None:
    for row in rows:
        for name, text in row.line.cells.items():
            if "\0" in text:
                row.wrong(name, say("内容里有无法识别的字符，请删除后重试。"))
            elif len(text) > MOST_CELL:
                row.wrong(name, say("有一格超过 %(most)s 个字。", most=MOST_CELL))


def _check_once(work: Work, batch_id: UUID, rows: Sequence[Checked]) -> None:
    """A row that stood in the file before is wrong."""
    once = HANDLERS[Kind(access_batch(work, batch_id).kind)].once
    keys = [once(row.line.cells)[:100] for row in rows]
    before = seen(work, batch_id, keys) if any(keys) else {}
    for row, key in zip(rows, keys, strict=True):
        row.key = key
        if key and key in before:
            row.wrong("", say("和第 %(line)s 行重复了，请只留一行。", line=before[key]))
        elif key:
            before[key] = row.line.number


def _kept(work: Work, batch_id: UUID, row: Checked) -> dict[str, Any]:
    return {
        "merchant_id": work.merchant_id,
        "batch_id": batch_id,
        "number": row.line.number,
        "first": row.line.first,
        "key": own(batch_id, row.key.replace("\0", "")[:100]),
        "verdict": row.verdict.value,
        "state": RowState.OPEN.value,
        "cells": {name: _plain(text) for name, text in row.line.cells.items() if text},
        "facts": {} if row.problems else row.facts,
        "trace": {},
        "problems": [_plain_problem(problem) for problem in row.problems[:8]],
    }


def _plain(text: str) -> str:
    """Without what JSON of PostgreSQL cannot hold."""
    return text[: MOST_CELL + 1].replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _plain_problem(problem: Problem) -> dict[str, Any]:
    kept = problem.kept()
    return {**kept, "params": {name: _plain(value) for name, value in kept["params"].items()}}


def checked(work: Work, batch_id: UUID, *, problem: Sentence | None = None) -> None:
    """The file is read to its end, or cannot be read and why."""
    batch = access_batch(work, batch_id, lock=True)
    if batch.state != BatchState.READING:
        return
    if batch.stopping:
        batch.state, batch.ended_at = BatchState.DISCARDED.value, work.now()
    else:
        problem = problem or (None if batch.rows else say("表格里只有列名，没有内容。"))
        batch.state = (BatchState.UNREADABLE if problem else BatchState.READY).value
    batch.problem = Problem("", problem).kept() if problem else None
    batch.touched_at = work.now()


def apply_lot(work: Work, batch_id: UUID, *, single: bool = False) -> int:
    """Apply the next rows; how many, 0 when it is done. `single`: one group only. A refusal changes nothing."""
    plan_afresh(work)
    batch = access_batch(work, batch_id, lock=True)
    if batch.state != BatchState.APPLYING:
        return 0
    tasks = [] if batch.stopping else _next(work, batch, RowState.OPEN, single=single)
    if not tasks:
        end = BatchState.STOPPED if batch.stopping else BatchState.APPLIED
        batch.state, batch.stopping, batch.ended_at = end.value, False, work.now()
        work.audit("import.applied", "import", batch.id, kind=batch.kind, done=batch.done, failed=batch.failed)
        return 0
    _write(work, batch, HANDLERS[Kind(batch.kind)].apply(work, batch_id, tasks), tasks)
    return len(tasks)


def undo_lot(work: Work, batch_id: UUID, *, single: bool = False) -> int:
    """Take the next rows back; how many, 0 when it is done."""
    plan_afresh(work)
    batch = access_batch(work, batch_id, lock=True)
    if batch.state != BatchState.UNDOING:
        return 0
    tasks = _next(work, batch, RowState.DONE, single=single)
    if not tasks:
        batch.state, batch.ended_at = BatchState.UNDONE.value, work.now()
        return 0
    _write(work, batch, HANDLERS[Kind(batch.kind)].undo(work, batch_id, tasks), tasks)
    return len(tasks)


def refuse_next(work: Work, batch_id: UUID, refusal: Refusal) -> None:
    """Put the reason why the next group cannot be done to its rows and go on behind them."""
    batch = access_batch(work, batch_id, lock=True)
    state = {BatchState.APPLYING: RowState.OPEN, BatchState.UNDOING: RowState.DONE}.get(BatchState(batch.state))
    if state is None:
        return
    tasks = _next(work, batch, state, single=True)
    end = RowState.FAILED if state is RowState.OPEN else RowState.LEFT
    problem = Problem("", refusal.sentence)
    _write(work, batch, [Outcome(task.number, end, task.trace, problem) for task in tasks], tasks)


def give_up(work: Work, batch_id: UUID, sentence: Sentence) -> None:
    """Stop for good, with the reason: who began it may not do it any more."""
    batch = access_batch(work, batch_id, lock=True)
    end = {BatchState.READING: BatchState.UNREADABLE, BatchState.APPLYING: BatchState.STOPPED}
    batch.state = end.get(BatchState(batch.state), BatchState.APPLIED).value
    batch.problem, batch.ended_at = Problem("", sentence).kept(), work.now()


def _next(work: Work, batch: ImportBatch, state: RowState, *, single: bool) -> list[Task]:
    """The next rows in whole groups. A question for each verdict: asked for both at once, a planner without statistics
    reads all that are left and sorts them, lot after lot.
    """
    lot = HANDLERS[Kind(batch.kind)].lot
    said = (ImportRow.number, ImportRow.first, ImportRow.key, ImportRow.verdict, ImportRow.facts, ImportRow.trace)
    query = select(*said).where(ImportRow.merchant_id == batch.merchant_id, ImportRow.batch_id == batch.id)
    query = query.where(ImportRow.number > batch.reached, ImportRow.state == state.value)
    query = query.order_by(ImportRow.number).limit(lot)
    found = [work.session.execute(query.where(ImportRow.verdict == verdict)) for verdict in ("new", "changed")]
    rows = sorted((row for result in found for row in result), key=attrgetter("number"))[:lot]
    if rows and single:
        rows = [row for row in rows if row.first == rows[0].first]
    elif len(rows) == lot and rows[0].first != rows[-1].first:
        rows = [row for row in rows if row.first != rows[-1].first]  # may go on in the next lot
    return [Task(number, first, bare(key), Verdict(verdict), *rest) for number, first, key, verdict, *rest in rows]


def _write(work: Work, batch: ImportBatch, outcomes: Sequence[Outcome], tasks: Sequence[Task]) -> None:
    mine = (ImportRow.merchant_id == batch.merchant_id, ImportRow.batch_id == batch.id)
    plain = [one for one in outcomes if not one.trace and one.problem is None]
    for state in {one.state for one in plain}:
        numbers = cast([one.number for one in plain if one.state is state], ARRAY(BigInteger))
        change = update(ImportRow).where(*mine, ImportRow.number == any_(numbers))
        work.session.execute(change.values(state=state.value, trace={}, problems=[]), execution_options=BULK)
    if len(plain) < len(outcomes):
        _write_said(work, mine, [one for one in outcomes if one.trace or one.problem is not None])
    for name, count in Counter(one.state.value for one in outcomes).items():
        setattr(batch, name, getattr(batch, name) + count)
    batch.reached, batch.touched_at = tasks[-1].number, work.now()
    work.session.flush()


def _write_said(work: Work, mine: Sequence[Any], outcomes: Sequence[Outcome]) -> None:
    """Outcomes that say something, each in its own row."""
    said = [
        {
            "number": one.number,
            "state": one.state.value,
            "trace": dict(one.trace),
            "problems": [_plain_problem(one.problem)] if one.problem else [],
        }
        for one in outcomes
    ]
    columns = (column("number", BigInteger), column("state", Text), column("trace", JSONB), column("problems", JSONB))
    given = func.jsonb_to_recordset(cast(said, JSONB)).table_valued(*columns).render_derived(with_types=True)
    change = update(ImportRow).where(*mine, ImportRow.number == given.c.number)
    values = {"state": given.c.state, "trace": given.c.trace, "problems": given.c.problems}
    work.session.execute(change.values(values), execution_options=BULK)
