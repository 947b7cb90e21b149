"""Who is at the door: the one query every signed-in request begins with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select

from portal.domain.identity.models import Notification, Person, SignIn
from portal.domain.tenants.models import Membership, MembershipStore, Merchant, PlatformStaff, StoreRoute
from portal.domain.tenants.values import Hat, Kind, MerchantState, SignedIn
from portal.kernel.permissions import Role
from portal.kernel.scope import fixed
from portal.kernel.work import Work

UNREAD_MOST = 100


def signed_in(
    work: Work, person_id: UUID, token_hash: bytes, *, idle: timedelta = timedelta(days=365)
) -> SignedIn | None:
    """The person with all hats, or None when the sign-in has ended, expired, slept longer than `idle` or never was."""
    asked = {"person": person_id, "token": token_hash, "now": work.now(), "awake": work.now() - idle}
    rows = work.session.execute(_SIGNED_IN, asked).all()
    if not rows:
        return None
    hats = tuple(_hat(row) for row in rows if row.merchant_id is not None)
    return _signed_in(rows[0], hats)


def _statement() -> Any:
    person = bindparam("person", type_=Person.id.type)
    stores = (
        select(func.array_agg(MembershipStore.store_id))
        .where(
            MembershipStore.merchant_id == Membership.merchant_id,
            MembershipStore.membership_id == Membership.id,
            MembershipStore.person_id == person,
        )
        .scalar_subquery()
    )
    unread = select(Notification.id).where(Notification.person_id == person, Notification.read_at.is_(None))
    letters = select(func.count()).select_from(unread.limit(UNREAD_MOST).subquery()).scalar_subquery()
    in_force = and_(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    on_staff = and_(PlatformStaff.person_id == Person.id, PlatformStaff.ended_at.is_(None))
    return (
        select(
            *(Person.id, SignIn.id, Person.name, Person.phone, Person.locale, SignIn.seen_at, SignIn.second_factor_at),
            PlatformStaff.role.label("platform_role"),
            *(Membership.id.label("membership_id"), Membership.role, Membership.all_stores),
            *(Merchant.id.label("merchant_id"), Merchant.name.label("merchant_name"), Merchant.kind, Merchant.state),
            stores.label("store_ids"),
            letters.label("unread"),
        )
        .join(SignIn, SignIn.person_id == Person.id)
        .outerjoin(PlatformStaff, on_staff)
        .outerjoin(Membership, in_force)
        .outerjoin(Merchant, and_(Merchant.id == Membership.merchant_id, Merchant.state != "closed"))
        .where(Person.id == person, Person.state == "active", SignIn.token_hash == bindparam("token"))
        .where(SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("now"), SignIn.seen_at > bindparam("awake"))
        .order_by(Membership.created_at, Membership.id)
    )


_SIGNED_IN = fixed(_statement())
_ROUTE = fixed(select(StoreRoute.merchant_id).where(StoreRoute.store_id == bindparam("store")))


def _hat(row: Any) -> Hat:
    return Hat(
        membership_id=row.membership_id,
        merchant_id=row.merchant_id,
        merchant_name=row.merchant_name,
        kind=Kind(row.kind),
        merchant_state=MerchantState(row.state),
        role=Role(row.role),
        store_ids=None if row.all_stores else frozenset(row.store_ids or ()),
    )


def _signed_in(row: Any, hats: tuple[Hat, ...]) -> SignedIn:
    return SignedIn(
        person_id=row[0],
        sign_in_id=row[1],
        name=row.name,
        phone=row.phone or "",
        locale=row.locale,
        seen_at=row.seen_at,
        second_factor_at=row.second_factor_at,
        platform_role=Role(row.platform_role) if row.platform_role else None,
        hats=hats,
        unread=row.unread,
    )


def merchant_of_store(work: Work, store_id: UUID) -> UUID | None:
    """The merchant a store belongs to, or None."""
    found: UUID | None = work.session.execute(_ROUTE, {"store": store_id}).scalar()
    return found
