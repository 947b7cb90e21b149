"""Who works for a merchant: another role, other stores, removal. All of it holds at the next request."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from portal.domain.tenants import rules
from portal.domain.tenants.access import access_membership, access_merchant
from portal.domain.tenants.errors import LastOwner
from portal.domain.tenants.events import StaffChanged, StaffRemoved
from portal.domain.tenants.models import Invitation, Membership, MembershipStore, StoreRoute
from portal.domain.tenants.values import InvitationState, Kind
from portal.kernel.permissions import Permission, Role
from portal.kernel.work import Work


def change(work: Work, membership_id: UUID, *, role: Role, store_ids: frozenset[UUID] | None) -> None:
    """Another role or other stores (None: all). Refuses what the kind does not have, and losing the last owner."""
    work.require(Permission.STAFF_EDIT)
    owners = _lock_owners(work)
    row = access_membership(work, membership_id, lock=True)
    if row.role == Role.OWNER and role is not Role.OWNER and owners == {row.id}:
        raise LastOwner
    merchant = access_merchant(work, work.merchant_id)
    rules.check_role(Kind(merchant.kind), role)
    rules.check_cover(Kind(merchant.kind), role, store_ids, known_stores(work))
    if row.role == Role.OWNER and role is not Role.OWNER:
        _void_invitations(work, row)
    row.role, row.all_stores = role.value, store_ids is None
    work.session.execute(
        delete(MembershipStore).where(
            MembershipStore.merchant_id == work.merchant_id, MembershipStore.membership_id == row.id
        )
    )
    cover(work, row, store_ids)
    work.audit("staff.changed", "membership", row.id, role=role.value, stores=len(store_ids or ()))
    work.publish(StaffChanged(work.merchant_id, merchant.name, row.id, row.person_id, role))


def remove(work: Work, membership_id: UUID) -> None:
    """Out at the next request, with the invitations he sent that are open still. Refuses the last owner; once removed,
    the member is not found again.
    """
    work.require(Permission.STAFF_EDIT)
    owners = _lock_owners(work)
    row = access_membership(work, membership_id, lock=True)
    if owners == {row.id}:
        raise LastOwner
    row.ended_at = work.now()
    _void_invitations(work, row)
    work.session.flush()
    merchant = access_merchant(work, work.merchant_id)
    work.audit("staff.removed", "membership", row.id, role=row.role)
    work.publish(StaffRemoved(work.merchant_id, merchant.name, row.id, row.person_id))


def _void_invitations(work: Work, member: Membership) -> None:
    """Take back what he has asked and nobody has answered: or he comes back by a door he left open."""
    his = (Invitation.merchant_id == work.merchant_id, Invitation.invited_by == member.person_id)
    work.session.execute(
        update(Invitation)
        .where(*his, Invitation.state == InvitationState.PENDING.value)
        .values(state=InvitationState.REVOKED.value, answered_at=work.now()),
        execution_options={"synchronize_session": False},
    )


def known_stores(work: Work) -> frozenset[UUID]:
    """The stores of the office's merchant."""
    routes = select(StoreRoute.store_id).where(StoreRoute.merchant_id == work.merchant_id)
    return frozenset(work.session.execute(routes).scalars())


def cover(work: Work, membership: Membership, store_ids: frozenset[UUID] | None) -> None:
    """Write down which stores a membership covers; nothing when it covers all."""
    for store_id in sorted(store_ids or ()):
        work.session.add(
            MembershipStore(
                merchant_id=membership.merchant_id,
                membership_id=membership.id,
                store_id=store_id,
                person_id=membership.person_id,
            )
        )


def _lock_owners(work: Work) -> set[UUID]:
    """The owners in force, locked in one order: two owners removing each other meet here."""
    found = work.session.execute(
        select(Membership.id)
        .where(Membership.merchant_id == work.merchant_id, Membership.ended_at.is_(None))
        .where(Membership.role == Role.OWNER.value)
        .order_by(Membership.id)
        .with_for_update()
    )
    return set(found.scalars())
