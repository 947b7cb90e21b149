"""The applicant's side: start, save, attach, submit, withdraw. A draft keeps whatever was typed; submitting checks."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.onboarding import rules
from portal.domain.onboarding.access import access_application, access_document
from portal.domain.onboarding.errors import Incomplete, NotEditable, TooManyOpen, Unchanged
from portal.domain.onboarding.events import ApplicationSubmitted
from portal.domain.onboarding.models import ApplicationRow, DocumentRow, RevisionRow
from portal.domain.onboarding.values import (
    DOCUMENTS_MOST,
    EDITABLE,
    OPEN,
    ApplicationState,
    DocumentKind,
    Particulars,
)
from portal.domain.reference import queries as reference
from portal.domain.reference.values import OPEN_APPLICATIONS, Purpose
from portal.domain.tenants.values import Kind
from portal.kernel import pictures
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.storage import Storage
from portal.kernel.words import say
from portal.kernel.work import Work


def start(work: Work, kind: Kind, *, like: UUID | None = None) -> UUID:
    """A new draft, empty or with what an earlier application of one's own (`like`) said. Returns its id.

    Refuses more open applications at a time than the operator allows.
    """
    work.require(Permission.APPLICATION_APPLY)
    mine = ApplicationRow.person_id == work.person_id
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"applications/{work.person_id}"))))
    most = reference.value_of(work, OPEN_APPLICATIONS)
    count = select(func.count()).select_from(ApplicationRow).where(mine, ApplicationRow.state.in_(OPEN))
    if (work.session.execute(count).scalar() or 0) >= most:
        raise TooManyOpen(most)
    row = ApplicationRow(
        person_id=work.person_id,
        kind=kind.value,
        state=ApplicationState.DRAFT.value,
        revision=0,
        created_at=work.now(),
        saved_at=work.now(),
        bank_number="",
    )
    row.fill(Particulars())
    work.session.add(row)
    if like is not None:
        _copy(work, like, row)
    work.session.flush()
    work.audit("application.started", "application", row.id, kind=kind.value)
    return row.id


def save(work: Work, application_id: UUID, particulars: Particulars, *, bank_number: str = "") -> None:
    """Keep what was typed, finished or not; an empty bank number keeps the one that is there.

    Refuses hidden signs, more than a field holds, and an application that is not in the applicant's hands.
    """
    row = _editable(work, application_id)
    _check_category(work, Kind(row.kind), particulars.category_id)
    if bank_number := rules.tidy_bank_number(bank_number):
        row.bank_number, row.bank_last4 = bank_number, bank_number[-4:]
    row.fill(replace(rules.tidy(particulars), bank_last4=row.bank_last4))
    row.saved_at = work.now()
    work.audit("application.saved", "application", row.id)


def attach(work: Work, storage: Storage, application_id: UUID, *, kind: DocumentKind, content: bytes) -> UUID:
    """Keep a document, drawn anew. Refuses what is neither picture nor PDF, and more than twelve."""
    row = _editable(work, application_id)
    if len(_attached(work, row)) >= DOCUMENTS_MOST:
        raise Refusal(say("最多上传 %(most)s 份资料，请先删除不需要的。", most=DOCUMENTS_MOST), field="file")
    document = pictures.read_document(content, field="file")
    kept = DocumentRow(
        person_id=row.person_id,
        application_id=row.id,
        kind=kind.value,
        stored=storage.put(document.content, document.suffix),
        suffix=document.suffix,
        size=len(document.content),
        uploaded_at=work.now(),
    )
    work.session.add(kept)
    row.saved_at = work.now()
    work.session.flush()
    work.audit("application.document_added", "application", row.id, document=kept.id, kind=kind.value)
    return kept.id


def detach(work: Work, application_id: UUID, document_id: UUID) -> None:
    """Leave a document out of the next submission; earlier revisions keep it. Twice is once."""
    row = _editable(work, application_id)
    document = access_document(work, application_id, document_id, lock=True)
    if document.removed_at is None:
        document.removed_at = row.saved_at = work.now()
        work.audit("application.document_removed", "application", row.id, document=document.id)


def submit(work: Work, application_id: UUID, *, demo: bool) -> UUID:
    """Hand a frozen revision to the platform; returns its id.

    Refuses what is incomplete, what was changed in nothing since the last time, and what is under review already.
    """
    row = _editable(work, application_id)
    documents = _attached(work, row)
    number = _bank_number(work, row.id)
    kinds = {DocumentKind(document.kind) for document in documents}
    missing = rules.problems(Kind(row.kind), row.particulars, number, kinds, demo=demo)
    if missing:
        raise Incomplete(len(missing))
    _refuse_same(work, row, number, [str(document.id) for document in documents])
    row.state, row.submitted_at, row.revision = ApplicationState.SUBMITTED.value, work.now(), row.revision + 1
    revision = RevisionRow(
        person_id=row.person_id,
        application_id=row.id,
        number=row.revision,
        submitted_at=work.now(),
        document_ids=[str(document.id) for document in documents],
        bank_number=number,
    )
    revision.fill(row.particulars)
    work.session.add(revision)
    work.session.flush()
    work.audit("application.submitted", "application", row.id, revision=row.revision)
    work.publish(ApplicationSubmitted(row.id, row.person_id, Kind(row.kind), row.name, row.revision))
    return revision.id


def withdraw(work: Work, application_id: UUID) -> None:
    """Take it back for good. Refuses what was decided; withdrawing twice is once."""
    work.require(Permission.APPLICATION_APPLY)
    row = access_application(work, application_id, lock=True)
    if row.state == ApplicationState.WITHDRAWN:
        return
    rules.check_move(ApplicationState(row.state), ApplicationState.WITHDRAWN)
    row.state = ApplicationState.WITHDRAWN.value
    work.audit("application.withdrawn", "application", row.id)


def _editable(work: Work, application_id: UUID) -> ApplicationRow:
    work.require(Permission.APPLICATION_APPLY)
    row = access_application(work, application_id, lock=True)
    if row.state not in EDITABLE:
        raise NotEditable
    return row


def _check_category(work: Work, kind: Kind, category_id: UUID | None) -> None:
    purpose = Purpose.GOODS if kind is Kind.SUPPLIER else Purpose.STORES
    if category_id is not None and category_id not in {one.id for one in reference.categories(work, purpose)}:
        raise Refusal(say("请从列表里选一个类目。"), field="category_id")


def _attached(work: Work, row: ApplicationRow) -> list[DocumentRow]:
    query = select(DocumentRow).where(DocumentRow.application_id == row.id, DocumentRow.removed_at.is_(None))
    return list(work.session.execute(query.order_by(DocumentRow.id)).scalars())


def _bank_number(work: Work, application_id: UUID) -> str:
    work.session.flush()
    number = select(ApplicationRow.bank_number).where(ApplicationRow.id == application_id)
    return work.session.execute(number).scalar_one()


def _refuse_same(work: Work, row: ApplicationRow, bank_number: str, document_ids: list[str]) -> None:
    query = select(RevisionRow, RevisionRow.bank_number).where(RevisionRow.application_id == row.id)
    last = work.session.execute(query.order_by(RevisionRow.number.desc()).limit(1)).one_or_none()
    if last is None:
        return
    revision, number = last
    same = (revision.particulars, number, revision.document_ids) == (row.particulars, bank_number, document_ids)
    if same:
        raise Unchanged


def _copy(work: Work, like: UUID, row: ApplicationRow) -> None:
    earlier = access_application(work, like)
    row.fill(earlier.particulars)
    row.bank_number = _bank_number(work, earlier.id)
    if row.kind != earlier.kind:
        row.category_id, row.region_code = None, ""
    work.session.flush()
    for document in _attached(work, earlier):
        work.session.add(
            DocumentRow(
                person_id=row.person_id,
                application_id=row.id,
                kind=document.kind,
                stored=document.stored,
                suffix=document.suffix,
                size=document.size,
                uploaded_at=document.uploaded_at,
            )
        )
