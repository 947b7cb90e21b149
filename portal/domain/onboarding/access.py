"""The only way to one application, document, change or paper: what is out of sight is NotFound."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain.onboarding.models import ApplicationRow, ChangeRow, DocumentRow, PaperRow, ProfileRow
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

Row = TypeVar("Row")


def access_application(work: Work, application_id: UUID, *, lock: bool = False) -> ApplicationRow:
    """The applicant's own, or any for the platform."""
    return _one(work, select(ApplicationRow).where(ApplicationRow.id == application_id), lock=lock)


def access_document(work: Work, application_id: UUID, document_id: UUID, *, lock: bool = False) -> DocumentRow:
    """A document of that application."""
    query = select(DocumentRow).where(DocumentRow.application_id == application_id, DocumentRow.id == document_id)
    return _one(work, query, lock=lock)


def access_profile(work: Work, merchant_id: UUID, *, lock: bool = False) -> ProfileRow:
    """The merchant's data in force; an office sees its own."""
    return _one(work, select(ProfileRow).where(ProfileRow.merchant_id == merchant_id), lock=lock)


def access_change(work: Work, change_id: UUID, *, lock: bool = False) -> ChangeRow:
    """A change of vital data: the office's own, or any for the platform."""
    return _one(work, select(ChangeRow).where(ChangeRow.id == change_id), lock=lock)


def access_paper(work: Work, paper_id: UUID, *, lock: bool = False) -> PaperRow:
    """A document of the office's merchant, or any for the platform."""
    return _one(work, select(PaperRow).where(PaperRow.id == paper_id), lock=lock)


def _one(work: Work, query: Select[Row], *, lock: bool) -> Row:
    row = work.session.execute(query.with_for_update() if lock else query).scalar()
    if row is None:
        raise NotFound
    return row
