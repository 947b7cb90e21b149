"""What happened to merchants and staff. Features above react in the same transaction, on the same face."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role


@dataclass(frozen=True)
class MerchantApproved:
    """A merchant exists from now on (platform face). A regional centre has its `region_code`."""

    merchant_id: UUID
    kind: Kind
    name: str
    owner_id: UUID  # the person
    membership_id: UUID
    region_code: str = ""
    category_id: UUID | None = None


@dataclass(frozen=True)
class MerchantRenamed:
    """The name everybody sees has changed (platform face)."""

    merchant_id: UUID
    name: str


@dataclass(frozen=True)
class MerchantSuspended:
    """Nothing of the merchant opens, sells or redeems any more, until it is reinstated (platform face)."""

    merchant_id: UUID
    name: str
    reason: str
    staff_ids: tuple[UUID, ...] = ()  # the owners' persons


@dataclass(frozen=True)
class MerchantReinstated:
    """A suspended merchant opens again (platform face)."""

    merchant_id: UUID
    name: str
    staff_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class MerchantClosed:
    """The merchant is gone for good; its history stays (platform face)."""

    merchant_id: UUID
    name: str
    reason: str
    staff_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class StaffInvited:
    """Somebody is asked to join (office face). `person_id` is None while nobody has that phone."""

    merchant_id: UUID
    merchant_name: str
    invitation_id: UUID
    role: Role
    phone: str = field(repr=False)
    person_id: UUID | None = None


@dataclass(frozen=True)
class InvitationAccepted:
    """The invited person works for the merchant from now on (office face)."""

    merchant_id: UUID
    merchant_name: str
    invitation_id: UUID
    membership_id: UUID
    person_id: UUID
    invited_by: UUID
    name: str = field(repr=False)


@dataclass(frozen=True)
class InvitationDeclined:
    """The invited person does not want to (office face)."""

    merchant_id: UUID
    invitation_id: UUID
    invited_by: UUID
    name: str = field(repr=False)


@dataclass(frozen=True)
class StaffChanged:
    """Another role or other stores (office face)."""

    merchant_id: UUID
    merchant_name: str
    membership_id: UUID
    person_id: UUID
    role: Role


@dataclass(frozen=True)
class StaffRemoved:
    """No longer on the staff; out at the next request (office face)."""

    merchant_id: UUID
    merchant_name: str
    membership_id: UUID
    person_id: UUID
