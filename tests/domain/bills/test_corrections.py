"""What is taken off a tab: limits, managers' PINs, lines a bill holds, tables that owe."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.bills import actions, errors, queries
from portal.domain.bills.rules import easy_pin
from portal.domain.bills.values import Adjust, BillState, Rules
from portal.domain.tabs.errors import LineHeld
from portal.domain.tabs.values import Joined
from portal.domain.tenants.models import Membership
from portal.kernel.permissions import Role
from portal.kernel.refusals import Denied
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.tabs import MadePlace
from tests.factories.world import World


def line_named(world: World, joined: Joined, name: str) -> UUID:
    lines = world.tab_seen(joined.merchant_id, joined.sitting_id).lines
    return next(line.id for line in lines if line.name == name and line.counts)


def adjust(work: Work, joined: Joined, line: UUID, kind: Adjust, **facts: object) -> UUID:
    return actions.adjust(work, joined.sitting_id, line, kind, reason="上错了", **facts)  # type: ignore[arg-type]


def member(world: World, place: MadePlace, role: Role) -> UUID:
    person = world.staff(place.merchant, role)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        query = select(Membership.id).where(Membership.person_id == person.id)
        return work.session.scalars(query).one()


def test_above_the_limit_a_manager_types_his_pin(world: World, place: MadePlace, chen: Joined) -> None:
    beef, tea = line_named(world, chen, "吊龙"), line_named(world, chen, "茶")
    with world.at_till(chen.merchant_id) as work:
        adjust(work, chen, tea, Adjust.GIFT)
    with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id) as work:
        adjust(work, chen, beef, Adjust.CANCEL)
    manager = member(world, place, Role.MANAGER)
    with world.at_till(chen.merchant_id, role=Role.MANAGER, member=manager) as work:
        with pytest.raises(errors.PinTooEasy):
            actions.set_pin(work, "111111")
        actions.set_pin(work, "482915")
    with pytest.raises(errors.PinWrong), world.at_till(chen.merchant_id) as work:
        adjust(work, chen, beef, Adjust.CANCEL, pin="482916")
    with world.at_till(chen.merchant_id) as work:
        adjust(work, chen, beef, Adjust.CANCEL, pin="482915")
    with world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
        store = world.tab_seen(chen.merchant_id, chen.sitting_id).store_id
        now = world.clock.now()
        log = queries.adjustments(work, store, since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert [(one.kind, one.before_fen, one.after_fen, one.approved_by) for one in log] == [
        (Adjust.CANCEL, 48_00, 0, manager),
        (Adjust.GIFT, 6_00, 0, None),
    ]
    assert world.tab_seen(chen.merchant_id, chen.sitting_id).due_fen == 0


def test_a_store_sets_its_limit(world: World, chen: Joined) -> None:
    store = world.tab_seen(chen.merchant_id, chen.sitting_id).store_id
    with world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
        actions.set_rules(work, store, Rules(free_fen=0, paper_mm=58))
    with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id) as work:
        adjust(work, chen, line_named(world, chen, "茶"), Adjust.REPRICE, due_fen=5_99)


def test_what_a_bill_holds_does_not_change(world: World, chen: Joined) -> None:
    world.bill(chen)
    with pytest.raises(LineHeld), world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
        adjust(work, chen, line_named(world, chen, "茶"), Adjust.GIFT)


def test_a_table_that_owes_is_not_cleared(world: World, chen: Joined) -> None:
    with pytest.raises(errors.NotAllPaid), world.at_till(chen.merchant_id) as work:
        actions.clear(work, chen.sitting_id)
    bill = world.bill(chen)
    with pytest.raises(errors.StillPaying), world.at_till(chen.merchant_id) as work:
        actions.clear(work, chen.sitting_id)
    world.takes(chen.merchant_id, bill)
    with world.at_till(chen.merchant_id) as work:
        actions.clear(work, chen.sitting_id)


def test_everything_given_is_a_bill_of_nought(world: World, chen: Joined) -> None:
    for name in ("吊龙", "茶"):
        with world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
            adjust(work, chen, line_named(world, chen, name), Adjust.GIFT)
    assert world.bill_now(chen.merchant_id, world.bill(chen)).state is BillState.PAID


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "567890", "123123", "888888"])
def test_pins_that_everybody_tries(pin: str) -> None:
    assert easy_pin(pin)
    assert not easy_pin("482915")


def test_fewer_people_than_are_charged_is_taking_money_off(
    world: World, place: MadePlace, dishes: tuple[UUID, UUID]
) -> None:
    world.dining_rules(place.store, cover_fen=6_00)
    chen, clerk = world.joins(place.tables[0], people=6), member(world, place, Role.CLERK)
    with world.at_till(chen.merchant_id, member=clerk) as work:
        actions.set_people(work, chen.sitting_id, 8)
    world.sends(chen, dishes[0])

    def lower(people: int, reason: str = "先走了", **facts: str) -> None:
        with world.at_till(chen.merchant_id, member=clerk) as work:
            actions.set_people(work, chen.sitting_id, people, reason=reason, **facts)

    with pytest.raises(errors.CoversCharged):
        lower(7, reason=" ")
    lower(5)  # 18 of the 20 yuan that are free
    with pytest.raises(errors.PinNeeded):
        lower(4)
    manager = member(world, place, Role.MANAGER)
    with world.at_till(chen.merchant_id, role=Role.MANAGER, member=manager) as work:
        actions.set_pin(work, "482915")
    with pytest.raises(errors.PinWrong):
        lower(4, pin="482916")
    lower(4, pin="482915")
    assert world.tab_seen(chen.merchant_id, chen.sitting_id).due_fen == 48_00 + 4 * 6_00
    with world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
        now, store = world.clock.now(), world.tab_seen(chen.merchant_id, chen.sitting_id).store_id
        log = queries.adjustments(work, store, since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert [(one.name, one.quantity, one.before_fen - one.after_fen, one.approved_by) for one in log] == [
        ("茶位费", 1, 6_00, manager),
        ("茶位费", 3, 18_00, None),
    ]
    with pytest.raises(Denied), world.at_table(chen) as work:
        actions.set_people(work, chen.sitting_id, 1, reason="省钱")


def test_a_price_put_up_again_is_no_money_given_away(world: World, place: MadePlace, chen: Joined) -> None:
    beef, clerk = line_named(world, chen, "吊龙"), member(world, place, Role.CLERK)
    for due_fen in (30_00, 48_00):
        with world.at_till(chen.merchant_id, member=clerk) as work:
            adjust(work, chen, beef, Adjust.REPRICE, due_fen=due_fen)
    with world.at_till(chen.merchant_id, member=clerk) as work:
        adjust(work, chen, beef, Adjust.REPRICE, due_fen=46_00)
    with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id, member=clerk) as work:
        adjust(work, chen, beef, Adjust.REPRICE, due_fen=45_99)
