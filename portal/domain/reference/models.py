"""Tables of what everybody reads and the operator writes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id
from portal.kernel.scope import Face, everyone

EVERY_FACE = dict.fromkeys(Face, everyone())


class CategoryRow(Base):
    """A node of a tree; hidden ones are no longer offered, what already uses them stays as it is."""

    __tablename__ = "categories"
    __sight__ = EVERY_FACE
    __table_args__ = (
        CheckConstraint("purpose IN ('stores', 'goods')", name="purpose"),
        UniqueConstraint("code"),
        UniqueConstraint("purpose", "parent_id", "name", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[Id]
    code: Mapped[str]
    purpose: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    name: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int]
    hidden_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ParameterValueRow(Base):
    """A value of a parameter from a moment on. Values are added, never changed; a future one may be cancelled.

    `second`: it holds only when somebody else than its proposer has confirmed it.
    """

    __tablename__ = "parameter_values"
    __sight__ = EVERY_FACE
    __table_args__ = (
        CheckConstraint("confirmed_by <> set_by", name="two_persons"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        CheckConstraint("second OR confirmed_at IS NULL", name="second"),
        Index("ix_parameter_values_name_effective_at", "name", "effective_at"),
        Index(
            "uq_parameter_values_one_proposed",
            "name",
            unique=True,
            postgresql_where=text("second AND confirmed_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    name: Mapped[str]
    value: Mapped[int]
    effective_at: Mapped[datetime]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID]
    note: Mapped[str]
    cancelled_at: Mapped[datetime | None]
    second: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None]


class AnnouncementRow(Base):
    """An announcement in the operator's hands; what its readers see is the notice."""

    __tablename__ = "announcements"
    __sight__ = {Face.PLATFORM: everyone()}
    __table_args__ = (
        CheckConstraint("audience IN ('everyone', 'shop', 'offices')", name="audience"),
        CheckConstraint("state IN ('draft', 'published', 'withdrawn')", name="state"),
    )

    id: Mapped[Id]
    title: Mapped[str]
    body: Mapped[str]
    title_en: Mapped[str]
    body_en: Mapped[str]
    audience: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft", server_default=text("'draft'"))
    until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class NoticeRow(Base):
    """A published announcement, frozen as it was when the operator published it."""

    __tablename__ = "notices"
    __sight__ = EVERY_FACE
    __table_args__ = (Index("ix_notices_published_at", "published_at"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("announcements.id"), primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    title_en: Mapped[str]
    body_en: Mapped[str]
    audience: Mapped[str]
    until: Mapped[datetime | None]
    published_at: Mapped[datetime]
