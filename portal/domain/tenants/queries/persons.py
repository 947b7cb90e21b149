"""Persons as the platform finds them: by the whole phone, or by its last four digits with the name. Never browsed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from portal.domain.identity.models import Person, Referral, SignIn
from portal.domain.tenants.models import Membership, MembershipStore, PlatformStaff
from portal.domain.tenants.queries.staff import hats_of
from portal.domain.tenants.values import ContestedReferral, PersonFound, PersonShown
from portal.kernel import phones
from portal.kernel.faces import borrowed
from portal.kernel.permissions import ROLES, Permission, Role
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

MOST = 10


def find(work: Work, *, phone: str = "", last4: str = "", name: str = "") -> tuple[PersonFound, ...]:
    """Whoever has this phone, or whose phone ends in `last4` and who has exactly this name; nothing otherwise."""
    work.require(Permission.PERSON_VIEW)
    query = select(Person).order_by(Person.id).limit(MOST)
    if phone:
        query = query.where(Person.phone == phone)
    elif len(last4) == 4 and name:  # the last four digits
        query = query.where(func.right(Person.phone, 4) == last4, Person.name == name)
    else:
        return ()
    return tuple(_found(row) for row in work.session.execute(query).scalars())


def _found(row: Person) -> PersonFound:
    return PersonFound(row.id, row.name, phones.mask(row.phone or ""), row.state, row.created_at)


def person(work: Work, person_id: UUID) -> PersonShown:
    """One person with hats and browsers, the phone masked. Raises NotFound."""
    work.require(Permission.PERSON_VIEW)
    row = work.session.execute(select(Person).where(Person.id == person_id)).scalar()
    if row is None:
        raise NotFound
    browsers = select(func.count()).where(
        SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > work.now()
    )
    seen = select(func.max(SignIn.seen_at)).where(SignIn.person_id == person_id)
    role = select(PlatformStaff.role).where(PlatformStaff.person_id == person_id, PlatformStaff.ended_at.is_(None))
    figures: Any = work.session.execute(
        select(browsers.scalar_subquery(), seen.scalar_subquery(), role.scalar_subquery())
    ).one()
    return PersonShown(
        found=_found(row),
        browsers=figures[0],
        seen_at=figures[1],
        platform_role=Role(figures[2]) if figures[2] else None,
        hats=hats_of(work, person_id),
    )


def contested(work: Work, *, judged: bool = False) -> tuple[ContestedReferral, ...]:
    """Referrers somebody contests, longest waiting first; with `judged` those that were decided, the latest first."""
    work.require(Permission.REFERRAL_JUDGE)
    states = ("upheld", "removed") if judged else ("contested",)
    order = Referral.contested_at.desc() if judged else Referral.contested_at
    rows = work.session.execute(
        select(Referral, Person.name, Person.phone)
        .join(Person, Person.id == Referral.person_id)
        .where(Referral.state.in_(states))
        .order_by(order)
        .limit(50)
    )
    return tuple(
        ContestedReferral(
            person_id=row.person_id,
            name=name,
            phone_masked=phones.mask(phone or ""),
            referrer=row.shown_name,
            bound_at=row.bound_at,
            contested_at=row.contested_at,
            reason=row.contest_reason or "",
            state=row.state,
        )
        for row, name, phone in rows
    )


def counts(work: Work) -> tuple[int, int]:
    """How many persons are registered, and how many of them since yesterday's moment."""
    fresh = func.count().filter(Person.created_at > work.now() - timedelta(days=1))
    row = work.session.execute(select(func.count(), fresh).select_from(Person)).one()
    return row[0], row[1]


def operators_who_may(work: Work, permission: Permission) -> list[UUID]:
    """Who works for the operator with this right: whom the house itself has to tell something. From any face."""
    roles = [role.value for role, rights in ROLES.items() if permission in rights]
    query = select(PlatformStaff.person_id).where(PlatformStaff.ended_at.is_(None), PlatformStaff.role.in_(roles))
    with borrowed(work, Scope(Face.PLATFORM)):
        return list(work.session.scalars(query.order_by(PlatformStaff.person_id)))


def staff_at(work: Work, merchant_id: UUID, store_id: UUID, permission: Permission) -> list[UUID]:
    """Who works for a merchant with this right in this store: whom the store has to tell something. From any face."""
    roles = [role.value for role, rights in ROLES.items() if permission in rights]
    there = exists().where(
        MembershipStore.merchant_id == merchant_id,
        MembershipStore.membership_id == Membership.id,
        MembershipStore.store_id == store_id,
    )
    query = select(Membership.person_id).where(
        Membership.merchant_id == merchant_id,
        Membership.ended_at.is_(None),
        Membership.role.in_(roles),
        or_(Membership.all_stores, there),
    )
    with borrowed(work, Scope(Face.OFFICE, merchant_id=merchant_id)):
        return list(dict.fromkeys(work.session.scalars(query.order_by(Membership.person_id))))


def staff_in(work: Work, merchant_id: UUID, roles: Collection[str]) -> list[UUID]:
    """Who works for a merchant in one of these roles: whom it has to be told something. From any face.

    Asked on the face of the merchant's office, so that row security bounds it as well.
    """
    query = select(Membership.person_id).where(Membership.merchant_id == merchant_id, Membership.ended_at.is_(None))
    with borrowed(work, Scope(Face.OFFICE, merchant_id=merchant_id)):
        found = work.session.scalars(query.where(Membership.role.in_(roles)).order_by(Membership.person_id))
        return list(dict.fromkeys(found))
