"""The audit trail as the owner and the platform read it. Reading only; nobody can change it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain.tenants.values import TrailEntry, TrailFilter
from portal.kernel.audit import AuditEntry
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

PAGE = 50
MOST_EXPORTED = 20_000


def entries(work: Work, wanted: TrailFilter, *, after: UUID | None = None) -> tuple[tuple[TrailEntry, ...], bool]:
    """A page, the latest first, after the entry `after`; and whether there is more."""
    query = _query(work, wanted).limit(PAGE + 1)
    if after is not None:
        query = query.where(AuditEntry.id < after)
    rows = list(work.session.execute(query).scalars())
    return tuple(_entry(row) for row in rows[:PAGE]), len(rows) > PAGE


def every(work: Work, wanted: TrailFilter) -> Iterator[TrailEntry]:
    """All that match, the latest first, at most twenty thousand."""
    rows = work.session.execute(_query(work, wanted).limit(MOST_EXPORTED)).scalars()
    return (_entry(row) for row in rows)


def _query(work: Work, wanted: TrailFilter) -> Select[Any]:
    work.require(Permission.AUDIT_VIEW)
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    merchant_id = work.scope.merchant_id or wanted.merchant_id
    if merchant_id is not None:
        query = query.where(AuditEntry.merchant_id == merchant_id)
    if wanted.actor_id is not None:
        query = query.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= datetime.combine(wanted.since, time(), SHANGHAI))
    if wanted.until is not None:
        query = query.where(AuditEntry.at < datetime.combine(wanted.until + timedelta(days=1), time(), SHANGHAI))
    return query


def _entry(row: AuditEntry) -> TrailEntry:
    return TrailEntry(
        id=row.id,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        merchant_id=row.merchant_id,
        action=row.action,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        facts={str(name): str(value) for name, value in row.facts.items()},
    )
