"""The only way to one merchant, one member of staff, one invitation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.tenants.models import Invitation, Membership, Merchant, PlatformStaff
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_merchant(work: Work, merchant_id: UUID, *, lock: bool = False) -> Merchant:
    """The merchant, or NotFound; an office sees only its own."""
    query = select(Merchant).where(Merchant.id == merchant_id)
    row = work.session.execute(query.with_for_update() if lock else query).scalar()
    if row is None:
        raise NotFound
    return row


def access_membership(work: Work, membership_id: UUID, *, lock: bool = False) -> Membership:
    """A member of staff in force of the office's merchant, or NotFound."""
    query = select(Membership).where(
        Membership.merchant_id == work.merchant_id, Membership.id == membership_id, Membership.ended_at.is_(None)
    )
    row = work.session.execute(query.with_for_update() if lock else query).scalar()
    if row is None:
        raise NotFound
    return row


def access_invitation(work: Work, invitation_id: UUID, *, lock: bool = False) -> Invitation:
    """An invitation in sight: the office's own, or one to the person who is signed in. Else NotFound."""
    query = select(Invitation).where(Invitation.id == invitation_id)
    if work.scope.merchant_id is not None:
        query = query.where(Invitation.merchant_id == work.scope.merchant_id)
    row = work.session.execute(query.with_for_update() if lock else query).scalar()
    if row is None:
        raise NotFound
    return row


def access_operator(work: Work, person_id: UUID, *, lock: bool = False) -> PlatformStaff:
    """Somebody who works or worked for the platform, or NotFound."""
    query = select(PlatformStaff).where(PlatformStaff.person_id == person_id)
    row = work.session.execute(query.with_for_update() if lock else query).scalar()
    if row is None:
        raise NotFound
    return row
