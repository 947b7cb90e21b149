"""Forty people want ten coupons; one person wants one many times: the total and the share hold."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import select

from portal.domain.vouchers import actions, errors
from portal.domain.vouchers.models import CouponCounter, Voucher
from portal.kernel.scope import Face
from tests.domain.vouchers.town import a_town
from tests.factories.persons import MadePerson
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

CHECKED = "vouchers.collect.checked"


def collect(world: World, coupon: UUID, person: MadePerson) -> UUID:
    with world.work(Face.PERSON, person=person.id) as work:
        return actions.collect(work, coupon)


def test_forty_people_and_ten_coupons(wide: World, admin_url: str) -> None:
    town = a_town(wide)
    coupon = wide.coupon(town.merchant, town.store, total=10)
    people = [wide.person() for _ in range(40)]
    with gate_at(CHECKED, admin_url) as gate:
        running = together([lambda person=person: collect(wide, coupon, person) for person in people])
        seen = gate.wait_for(40, 0)
        gate.open()
        got, refused = outcomes(running)
    assert seen == (40, 0), "all forty have checked before the first one counts"
    assert len(got) == 10
    assert {type(one) for one in refused} == {errors.CouponSoldOut}
    assert issued(wide, town.merchant.id, coupon) == (10, [1] * 10)


def test_one_person_many_times_at_once(wide: World, admin_url: str) -> None:
    town = a_town(wide)
    for share in (1, 2):
        coupon = wide.coupon(town.merchant, town.store, per_person=share, total=10)
        with gate_at(CHECKED, admin_url) as gate:
            running = together([lambda coupon=coupon: collect(wide, coupon, town.consumer)] * 8)
            seen = gate.wait_for(8, 0)
            gate.open()
            got, refused = outcomes(running)
        assert seen == (8, 0)
        assert len(got) == share
        assert {type(one) for one in refused} == {errors.CouponHeld}
        assert issued(wide, town.merchant.id, coupon) == (share, [share])


def issued(world: World, merchant_id: UUID, coupon: UUID) -> tuple[int, list[int]]:
    """The counter, and how many each holder has."""
    with world.work(Face.OFFICE, merchant=merchant_id) as work:
        counted = work.session.execute(select(CouponCounter.issued).where(CouponCounter.coupon_id == coupon)).scalar()
        holders = work.session.execute(select(Voucher.holder_id).where(Voucher.coupon_id == coupon)).scalars()
        return int(counted or 0), sorted(Counter(holders).values())
