"""Asking somebody to join: invite, revoke, accept, decline.

The office never reads persons, the person never writes memberships: each side's part runs on its own face.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from portal.domain.identity.models import Person
from portal.domain.reference import queries as reference
from portal.domain.reference.values import INVITATION_DAYS
from portal.domain.tenants import rules
from portal.domain.tenants.access import access_invitation, access_merchant
from portal.domain.tenants.actions.staff import cover, known_stores
from portal.domain.tenants.errors import AlreadyInvited, AlreadyOnStaff, InvitationClosed
from portal.domain.tenants.events import InvitationAccepted, InvitationDeclined, StaffInvited
from portal.domain.tenants.models import Invitation, Membership, Merchant
from portal.domain.tenants.values import InvitationState, Kind, MerchantState
from portal.kernel import phones
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission, Role
from portal.kernel.refusals import Conflict
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work

NAME_MOST = 30
PENDING = InvitationState.PENDING.value


def invite(work: Work, *, phone: str, name: str, role: Role, store_ids: frozenset[UUID] | None) -> UUID:
    """Ask the person with this phone (11 digits) to join; he need not be registered. Returns the invitation's id.

    Refuses a role or stores this merchant does not have, somebody on the staff, and a second open invitation.
    """
    work.require(Permission.STAFF_EDIT)
    name = clean_line(name, field="name", most=NAME_MOST)
    merchant = access_merchant(work, work.merchant_id)
    rules.check_role(Kind(merchant.kind), role)
    rules.check_cover(Kind(merchant.kind), role, store_ids, known_stores(work))
    person_id, digest = _person_with(work, phone), rules.phone_digest(phone)
    _refuse_twice(work, person_id, digest)
    row = Invitation(
        merchant_id=work.merchant_id,
        person_id=person_id,
        phone_digest=digest,
        phone_masked=phones.mask(phone),
        name=name,
        role=role.value,
        all_stores=store_ids is None,
        store_ids=[str(store_id) for store_id in sorted(store_ids or ())],
        state=PENDING,
        invited_by=work.person_id,
        created_at=work.now(),
        expires_at=work.now() + timedelta(days=reference.value_of(work, INVITATION_DAYS)),
    )
    work.session.add(row)
    work.session.flush()
    work.audit("staff.invited", "invitation", row.id, role=role.value)
    work.publish(StaffInvited(work.merchant_id, merchant.name, row.id, role, phone, person_id))
    return row.id


def revoke(work: Work, invitation_id: UUID) -> None:
    """Take an open invitation back. Refuses one that was answered; revoking twice is once."""
    work.require(Permission.STAFF_EDIT)
    row = access_invitation(work, invitation_id, lock=True)
    if row.state == InvitationState.REVOKED:
        return
    if row.state != PENDING:
        raise InvitationClosed(InvitationState(row.state))
    row.state, row.answered_at = InvitationState.REVOKED.value, work.now()
    work.audit("staff.invitation_revoked", "invitation", row.id)


def accept(work: Work, invitation_id: UUID) -> UUID:
    """Join; returns the merchant's id. Accepting again is no second membership.

    Refuses an invitation that was declined, revoked or has expired, and a merchant that is not open.
    """
    work.require(Permission.INVITATION_ANSWER)
    row = access_invitation(work, invitation_id, lock=True)
    if row.state == InvitationState.ACCEPTED:
        return row.merchant_id
    merchant = _open_invitation(work, row)
    if merchant.state != MerchantState.ACTIVE:
        raise Conflict(say("%(merchant)s 目前没有开放，暂时不能加入。", merchant=merchant.name))
    person = work.session.execute(select(Person.name, Person.phone).where(Person.id == work.person_id)).one()
    row.state, row.answered_at = InvitationState.ACCEPTED.value, work.now()
    with borrowed(work, Scope(Face.OFFICE, merchant_id=row.merchant_id)):
        member = _join(work, row, person.name, phones.mask(person.phone or ""))
        work.audit("staff.joined", "membership", member.id, role=member.role, invitation=row.id)
        work.publish(
            InvitationAccepted(
                row.merchant_id, merchant.name, row.id, member.id, member.person_id, row.invited_by, person.name
            )
        )
    return row.merchant_id


def decline(work: Work, invitation_id: UUID) -> None:
    """Say no. Declining twice is once; refuses an invitation that was answered otherwise."""
    work.require(Permission.INVITATION_ANSWER)
    row = access_invitation(work, invitation_id, lock=True)
    if row.state == InvitationState.DECLINED:
        return
    _open_invitation(work, row)
    row.state, row.answered_at = InvitationState.DECLINED.value, work.now()
    with borrowed(work, Scope(Face.OFFICE, merchant_id=row.merchant_id)):
        work.audit("staff.invitation_declined", "invitation", row.id)
        work.publish(InvitationDeclined(row.merchant_id, row.id, row.invited_by, row.name))


def recognise(work: Work, person_id: UUID, phone: str) -> int:
    """Give the open invitations to this phone to the person who has just registered it (gate face); how many."""
    with borrowed(work, Scope(Face.GATE)):
        done = work.session.execute(
            update(Invitation)
            .where(Invitation.phone_digest == rules.phone_digest(phone), Invitation.state == PENDING)
            .where(Invitation.expires_at > work.now())
            .values(person_id=person_id),
            execution_options={"synchronize_session": False},
        )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _person_with(work: Work, phone: str) -> UUID | None:
    with borrowed(work, Scope(Face.GATE)):
        found: UUID | None = work.session.execute(
            select(Person.id).where(Person.phone == phone, Person.state == "active")
        ).scalar()
    return found


def _refuse_twice(work: Work, person_id: UUID | None, digest: bytes) -> None:
    merchant_id = work.merchant_id
    work.session.execute(
        update(Invitation)
        .where(Invitation.merchant_id == merchant_id, Invitation.phone_digest == digest)
        .where(Invitation.state == PENDING, Invitation.expires_at <= work.now())
        .values(state=InvitationState.EXPIRED.value, answered_at=work.now())
    )
    here = (Membership.merchant_id == merchant_id, Membership.ended_at.is_(None))
    on_staff = select(Membership.id).where(*here, Membership.person_id == person_id)
    if person_id is not None and work.session.execute(on_staff).scalar() is not None:
        raise AlreadyOnStaff
    asked = select(Invitation.id).where(Invitation.merchant_id == merchant_id, Invitation.phone_digest == digest)
    if work.session.execute(asked.where(Invitation.state == PENDING)).scalar() is not None:
        raise AlreadyInvited


def _open_invitation(work: Work, row: Invitation) -> Merchant:
    state = rules.state_now(row.state, row.expires_at, work.now())
    if state is not InvitationState.PENDING:
        raise InvitationClosed(state)
    return access_merchant(work, row.merchant_id)


def _join(work: Work, invitation: Invitation, name: str, phone_masked: str) -> Membership:
    here = (Membership.merchant_id == invitation.merchant_id, Membership.ended_at.is_(None))
    mine = select(Membership.id).where(*here, Membership.person_id == invitation.person_id)
    if work.session.execute(mine).scalar() is not None:
        raise Conflict(say("您已经是这家商家的员工了。"))
    member = Membership(
        merchant_id=invitation.merchant_id,
        person_id=work.person_id,
        role=invitation.role,
        all_stores=invitation.all_stores,
        name=name or invitation.name,
        phone_masked=phone_masked,
        created_at=work.now(),
    )
    work.session.add(member)
    work.session.flush()
    if not invitation.all_stores:
        cover(work, member, frozenset(UUID(text) for text in invitation.store_ids) & known_stores(work))
    return member
