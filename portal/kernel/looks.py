"""Looking at what is somebody else's and private: an act that changes nothing and is written down all the same."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.kernel.audit import AuditEntry
from portal.kernel.work import Work

ONE_LOOK = timedelta(minutes=15)


def write_down(work: Work, action: str, subject_type: str, subject_id: UUID, *, about: UUID | None, kind: str) -> None:
    """One row for one look: who looks again within a quarter of an hour is still looking."""
    same = (AuditEntry.actor_id == work.person_id, AuditEntry.action == action)
    recent = (AuditEntry.subject_id == subject_id, AuditEntry.at > work.now() - ONE_LOOK)
    if work.session.execute(select(AuditEntry.id).where(*same, *recent).limit(1)).scalar() is None:
        work.audit(action, subject_type, subject_id, about=about, kind=kind)
