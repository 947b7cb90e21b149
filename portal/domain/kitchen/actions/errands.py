"""What the worker carries to printers, and what is written down when they answer, refuse or say nothing.

`take` is committed before the paper is handed over: whoever finds it taken never hands it over again. So a paper comes
out once, or people are told that nobody knows. The handing over itself happens between two Works.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.kitchen.actions.health import device_of
from portal.domain.kitchen.actions.papers import held
from portal.domain.kitchen.actions.pulse import beat
from portal.domain.kitchen.events import PaperUncertain
from portal.domain.kitchen.models import PrinterRow, PrintJob
from portal.domain.kitchen.rules import times
from portal.domain.kitchen.rules.layout import unpacked
from portal.domain.kitchen.values import (
    JOB_MOVES,
    TROUBLE,
    Answer,
    Errand,
    JobState,
    Said,
    Why,
)
from portal.kernel import faults
from portal.kernel.permissions import Permission
from portal.kernel.sealing import Seal
from portal.kernel.work import Work

CARRY: Final = Permission.KITCHEN_COOK
MOST: Final = 100
J = JobState


def take(work: Work, job_id: UUID, seal: Seal) -> Errand | None:
    """Take a queued paper to be printed now; None when it is not to be printed (any more, or yet)."""
    work.require(CARRY)
    row = held(work, job_id)
    if row.state != J.QUEUED:
        return None
    printer = _printer(work, row)
    if printer is None:
        _move(work, row, J.REFUSED, Why.GONE)
        return None
    row.tried, row.sent_at = row.tried + 1, work.now()
    _move(work, row, J.SENDING, Why.NONE, ask_at=work.now() + times.LOST)
    faults.point(work, "kitchen.take.written")
    return _errand(row, printer, seal)


def question(work: Work, job_id: UUID, seal: Seal) -> Errand | None:
    """What to ask about a paper that a cloud has, or may have; None when there is nothing to ask.

    A paper that was taken and of which no worker told anything is uncertain from now on.
    """
    work.require(CARRY)
    row = held(work, job_id)
    if row.ask_at is None or row.ask_at > work.now():
        return None
    if row.state == J.SENDING:
        _move(work, row, J.UNCERTAIN, Why.LOST, ask_at=work.now() + times.ask(0))
    if row.state not in (J.SUBMITTED, J.UNCERTAIN):
        return None
    printer = _printer(work, row)
    if printer is None:
        row.ask_at = None
        return None
    return _errand(row, printer, seal)


def told(work: Work, job_id: UUID, answer: Answer) -> None:
    """The answer to handing it over."""
    work.require(CARRY)
    row = held(work, job_id)
    faults.point(work, "kitchen.told.checked")
    row.vendor_no = answer.number[:64] or row.vendor_no
    match answer.said:
        case Said.PRINTED:
            _move(work, row, J.PRINTED, Why.NONE)
        case Said.SUBMITTED:
            _move(work, row, J.SUBMITTED, Why.NONE, ask_at=work.now() + times.ask(0))
        case Said.UNKNOWN:
            _move(work, row, J.UNCERTAIN, answer.why or Why.SILENT, ask_at=work.now() + times.ask(0))
        case Said.REFUSED if row.spare_id is not None and answer.why is not Why.CONTENT and _fall_back(work, row):
            return
        case Said.REFUSED if answer.passing and work.now() - row.made_at < times.TRIES_FOR:
            _wait(work, row, answer.why)
        case Said.REFUSED:
            _move(work, row, J.REFUSED, answer.why)


def answered(work: Work, job_id: UUID, answer: Answer) -> None:
    """The answer to a question about it. Only a word of the printer's moves it; silence never does."""
    work.require(CARRY)
    row = held(work, job_id)
    if row.state not in (J.SUBMITTED, J.UNCERTAIN):
        return
    row.vendor_no = answer.number[:64] or row.vendor_no
    row.asked = min(row.asked + 1, 30_000)
    again = work.now() + times.ask(row.asked) if work.now() - row.made_at < times.ASKED_FOR else None
    if answer.said is Said.PRINTED:
        _move(work, row, J.PRINTED, Why.NONE)
    elif row.state == J.SUBMITTED and work.now() - (row.sent_at or row.made_at) > times.LATE:
        _move(work, row, J.UNCERTAIN, answer.why or Why.LATE, ask_at=again)
    else:
        row.ask_at = again
        _call(work, row)


