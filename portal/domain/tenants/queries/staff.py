"""Who works for a merchant, who is asked to; and the platform's own people."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.domain.identity.models import Person
from portal.domain.tenants import rules
from portal.domain.tenants.access import access_invitation, access_membership
from portal.domain.tenants.models import Invitation, Membership, MembershipStore, Merchant, PlatformStaff, StoreRoute
from portal.domain.tenants.values import (
    InvitationShown,
    InvitationState,
    Kind,
    Member,
    MerchantState,
    OfficeFigures,
    Operator,
)
from portal.kernel import phones
from portal.kernel.permissions import ROLES, Permission, Role
from portal.kernel.scope import Face
from portal.kernel.work import Work

RECENT = 20


def members(work: Work, merchant_id: UUID) -> tuple[Member, ...]:
    """The staff in force; somebody who covers some stores only sees those who work there as well."""
    rows = work.session.execute(
        select(Membership)
        .where(Membership.merchant_id == merchant_id, Membership.ended_at.is_(None))
        .order_by(Membership.created_at, Membership.id)
    ).scalars()
    stores = _stores_of(work, merchant_id)
    found = tuple(_member(row, stores) for row in rows)
    within = work.scope.store_ids
    if within is None:
        return found
    return tuple(one for one in found if one.store_ids is None or one.store_ids & within)


def member(work: Work, membership_id: UUID) -> Member:
    """One member of the office's staff, or NotFound."""
    row = access_membership(work, membership_id)
    return _member(row, _stores_of(work, row.merchant_id, row.id))


def _stores_of(work: Work, merchant_id: UUID, membership_id: UUID | None = None) -> dict[UUID, set[UUID]]:
    query = select(MembershipStore.membership_id, MembershipStore.store_id).where(
        MembershipStore.merchant_id == merchant_id
    )
    if membership_id is not None:
        query = query.where(MembershipStore.membership_id == membership_id)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for member_id, store_id in work.session.execute(query):
        found[member_id].add(store_id)
    return found


def _member(row: Membership, stores: dict[UUID, set[UUID]]) -> Member:
    return Member(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        phone_masked=row.phone_masked,
        role=Role(row.role),
        store_ids=None if row.all_stores else frozenset(stores.get(row.id, ())),
        since=row.created_at,
    )


def names(work: Work, merchant_id: UUID) -> dict[UUID, str]:
    """Names of everybody who ever worked for the merchant, by person."""
    rows = work.session.execute(
        select(Membership.person_id, Membership.name).where(Membership.merchant_id == merchant_id)
    )
    return dict(rows.all())


def invitations(work: Work) -> tuple[InvitationShown, ...]:
    """The office's invitations, the latest first."""
    query = _invitations().where(Invitation.merchant_id == work.merchant_id)
    return _all(work, query.order_by(Invitation.id.desc()).limit(RECENT))


def invitations_to_me(work: Work) -> tuple[InvitationShown, ...]:
    """The invitations to the person who is signed in, the latest first."""
    query = _invitations().where(Invitation.person_id == work.person_id)
    return _all(work, query.order_by(Invitation.id.desc()).limit(RECENT))


def invitation(work: Work, invitation_id: UUID) -> InvitationShown:
    """One invitation in sight, or NotFound."""
    row = access_invitation(work, invitation_id)
    merchant = work.session.execute(select(Merchant).where(Merchant.id == row.merchant_id)).scalar_one()
    return _invitation(work, row, merchant)


def _invitations() -> Select[Any, Any]:
    return select(Invitation, Merchant).join(Merchant, Merchant.id == Invitation.merchant_id)


def _all(work: Work, query: Select[Any, Any]) -> tuple[InvitationShown, ...]:
    return tuple(_invitation(work, row, merchant) for row, merchant in work.session.execute(query))


def _invitation(work: Work, row: Invitation, merchant: Merchant) -> InvitationShown:
    return InvitationShown(
        id=row.id,
        merchant_id=row.merchant_id,
        merchant_name=merchant.name,
        kind=Kind(merchant.kind),
        name=row.name,
        phone_masked=row.phone_masked,
        role=Role(row.role),
        store_ids=None if row.all_stores else frozenset(UUID(text) for text in row.store_ids),
        state=rules.state_now(row.state, row.expires_at, work.now()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        answered_at=row.answered_at,
    )


def office_figures(work: Work) -> OfficeFigures:
    """True counts for the first page of the office."""
    merchant_id = work.merchant_id
    staff = (Membership.merchant_id == merchant_id, Membership.ended_at.is_(None))
    stores = select(func.count()).where(StoreRoute.merchant_id == merchant_id).scalar_subquery()
    owners = select(func.count()).where(*staff, Membership.role == Role.OWNER.value).scalar_subquery()
    everybody = select(func.count()).where(*staff).scalar_subquery()
    asked = select(func.count()).where(
        Invitation.merchant_id == merchant_id,
        Invitation.state == InvitationState.PENDING.value,
        Invitation.expires_at > work.now(),
    )
    since = select(Merchant.created_at).where(Merchant.id == merchant_id).scalar_subquery()
    row = work.session.execute(select(stores, everybody, owners, asked.scalar_subquery(), since)).one()
    return OfficeFigures(*row)


def operators(work: Work) -> tuple[Operator, ...]:
    """Everybody who works or worked for the platform, those in force first."""
    rows = work.session.execute(
        select(PlatformStaff, Person.name, Person.phone)
        .join(Person, Person.id == PlatformStaff.person_id)
        .order_by(PlatformStaff.ended_at.is_not(None), PlatformStaff.created_at)
    )
    return tuple(
        Operator(row.person_id, name, phones.mask(phone or ""), Role(row.role), row.created_at, row.ended_at)
        for row, name, phone in rows
    )


def hats_of(work: Work, person_id: UUID) -> tuple[tuple[UUID, str, Role], ...]:
    """(merchant id, its name, role) of the memberships in force of a person, for the platform."""
    assert work.scope.face is Face.PLATFORM
    rows = work.session.execute(
        select(Merchant.id, Merchant.name, Membership.role)
        .join(Membership, Membership.merchant_id == Merchant.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .order_by(Membership.created_at)
    )
    return tuple((merchant_id, name, Role(role)) for merchant_id, name, role in rows)


def rights_of(work: Work, merchant_id: UUID, person_id: UUID) -> frozenset[Permission]:
    """What a person may do for an active merchant at this moment, for the worker who goes on in his name."""
    rows = work.session.execute(
        select(Membership.role)
        .join(Merchant, Merchant.id == Membership.merchant_id)
        .where(Membership.merchant_id == merchant_id, Membership.person_id == person_id)
        .where(Membership.ended_at.is_(None), Merchant.state == MerchantState.ACTIVE)
    ).scalars()
    return frozenset(right for role in rows for right in ROLES[Role(role)])
