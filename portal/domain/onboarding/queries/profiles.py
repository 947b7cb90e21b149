"""Merchants' legal and bank data in force and their changes, for the owner and for the platform."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from portal.domain.onboarding import rules
from portal.domain.onboarding.access import access_change, access_paper
from portal.domain.onboarding.models import ApplicationRow, ChangeRow, PaperRow, ProfileRow
from portal.domain.onboarding.values import (
    ChangeShown,
    ChangeState,
    DocumentKind,
    DocumentShown,
    Filed,
    Profile,
)
from portal.domain.tenants.models import Merchant
from portal.kernel.work import Work

RECENT = 30


def profile(work: Work, merchant_id: UUID) -> Profile | None:
    """The data in force with their papers, or None when nothing was ever filed."""
    row = work.session.execute(select(ProfileRow).where(ProfileRow.merchant_id == merchant_id)).scalar()
    if row is None:
        return None
    papers = select(PaperRow).where(PaperRow.merchant_id == merchant_id, PaperRow.change_id.is_(None))
    return Profile(row.merchant_id, row.particulars, row.since, _papers(work, papers))


def bank_number(work: Work, merchant_id: UUID) -> str:
    """The full account number: the platform only, the database refuses everybody else."""
    query = select(ProfileRow.bank_number).where(ProfileRow.merchant_id == merchant_id)
    return work.session.execute(query).scalar() or ""


def pending_change(work: Work, merchant_id: UUID) -> ChangeShown | None:
    """The change under review, if there is one."""
    query = _changes().where(ChangeRow.merchant_id == merchant_id, ChangeRow.state == ChangeState.PENDING.value)
    found = work.session.execute(query).one_or_none()
    return _shown(work, *found) if found else None


def last_change(work: Work, merchant_id: UUID) -> ChangeShown | None:
    """The latest change that was decided, if there is one."""
    query = _changes().where(
        ChangeRow.merchant_id == merchant_id,
        ChangeRow.state.in_((ChangeState.APPROVED.value, ChangeState.REFUSED.value)),
    )
    found = work.session.execute(query.order_by(ChangeRow.decided_at.desc()).limit(1)).one_or_none()
    return _shown(work, *found, papers=False) if found else None


def change(work: Work, change_id: UUID) -> ChangeShown:
    """One change. NotFound when it is out of sight."""
    row = access_change(work, change_id)
    name = work.session.execute(select(Merchant.name).where(Merchant.id == row.merchant_id)).scalar_one()
    return _shown(work, row, name)


def changes(work: Work, state: ChangeState | None) -> tuple[ChangeShown, ...]:
    """For the platform: the pending ones longest waiting first, others the latest first."""
    query = _changes().limit(RECENT)
    if state is not None:
        query = query.where(ChangeRow.state == state.value)
    oldest = state is ChangeState.PENDING
    query = query.order_by(ChangeRow.proposed_at if oldest else ChangeRow.proposed_at.desc())
    return tuple(_shown(work, row, name, papers=False) for row, name in work.session.execute(query))


def _changes() -> Select[ChangeRow, str]:
    return select(ChangeRow, Merchant.name).join(Merchant, Merchant.id == ChangeRow.merchant_id)


def _shown(work: Work, row: ChangeRow, merchant_name: str, *, papers: bool = True) -> ChangeShown:
    brought = select(PaperRow).where(PaperRow.merchant_id == row.merchant_id, PaperRow.change_id == row.id)
    return ChangeShown(
        id=row.id,
        merchant_id=row.merchant_id,
        merchant_name=merchant_name,
        state=ChangeState(row.state),
        before=rules.from_facts(row.before),
        after=row.particulars,
        bank_changes=row.bank_changes,
        note=row.note,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason or "",
        papers=_papers(work, brought) if papers else (),
    )


def _papers(work: Work, query: Select[PaperRow]) -> tuple[DocumentShown, ...]:
    rows = work.session.execute(query.order_by(PaperRow.id)).scalars()
    return tuple(DocumentShown(row.id, DocumentKind(row.kind), row.suffix, row.size, row.uploaded_at) for row in rows)


def filed_paper(work: Work, paper_id: UUID) -> Filed:
    """Where the content of a merchant's document lies. NotFound when it is out of sight."""
    row = access_paper(work, paper_id)
    return Filed(row.stored, row.suffix, DocumentKind(row.kind), row.merchant_id)


def papers_of(work: Work, merchant_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The application a merchant came from and the change under review, for the platform."""
    application = select(ApplicationRow.id).where(ApplicationRow.merchant_id == merchant_id)
    change = select(ChangeRow.id).where(
        ChangeRow.merchant_id == merchant_id, ChangeRow.state == ChangeState.PENDING.value
    )
    row = work.session.execute(select(application.scalar_subquery(), change.scalar_subquery())).one()
    return row[0], row[1]


def account_since(work: Work, merchant_id: UUID) -> datetime | None:
    """Since when the merchant is paid to this bank account: its last change, else the day he was let in.

    None when no account was ever filed. Other changes of the profile do not count.
    """
    changed = (
        ChangeRow.bank_changes.is_(True),
        ChangeRow.before["bank_name"].astext != ChangeRow.bank_name,
        ChangeRow.before["bank_holder"].astext != ChangeRow.bank_holder,
    )
    latest = select(func.max(ChangeRow.decided_at)).where(
        ChangeRow.merchant_id == merchant_id, ChangeRow.state == ChangeState.APPROVED.value, or_(*changed)
    )
    filed = select(Merchant.created_at, latest.scalar_subquery()).join(
        ProfileRow, ProfileRow.merchant_id == Merchant.id
    )
    row = work.session.execute(filed.where(Merchant.id == merchant_id, ProfileRow.bank_last4 != "")).one_or_none()
    return None if row is None else row[1] or row[0]
