"""The platform's own people: appoint, change, dismiss. Only the platform's owner does this."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.identity.models import Person
from portal.domain.tenants.access import access_operator
from portal.domain.tenants.models import PlatformStaff
from portal.kernel.permissions import Permission, Role
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

PLATFORM_ROLES = (Role.PLATFORM_OWNER, Role.PLATFORM_REVIEWER, Role.PLATFORM_SUPPORT, Role.PLATFORM_FINANCE)


def appoint(work: Work, *, phone: str, role: Role) -> UUID:
    """Let the person with this phone (11 digits) work for the platform. Refuses an unknown phone, and twice."""
    work.require(Permission.OPERATOR_EDIT)
    _check(role)
    person_id = work.session.execute(select(Person.id).where(Person.phone == phone, Person.state == "active")).scalar()
    if person_id is None:
        raise Refusal(say("没有用这个手机号注册的用户。请对方先注册。"), field="phone")
    row = work.session.execute(
        select(PlatformStaff).where(PlatformStaff.person_id == person_id).with_for_update()
    ).scalar()
    if row is not None and row.ended_at is None:
        raise Refusal(say("这个用户已经是平台人员，可以直接改角色。"), field="phone")
    if row is None:
        row = PlatformStaff(person_id=person_id)
        work.session.add(row)
    row.role, row.created_at, row.ended_at = role.value, work.now(), None
    work.session.flush()
    work.audit("operator.appointed", "person", person_id, role=role.value)
    return person_id


def change(work: Work, person_id: UUID, *, role: Role) -> None:
    """Another role. Refuses to leave the platform without an owner."""
    work.require(Permission.OPERATOR_EDIT)
    _check(role)
    owners = _lock_owners(work)
    row = access_operator(work, person_id, lock=True)
    if row.ended_at is not None:
        raise Refusal(say("这个用户已经不是平台人员了。"))
    if owners == {person_id} and role is not Role.PLATFORM_OWNER:
        raise Refusal(say("这是最后一位平台负责人，请先任命另一位。"), field="role")
    row.role = role.value
    work.audit("operator.changed", "person", person_id, role=role.value)


def dismiss(work: Work, person_id: UUID) -> None:
    """Out at the next request. Refuses the last owner; dismissing twice is once."""
    work.require(Permission.OPERATOR_EDIT)
    owners = _lock_owners(work)
    row = access_operator(work, person_id, lock=True)
    if row.ended_at is not None:
        return
    if owners == {person_id}:
        raise Refusal(say("这是最后一位平台负责人，请先任命另一位。"))
    row.ended_at = work.now()
    work.audit("operator.dismissed", "person", person_id)


def _check(role: Role) -> None:
    if role not in PLATFORM_ROLES:
        raise Refusal(say("平台没有这个角色。"), field="role")


def _lock_owners(work: Work) -> set[UUID]:
    """The owners in force, locked in one order."""
    found = work.session.execute(
        select(PlatformStaff.person_id)
        .where(PlatformStaff.role == Role.PLATFORM_OWNER.value, PlatformStaff.ended_at.is_(None))
        .order_by(PlatformStaff.person_id)
        .with_for_update()
    )
    return set(found.scalars())
