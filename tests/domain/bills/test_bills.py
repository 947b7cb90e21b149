"""Paying at a table: snapshots, shares, races' refusals, corrections, refunds, and the ledger behind it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.bills import actions, errors, queries
from portal.domain.bills.rules import back_of, easy_pin, equal_parts
from portal.domain.bills.values import Adjust, BillState, Division, How, Rules, ShareState
from portal.domain.ledger import queries as books
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.payments import actions as payments
from portal.domain.tabs.errors import LineHeld
from portal.domain.tabs.values import Joined
from portal.domain.tenants.models import Membership
from portal.kernel.permissions import Role
from portal.kernel.refusals import Denied, NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work
from tests.factories.tabs import MadePlace
from tests.factories.world import World

K = AccountKind


@pytest.fixture
def place(world: World) -> MadePlace:
    """A restaurant with a beef at 48 and a tea at 6."""
    return world.restaurant(2)


@pytest.fixture
def dishes(world: World, place: MadePlace) -> tuple[UUID, UUID]:
    return world.dish(place.menu, "吊龙", 48_00), world.dish(place.menu, "茶", 6_00)


@pytest.fixture
def chen(world: World, place: MadePlace, dishes: tuple[UUID, UUID]) -> Joined:
    """Who opened the table and ordered both."""
    joined = world.joins(place.tables[0], people=2, name="小陈")
    world.sends(joined, *dishes)
    return joined


@pytest.fixture
def huang(world: World, place: MadePlace, chen: Joined, dishes: tuple[UUID, UUID]) -> Joined:
    """A friend at the same table with a tea of his own."""
    joined = world.joins(place.tables[0], name="阿黄")
    world.sends(joined, dishes[1])
    return joined


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
    with pytest.raises(errors.PartlyPaid), world.at_till(chen.merchant_id) as work:
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


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "567890", "123123", "888888"])
def test_pins_that_everybody_tries(pin: str) -> None:
    assert easy_pin(pin)
    assert not easy_pin("482915")


def test_only_the_counter_takes_money(world: World, chen: Joined) -> None:
    bill = world.bill(chen)
    with pytest.raises(Denied), world.at_till(chen.merchant_id, role=Role.KITCHEN) as work:
        actions.take(work, bill, how=How.CASH, payer="后厨")
