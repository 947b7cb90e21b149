"""What tenants do when somebody gets a phone: invitations that wait for it find him."""

from __future__ import annotations

from portal.domain.identity.events import PhoneChanged, Registered
from portal.domain.tenants.actions import invitations
from portal.kernel.work import Work


def recognise(work: Work, event: Registered | PhoneChanged) -> None:
    """Give the open invitations to this phone to its person."""
    invitations.recognise(work, event.person_id, event.phone)


REACTIONS = ((Registered, recognise), (PhoneChanged, recognise))
