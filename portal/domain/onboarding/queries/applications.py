"""Applications for their applicant and for the reviewer, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, and_, func, or_, select

from portal.domain.identity.models import Person
from portal.domain.onboarding import rules
from portal.domain.onboarding.access import access_application, access_document
from portal.domain.onboarding.models import ApplicationRow, ChangeRow, DocumentRow, ProfileRow, RevisionRow
from portal.domain.onboarding.values import (
    Application,
    ApplicationLine,
    ApplicationState,
    ChangeState,
    DocumentKind,
    DocumentShown,
    Filed,
    Problem,
    ReviewCounts,
    Revision,
)
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import Kind
from portal.kernel import phones
from portal.kernel.work import Work

PAGE = 30
WAITING = (ApplicationState.SUBMITTED.value, ApplicationState.MORE_INFORMATION.value)


def application(work: Work, application_id: UUID) -> Application:
    """One with everything that was submitted and decided. NotFound when it is out of sight."""
    row = access_application(work, application_id)
    documents = {document.id: document for document in _documents(work, row.id)}
    revisions = work.session.execute(
        select(RevisionRow).where(RevisionRow.application_id == row.id).order_by(RevisionRow.number)
    ).scalars()
    return Application(
        id=row.id,
        person_id=row.person_id,
        kind=Kind(row.kind),
        state=ApplicationState(row.state),
        particulars=row.particulars,
        documents=tuple(document for document in documents.values() if not document.removed),
        created_at=row.created_at,
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        merchant_id=row.merchant_id,
        revisions=tuple(_revision(revision, documents) for revision in revisions),
    )


def _documents(work: Work, application_id: UUID) -> list[DocumentShown]:
    rows = work.session.execute(
        select(DocumentRow).where(DocumentRow.application_id == application_id).order_by(DocumentRow.id)
    ).scalars()
    return [
        DocumentShown(row.id, DocumentKind(row.kind), row.suffix, row.size, row.uploaded_at, row.removed_at is not None)
        for row in rows
    ]


def _revision(row: RevisionRow, documents: Mapping[UUID, DocumentShown]) -> Revision:
    named = [UUID(text) for text in row.document_ids]
    return Revision(
        id=row.id,
        number=row.number,
        submitted_at=row.submitted_at,
        particulars=row.particulars,
        documents=tuple(documents[document_id] for document_id in named if document_id in documents),
        decision=ApplicationState(row.decision) if row.decision else None,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason or "",
        asked=row.asked or {},
    )


def missing(work: Work, application: Application, *, demo: bool) -> tuple[Problem, ...]:
    """What stands between this application of one's own and its submission."""
    number = work.session.execute(
        select(ApplicationRow.bank_number).where(ApplicationRow.id == application.id)
    ).scalar_one()
    kinds = {document.kind for document in application.documents}
    return rules.problems(application.kind, application.particulars, number, kinds, demo=demo)


def mine(work: Work) -> tuple[ApplicationLine, ...]:
    """The applicant's own, the latest first."""
    rows = work.session.execute(
        select(ApplicationRow)
        .where(ApplicationRow.person_id == work.person_id)
        .order_by(ApplicationRow.id.desc())
        .limit(50)
    ).scalars()
    return tuple(_line(row) for row in rows)


def _line(row: ApplicationRow, applicant: str = "", phone: str = "") -> ApplicationLine:
    return ApplicationLine(
        id=row.id,
        kind=Kind(row.kind),
        state=ApplicationState(row.state),
        name=row.name,
        legal_name=row.legal_name,
        revision=row.revision,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        applicant=applicant,
        phone_masked=phones.mask(phone),
    )


