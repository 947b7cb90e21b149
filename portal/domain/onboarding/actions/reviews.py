"""The platform's side: approve, ask for more, refuse. Each decision is about one revision and is made once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.identity.models import Person
from portal.domain.onboarding import rules
from portal.domain.onboarding.access import access_application
from portal.domain.onboarding.errors import AlreadyDecided, RegionTaken
from portal.domain.onboarding.events import ApplicationApproved, ApplicationRefused, InformationAsked
from portal.domain.onboarding.models import ApplicationRow, DocumentRow, PaperRow, ProfileRow, RevisionRow
from portal.domain.onboarding.values import FIELDS, ApplicationState, DocumentKind
from portal.domain.tenants.actions import merchants
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import Kind, MerchantState
from portal.kernel.lines import clean_text
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Denied, NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

REASON_MOST = 500
NOTE_MOST = 200
ASKABLE = frozenset({*FIELDS, "bank_number", *(kind.value for kind in DocumentKind)})


def approve(work: Work, application_id: UUID, *, revision_id: UUID) -> UUID:
    """Let the merchant in as this revision describes it; returns the merchant's id.

    Refuses a revision that is decided or not the latest, one's own application, and a region that has a centre.
    """
    row, revision = _undecided(work, application_id, revision_id)
    kind = Kind(row.kind)
    if kind is Kind.REGION:
        _refuse_overlap(work, revision.region_code)
    merchant_id = merchants.found(
        work,
        kind=kind,
        name=revision.name,
        owner_id=row.person_id,
        region_code=revision.region_code,
        category_id=revision.category_id,
    )
    _decide(work, row, revision, ApplicationState.APPROVED, merchant_id=merchant_id)
    _take_over(work, revision, merchant_id)
    work.publish(ApplicationApproved(row.id, row.person_id, merchant_id, revision.name, kind))
    return merchant_id


def ask(work: Work, application_id: UUID, *, revision_id: UUID, notes: Mapping[str, str], reason: str = "") -> None:
    """Ask for more: notes by field or document, and a general word. Refuses when nothing is asked."""
    row, revision = _undecided(work, application_id, revision_id)
    asked = {
        name: clean_text(note, field=name, most=NOTE_MOST)
        for name, note in notes.items()
        if name in ASKABLE and note.strip()
    }
    why = clean_text(reason, field="reason", most=REASON_MOST, required=False)
    if not asked and not why:
        raise Refusal(say("请写明需要补充什么：可以按项目写，也可以写在总的说明里。"), field="reason")
    _decide(work, row, revision, ApplicationState.MORE_INFORMATION, reason=why, asked=asked)
    work.publish(InformationAsked(row.id, row.person_id, revision.name))


def refuse(work: Work, application_id: UUID, *, revision_id: UUID, reason: str) -> None:
    """Refuse it for good, with a reason the applicant reads."""
    row, revision = _undecided(work, application_id, revision_id)
    why = clean_text(reason, field="reason", most=REASON_MOST)
    _decide(work, row, revision, ApplicationState.REFUSED, reason=why)
    work.publish(ApplicationRefused(row.id, row.person_id, revision.name, why))


def _undecided(work: Work, application_id: UUID, revision_id: UUID) -> tuple[ApplicationRow, RevisionRow]:
    """The application, locked, and its latest revision, which must be the one the reviewer has read."""
    work.require(Permission.APPLICATION_REVIEW)
    row = access_application(work, application_id, lock=True)
    if row.person_id == work.person_id:
        raise Denied(say("不能审核自己的申请，请交给其他审核员。"))
    query = select(RevisionRow).where(RevisionRow.application_id == row.id)
    revision = work.session.execute(query.where(RevisionRow.id == revision_id)).scalar()
    if revision is None:
        raise NotFound
    if revision.decision is not None:
        raise _decided(work, revision)
    if row.state == ApplicationState.WITHDRAWN or revision.number != row.revision:
        raise Conflict(say("申请人已经撤回或重新提交，请刷新页面看最新内容。"))
    rules.check_move(ApplicationState(row.state), ApplicationState.APPROVED)
    return row, revision


def _decided(work: Work, revision: RevisionRow) -> AlreadyDecided:
    assert revision.decided_at is not None
    assert revision.decision is not None
    name = work.session.execute(select(Person.name).where(Person.id == revision.decided_by)).scalar()
    return AlreadyDecided(name or "", revision.decided_at, ApplicationState(revision.decision))


def _decide(
    work: Work,
    row: ApplicationRow,
    revision: RevisionRow,
    decision: ApplicationState,
    *,
    reason: str = "",
    asked: Mapping[str, str] | None = None,
    merchant_id: UUID | None = None,
) -> None:
    row.state, row.merchant_id = decision.value, merchant_id
    revision.decision, revision.decided_at, revision.decided_by = decision.value, work.now(), work.person_id
    revision.reason, revision.asked = reason or None, dict(asked) if asked else None
    work.session.flush()
    work.audit(f"application.{decision.value}", "application", row.id, about=merchant_id, revision=revision.number)


def _refuse_overlap(work: Work, region_code: str) -> None:
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"region/{region_code}"))))
    taken = work.session.execute(
        select(Merchant.name)
        .join(ProfileRow, ProfileRow.merchant_id == Merchant.id)
        .where(Merchant.kind == Kind.REGION.value, Merchant.state != MerchantState.CLOSED.value)
        .where(ProfileRow.region_code == region_code)
    ).scalar()
    if taken is not None:
        raise RegionTaken(taken)


def _take_over(work: Work, revision: RevisionRow, merchant_id: UUID) -> None:
    """The revision's data become the merchant's data in force, its documents the merchant's papers."""
    number = select(RevisionRow.bank_number).where(RevisionRow.id == revision.id)
    profile = ProfileRow(
        merchant_id=merchant_id, since=work.now(), bank_number=work.session.execute(number).scalar_one()
    )
    profile.fill(revision.particulars)
    work.session.add(profile)
    wanted = [UUID(text) for text in revision.document_ids]
    documents = select(DocumentRow).where(
        DocumentRow.application_id == revision.application_id, DocumentRow.id.in_(wanted)
    )
    for document in work.session.execute(documents.order_by(DocumentRow.id)).scalars():
        work.session.add(
            PaperRow(
                merchant_id=merchant_id,
                kind=document.kind,
                stored=document.stored,
                suffix=document.suffix,
                size=document.size,
                uploaded_at=document.uploaded_at,
            )
        )
