"""Kinds, states and roles of merchants; who somebody is when he signs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from portal.kernel.permissions import ROLES, SECOND_FACTOR, Permission, Role


class Kind(StrEnum):
    """What a merchant is; fixed for life."""

    SUPPLIER = "supplier"
    BRAND = "brand"
    ALLIANCE = "alliance"
    REGION = "region"


class MerchantState(StrEnum):
    """A merchant exists from approval on."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


MERCHANT_MOVES: Mapping[MerchantState, frozenset[MerchantState]] = {
    MerchantState.ACTIVE: frozenset({MerchantState.SUSPENDED, MerchantState.CLOSED}),
    MerchantState.SUSPENDED: frozenset({MerchantState.ACTIVE, MerchantState.CLOSED}),
    MerchantState.CLOSED: frozenset(),
}


class InvitationState(StrEnum):
    """An invitation is answered once; one that nobody answered expires."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"


ROLES_OF_KIND: dict[Kind, tuple[Role, ...]] = {
    Kind.SUPPLIER: (Role.OWNER, Role.MANAGER, Role.FINANCE, Role.SHIPPER),
    Kind.BRAND: (Role.OWNER, Role.MANAGER, Role.FINANCE, Role.CLERK, Role.KITCHEN, Role.TECHNICIAN),
    Kind.ALLIANCE: (Role.OWNER, Role.MANAGER, Role.FINANCE, Role.CLERK),
    Kind.REGION: (Role.OWNER, Role.MANAGER, Role.FINANCE),
}

KINDS_WITH_STORES = frozenset({Kind.BRAND, Kind.ALLIANCE})


@dataclass(frozen=True)
class Hat:
    """One membership in force: what a person is for one merchant. `store_ids` None covers all stores."""

    membership_id: UUID
    merchant_id: UUID
    merchant_name: str
    kind: Kind
    merchant_state: MerchantState
    role: Role
    store_ids: frozenset[UUID] | None

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role may do."""
        return ROLES[self.role]

    @property
    def needs_second_factor(self) -> bool:
        """True for roles that handle money."""
        return self.role in SECOND_FACTOR


@dataclass(frozen=True)
class SignedIn:
    """The person behind a request, with every hat he may wear."""

    person_id: UUID
    sign_in_id: UUID
    name: str
    phone: str
    locale: str
    seen_at: datetime
    second_factor_at: datetime | None
    platform_role: Role | None
    hats: tuple[Hat, ...]
    unread: int = 0  # letters in the box, at most a hundred are counted

    def hat_for(self, merchant_id: UUID) -> Hat | None:
        """The hat of this merchant, if he wears one."""
        return next((hat for hat in self.hats if hat.merchant_id == merchant_id), None)


@dataclass(frozen=True)
class Member:
    """A member of staff as the merchant's office shows him. `store_ids` None covers all stores."""

    id: UUID
    person_id: UUID
    name: str
    phone_masked: str
    role: Role
    store_ids: frozenset[UUID] | None
    since: datetime


@dataclass(frozen=True)
class InvitationShown:
    """An invitation as the office and the invited person see it; `state` already knows whether it has expired."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    kind: Kind
    name: str
    phone_masked: str
    role: Role
    store_ids: frozenset[UUID] | None
    state: InvitationState
    created_at: datetime
    expires_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class MerchantShown:
    """A merchant as the platform lists it."""

    id: UUID
    name: str
    kind: Kind
    state: MerchantState
    state_reason: str
    created_at: datetime
    staff: int
    stores: int
    owner_name: str
    owner_phone_masked: str


@dataclass(frozen=True)
class Operator:
    """Somebody who works for the platform; `ended_at` when he no longer does."""

    person_id: UUID
    name: str
    phone_masked: str
    role: Role
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class OfficeFigures:
    """True counts for the first page of a merchant's office."""

    stores: int
    staff: int
    owners: int
    invitations: int
    since: datetime


@dataclass(frozen=True)
class PersonFound:
    """A person in the platform's search, the phone masked."""

    id: UUID
    name: str
    phone_masked: str
    state: str
    created_at: datetime


@dataclass(frozen=True)
class PersonShown:
    """A person on the platform's page. `hats` are (merchant id, its name, role)."""

    found: PersonFound
    browsers: int
    seen_at: datetime | None
    platform_role: Role | None
    hats: tuple[tuple[UUID, str, Role], ...]


@dataclass(frozen=True)
class ContestedReferral:
    """A referrer somebody says did not bring him."""

    person_id: UUID
    name: str
    phone_masked: str
    referrer: str
    bound_at: datetime
    contested_at: datetime | None
    reason: str
    state: str


@dataclass(frozen=True)
class TrailFilter:
    """What of the trail is wanted; days are local and both included."""

    actor_id: UUID | None = None
    action: str = ""
    merchant_id: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TrailEntry:
    """One act in the trail."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    merchant_id: UUID | None
    action: str
    subject_type: str
    subject_id: UUID | None
    facts: Mapping[str, str]
