"""Vital data change through a review; meanwhile the old ones are in force."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.domain.onboarding.actions import profiles
from portal.domain.onboarding.errors import AlreadyDecided
from portal.domain.onboarding.models import ProfileRow
from portal.domain.onboarding.queries import profiles as queries
from portal.domain.onboarding.values import ChangeState
from portal.domain.tenants.queries.merchants import merchant_name
from portal.kernel.refusals import Conflict, Denied, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.onboarding import licence_number
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def shop(world: World) -> tuple[MadeMerchant, MadePerson]:
    merchant = world.merchant()
    world.profile(merchant)
    return merchant, world.staff(merchant)


def test_old_data_are_in_force_until_the_platform_agrees(world: World, shop) -> None:
    merchant, owner = shop
    reviewer = world.operator()
    change = world.change(merchant, owner, bank_number="9999990000004321", name="新名字", address="新址 1 号")
    assert world.profile_of(merchant).name == merchant.name
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id) as work:
        pending = queries.pending_change(work, merchant.id)
        assert pending is not None
        assert (pending.before.address, pending.after.address) != (pending.after.address, pending.before.address)
        assert (pending.before.bank_last4, pending.after.bank_last4) == ("6789", "4321")
        assert len(pending.papers) == 1
    with world.work(Face.PLATFORM, person=reviewer.id) as work:
        profiles.approve(work, change)
    facts = world.profile_of(merchant)
    assert (facts.name, facts.address, facts.bank_last4) == ("新名字", "新址 1 号", "4321")
    with world.work(Face.PLATFORM) as work:
        assert merchant_name(work, merchant.id) == "新名字"
        assert queries.bank_number(work, merchant.id) == "9999990000004321"
        assert len(queries.profile(work, merchant.id).papers) == 1


def test_a_refused_change_leaves_everything_as_it_was(world: World, shop) -> None:
    merchant, owner = shop
    reviewer = world.operator()
    before = world.profile_of(merchant)
    change = world.change(merchant, owner, licence_number=licence_number(909))
    with world.work(Face.PLATFORM, person=reviewer.id) as work:
        profiles.refuse(work, change, reason="执照图片看不清")
    assert world.profile_of(merchant) == before
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        last = queries.last_change(work, merchant.id)
        assert (last.state, last.reason) == (ChangeState.REFUSED, "执照图片看不清")
    with world.work(Face.PLATFORM, person=reviewer.id) as work, pytest.raises(AlreadyDecided):
        profiles.approve(work, change)


def test_one_change_at_a_time_and_it_may_be_withdrawn(world: World, shop) -> None:
    merchant, owner = shop
    change = world.change(merchant, owner, address="新址")
    with pytest.raises(Conflict):
        world.change(merchant, owner, address="又一个新址")
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id) as work:
        profiles.withdraw(work, change)
        profiles.withdraw(work, change)
    with world.work(Face.PLATFORM, person=owner.id) as work, pytest.raises(Conflict):
        profiles.approve(work, change)
    world.change(merchant, owner, address="又一个新址")


@pytest.mark.parametrize(
    ("wanted", "bank_number", "field"),
    [
        ({}, "", None),
        ({"licence_number": "123"}, "", "licence_number"),
        ({"legal_name": ""}, "", "legal_name"),
        ({}, "12", "bank_number"),
        ({}, "9" * 60, "bank_number"),
        ({"address": "长" * 500}, "", "address"),
    ],
)
def test_what_could_not_be_submitted_cannot_be_proposed(world: World, shop, wanted, bank_number, field) -> None:
    merchant, owner = shop
    with pytest.raises(Refusal) as caught:
        world.change(merchant, owner, bank_number=bank_number, **wanted)
    assert caught.value.field == field


def test_the_contact_changes_at_once(world: World, shop) -> None:
    merchant, owner = shop
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
        profiles.set_contact(work, contact_name="何伟", contact_phone="0769 2281 0000", demo=True)
        with pytest.raises(Refusal):
            profiles.set_contact(work, contact_name="何伟", contact_phone="1", demo=True)
    assert world.profile_of(merchant).contact_phone == "076922810000"


def test_a_contact_that_changed_meanwhile_is_not_undone_by_the_approval(world: World, shop) -> None:
    merchant, owner = shop
    change = world.change(merchant, owner, address="新址")
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id) as work:
        profiles.set_contact(work, contact_name="何伟", contact_phone="15400020099", demo=True)
    with world.work(Face.PLATFORM, person=world.operator().id) as work:
        profiles.approve(work, change)
    assert replace(world.profile_of(merchant)).contact_name == "何伟"


def test_an_office_asks_for_its_profile_without_the_number(world: World, shop) -> None:
    merchant, _ = shop
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        row = work.session.execute(select(ProfileRow)).scalar_one()
        assert row.bank_last4 == "6789"


def test_a_reviewer_does_not_decide_on_his_own_shop(world: World) -> None:
    merchant, reviewer = world.merchant(), world.operator()
    world.profile(merchant)
    world.staff(merchant, person=reviewer)
    change = world.change(merchant, reviewer, bank_number="9999990000004321")
    with world.work(Face.PLATFORM, person=reviewer.id) as work, pytest.raises(Denied):
        profiles.approve(work, change)
    with world.work(Face.PLATFORM, person=world.operator().id) as work:
        profiles.approve(work, change)
