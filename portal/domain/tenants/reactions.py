"""What tenants do about persons: invitations that wait for a phone find it, copied names follow their owners, and the
platform's own people are not shut out or let in by just anybody."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.domain.identity.events import PersonBlocked, PersonUnblocked, PhoneChanged, Registered, Renamed
from portal.domain.tenants.actions import invitations
from portal.domain.tenants.models import Membership, PlatformStaff
from portal.kernel import phones
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Denied
from portal.kernel.words import say
from portal.kernel.work import Work


def recognise(work: Work, event: Registered | PhoneChanged) -> None:
    """Give the open invitations to this phone to its person."""
    invitations.recognise(work, event.person_id, event.phone)


def rename_members(work: Work, event: Renamed) -> None:
    """The new name where the person works; where he has left, nobody is told any more."""
    _copy(work, name=event.name)


def rewrite_phones(work: Work, event: PhoneChanged) -> None:
    """The new phone, masked, where the person works."""
    _copy(work, phone_masked=phones.mask(event.phone))


def _copy(work: Work, **values: str) -> None:
    """On the person's own face, which may change these two columns of his own rows."""
    work.session.execute(
        update(Membership)
        .where(Membership.person_id == work.person_id, Membership.ended_at.is_(None))
        .values(**values),
        execution_options={"synchronize_session": False},
    )


def spare_operators(work: Work, event: PersonBlocked | PersonUnblocked) -> None:
    """Refuse to shut out or let in one of the platform's own people, unless who acts may dismiss them as well."""
    theirs = (PlatformStaff.person_id == event.person_id, PlatformStaff.ended_at.is_(None))
    colleague = work.session.execute(select(PlatformStaff.person_id).where(*theirs)).scalar() is not None
    if colleague and not work.may(Permission.OPERATOR_EDIT):
        raise Denied(say("这是平台人员的账号，只有平台负责人可以停用或恢复。"))


REACTIONS = (
    (Registered, recognise),
    (PhoneChanged, recognise),
    (PhoneChanged, rewrite_phones),
    (Renamed, rename_members),
    (PersonBlocked, spare_operators),
    (PersonUnblocked, spare_operators),
)
