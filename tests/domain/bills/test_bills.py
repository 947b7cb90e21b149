"""Paying at a table: snapshots, shares, races' refusals, refunds, and the ledger behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portal.domain.bills import actions, errors, queries
from portal.domain.bills.rules import back_of, equal_parts
from portal.domain.bills.values import BillState, Division, How, ShareState
from portal.domain.ledger import queries as books
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.payments import actions as payments
from portal.domain.tabs.values import Joined
from portal.kernel.permissions import Role
from portal.kernel.refusals import Denied, NotFound
from portal.kernel.scope import Face
from tests.factories.tabs import MadePlace
from tests.factories.world import World

K = AccountKind


def balance(world: World, kind: AccountKind, owner: UUID, subject: UUID | None = None) -> int:
    with world.work(Face.LEDGER) as work:
        return books.balance(work, AccountRef(kind, owner, subject_id=subject))


def test_a_bill_is_a_snapshot_and_later_lines_are_the_next(
    world: World, chen: Joined, dishes: tuple[UUID, UUID]
) -> None:
    first = world.bill(chen)
    world.sends(chen, dishes[1])
    assert world.bill_now(chen.merchant_id, first).total_fen == 54_00
    second = world.bill_now(chen.merchant_id, world.bill(chen))
    assert (second.total_fen, len(second.lines)) == (6_00, 1)
    with pytest.raises(errors.NothingToPay):
        world.bill(chen)


def test_a_phone_pays_and_the_store_has_earned(world: World, chen: Joined) -> None:
    bill = world.bill(chen)
    world.pays(chen, bill)
    shown = world.bill_now(chen.merchant_id, bill)
    assert (shown.state, shown.paid_fen) == (BillState.PAID, 54_00)
    assert balance(world, K.ESCROW, HOUSE, bill) == 0
    earned, fee = balance(world, K.AVAILABLE, chen.merchant_id), balance(world, K.FEES, HOUSE)
    assert earned + fee == 54_00
    assert earned > 0


def test_friends_pay_by_person_by_line_and_by_amount(world: World, chen: Joined, huang: Joined) -> None:
    own = world.bill(huang, Division.PERSON, guests=[huang.guest_id])
    assert world.bill_now(chen.merchant_id, own).total_fen == 6_00
    beef = next(line for line in world.tab_seen(chen.merchant_id, chen.sitting_id).lines if line.name == "吊龙")
    one = world.bill(chen, Division.LINES, line_ids=[beef.id])
    assert world.bill_now(chen.merchant_id, one).total_fen == 48_00
    parts = equal_parts(48_00, 2)
    world.pays(chen, one, parts[0])
    assert world.bill_now(chen.merchant_id, one).open_fen == 24_00
    world.pays(huang, one)
    assert world.bill_now(chen.merchant_id, one).state is BillState.PAID
    with pytest.raises(errors.BillOver):
        world.asks_to_pay(huang, one)


def test_two_who_pay_at_once_cannot_pay_more_than_the_bill(world: World, chen: Joined, huang: Joined) -> None:
    bill = world.bill(chen)
    world.asks_to_pay(chen, bill)
    with pytest.raises(errors.ShareTooLarge):
        world.asks_to_pay(huang, bill)
    with pytest.raises(errors.NothingToPay):
        world.bill(huang)


def test_asking_again_is_the_same_share(world: World, chen: Joined) -> None:
    bill = world.bill(chen)
    assert world.asks_to_pay(chen, bill) == world.asks_to_pay(chen, bill)


def test_a_phone_that_does_not_pay_frees_the_lines(world: World, chen: Joined, huang: Joined) -> None:
    bill = world.bill(chen)
    share = world.share_now(chen.merchant_id, world.asks_to_pay(chen, bill))
    world.clock.advance(minutes=11)
    with world.work(Face.JOB) as work:
        assert payments.expire(work, world.intent_of(share))
    assert world.bill_now(chen.merchant_id, bill).state is BillState.VOID
    assert world.share_now(chen.merchant_id, share.id).state == ShareState.VOID
    again = world.bill(huang)
    world.pays(huang, again)
    assert world.bill_now(chen.merchant_id, again).state is BillState.PAID


def test_money_that_comes_late_goes_back(world: World, chen: Joined) -> None:
    bill = world.bill(chen)
    share_id = world.asks_to_pay(chen, bill)
    attempt = world.at_cashier(chen, share_id)
    with world.at_table(chen) as work:
        actions.call_off(work, share_id, payer_id=chen.guest_id)
    again = world.bill(chen)
    world.takes(chen.merchant_id, again)
    world.told(world.paid_fact(attempt, 54_00))
    assert world.share_now(chen.merchant_id, share_id).state == ShareState.VOID
    assert balance(world, K.ESCROW, HOUSE, bill) == 0
    assert balance(world, K.AVAILABLE, chen.merchant_id) == 0, "cash is the store's own"


def test_cash_with_change_and_a_phone_for_the_rest(world: World, chen: Joined, huang: Joined) -> None:
    bill = world.bill(chen)
    with pytest.raises(errors.TenderedTooLittle):
        world.takes(chen.merchant_id, bill, amount_fen=30_00, tendered_fen=20_00)
    world.takes(chen.merchant_id, bill, amount_fen=30_00, tendered_fen=50_00)
    world.pays(huang, bill)
    shown = world.bill_now(chen.merchant_id, bill)
    assert [(one.how, one.amount_fen, one.change_fen) for one in shown.shares] == [
        (How.CASH, 30_00, 20_00),
        (How.ONLINE, 30_00, 0),
    ]
    assert balance(world, K.AVAILABLE, chen.merchant_id) + balance(world, K.FEES, HOUSE) == 30_00


def test_a_bill_is_given_up_unless_somebody_has_paid(world: World, chen: Joined, huang: Joined) -> None:
    bill = world.bill(chen)
    world.asks_to_pay(chen, bill)
    with world.at_till(chen.merchant_id) as work:
        actions.give_up(work, bill)
    assert world.bill_now(chen.merchant_id, bill).state is BillState.VOID
    bill = world.bill(huang)
    world.takes(chen.merchant_id, bill, amount_fen=10_00)
    with pytest.raises(errors.PartlyPaid), world.at_table(chen) as work:
        actions.give_up(work, bill)


def test_nobody_pays_for_another_table(world: World, place: MadePlace, chen: Joined) -> None:
    other = world.joins(place.tables[1])
    bill = world.bill(chen)
    share = world.asks_to_pay(chen, bill)
    for act in (
        lambda work: queries.bill(work, bill),
        lambda work: actions.give_up(work, bill),
        lambda work: actions.raise_bill(work, chen.sitting_id),
        lambda work: actions.begin(work, share, payer_id=other.guest_id, provider="sandbox", merchant_no=""),
        lambda work: actions.call_off(work, share, payer_id=other.guest_id),
    ):
        with pytest.raises(NotFound), world.at_table(other) as work:
            act(work)


def test_what_is_paid_for_goes_to_the_kitchen_when_one_pays_before(world: World) -> None:
    place = world.restaurant(1, pays="before")
    dish = world.dish(place.menu, "米粉", 15_00)
    guest = world.joins(place.tables[0])
    world.sends(guest, dish)
    assert world.tab_seen(guest.merchant_id, guest.sitting_id).rounds[0].released_at is None
    world.pays(guest, world.bill(guest))
    assert world.tab_seen(guest.merchant_id, guest.sitting_id).rounds[0].released_at is not None


def test_a_refund_by_line_goes_back_as_it_came(world: World, chen: Joined, huang: Joined) -> None:
    bill = world.bill(chen)
    world.takes(chen.merchant_id, bill, amount_fen=10_00)
    world.pays(huang, bill)
    shown = world.bill_now(chen.merchant_id, bill)
    beef = next(line for line in shown.lines if line.name == "吊龙")
    before = balance(world, K.AVAILABLE, chen.merchant_id) + balance(world, K.FEES, HOUSE)
    with world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
        actions.refund(work, bill, {beef.line_id: 1}, reason="没有上")
    after = balance(world, K.AVAILABLE, chen.merchant_id) + balance(world, K.FEES, HOUSE)
    assert before - after == 48_00, "50 came by phone, so all of it goes back there"
    again = world.bill_now(chen.merchant_id, bill)
    assert (again.refunded_fen, [one.refunded_fen for one in again.shares]) == (48_00, [0, 48_00])
    with pytest.raises(errors.TooMuchBack), world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
        actions.refund(work, bill, {beef.line_id: 1}, reason="再来")
    rest = {line.line_id: line.quantity for line in again.lines if line.line_id != beef.line_id}
    with world.at_till(chen.merchant_id, role=Role.MANAGER) as work:
        actions.refund(work, bill, rest, reason="不满意")
    assert world.bill_now(chen.merchant_id, bill).refunded_fen == 60_00
    assert balance(world, K.ESCROW, HOUSE, bill) == 0


def test_pieces_of_a_line_add_up() -> None:
    assert [back_of(10_00, 3, at, 1) for at in range(3)] == [3_33, 3_33, 3_34]
    assert sum(equal_parts(100_01, 7)) == 100_01


def test_only_the_counter_takes_money(world: World, chen: Joined) -> None:
    bill = world.bill(chen)
    with pytest.raises(Denied), world.at_till(chen.merchant_id, role=Role.KITCHEN) as work:
        actions.take(work, bill, how=How.CASH, payer="后厨")


def test_the_drawer_counts_cash_when_it_came_and_went(world: World, place: MadePlace, chen: Joined) -> None:
    store, before = place.store.id, world.clock.now()
    bill = world.bill(chen)
    world.takes(chen.merchant_id, bill, amount_fen=20_00)

    def drawer(since: datetime) -> tuple[int, int, int]:
        with world.at_till(chen.merchant_id) as work:
            found = queries.sums(work, store, since=since, until=world.clock.now() + timedelta(seconds=1))
        return found.count, found.cash_fen, found.refunded_fen

    assert drawer(before) == (0, 20_00, 0), "of a bill that is paid in part"
    world.clock.advance(hours=9)
    midnight = world.clock.now()
    world.takes(chen.merchant_id, bill, amount_fen=34_00)
    assert drawer(midnight) == (1, 34_00, 0), "of a bill that was raised the day before"
    with world.at_till(chen.merchant_id) as work:
        found, more = queries.bills(work, store, since=midnight, until=world.clock.now() + timedelta(seconds=1))
        assert ([one.id for one in found], more) == ([bill], False)
        assert not queries.bills(work, store, since=midnight, until=world.clock.now(), after=bill)[0]
        actions.refund(work, bill, {line.line_id: 1 for line in found[0].lines if line.name == "茶"}, reason="凉了")
    assert drawer(midnight) == (1, 28_00, 6_00)


def test_cash_of_a_bill_that_was_given_up_is_said_and_shown(world: World, place: MadePlace, chen: Joined) -> None:
    bill, since = world.bill(chen), world.clock.now()
    world.takes(chen.merchant_id, bill, amount_fen=20_00)
    world.takes(chen.merchant_id, bill, How.OTHER, amount_fen=5_00)
    with world.at_till(chen.merchant_id) as work:
        assert actions.give_up(work, bill) == 25_00, "to be handed back"
    with world.at_till(chen.merchant_id) as work:
        assert not queries.bills_of(work, chen.sitting_id)
        (shown,) = queries.paid_back(work, chen.sitting_id)
        found = queries.sums(work, place.store.id, since=since, until=since + timedelta(hours=1))
    assert [(one.how, one.refunded_fen) for one in shown.shares] == [(How.CASH, 20_00), (How.OTHER, 5_00)]
    assert (found.received_fen, found.refunded_fen) == (0, 25_00)
