"""Papers: queued once in the transaction of what they tell of; printed again by a person's act alone, marked 补打."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.kitchen import errors
from portal.domain.kitchen.access import access_job, access_printer
from portal.domain.kitchen.actions.pulse import beat, house
from portal.domain.kitchen.models import PrinterRow, PrintJob
from portal.domain.kitchen.rules import slips, times
from portal.domain.kitchen.rules.layout import packed, unpacked
from portal.domain.kitchen.values import JOB_MOVES, TROUBLE, JobState, Line, Why
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

ACT: Final = Permission.KITCHEN_VIEW
"""Whoever sees the papers may print one again: clerks, cooks, managers."""
MOST_TITLE: Final = 80
J = JobState


def put_on_paper(
    work: Work,
    *,
    store_id: UUID,
    printer_id: UUID,
    kind: str,
    title: str,
    lines: Sequence[Line],
    about: tuple[str, UUID] | None = None,
    copy_of: UUID | None = None,
    spare_id: UUID | None = None,
) -> UUID:
    """Queue a paper that exists only if this Work commits. On the worker's face of the merchant."""
    now = work.now()
    job = PrintJob(
        merchant_id=work.merchant_id,
        id=new_id(),
        store_id=store_id,
        printer_id=printer_id,
        kind=kind,
        title=title[:MOST_TITLE],
        lines=packed(lines),
        about_type=about[0] if about else "",
        about_id=about[1] if about else None,
        copy_of=copy_of,
        spare_id=spare_id,
        state=J.QUEUED.value,
        why="",
        vendor_no="",
        tried=0,
        asked=0,
        made_at=now,
        made_by=work.actor.person_id,
        ask_at=now + times.PICKED_UP,
        changed_at=now,
    )
    work.session.add(job)
    work.session.flush()
    work.enqueue("kitchen.print", lock=f"printer-{printer_id}", job=job.id)
    return job.id


def print_paper(
    work: Work,
    *,
    merchant_id: UUID,
    store_id: UUID,
    title: str,
    lines: Sequence[Line],
    about: tuple[str, UUID],
    printer_id: UUID | None = None,
    again: bool = False,
) -> UUID:
    """Print any paper on the store's receipt printer, or on the one named; returns its job.

    `again` marks it 补打 (the caller knows that it was printed before). Refuses NoPrinter. For features below that have
    checked right and reach: this borrows the worker's face.
    """
    with borrowed(work, house(merchant_id)):
        found = printer_id or receipt_printer(work, merchant_id, store_id)
        if found is None:
            raise errors.NoPrinter
        body = slips.copied(lines, work.now()) if again else lines
        return put_on_paper(
            work, store_id=store_id, printer_id=found, kind="paper", title=title, lines=body, about=about
        )


def receipt_printer(work: Work, merchant_id: UUID, store_id: UUID) -> UUID | None:
    """Where customers' papers come out; None when the store has no such printer."""
    query = select(PrinterRow.id).where(
        PrinterRow.merchant_id == merchant_id,
        PrinterRow.store_id == store_id,
        PrinterRow.active,
        PrinterRow.receipts,
    )
    return work.session.scalars(query.order_by(PrinterRow.name).limit(1)).one_or_none()


def test_print(work: Work, printer_id: UUID) -> UUID:
    """A test page; its job."""
    printer = access_printer(work, printer_id, Permission.PRINTER_EDIT)
    lines = slips.test_page(printer.name, work.now())
    with borrowed(work, house(printer.merchant_id)):
        title = str(slips.TEST)
        job_id = put_on_paper(
            work, store_id=printer.store_id, printer_id=printer.id, kind="test", title=title, lines=lines
        )
    work.audit("printer.tested", "printer", printer_id, job=job_id)
    return job_id


def reprint(work: Work, job_id: UUID, *, printer_id: UUID | None = None) -> UUID:
    """补打: the same paper once more, marked, on its printer or another one of the store; the new job.

    What was uncertain or refused is dealt with by it. Refuses PaperMoved while the first is on its way.
    """
    job = access_job(work, job_id, ACT)
    to = access_printer(work, printer_id or job.printer_id, ACT)
    if to.store_id != job.store_id:
        raise errors.PaperMoved
    with borrowed(work, house(job.merchant_id)):
        row = held(work, job_id)
        if row.state in (J.QUEUED, J.SENDING):
            raise errors.PaperMoved
        if row.state in TROUBLE:
            settle_row(work, row, J.DROPPED)
        original = row.copy_of or row.id
        whole = unpacked(row.lines)
        lines = whole if row.copy_of else slips.copied(whole, work.now())
        copy = put_on_paper(
            work,
            store_id=row.store_id,
            printer_id=to.id,
            kind=row.kind,
            title=row.title,
            lines=lines,
            about=(row.about_type, row.about_id) if row.about_id else None,
            copy_of=original,
        )
        beat(work, row.merchant_id, row.store_id)
    work.audit("paper.reprinted", "print_job", copy, of=original)
    return copy


def settle(work: Work, job_id: UUID, *, printed: bool) -> None:
    """A person has looked: it is on paper, or it is not needed any more. Refuses PaperMoved."""
    job = access_job(work, job_id, ACT)
    with borrowed(work, house(job.merchant_id)):
        row = held(work, job_id)
        if row.state not in TROUBLE:
            raise errors.PaperMoved
        settle_row(work, row, J.PRINTED if printed and row.state == J.UNCERTAIN else J.DROPPED)
        beat(work, row.merchant_id, row.store_id)
    work.audit("paper.settled", "print_job", job_id, printed=printed)


def try_again(work: Work, job_id: UUID) -> None:
    """Send a paper of which the printer clearly said that it printed nothing. Refuses PaperMoved."""
    job = access_job(work, job_id, ACT)
    with borrowed(work, house(job.merchant_id)):
        row = held(work, job_id)
        if row.state != J.REFUSED:
            raise errors.PaperMoved
        row.state, row.why, row.tried = J.QUEUED.value, Why.NONE.value, 0
        row.changed_at, row.ask_at = work.now(), work.now() + times.PICKED_UP
        work.enqueue("kitchen.print", lock=f"printer-{row.printer_id}", job=row.id)
        beat(work, row.merchant_id, row.store_id)
    work.audit("paper.sent_again", "print_job", job_id)


def held(work: Work, job_id: UUID) -> PrintJob:
    """The paper's row, locked. On the worker's face. Raises NotFound."""
    query = select(PrintJob).where(PrintJob.id == job_id).with_for_update()
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def settle_row(work: Work, row: PrintJob, to: JobState) -> None:
    """Move a paper; PaperMoved when that is no move."""
    if to not in JOB_MOVES[J(row.state)]:
        raise errors.PaperMoved
    row.state, row.settled_by = to.value, work.actor.person_id
    row.ask_at, row.changed_at = None, work.now()
