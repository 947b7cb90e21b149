"""What happened to applications and to changes of vital data."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.tenants.values import Kind


@dataclass(frozen=True)
class ApplicationSubmitted:
    """The applicant sent a revision (person face)."""

    application_id: UUID
    person_id: UUID
    kind: Kind
    name: str
    revision: int


@dataclass(frozen=True)
class InformationAsked:
    """The reviewer asks for more (platform face)."""

    application_id: UUID
    person_id: UUID
    name: str


@dataclass(frozen=True)
class ApplicationApproved:
    """Let in; `MerchantApproved` was published just before (platform face)."""

    application_id: UUID
    person_id: UUID
    merchant_id: UUID
    name: str
    kind: Kind


@dataclass(frozen=True)
class ApplicationRefused:
    """Refused, with a reason the applicant reads (platform face)."""

    application_id: UUID
    person_id: UUID
    name: str
    reason: str


@dataclass(frozen=True)
class ProfileChangeProposed:
    """The owner wants other vital data (office face)."""

    merchant_id: UUID
    change_id: UUID


@dataclass(frozen=True)
class ProfileChangeDecided:
    """The change is in force, or refused with a reason (platform face)."""

    merchant_id: UUID
    change_id: UUID
    proposed_by: UUID
    approved: bool
    reason: str = ""
