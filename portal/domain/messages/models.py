"""The table of texts on their way to a phone. Added at the gate; only the worker reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id
from portal.kernel.scope import Face, everyone


class TextMessage(Base):
    """One text: to a phone that has no account yet, or to a person, whose phone the worker looks up.

    `words` are forgotten once a real provider has taken them; the sandbox keeps them for the development outbox.
    """

    __tablename__ = "text_messages"
    __sight__ = {Face.GATE: everyone(), Face.JOB: everyone()}
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'late')", name="state"),
        CheckConstraint("num_nonnulls(phone, person_id) = 1", name="one_recipient"),
        Index("ix_text_messages_created_at", "created_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    phone: Mapped[str | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    words: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(default="queued")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # a code that comes too late is not sent
    sent_at: Mapped[datetime | None]
    receipt: Mapped[str | None]  # the provider's number
