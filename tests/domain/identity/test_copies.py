"""A new name and a new phone reach every copy that others keep of them, and nothing that was said before."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.identity.actions import profile, referrals
from portal.domain.identity.events import PhoneChanged
from portal.domain.identity.models import ReferralLink
from portal.domain.tenants.models import Membership
from portal.domain.vouchers.models import Redemption, Voucher
from portal.kernel import phones
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.domain.vouchers.town import a_town
from tests.factories.world import World

NEW = "15400006677"


def memberships(world: World, person) -> dict:
    with world.work(Face.JOB) as work:
        rows = work.session.scalars(select(Membership).where(Membership.person_id == person.id))
        return {row.merchant_id: (row.name, row.phone_masked) for row in rows}


def rename(world: World, person, name: str) -> None:
    with world.work(Face.PERSON, person=person.id) as work:
        profile.edit(work, name=name, locale="zh")


def test_a_new_name_reaches_the_staff_lists_of_all_employers_in_force(world: World) -> None:
    town, elsewhere, before = a_town(world), world.merchant(), world.merchant()
    world.staff(elsewhere, Role.CLERK, person=town.clerk)
    world.staff(before, Role.CLERK, person=town.clerk)
    with world.work(Face.PLATFORM) as work:
        left = select(Membership).where(Membership.merchant_id == before.id, Membership.person_id == town.clerk.id)
        work.session.scalars(left).one().ended_at = work.now()
    rename(world, town.clerk, "欧阳文山")
    names = {merchant: name for merchant, (name, _phone) in memberships(world, town.clerk).items()}
    assert names == {town.merchant.id: "欧阳文山", elsewhere.id: "欧阳文山", before.id: town.clerk.name}


def test_a_new_phone_reaches_the_staff_list_masked(world: World) -> None:
    town = a_town(world)
    with world.work(Face.PERSON, person=town.clerk.id) as work:
        work.publish(PhoneChanged(town.clerk.id, NEW))
    assert memberships(world, town.clerk)[town.merchant.id] == (town.clerk.name, phones.mask(NEW))


def test_a_new_name_reaches_vouchers_and_the_own_link_but_no_receipt(world: World) -> None:
    town, holder = a_town(world), world.person("陈静")
    coupon = world.coupon(town.merchant, town.store, per_person=2)
    first, second = world.collected(coupon, holder), world.collected(coupon, holder)
    redemption = world.redeemed(town.merchant, town.clerk, town.store, first)
    with world.work(Face.PERSON, person=holder.id) as work:
        referrals.make_my_link(work)
    rename(world, holder, "欧阳文山")
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        names = work.session.scalars(select(Voucher.holder).where(Voucher.id.in_((first.id, second.id))))
        assert set(names) == {"欧阳**"}
        receipt = work.session.scalars(select(Redemption.receipt).where(Redemption.id == redemption)).one()
        assert receipt["holder"] == "陈**"
    with world.work(Face.GATE) as work:
        shown = work.session.scalars(select(ReferralLink.shown_name).where(ReferralLink.person_id == holder.id)).one()
        assert shown.startswith("欧")
