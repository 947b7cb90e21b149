"""Kinds, states and roles of merchants; who somebody is when he signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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

    def hat_for(self, merchant_id: UUID) -> Hat | None:
        """The hat of this merchant, if he wears one."""
        return next((hat for hat in self.hats if hat.merchant_id == merchant_id), None)