def _wait(work: Work, row: PrintJob, why: Why) -> None:
    """Nothing was printed: the same paper is tried again a little later."""
    if J.QUEUED not in JOB_MOVES[J(row.state)]:
        return
    at = work.now() + times.again(row.tried)
    row.state, row.why, row.changed_at, row.ask_at = J.QUEUED.value, why.value, work.now(), at + times.PICKED_UP
    work.enqueue("kitchen.print", at=at, lock=f"printer-{row.printer_id}", job=row.id)


def _fall_back(work: Work, row: PrintJob) -> bool:
    """Nothing came out of its printer, which has clearly said so: the station's spare one prints it, once."""
    query = select(PrinterRow.id).where(
        PrinterRow.merchant_id == row.merchant_id, PrinterRow.id == row.spare_id, PrinterRow.active
    )
    spare, row.spare_id = work.session.scalars(query).one_or_none(), None
    if spare is None or J.QUEUED not in JOB_MOVES[J(row.state)]:
        return False
    row.printer_id, row.vendor_no, row.tried = spare, "", 0
    row.state, row.why = J.QUEUED.value, Why.NONE.value
    row.changed_at, row.ask_at = work.now(), work.now() + times.PICKED_UP
    work.enqueue("kitchen.print", lock=f"printer-{spare}", job=row.id)
    return True


def _move(work: Work, row: PrintJob, to: JobState, why: Why, *, ask_at: datetime | None = None) -> None:
    """Where that is a move; what people have decided meanwhile stays."""
    if to not in JOB_MOVES[J(row.state)]:
        return
    row.state, row.why, row.ask_at, row.changed_at = to.value, why.value, ask_at, work.now()
    if to in (J.SUBMITTED, J.UNCERTAIN):
        _call(work, row)
    if to is J.UNCERTAIN:
        work.publish(PaperUncertain(row.merchant_id, row.store_id, row.id, row.title))
    if to in TROUBLE:
        beat(work, row.merchant_id, row.store_id)


def _call(work: Work, row: PrintJob) -> None:
    if row.ask_at is not None:
        work.enqueue("kitchen.ask", at=row.ask_at, job=row.id)


def _printer(work: Work, row: PrintJob) -> PrinterRow | None:
    query = select(PrinterRow).where(
        PrinterRow.merchant_id == row.merchant_id, PrinterRow.id == row.printer_id, PrinterRow.active
    )
    return work.session.scalars(query).one_or_none()


def _errand(row: PrintJob, printer: PrinterRow, seal: Seal) -> Errand:
    device = device_of(printer, seal, buzzer=row.kind == "slip")
    return Errand(row.id, printer.id, device, unpacked(row.lines), row.id.hex, row.vendor_no, J(row.state))


def overdue(work: Work) -> tuple[int, list[UUID]]:
    """Papers whose job was lost: how many were queued again, each behind its printer's others, and those to be asked
    about.
    """
    work.require(CARRY)
    query = select(PrintJob).where(PrintJob.ask_at <= work.now()).order_by(PrintJob.ask_at).limit(MOST)
    found = list(work.session.scalars(query.with_for_update(skip_locked=True)))
    queued = [one for one in found if one.state == J.QUEUED]
    for row in queued:
        row.ask_at = work.now() + times.LOOKED_FOR
        work.enqueue("kitchen.print", lock=f"printer-{row.printer_id}", job=row.id)
    return len(queued), [one.id for one in found if one.state != J.QUEUED]
