"""Merchants as the platform lists and counts them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from portal.domain.tenants.models import Membership, Merchant, StoreRoute
from portal.domain.tenants.values import Kind, MerchantShown, MerchantState
from portal.kernel.permissions import Role
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

PAGE = 30


def merchants(
    work: Work,
    *,
    kind: Kind | None = None,
    state: MerchantState | None = None,
    words: str = "",
    after: UUID | None = None,
) -> tuple[tuple[MerchantShown, ...], bool]:
    """A page, the latest first, after the merchant `after`; and whether there is more."""
    query = _shown().order_by(Merchant.id.desc()).limit(PAGE + 1)
    if kind is not None:
        query = query.where(Merchant.kind == kind.value)
    if state is not None:
        query = query.where(Merchant.state == state.value)
    if words:
        query = query.where(Merchant.name.ilike(f"%{words.replace('%', '').replace('_', '')}%"))
    if after is not None:
        query = query.where(Merchant.id < after)
    rows = work.session.execute(query).all()
    return tuple(_merchant(row) for row in rows[:PAGE]), len(rows) > PAGE


def merchant(work: Work, merchant_id: UUID) -> MerchantShown:
    """One merchant, or NotFound."""
    row = work.session.execute(_shown().where(Merchant.id == merchant_id)).one_or_none()
    if row is None:
        raise NotFound
    return _merchant(row)


def counts(work: Work) -> dict[tuple[Kind, MerchantState], int]:
    """How many merchants of each kind are in each state."""
    rows = work.session.execute(
        select(Merchant.kind, Merchant.state, func.count()).group_by(Merchant.kind, Merchant.state)
    )
    return {(Kind(kind), MerchantState(state)): count for kind, state, count in rows}


def merchant_name(work: Work, merchant_id: UUID) -> str:
    """The name everybody sees, or empty."""
    return work.session.execute(select(Merchant.name).where(Merchant.id == merchant_id)).scalar() or ""


def merchant_names(work: Work, merchant_ids: set[UUID]) -> dict[UUID, str]:
    """Names by id."""
    if not merchant_ids:
        return {}
    rows = work.session.execute(select(Merchant.id, Merchant.name).where(Merchant.id.in_(merchant_ids)))
    return dict(rows.all())


def _shown() -> Select[Any]:
    in_force = (Membership.merchant_id == Merchant.id, Membership.ended_at.is_(None))
    first_owner = (
        select(func.jsonb_build_array(Membership.name, Membership.phone_masked))
        .where(*in_force, Membership.role == Role.OWNER.value)
        .order_by(Membership.created_at)
        .limit(1)
        .scalar_subquery()
    )
    staff = select(func.count()).where(*in_force).scalar_subquery()
    stores = select(func.count()).where(StoreRoute.merchant_id == Merchant.id).scalar_subquery()
    return select(Merchant, staff.label("staff"), stores.label("stores"), first_owner.label("owner"))


def _merchant(row: Any) -> MerchantShown:
    owner_name, owner_phone = row.owner or ("", "")
    return MerchantShown(
        id=row.Merchant.id,
        name=row.Merchant.name,
        kind=Kind(row.Merchant.kind),
        state=MerchantState(row.Merchant.state),
        state_reason=row.Merchant.state_reason or "",
        created_at=row.Merchant.created_at,
        staff=row.staff,
        stores=row.stores,
        owner_name=owner_name,
        owner_phone_masked=owner_phone,
    )
