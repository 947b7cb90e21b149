"""Changes of a merchant's vital data: the owner proposes, the platform decides, the old data are in force meanwhile."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, update

from portal.domain.identity.models import Person
from portal.domain.onboarding import rules
from portal.domain.onboarding.access import access_change, access_profile
from portal.domain.onboarding.errors import AlreadyDecided
from portal.domain.onboarding.events import ProfileChangeDecided, ProfileChangeProposed
from portal.domain.onboarding.models import ChangeRow, PaperRow
from portal.domain.onboarding.values import (
    VITAL,
    ApplicationState,
    ChangeState,
    DocumentKind,
    Particulars,
    Problem,
)
from portal.domain.tenants.access import access_merchant
from portal.domain.tenants.actions import merchants
from portal.domain.tenants.values import Kind
from portal.kernel import pictures
from portal.kernel.lines import clean_text
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Denied, Refusal
from portal.kernel.storage import Storage
from portal.kernel.words import say
from portal.kernel.work import Work

NOTE_MOST = 300
REASON_MOST = 500


def set_contact(work: Work, *, contact_name: str, contact_phone: str, demo: bool) -> None:
    """Whom the platform calls: holds at once, without a review. Refuses an empty name and a wrong phone."""
    work.require(Permission.LEGAL_EDIT)
    row = access_profile(work, work.merchant_id, lock=True)
    facts = rules.tidy(replace(row.particulars, contact_name=contact_name, contact_phone=contact_phone))
    _refuse_first(_wrong(work, facts, demo=demo), {"contact_name", "contact_phone"})
    row.contact_name, row.contact_phone = facts.contact_name, facts.contact_phone
    work.audit("merchant.contact_changed", "merchant", work.merchant_id)


def propose(
    work: Work,
    storage: Storage,
    *,
    wanted: Particulars,
    bank_number: str,
    note: str,
    paper: tuple[DocumentKind, bytes] | None,
    demo: bool,
) -> UUID:
    """Ask for other vital data; returns the change's id. An empty bank number keeps the account.

    Refuses a second open change, one that changes nothing, and data that could not be submitted in an application.
    """
    work.require(Permission.LEGAL_EDIT)
    profile = access_profile(work, work.merchant_id, lock=True)
    _refuse_second(work)
    before = profile.particulars
    number = rules.tidy_bank_number(bank_number)
    vital = {name: getattr(wanted, name) for name in VITAL}
    last4 = number[-4:] if number else before.bank_last4
    after = rules.tidy(replace(before, **vital, lat=wanted.lat, lng=wanted.lng, bank_last4=last4))
    if after == before and not number:
        raise Refusal(say("还没有改动任何一项。"))
    _refuse_first(_wrong(work, after, bank_number=number, demo=demo), {*VITAL, "bank_number"})
    row = ChangeRow(
        merchant_id=work.merchant_id,
        state=ChangeState.PENDING.value,
        before=rules.as_facts(before),
        bank_changes=bool(number),
        bank_number=number,
        note=clean_text(note, field="note", most=NOTE_MOST, required=False),
        proposed_at=work.now(),
        proposed_by=work.person_id,
    )
    row.fill(after)
    work.session.add(row)
    work.session.flush()
    if paper is not None:
        _attach(work, storage, row, *paper)
    work.audit("merchant.change_proposed", "profile_change", row.id)
    work.publish(ProfileChangeProposed(work.merchant_id, row.id))
    return row.id


def withdraw(work: Work, change_id: UUID) -> None:
    """Take the proposal back. Refuses one that was decided; twice is once."""
    work.require(Permission.LEGAL_EDIT)
    row = access_change(work, change_id, lock=True)
    if row.state == ChangeState.WITHDRAWN:
        return
    if row.state != ChangeState.PENDING:
        raise Conflict(say("平台已经处理了这次变更，请看结果。"))
    row.state, row.decided_at = ChangeState.WITHDRAWN.value, work.now()
    work.audit("merchant.change_withdrawn", "profile_change", row.id)


def approve(work: Work, change_id: UUID) -> None:
    """Put the new data in force. Refuses what was decided or withdrawn, and what one proposed oneself."""
    row = _pending(work, change_id)
    profile = access_profile(work, row.merchant_id, lock=True)
    contact = profile.particulars
    profile.fill(replace(row.particulars, contact_name=contact.contact_name, contact_phone=contact.contact_phone))
    if row.bank_changes:
        number = select(ChangeRow.bank_number).where(ChangeRow.id == row.id)
        profile.bank_number = work.session.execute(number).scalar_one()
    profile.since = work.now()
    brought = update(PaperRow).where(PaperRow.merchant_id == row.merchant_id, PaperRow.change_id == row.id)
    work.session.execute(brought.values(change_id=None))
    _decide(work, row, ChangeState.APPROVED)
    merchants.rename(work, row.merchant_id, name=row.name)
    work.publish(ProfileChangeDecided(row.merchant_id, row.id, row.proposed_by, approved=True))


def refuse(work: Work, change_id: UUID, *, reason: str) -> None:
    """Leave the old data in force, with a reason the owner reads. Refuses what was decided or withdrawn."""
    row = _pending(work, change_id)
    row.reason = clean_text(reason, field="reason", most=REASON_MOST)
    _decide(work, row, ChangeState.REFUSED)
    work.publish(ProfileChangeDecided(row.merchant_id, row.id, row.proposed_by, approved=False, reason=row.reason))


def _pending(work: Work, change_id: UUID) -> ChangeRow:
    work.require(Permission.APPLICATION_REVIEW)
    row = access_change(work, change_id, lock=True)
    if row.state == ChangeState.WITHDRAWN:
        raise Conflict(say("商家已经撤回了这次变更。"))
    if row.state != ChangeState.PENDING and row.decided_at is not None:
        name = work.session.execute(select(Person.name).where(Person.id == row.decided_by)).scalar()
        raise AlreadyDecided(name or "", row.decided_at, ApplicationState(row.state))
    if row.proposed_by == work.person_id:
        raise Denied(say("不能审核自己的申请，请交给其他审核员。"))
    return row


def _decide(work: Work, row: ChangeRow, state: ChangeState) -> None:
    row.state, row.decided_at, row.decided_by = state.value, work.now(), work.person_id
    work.session.flush()
    work.audit(f"merchant.change_{state.value}", "profile_change", row.id, about=row.merchant_id)


def _refuse_second(work: Work) -> None:
    pending = select(ChangeRow.id).where(
        ChangeRow.merchant_id == work.merchant_id, ChangeRow.state == ChangeState.PENDING.value
    )
    if work.session.execute(pending).scalar() is not None:
        raise Conflict(say("已经有一份变更在审核中。要改内容请先撤回它。"))


def _wrong(work: Work, facts: Particulars, *, bank_number: str = "", demo: bool) -> tuple[Problem, ...]:
    kind = Kind(access_merchant(work, work.merchant_id).kind)
    return rules.problems(kind, facts, bank_number or "0" * 8, tuple(DocumentKind), demo=demo)


def _refuse_first(found: tuple[Problem, ...], fields: set[str]) -> None:
    for problem in found:
        if problem.field in fields:
            raise Refusal(problem.sentence, field=problem.field)


def _attach(work: Work, storage: Storage, row: ChangeRow, kind: DocumentKind, content: bytes) -> None:
    document = pictures.read_document(content, field="file")
    work.session.add(
        PaperRow(
            merchant_id=row.merchant_id,
            change_id=row.id,
            kind=kind.value,
            stored=storage.put(document.content, document.suffix),
            suffix=document.suffix,
            size=len(document.content),
            uploaded_at=work.now(),
        )
    )
