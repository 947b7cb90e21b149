"""Who did what to which thing: rows the web roles may add and never change.

Facts hold ids, numbers and words of ours, never personal data.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from portal.kernel.database import Base, Id
from portal.kernel.scope import Face, by_merchant, by_person, everyone


class AuditEntry(Base):
    """One act. `merchant_id` is the merchant concerned, None for a person's or the platform's own act."""

    __tablename__ = "audit_entries"
    __sight__ = {
        Face.OFFICE: by_merchant(),
        Face.PERSON: by_person("actor_id"),
        Face.PLATFORM: everyone(),
        Face.JOB: everyone(),
        Face.GATE: everyone(),
    }

    __table_args__ = (
        Index("ix_audit_entries_merchant_id_at", "merchant_id", "at"),
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_actor_id_at", "actor_id", "at"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    merchant_id: Mapped[UUID | None]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    request_id: Mapped[str]
