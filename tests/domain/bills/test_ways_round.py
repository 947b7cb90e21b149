"""Ways around what a table owes: a limit anew at each table, a round back in the cart, what is put back on it."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.domain.bills import errors
from portal.domain.bills.values import Adjust, Division
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.values import Joined
from portal.kernel.permissions import Role
from tests.domain.bills.test_corrections import adjust, line_named, member
from tests.factories.tabs import MadePlace
from tests.factories.world import World


def test_many_tables_pass_the_limit_no_more_than_one(
    world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]
) -> None:
    clerk, other = member(world, place, Role.CLERK), world.joins(place.tables[1])
    for _round in range(3):
        world.sends(chen, dishes[1])
    teas = [line.id for line in world.tab_seen(chen.merchant_id, chen.sitting_id).lines if line.name == "茶"]
    for tea in teas[:3]:  # 18 of the 20 yuan that are free
        with world.at_till(chen.merchant_id, member=clerk) as work:
            adjust(work, chen, tea, Adjust.GIFT)
    with world.at_till(chen.merchant_id, member=clerk) as work:
        tabs.split_lines(work, chen.sitting_id, {teas[3]: 1}, other.sitting_id)
    with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id, member=clerk) as work:
        adjust(work, other, teas[3], Adjust.GIFT)
    with world.at_till(chen.merchant_id, member=clerk) as work:
        tabs.merge(work, chen.sitting_id, other.sitting_id)
    with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id, member=clerk) as work:
        adjust(work, other, teas[3], Adjust.CANCEL)


def test_the_house_is_paid_also_when_the_first_round_goes_back_to_the_cart(
    world: World, place: MadePlace, dishes: tuple[UUID, UUID]
) -> None:
    world.dining_rules(place.store, pays="before", cover_fen=300, musts=(dishes[1],))
    chen = world.joins(place.tables[0], people=4)
    rounds = [world.sends(chen, dishes[0]) for _nth in range(2)]
    with world.at_table(chen) as work:
        tabs.withdraw(work, chen.sitting_id, rounds[0])
    tab = world.tab_seen(chen.merchant_id, chen.sitting_id)
    assert {line.name for line in tab.lines if line.round_id == rounds[0]} == {"茶", "茶位费"}
    assert tab.due_fen == 48_00 + 6_00 + 12_00
    with world.at_table(chen) as work:
        tabs.withdraw(work, chen.sitting_id, rounds[1])
    with world.at_table(chen) as work:
        tabs.withdraw(work, chen.sitting_id, rounds[0])
    assert world.tab_seen(chen.merchant_id, chen.sitting_id).due_fen == 0, "who orders nothing owes nothing"


def test_what_is_put_back_on_a_paid_tab_is_due_before_the_next_guests_come(
    world: World, place: MadePlace, chen: Joined
) -> None:
    boss, beef = member(world, place, Role.MANAGER), line_named(world, chen, "吊龙")
    tea = line_named(world, chen, "茶")
    world.takes(chen.merchant_id, world.bill(chen, Division.LINES, line_ids=[tea]))
    for kind, facts in ((Adjust.GIFT, {}), (Adjust.REPRICE, {"due_fen": 48_00})):
        with world.at_till(chen.merchant_id, role=Role.MANAGER, member=boss) as work:
            adjust(work, chen, beef, kind, **facts)
    assert world.joins(place.tables[0]).sitting_id == chen.sitting_id


def test_what_is_paid_is_cooked_when_the_rest_of_the_round_is_taken_off(
    world: World, place: MadePlace, dishes: tuple[UUID, UUID]
) -> None:
    world.dining_rules(place.store, pays="before")
    for table, kind in zip(place.tables, (Adjust.CANCEL, Adjust.GIFT), strict=True):
        chen = world.joins(table)
        world.sends(chen, *dishes)
        beef, tea = line_named(world, chen, "吊龙"), line_named(world, chen, "茶")
        world.takes(chen.merchant_id, world.bill(chen, Division.LINES, line_ids=[beef]))
        assert world.tab_seen(chen.merchant_id, chen.sitting_id).rounds[0].released_at is None
        with world.at_till(chen.merchant_id, member=member(world, place, Role.CLERK)) as work:
            adjust(work, chen, tea, kind)
        assert world.tab_seen(chen.merchant_id, chen.sitting_id).rounds[0].released_at is not None
