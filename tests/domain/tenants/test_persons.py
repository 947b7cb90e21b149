"""The platform finds persons by what they know of themselves, and everything it does about them is written down."""

from __future__ import annotations

import pytest

from portal.domain.identity.actions import oversight
from portal.domain.identity.actions.oversight import RevealReason
from portal.domain.tenants.queries import persons, signed_in
from portal.kernel.audit import AuditEntry
from portal.kernel.permissions import ROLES, Role
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face
from portal.web.sessions import digest
from tests.factories.world import World


def test_persons_are_found_by_phone_or_by_four_digits_with_the_name(world: World) -> None:
    person = world.person("欧阳文山")
    world.person("欧阳文山")
    with world.work(Face.PLATFORM) as work:
        assert [one.id for one in persons.find(work, phone=person.phone)] == [person.id]
        assert [one.id for one in persons.find(work, last4=person.phone[-4:], name="欧阳文山")] == [person.id]
        for less in ({}, {"name": "欧阳文山"}, {"last4": person.phone[-4:]}, {"last4": "5", "name": "欧阳文山"}):
            assert persons.find(work, **less) == ()
        assert person.phone not in repr(persons.find(work, phone=person.phone))


def test_a_revealed_phone_leaves_a_trace_without_the_phone(world: World) -> None:
    person, operator = world.person(), world.operator()
    with world.work(Face.PLATFORM, person=operator.id) as work:
        assert oversight.reveal(work, person.id, reason=RevealReason.COMPLAINT) == person.phone
    with world.work(Face.PLATFORM) as work:
        (entry,) = work.session.query(AuditEntry).filter_by(action="person.revealed")
        assert (entry.actor_id, entry.subject_id) == (operator.id, person.id)
        assert entry.facts == {"reason": "complaint"}
        assert person.phone not in str(entry.facts)


def test_a_blocked_person_is_out_everywhere_until_unblocked(world: World) -> None:
    person, operator = world.person(), world.operator()
    token = world.sign_in(person)

    def inside() -> bool:
        with world.work(Face.PERSON, person=person.id) as work:
            return signed_in(work, person.id, digest(token)) is not None

    assert inside()
    with world.work(Face.PLATFORM, person=operator.id) as work:
        assert oversight.block(work, person.id) == 1
        assert oversight.block(work, person.id) == 0
        with pytest.raises(Refusal):
            oversight.block(work, operator.id)
        with pytest.raises(NotFound):
            oversight.block(work, world.merchant().id)
    assert not inside()
    with world.work(Face.PLATFORM, person=operator.id) as work:
        oversight.unblock(work, person.id)
        shown = persons.person(work, person.id)
    assert (shown.found.state, shown.browsers) == ("active", 0)
    assert not inside()


def test_support_does_not_shut_out_the_platforms_own_people(world: World) -> None:
    support, owner = world.operator(Role.PLATFORM_SUPPORT), world.operator()
    with world.work(Face.PLATFORM, person=support.id) as work:
        work.enter(work.scope, work.actor, ROLES[Role.PLATFORM_SUPPORT])
        with pytest.raises(Denied):
            oversight.block(work, owner.id)
        work.session.rollback()
    with world.work(Face.PLATFORM, person=owner.id) as work:
        work.enter(work.scope, work.actor, ROLES[Role.PLATFORM_OWNER])
        oversight.block(work, support.id)
        assert persons.person(work, owner.id).found.state == "active"


def test_support_does_not_let_in_whom_the_owner_has_shut_out(world: World) -> None:
    support, reviewer = world.operator(Role.PLATFORM_SUPPORT), world.operator(Role.PLATFORM_REVIEWER)
    owner = world.operator()
    with world.work(Face.PLATFORM, person=owner.id) as work:
        work.enter(work.scope, work.actor, ROLES[Role.PLATFORM_OWNER])
        oversight.block(work, reviewer.id)
    with world.work(Face.PLATFORM, person=support.id) as work:
        work.enter(work.scope, work.actor, ROLES[Role.PLATFORM_SUPPORT])
        with pytest.raises(Denied, match="只有平台负责人可以停用或恢复"):
            oversight.unblock(work, reviewer.id)
        work.session.rollback()
    with world.work(Face.PLATFORM, person=owner.id) as work:
        work.enter(work.scope, work.actor, ROLES[Role.PLATFORM_OWNER])
        assert persons.person(work, reviewer.id).found.state == "blocked"
        oversight.unblock(work, reviewer.id)
        assert persons.person(work, reviewer.id).found.state == "active"
