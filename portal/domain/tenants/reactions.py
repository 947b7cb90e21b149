"""What tenants do when somebody gets a phone: invitations that wait for it find him. And who may shut out whom."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.identity.events import PersonBlocked, PhoneChanged, Registered
from portal.domain.tenants.actions import invitations
from portal.domain.tenants.models import PlatformStaff
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def recognise(work: Work, event: Registered | PhoneChanged) -> None:
    """Give the open invitations to this phone to its person."""
    invitations.recognise(work, event.person_id, event.phone)


def spare_operators(work: Work, event: PersonBlocked) -> None:
    """Refuse to shut out one of the platform's own people, unless who acts may dismiss them as well."""
    theirs = (PlatformStaff.person_id == event.person_id, PlatformStaff.ended_at.is_(None))
    if work.session.execute(select(PlatformStaff.person_id).where(*theirs)).scalar() is not None:
        work.require(Permission.OPERATOR_EDIT)


REACTIONS = ((Registered, recognise), (PhoneChanged, recognise), (PersonBlocked, spare_operators))
