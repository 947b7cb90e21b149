"""Tables of applications, their frozen revisions and documents; of merchants' legal and bank data and their changes.

The full bank number is readable by the platform only (and by the applicant's own Work, to freeze it); offices write
it and never read it back. Mapped deferred, so that no query asks for it by accident.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.onboarding.values import FIELDS, Particulars
from portal.kernel.database import Base, Id, OwnerId, belongs_to
from portal.kernel.scope import Face, by_merchant, by_person, everyone

KINDS = "kind IN ('supplier', 'brand', 'alliance', 'region')"
DOCUMENT_KINDS = "kind IN ('licence', 'shop_front', 'permit', 'bank_proof', 'other')"


class Legal:
    """The columns of `Particulars`, the same in four tables."""

    name: Mapped[str]
    legal_name: Mapped[str]
    licence_number: Mapped[str]
    representative: Mapped[str]
    contact_name: Mapped[str]
    contact_phone: Mapped[str]
    address: Mapped[str]
    lat: Mapped[float | None] = mapped_column(Double)
    lng: Mapped[float | None] = mapped_column(Double)
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    region_code: Mapped[str]
    bank_holder: Mapped[str]
    bank_name: Mapped[str]
    bank_last4: Mapped[str]
    bank_number: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)

    @property
    def particulars(self) -> Particulars:
        """What the row says, as a value."""
        return Particulars(**{name: getattr(self, name) for name in FIELDS})

    def fill(self, particulars: Particulars) -> None:
        """Take over what the value says; the bank number is set apart."""
        for name in FIELDS:
            setattr(self, name, getattr(particulars, name))


class ApplicationRow(Legal, Base):
    """The applicant's working copy: kept as typed, changed until it is submitted."""

    __tablename__ = "applications"
    __sight__ = {Face.PERSON: by_person(), Face.PLATFORM: everyone()}
    __table_args__ = (
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'more_information', 'approved', 'refused', 'withdrawn')", name="state"
        ),
        CheckConstraint("(state = 'approved') = (merchant_id IS NOT NULL)", name="approved_has_merchant"),
        Index("ix_applications_id", "id"),
        Index("ix_applications_state_submitted_at", "state", "submitted_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    id: Mapped[Id]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    merchant_id: Mapped[UUID | None] = mapped_column(ForeignKey("merchants.id"))


class RevisionRow(Legal, Base):
    """What was submitted, frozen; only the decision is added, once."""

    __tablename__ = "application_revisions"
    __sight__ = {Face.PERSON: by_person(), Face.PLATFORM: everyone()}
    __table_args__ = (
        belongs_to("person_id", "application_id", "applications"),
        CheckConstraint("decision IN ('approved', 'refused', 'more_information')", name="decision"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name="decided_by_whom"),
        UniqueConstraint("person_id", "application_id", "number"),
        Index("ix_application_revisions_application_id", "application_id"),
    )

    person_id: Mapped[OwnerId]
    id: Mapped[Id]
    application_id: Mapped[UUID]
    number: Mapped[int]
    submitted_at: Mapped[datetime]
    document_ids: Mapped[list[Any]]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reason: Mapped[str | None]
    asked: Mapped[dict[str, Any] | None]


class DocumentRow(Base):
    """A document of an application. Removing it hides it; what was submitted with it keeps it."""

    __tablename__ = "application_documents"
    __sight__ = {Face.PERSON: by_person(), Face.PLATFORM: everyone()}
    __table_args__ = (
        belongs_to("person_id", "application_id", "applications"),
        CheckConstraint(DOCUMENT_KINDS, name="kind"),
        Index("ix_application_documents_application_id", "application_id"),
    )

    person_id: Mapped[OwnerId]
    id: Mapped[Id]
    application_id: Mapped[UUID]
    kind: Mapped[str]
    stored: Mapped[str]  # its name in the storage
    suffix: Mapped[str]
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class ProfileRow(Legal, Base):
    """The legal and bank data of a merchant in force."""

    __tablename__ = "merchant_profiles"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone()}
    __table_args__ = (Index("ix_merchant_profiles_licence_number", "licence_number"),)

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    since: Mapped[datetime]


class ChangeRow(Legal, Base):
    """Other vital data the owner asks for; one at a time. An empty bank number keeps the old one."""

    __tablename__ = "profile_changes"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone()}
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'approved', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided_when"),
        Index("uq_profile_changes_one_pending", "merchant_id", unique=True, postgresql_where=text("state = 'pending'")),
        Index("ix_profile_changes_id", "id"),
        Index("ix_profile_changes_state_proposed_at", "state", "proposed_at"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    state: Mapped[str] = mapped_column(default="pending")
    before: Mapped[dict[str, Any]]  # the particulars that were in force, without the bank number
    bank_changes: Mapped[bool]
    note: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    reason: Mapped[str | None]


class PaperRow(Base):
    """A document of a merchant: in force (`change_id` empty), or brought along with a change."""

    __tablename__ = "merchant_papers"
    __sight__ = {Face.OFFICE: by_merchant(), Face.PLATFORM: everyone()}
    __table_args__ = (
        belongs_to("merchant_id", "change_id", "profile_changes"),
        CheckConstraint(DOCUMENT_KINDS, name="kind"),
        Index("ix_merchant_papers_id", "id"),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    change_id: Mapped[UUID | None]
    kind: Mapped[str]
    stored: Mapped[str]
    suffix: Mapped[str]
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
