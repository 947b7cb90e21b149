"""Roles and stores change, people leave, and a merchant never loses its last owner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from portal.domain.tenants.actions import operators, staff
from portal.domain.tenants.errors import LastOwner
from portal.domain.tenants.queries import signed_in
from portal.domain.tenants.queries import staff as queries
from portal.kernel.permissions import Role
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, open_work
from portal.web.sessions import digest
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


def office(world: World, merchant: MadeMerchant, person: MadePerson):
    return world.work(Face.OFFICE, merchant=merchant.id, person=person.id, kind=ActorKind.STAFF)


def member_of(world: World, merchant: MadeMerchant, person: MadePerson) -> UUID:
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return next(one.id for one in queries.members(work, merchant.id) if one.person_id == person.id)


def test_removal_ends_the_hat_at_the_next_look(world: World) -> None:
    merchant = world.merchant()
    owner, clerk = world.staff(merchant), world.staff(merchant, Role.CLERK)
    token = world.sign_in(clerk)

    def hats():
        with world.work(Face.PERSON, person=clerk.id) as work:
            return signed_in(work, clerk.id, digest(token)).hats

    assert len(hats()) == 1
    member = member_of(world, merchant, clerk)
    with office(world, merchant, owner) as work:
        staff.remove(work, member)
    assert hats() == ()
    with office(world, merchant, owner) as work, pytest.raises(NotFound):
        staff.remove(work, member)


def test_the_last_owner_stays(world: World) -> None:
    merchant = world.merchant()
    owner = world.staff(merchant)
    member = member_of(world, merchant, owner)
    with office(world, merchant, owner) as work, pytest.raises(LastOwner):
        staff.remove(work, member)
    with office(world, merchant, owner) as work, pytest.raises(LastOwner):
        staff.change(work, member, role=Role.MANAGER, store_ids=None)
    world.staff(merchant)
    with office(world, merchant, owner) as work:
        staff.change(work, member, role=Role.MANAGER, store_ids=None)


def test_two_owners_who_remove_each_other_leave_one(world: World) -> None:
    for _ in range(5):
        merchant = world.merchant()
        owners = [world.staff(merchant), world.staff(merchant)]
        members = [member_of(world, merchant, owner) for owner in owners]
        start = Barrier(2)

        def remove(turn: int, owners=owners, members=members, merchant=merchant, start=start) -> str:
            try:
                with office(world, merchant, owners[turn]) as work:
                    start.wait(10)
                    staff.remove(work, members[1 - turn])
                    return "removed"
            except (LastOwner, NotFound):
                return "refused"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(remove, range(2))) == ["refused", "removed"]
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            assert len(queries.members(work, merchant.id)) == 1


def test_another_merchants_member_is_not_found(world: World) -> None:
    one, other = world.merchant(), world.merchant()
    owner, clerk = world.staff(one), world.staff(other, Role.CLERK)
    member = member_of(world, other, clerk)
    for act in (
        lambda work: staff.remove(work, member),
        lambda work: staff.change(work, member, role=Role.CLERK, store_ids=None),
        lambda work: queries.member(work, member),
    ):
        with office(world, one, owner) as work, pytest.raises(NotFound):
            act(work)


def test_without_the_right_nothing_happens(world: World) -> None:
    merchant = world.merchant()
    owner, manager = world.staff(merchant), world.staff(merchant, Role.MANAGER)
    scope, actor = Scope(Face.OFFICE, merchant_id=merchant.id), Actor(ActorKind.STAFF, manager.id)
    member = member_of(world, merchant, owner)
    with (
        open_work(world.engine, scope=scope, actor=actor, clock=world.clock) as work,
        pytest.raises(Denied),
    ):
        staff.remove(work, member)


def test_the_platform_keeps_an_owner_and_dismissal_is_final_until_appointed_again(world: World) -> None:
    owner, person = world.operator(), world.person()
    with world.work(Face.PLATFORM, person=owner.id) as work:
        operators.appoint(work, phone=person.phone, role=Role.PLATFORM_REVIEWER)
        with pytest.raises(Refusal):
            operators.appoint(work, phone=person.phone, role=Role.PLATFORM_SUPPORT)
        with pytest.raises(Refusal):
            operators.appoint(work, phone="15499999999", role=Role.PLATFORM_SUPPORT)
        with pytest.raises(Refusal):
            operators.change(work, person.id, role=Role.OWNER)
        with pytest.raises(Refusal):
            operators.dismiss(work, owner.id)
        with pytest.raises(Refusal):
            operators.change(work, owner.id, role=Role.PLATFORM_FINANCE)
        operators.dismiss(work, person.id)
        operators.dismiss(work, person.id)
        operators.appoint(work, phone=person.phone, role=Role.PLATFORM_OWNER)
        operators.dismiss(work, owner.id)
        assert {one.person_id: one.ended_at is None for one in queries.operators(work)} == {
            owner.id: False,
            person.id: True,
        }