def queue(
    work: Work,
    *,
    state: ApplicationState | None = ApplicationState.SUBMITTED,
    kind: Kind | None = None,
    waiting_days: int = 0,
    words: str = "",
    after: tuple[Any, UUID] | None = None,
) -> tuple[tuple[ApplicationLine, ...], bool]:
    """A page of what was ever submitted, longest waiting first; and whether there is more. Drafts are not shown."""
    query = (
        select(ApplicationRow, Person.name, Person.phone)
        .join(Person, Person.id == ApplicationRow.person_id)
        .where(ApplicationRow.submitted_at.is_not(None))
        .order_by(ApplicationRow.submitted_at, ApplicationRow.id)
        .limit(PAGE + 1)
    )
    if state is not None:
        query = query.where(ApplicationRow.state == state.value)
    if kind is not None:
        query = query.where(ApplicationRow.kind == kind.value)
    if waiting_days:
        query = query.where(ApplicationRow.submitted_at < work.now() - timedelta(days=waiting_days))
    if words:
        query = query.where(_says(words))
    if after is not None:
        moment, last_id = after
        later = and_(ApplicationRow.submitted_at == moment, ApplicationRow.id > last_id)
        query = query.where(or_(ApplicationRow.submitted_at > moment, later))
    rows = work.session.execute(query).all()
    lines = tuple(_line(row, name, phone or "") for row, name, phone in rows[:PAGE])
    return lines, len(rows) > PAGE


def _says(words: str) -> Any:
    like = f"%{words.replace('%', '').replace('_', '')}%"
    return or_(
        ApplicationRow.name.ilike(like),
        ApplicationRow.legal_name.ilike(like),
        ApplicationRow.licence_number == rules.tidy_number(words),
    )


def counts_by_state(work: Work) -> dict[ApplicationState, int]:
    """How many applications stand where, drafts aside."""
    rows = work.session.execute(
        select(ApplicationRow.state, func.count())
        .where(ApplicationRow.submitted_at.is_not(None))
        .group_by(ApplicationRow.state)
    )
    return {ApplicationState(state): count for state, count in rows}


def review_counts(work: Work) -> ReviewCounts:
    """What waits for a reviewer now."""
    row = work.session.execute(select(*waiting())).one()
    return ReviewCounts(row[0], row[1])


def waiting() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """The same two figures as parts of another question."""
    applications = select(func.count()).where(ApplicationRow.state == ApplicationState.SUBMITTED.value)
    changes = select(func.count()).where(ChangeRow.state == ChangeState.PENDING.value)
    return applications.scalar_subquery(), changes.scalar_subquery()


def same_licence(work: Work, application: Application) -> tuple[tuple[str, str], ...]:
    """(what, name) of other merchants and open applications with the same licence: a hint, not a refusal."""
    number = application.particulars.licence_number
    if not number:
        return ()
    merchants = (
        select(Merchant.name)
        .join(ProfileRow, ProfileRow.merchant_id == Merchant.id)
        .where(ProfileRow.licence_number == number)
    )
    if application.merchant_id is not None:
        merchants = merchants.where(Merchant.id != application.merchant_id)
    others = select(ApplicationRow.name).where(
        ApplicationRow.licence_number == number,
        ApplicationRow.id != application.id,
        ApplicationRow.state.in_(WAITING),
    )
    found = [("merchant", name) for name in work.session.execute(merchants.limit(5)).scalars()]
    return (*found, *(("application", name) for name in work.session.execute(others.limit(5)).scalars()))


def people(work: Work, person_ids: Sequence[UUID | None]) -> dict[UUID, str]:
    """Names by person, for the platform's pages."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    rows = work.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return dict(rows.all())


def person_line(work: Work, person_id: UUID) -> tuple[str, str]:
    """Name and masked phone of an applicant, for the platform."""
    row = work.session.execute(select(Person.name, Person.phone).where(Person.id == person_id)).one_or_none()
    return (row.name, phones.mask(row.phone or "")) if row else ("", "")


def filed(work: Work, application_id: UUID, document_id: UUID) -> Filed:
    """Where the content of a document lies. NotFound when it is out of sight."""
    row = access_document(work, application_id, document_id)
    return Filed(row.stored, row.suffix, DocumentKind(row.kind))
