"""A merchant begins, is suspended, reinstated, closed. Closing or suspending acts at once, by the state that every
request reads; what other features must do, they do on the event."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.identity.models import Person
from portal.domain.tenants import rules
from portal.domain.tenants.access import access_merchant
from portal.domain.tenants.events import (
    MerchantApproved,
    MerchantClosed,
    MerchantReinstated,
    MerchantRenamed,
    MerchantSuspended,
)
from portal.domain.tenants.models import Membership, Merchant
from portal.domain.tenants.values import Kind, MerchantState
from portal.kernel import phones
from portal.kernel.lines import clean_text
from portal.kernel.permissions import Permission, Role
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

REASON_MOST = 300


def found(
    work: Work, *, kind: Kind, name: str, owner_id: UUID, region_code: str = "", category_id: UUID | None = None
) -> UUID:
    """A new merchant with its first owner; returns its id."""
    work.require(Permission.APPLICATION_REVIEW)
    person = work.session.execute(select(Person.name, Person.phone).where(Person.id == owner_id)).one_or_none()
    if person is None:
        raise NotFound
    merchant = Merchant(kind=kind.value, name=name, state=MerchantState.ACTIVE.value, created_at=work.now())
    work.session.add(merchant)
    work.session.flush()
    membership = Membership(
        merchant_id=merchant.id,
        person_id=owner_id,
        role=Role.OWNER.value,
        all_stores=True,
        name=person.name,
        phone_masked=phones.mask(person.phone or ""),
        created_at=work.now(),
    )
    work.session.add(membership)
    work.session.flush()
    work.audit("merchant.founded", "merchant", merchant.id, about=merchant.id, kind=kind.value)
    work.publish(MerchantApproved(merchant.id, kind, name, owner_id, membership.id, region_code, category_id))
    return merchant.id


def rename(work: Work, merchant_id: UUID, *, name: str) -> None:
    """Another name for everybody to see."""
    work.require(Permission.APPLICATION_REVIEW)
    merchant = access_merchant(work, merchant_id, lock=True)
    if merchant.name != name:
        merchant.name = name
        work.publish(MerchantRenamed(merchant_id, name))


def suspend(work: Work, merchant_id: UUID, *, reason: str) -> None:
    """Close everything at once, for a reason its staff will read. Refuses when it is not active."""
    merchant = _move(work, merchant_id, MerchantState.SUSPENDED, reason)
    work.publish(MerchantSuspended(merchant.id, merchant.name, merchant.state_reason or "", _owners(work, merchant.id)))


def reinstate(work: Work, merchant_id: UUID) -> None:
    """Open it again. Refuses when it is not suspended."""
    merchant = _move(work, merchant_id, MerchantState.ACTIVE, None)
    work.publish(MerchantReinstated(merchant.id, merchant.name, _owners(work, merchant.id)))


def close(work: Work, merchant_id: UUID, *, reason: str) -> None:
    """End it for good; its history stays. Refuses when it is closed already."""
    merchant = _move(work, merchant_id, MerchantState.CLOSED, reason)
    work.publish(MerchantClosed(merchant.id, merchant.name, merchant.state_reason or "", _owners(work, merchant.id)))


def _move(work: Work, merchant_id: UUID, state: MerchantState, reason: str | None) -> Merchant:
    work.require(Permission.MERCHANT_SUSPEND)
    merchant = access_merchant(work, merchant_id, lock=True)
    rules.check_move(MerchantState(merchant.state), state)
    why = None if reason is None else clean_text(reason, field="reason", most=REASON_MOST)
    merchant.state, merchant.state_reason = state.value, why
    work.session.flush()
    act = {"active": "reinstated"}.get(state.value, state.value)
    work.audit(f"merchant.{act}", "merchant", merchant.id, about=merchant.id)
    return merchant


def _owners(work: Work, merchant_id: UUID) -> tuple[UUID, ...]:
    return tuple(
        work.session.execute(
            select(Membership.person_id).where(
                Membership.merchant_id == merchant_id,
                Membership.role == Role.OWNER.value,
                Membership.ended_at.is_(None),
            )
        ).scalars()
    )
