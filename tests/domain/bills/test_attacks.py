"""What guests and clerks try at a table: limits in small pieces, bills that are given up, lines that moved."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.domain.bills import actions, errors, queries
from portal.domain.bills.values import Adjust, BillState, Division
from portal.domain.ledger import actions as ledger
from portal.domain.stores.queries import StoreGone
from portal.domain.tabs import actions as tabs
from portal.domain.tabs import queries as tabs_queries
from portal.domain.tabs.errors import InviteOver, LineMoved, NotYetOpen, Settled, SittingOver
from portal.domain.tabs.values import Joined, Wanted
from portal.domain.tenants.actions import merchants as tenants
from portal.kernel.permissions import Role
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from tests.domain.bills.test_corrections import adjust, line_named, member
from tests.factories.tabs import MadePlace
from tests.factories.world import World


def test_many_small_pieces_pass_the_limit_no_more_than_one_large_one(
    world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]
) -> None:
    clerk = member(world, place, Role.CLERK)
    with world.at_table(chen) as work:
        tabs.add(work, chen.sitting_id, Wanted(dishes[1], {}, 9))
        tabs.place(work, chen.sitting_id)
    teas = [line for line in world.tab_seen(chen.merchant_id, chen.sitting_id).lines if line.quantity == 9]
    for _piece in range(3):  # 18 of the 20 yuan that are free
        with world.at_till(chen.merchant_id, member=clerk) as work:
            adjust(work, chen, teas[0].id, Adjust.GIFT, quantity=1)
    for kind, facts in ((Adjust.CANCEL, {"quantity": 1}), (Adjust.REPRICE, {"due_fen": 30_00})):
        with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id, member=clerk) as work:
            adjust(work, chen, teas[0].id, kind, **facts)
    with world.at_till(chen.merchant_id, role=Role.MANAGER, member=member(world, place, Role.MANAGER)) as work:
        adjust(work, chen, teas[0].id, Adjust.GIFT, quantity=4)


def test_refunds_in_small_pieces_need_the_manager_as_well(world: World, place: MadePlace, chen: Joined) -> None:
    clerk, bill = member(world, place, Role.CLERK), world.bill(chen)
    world.pays(chen, bill)
    lines = {line.name: line.line_id for line in world.bill_now(chen.merchant_id, bill).lines}
    with world.at_till(chen.merchant_id, member=clerk) as work:
        actions.refund(work, bill, {lines["茶"]: 1}, reason="凉了")
    with world.work(Face.OFFICE, merchant=chen.merchant_id) as work:
        store = world.tab_seen(chen.merchant_id, chen.sitting_id).store_id
        actions.set_rules(work, store, actions.rules.Rules(48_00, 80))
    with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id, member=clerk) as work:
        actions.refund(work, bill, {lines["吊龙"]: 1}, reason="凉了")


def test_many_small_bills_pass_the_limit_no_more_than_one(
    world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]
) -> None:
    clerk = member(world, place, Role.CLERK)
    for _round in range(3):
        world.sends(chen, dishes[1])
    first, *teas = [line.id for line in world.tab_seen(chen.merchant_id, chen.sitting_id).lines if line.name == "茶"]
    with world.at_till(chen.merchant_id, member=clerk) as work:
        adjust(work, chen, first, Adjust.GIFT)
    bills = [world.bill(chen, Division.LINES, line_ids=[tea]) for tea in teas]
    for nth, (bill, tea) in enumerate(zip(bills, teas, strict=True)):
        world.takes(chen.merchant_id, bill)
        if nth == 2:  # 18 of the 20 yuan that are free are given away
            break
        with world.at_till(chen.merchant_id, member=clerk) as work:
            actions.refund(work, bill, {tea: 1}, reason="凉了")
    with pytest.raises(errors.PinNeeded), world.at_till(chen.merchant_id, member=clerk) as work:
        actions.refund(work, bills[2], {teas[2]: 1}, reason="凉了")


def test_what_was_on_a_bill_that_was_given_up_can_go_back_to_the_cart(
    world: World, place: MadePlace, dishes: tuple[UUID, UUID]
) -> None:
    world.dining_rules(place.store, pays="before", cover_fen=300, musts=(dishes[1],))
    chen = world.joins(place.tables[0], people=2)
    round_id = world.sends(chen, dishes[0])
    bill = world.bill(chen)
    with world.at_table(chen) as work:
        actions.give_up(work, bill)
    with world.at_table(chen) as work:
        tabs.withdraw(work, chen.sitting_id, round_id)
    left = world.tab_seen(chen.merchant_id, chen.sitting_id).drafts
    assert [line.name for line in left] == ["吊龙"]
    with world.at_table(chen) as work:
        tabs.remove(work, chen.sitting_id, left[0].id)
    with world.at_till(chen.merchant_id) as work:
        actions.clear(work, chen.sitting_id)


def test_fewer_people_after_a_bill_that_was_given_up(world: World, place: MadePlace, dishes: tuple[UUID, UUID]) -> None:
    world.dining_rules(place.store, cover_fen=300)
    chen = world.joins(place.tables[0], people=2)
    world.sends(chen, dishes[0])
    bill = world.bill(chen)
    with world.at_till(chen.merchant_id) as work:
        actions.give_up(work, bill)
    with world.at_till(chen.merchant_id) as work:
        actions.set_people(work, chen.sitting_id, 1, reason="先走了")
    assert world.tab_seen(chen.merchant_id, chen.sitting_id).due_fen == 51_00


def test_a_line_of_another_tables_round_can_be_paid_before_it_is_cooked(
    world: World, place: MadePlace, dishes: tuple[UUID, UUID]
) -> None:
    world.dining_rules(place.store, pays="before")
    one, other = world.joins(place.tables[0], people=1), world.joins(place.tables[1], people=1)
    with world.at_table(one) as work:
        tabs.add(work, one.sitting_id, Wanted(dishes[0], {}, 2))
        tabs.place(work, one.sitting_id)
    beef = line_named(world, one, "吊龙")
    with pytest.raises(Refusal), world.at_till(one.merchant_id) as work:
        tabs.split_lines(work, one.sitting_id, {beef: 1}, other.sitting_id)
    bill = world.bill(one)
    world.pays(one, bill)
    assert world.bill_now(one.merchant_id, bill).state is BillState.PAID


def test_what_was_ordered_together_after_a_merge_can_be_paid_when_that_is_undone(
    world: World, place: MadePlace, dishes: tuple[UUID, UUID]
) -> None:
    world.dining_rules(place.store, pays="before")
    one, other = world.joins(place.tables[0], people=1), world.joins(place.tables[1], people=1)
    world.thinks_of(one, dishes[0])
    with world.at_till(one.merchant_id) as work:
        move = tabs.merge(work, one.sitting_id, other.sitting_id)
    with world.at_table(other) as work:
        tabs.place(work, other.sitting_id)
    with world.at_till(one.merchant_id) as work:
        tabs.undo(work, move)
    bill = world.bill(other)
    world.pays(other, bill)
    assert world.bill_now(one.merchant_id, bill).state is BillState.PAID
    assert not world.tab_seen(one.merchant_id, one.sitting_id).lines


def test_of_what_is_paid_nothing_moves_and_a_table_is_not_cleared_while_somebody_pays(
    world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]
) -> None:
    other, bill = world.joins(place.tables[1], people=1), world.bill(chen)
    world.asks_to_pay(chen, bill, 1)
    beef = line_named(world, chen, "吊龙")
    acts = (
        lambda work: tabs.merge(work, chen.sitting_id, other.sitting_id),
        lambda work: tabs.split_lines(work, chen.sitting_id, {beef: 1}, other.sitting_id),
        lambda work: adjust(work, chen, beef, Adjust.GIFT),
        lambda work: actions.clear(work, chen.sitting_id),
        lambda work: tabs.cancel_line(work, chen.sitting_id, beef, reason="不要"),
    )
    for act in acts:
        with pytest.raises(Refusal), world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
            act(work)
    with pytest.raises((Refusal, LineMoved)), world.at_table(chen) as work:
        actions.pay_online(work, bill, payer="", payer_id=other.guest_id, return_path="/", amount_fen=-1)


def test_a_penny_does_not_hold_a_table_for_ever(world: World, place: MadePlace, chen: Joined) -> None:
    bill = world.bill(chen)
    share = world.pays(chen, bill, 1)
    world.takes(chen.merchant_id, bill, amount_fen=10_00)
    with pytest.raises(errors.PartlyPaid), world.at_table(chen) as work:
        actions.give_up(work, bill)
    with world.at_till(chen.merchant_id) as work:
        actions.give_up(work, bill)
    assert world.bill_now(chen.merchant_id, bill).state is BillState.VOID
    assert world.share_now(chen.merchant_id, share).refunded_fen == 1
    with world.at_till(chen.merchant_id) as work, pytest.raises(errors.NotAllPaid):
        actions.clear(work, chen.sitting_id)
    beef = line_named(world, chen, "吊龙")
    with world.at_till(chen.merchant_id, role=Role.MANAGER, member=member(world, place, Role.MANAGER)) as work:
        adjust(work, chen, beef, Adjust.GIFT)
    with world.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0


def test_a_suspended_merchant_takes_no_table_and_no_money(world: World, place: MadePlace, chen: Joined) -> None:
    bill = world.bill(chen)
    share = world.asks_to_pay(chen, bill, 500)
    with world.work(Face.PLATFORM) as work:
        tenants.suspend(work, place.merchant.id, reason="核查")
    with pytest.raises(StoreGone):
        world.joins(place.tables[1])
    with pytest.raises(errors.StoreSuspended):
        world.asks_to_pay(chen, bill)
    with pytest.raises(errors.StoreSuspended), world.at_table(chen) as work:
        actions.begin(work, share, payer_id=chen.guest_id, provider="sandbox", merchant_no="m")
    with world.work(Face.PLATFORM) as work:
        tenants.reinstate(work, place.merchant.id)
    world.joins(place.tables[1])
    world.pays(chen, bill, 500)


def test_a_table_that_is_paid_takes_nobody_in_and_ends_with_the_next_guests(
    world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]
) -> None:
    with world.at_table(chen) as work:
        code, _fresh = tabs_queries.invite(work, chen.sitting_id)
    world.pays(chen, world.bill(chen))
    with pytest.raises(InviteOver), world.work(Face.SHOP) as work:
        tabs.join_by_invite(work, chen.sitting_id, code)
    world.clock.advance(minutes=14)
    world.sends(chen, dishes[1])
    assert world.joins(place.tables[0]).sitting_id == chen.sitting_id, "they order on, so something is due"
    world.takes(chen.merchant_id, world.bill(chen))
    world.thinks_of(chen, dishes[1])
    world.clock.advance(minutes=15)
    for act in (
        lambda work: tabs.add(work, chen.sitting_id, Wanted(dishes[0], {})),
        lambda work: tabs.place(work, chen.sitting_id),
        lambda work: tabs.set_people(work, chen.sitting_id, 9),
    ):
        with pytest.raises(Settled), world.at_table(chen) as work:
            act(work)
    cooking = [one.state for one in world.tickets()]
    other = world.joins(place.tables[0], people=3)
    assert other.sitting_id != chen.sitting_id
    assert [one.state for one in world.tickets() if one.ended_at is None] == cooking, "the kitchen makes what is paid"
    with pytest.raises(SittingOver), world.work(Face.SHOP) as work:
        tabs_queries.seat(work, chen.merchant_id, chen.guest_id, chen.key)
    assert world.tab_seen(chen.merchant_id, other.sitting_id).people == 3


def test_who_pays_at_the_end_leaves_and_who_pays_before_eats(
    world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]
) -> None:
    world.pays(chen, world.bill(chen))
    assert world.joins(place.tables[0]).sitting_id != chen.sitting_id
    world.dining_rules(place.store, pays="before", opens="guest")
    one = world.joins(place.tables[1])
    world.sends(one, dishes[0])
    world.pays(one, world.bill(one))
    friend = world.joins(place.tables[1])
    assert friend.sitting_id == one.sitting_id
    round_id = world.sends(friend, dishes[1])
    with world.at_table(friend) as work:
        tabs.withdraw(work, one.sitting_id, round_id)
    assert world.tab_seen(one.merchant_id, one.sitting_id).settled_at is not None, "nothing is due again"
    world.clock.advance(minutes=15)
    world.dining_rules(place.store, pays="before", opens="staff")
    with pytest.raises(NotYetOpen):
        world.joins(place.tables[1])
    assert world.tab_seen(one.merchant_id, one.sitting_id).closed_at is None, "the staff clears it"


def test_a_table_is_paid_when_the_rest_is_given(world: World, place: MadePlace, chen: Joined) -> None:
    beef, tea = line_named(world, chen, "吊龙"), line_named(world, chen, "茶")
    world.takes(chen.merchant_id, world.bill(chen, Division.LINES, line_ids=[beef]))
    assert world.tab_seen(chen.merchant_id, chen.sitting_id).settled_at is None
    with world.at_till(chen.merchant_id, member=member(world, place, Role.CLERK)) as work:
        adjust(work, chen, tea, Adjust.GIFT)
    assert world.tab_seen(chen.merchant_id, chen.sitting_id).settled_at is not None


def test_neighbours_at_separate_bills_read_and_hold_only_their_own(
    world: World, place: MadePlace, dishes: tuple[UUID, UUID]
) -> None:
    world.dining_rules(place.store, shared=False, cover_fen=3_00)
    one, other = world.joins(place.tables[0], people=2), world.joins(place.tables[0])
    world.sends(one, dishes[0])
    world.sends(other, dishes[1])
    beef = line_named(world, one, "吊龙")
    with pytest.raises(errors.NothingToPay), world.at_table(other) as work:
        actions.raise_bill(work, other.sitting_id, division=Division.LINES, line_ids=[beef])
    own = world.bill(one, Division.PERSON, guests=[one.guest_id])
    acts = (
        lambda work: queries.bill(work, own),
        lambda work: actions.give_up(work, own),
        lambda work: actions.pay_online(work, own, payer="", payer_id=other.guest_id, return_path="/"),
    )
    for act in acts:
        with pytest.raises(NotFound), world.at_table(other) as work:
            act(work)
    rest = world.bill(other)
    assert {line.name for line in world.bill_now(one.merchant_id, rest).lines} == {"茶", "茶位费"}
    with world.at_table(other) as work:
        assert [bill.id for bill in queries.bills_of(work, other.sitting_id)] == [rest]
    with world.at_table(one) as work:
        assert [bill.id for bill in queries.bills_of(work, one.sitting_id)] == [own]
