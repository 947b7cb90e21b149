"""What happened to persons. The code itself travels only here, in memory, to the feature that sends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.domain.identity.values import Purpose


@dataclass(frozen=True)
class CodeIssued:
    """Six digits wait to be sent to a phone."""

    phone: str = field(repr=False)
    digits: str = field(repr=False)
    purpose: Purpose
    expires_at: datetime


@dataclass(frozen=True)
class Registered:
    """Somebody has an account now; `inviter_person_id` brought him, if anybody did."""

    person_id: UUID
    inviter_person_id: UUID | None
    phone: str = field(repr=False)


@dataclass(frozen=True)
class PasswordChanged:
    """A password was set or changed; other browsers were signed out."""

    person_id: UUID


@dataclass(frozen=True)
class PhoneChanged:
    """A person has another phone; other browsers were signed out."""

    person_id: UUID
    phone: str = field(repr=False)


@dataclass(frozen=True)
class Renamed:
    """A person is called differently now; whoever keeps a copy of the name changes it."""

    person_id: UUID
    name: str = field(repr=False)


@dataclass(frozen=True)
class SecondFactorSet:
    """The authenticator was set up."""

    person_id: UUID


@dataclass(frozen=True)
class SecondFactorReset:
    """The platform took the authenticator away; it has to be set up again."""

    person_id: UUID


@dataclass(frozen=True)
class PersonBlocked:
    """The platform has shut this person out; whoever hears it may still refuse."""

    person_id: UUID


@dataclass(frozen=True)
class PersonUnblocked:
    """The platform has let this person in again; whoever hears it may still refuse."""

    person_id: UUID
