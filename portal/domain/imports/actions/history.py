"""Past orders from rows, put away in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from portal.domain.archive import actions as archive
from portal.domain.archive.values import Mark, PastLine
from portal.domain.imports.actions.seen import seen
from portal.domain.imports.rules import history as rules
from portal.domain.imports.values import Checked, Outcome, RowState, Task, Verdict
from portal.kernel.words import say
from portal.kernel.work import Work

MOST_AMOUNT = 10**12
"""Of a line: a file of such lines still adds up to what a total can hold."""


def check(work: Work, batch_id: UUID, rows: Sequence[Checked]) -> None:
    """Give each row its verdict. A line that stands twice in the file is kept twice and marked; one that an earlier
    import brought is the same.
    """
    lines = [(row, rules.check(row)) for row in rows]
    digests = [row.key for row in rows]
    before, brought = set(seen(work, batch_id, digests)), archive.known(work, digests, but=batch_id)
    for row, line in lines:
        if line is None:
            continue
        if abs(line.amount) >= MOST_AMOUNT:
            row.wrong("unit_price", say("单价乘数量太大，请核对这一行。"))
            continue
        if row.key in brought:
            row.verdict = Verdict.SAME
            continue
        if row.key in before:
            line = replace(line, marks=(*line.marks, Mark.TWICE))
        before.add(row.key)
        row.facts = line.kept()


def apply(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:
    """Put them away."""
    archive.put_away(work, batch_id, [PastLine.of(task.number, task.facts) for task in tasks])
    return [Outcome(task.number, RowState.DONE) for task in tasks]


def undo(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:
    """Take them out."""
    archive.take_out(work, batch_id, [task.number for task in tasks])
    return [Outcome(task.number, RowState.UNDONE) for task in tasks]
