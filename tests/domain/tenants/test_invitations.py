"""Asking somebody to join: once, for a week, by phone; whoever registers that phone later finds it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.domain.identity.events import Registered
from portal.domain.tenants import access
from portal.domain.tenants.actions import invitations, merchants
from portal.domain.tenants.actions import staff as acts
from portal.domain.tenants.errors import AlreadyInvited, AlreadyOnStaff, InvitationClosed
from portal.domain.tenants.models import Membership
from portal.domain.tenants.queries import staff
from portal.domain.tenants.values import InvitationState, Kind
from portal.kernel.permissions import Role
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def shop(world: World) -> tuple[MadeMerchant, MadePerson]:
    merchant = world.merchant()
    return merchant, world.staff(merchant)


def accept(world: World, person: MadePerson, invitation):
    with world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
        return invitations.accept(work, invitation)


def test_the_invited_person_joins_with_role_and_masked_phone(world: World, shop) -> None:
    merchant, owner = shop
    guest = world.person()
    asked = world.invited(merchant, owner, guest.phone)
    assert accept(world, guest, asked) == merchant.id
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        joined = [one for one in staff.members(work, merchant.id) if one.person_id == guest.id]
    assert [(one.name, one.role, one.store_ids) for one in joined] == [(guest.name, Role.CLERK, None)]
    assert guest.phone not in joined[0].phone_masked


def test_accepting_twice_is_one_membership(world: World, shop) -> None:
    merchant, owner = shop
    guest = world.person()
    asked = world.invited(merchant, owner, guest.phone)
    assert accept(world, guest, asked) == accept(world, guest, asked)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        assert len(staff.members(work, merchant.id)) == 2


def test_whoever_registers_the_phone_later_finds_the_invitation(world: World, shop) -> None:
    merchant, owner = shop
    phone = f"1540009{next(world.numbers):04d}"
    asked = world.invited(merchant, owner, phone)
    newcomer = world.person(phone=phone)
    with world.work(Face.PERSON, person=newcomer.id) as work:
        assert staff.invitations_to_me(work) == ()
        work.publish(Registered(newcomer.id, None, phone))
    with world.work(Face.PERSON, person=newcomer.id) as work:
        assert [one.id for one in staff.invitations_to_me(work)] == [asked]
    accept(world, newcomer, asked)


def test_an_invitation_expires_after_seven_days_and_may_be_made_again(world: World, shop) -> None:
    merchant, owner = shop
    guest = world.person()
    asked = world.invited(merchant, owner, guest.phone)
    with pytest.raises(AlreadyInvited):
        world.invited(merchant, owner, guest.phone)
    world.clock.advance(days=7)
    with pytest.raises(InvitationClosed):
        accept(world, guest, asked)
    again = world.invited(merchant, owner, guest.phone)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        states = {one.id: one.state for one in staff.invitations(work)}
    assert states == {asked: InvitationState.EXPIRED, again: InvitationState.PENDING}


@pytest.mark.parametrize("end", ["revoke", "decline"])
def test_what_was_ended_cannot_be_accepted(world: World, shop, end: str) -> None:
    merchant, owner = shop
    guest = world.person()
    asked = world.invited(merchant, owner, guest.phone)
    face = {"merchant": merchant.id, "person": owner.id} if end == "revoke" else {"person": guest.id}
    for _ in range(2):
        with world.work(Face.OFFICE if end == "revoke" else Face.PERSON, **face) as work:
            getattr(invitations, end)(work, asked)
    with pytest.raises(InvitationClosed):
        accept(world, guest, asked)


def test_an_invitation_is_the_invited_persons_and_the_merchants_only(world: World, shop) -> None:
    merchant, owner = shop
    guest, stranger, other = world.person(), world.person(), world.merchant()
    asked = world.invited(merchant, owner, guest.phone)
    with pytest.raises(NotFound):
        accept(world, stranger, asked)
    with world.work(Face.OFFICE, merchant=other.id, person=stranger.id) as work, pytest.raises(NotFound):
        invitations.revoke(work, asked)


def test_nobody_is_asked_twice_or_who_is_there_already(world: World, shop) -> None:
    merchant, owner = shop
    with pytest.raises(AlreadyOnStaff):
        world.invited(merchant, owner, owner.phone)


def test_a_suspended_merchant_cannot_be_joined(world: World, shop) -> None:
    merchant, owner = shop
    guest = world.person()
    asked = world.invited(merchant, owner, guest.phone)
    with world.work(Face.PLATFORM, person=world.operator().id) as work:
        merchants.suspend(work, merchant.id, reason="资质过期")
    with pytest.raises(Conflict):
        accept(world, guest, asked)


@pytest.mark.parametrize(
    ("kind", "role", "stores", "field"),
    [
        (Kind.ALLIANCE, Role.KITCHEN, None, "role"),
        (Kind.SUPPLIER, Role.CLERK, None, "role"),
        (Kind.BRAND, Role.PLATFORM_OWNER, None, "role"),
        (Kind.BRAND, Role.CLERK, frozenset(), "store_ids"),
        (Kind.BRAND, Role.CLERK, frozenset({uuid4()}), "store_ids"),
        (Kind.BRAND, Role.OWNER, frozenset({uuid4()}), "store_ids"),
        (Kind.SUPPLIER, Role.SHIPPER, frozenset({uuid4()}), "store_ids"),
    ],
)
def test_roles_and_stores_belong_to_the_kind_and_the_merchant(world: World, kind, role, stores, field) -> None:
    merchant = world.merchant(kind)
    with pytest.raises(Refusal) as caught:
        world.invited(merchant, world.staff(merchant), "15400099999", role, stores)
    assert caught.value.field == field


def accept_at_once(world: World, guest: MadePerson, asked, times: int) -> list[object]:
    start = Barrier(times)

    def one(_turn: int) -> object:
        try:
            with world.work(Face.PERSON, person=guest.id, kind=ActorKind.PERSON) as work:
                start.wait(10)
                return invitations.accept(work, asked)
        except (Conflict, IntegrityError) as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def memberships(world: World, guest: MadePerson) -> int:
    with world.work(Face.PLATFORM) as work:
        return work.session.scalar(select(func.count()).where(Membership.person_id == guest.id))


def test_four_taps_on_accept_are_one_membership(world: World, shop) -> None:
    merchant, owner = shop
    for _ in range(5):
        guest = world.person()
        told = accept_at_once(world, guest, world.invited(merchant, owner, guest.phone), 4)
        assert told == [merchant.id] * 4
        assert memberships(world, guest) == 1


def test_without_the_lock_taps_collide(world: World, shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: it is the lock that makes four taps one; the database's last word is still one row."""
    lockless = access.access_invitation
    monkeypatch.setattr(
        invitations, "access_invitation", lambda work, invitation_id, lock=False: lockless(work, invitation_id)
    )
    pause, look = Barrier(2), invitations._open_invitation

    def slowly(*args: object) -> object:
        merchant = look(*args)
        pause.wait(10)
        return merchant

    monkeypatch.setattr(invitations, "_open_invitation", slowly)
    merchant, owner = shop
    guest = world.person()
    told = accept_at_once(world, guest, world.invited(merchant, owner, guest.phone), 2)
    assert any(isinstance(one, Exception) for one in told)
    assert memberships(world, guest) == 1


def test_the_open_invitations_of_a_former_owner_are_void(world: World, shop) -> None:
    merchant, owner = shop
    for leave in (
        acts.remove,
        lambda work, member: acts.change(work, member, role=Role.MANAGER, store_ids=None),
    ):
        former, door = world.staff(merchant), world.person()
        asked, kept = world.invited(merchant, former, door.phone, Role.OWNER), world.person()
        other = world.invited(merchant, owner, kept.phone)
        with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
            leave(work, next(one.id for one in staff.members(work, merchant.id) if one.person_id == former.id))
        with pytest.raises(InvitationClosed):
            accept(world, door, asked)
        assert accept(world, kept, other) == merchant.id
