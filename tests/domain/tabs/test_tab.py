"""A table from opening to clearing: who may join, what is ordered at which price, what the staff may do."""

from __future__ import annotations

import pytest
from sqlalchemy import event as sqlalchemy_event

from portal.domain.menus.values import Pricing
from portal.domain.tabs import actions, errors
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import GuestState, LineKind, LineState, Seen, Wanted, Wish
from portal.kernel.permissions import Role
from portal.kernel.refusals import Denied, NotFound
from portal.kernel.scope import Face
from tests.factories.menus import group
from tests.factories.tabs import MadePlace
from tests.factories.world import World


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant()


def test_ten_phones_one_tab_three_rounds(world: World, place: MadePlace) -> None:
    beef, tea = world.dish(place.menu), world.dish(place.menu, "酸梅汤", 1200)
    world.dining_rules(place.store, cover_fen=300, musts=(tea,))
    guests = [world.joins(place.tables[0], people=4, name=f"朋友{n}") for n in range(10)]
    assert len({one.sitting_id for one in guests}) == 1
    assert {one.state for one in guests} == {GuestState.IN}
    for one in guests:
        world.thinks_of(one, beef)
    first = world.sends(guests[3])
    for one in guests[:4]:
        world.thinks_of(one, beef, 2)
    with world.at_table(guests[0]) as work:
        actions.place(work, guests[0].sitting_id, mine_only=True)
    world.sends(guests[1])
    tab = world.tab_seen(place.merchant.id, guests[0].sitting_id)
    assert [one.colour for one in tab.guests] == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1]
    assert len(tab.rounds) == 3
    assert tab.rounds[0].id == first
    assert not tab.drafts
    covers = [line for line in tab.lines if line.kind is LineKind.COVER]
    assert [(line.quantity, line.due_fen) for line in covers] == [(4, 1200)]
    assert [line.name for line in tab.lines if line.kind is LineKind.MUST] == ["酸梅汤"]
    assert tab.due_fen == 10 * 4800 + 8 * 4800 + 1200 + 1200


def test_prices_come_from_the_menu_and_a_moved_price_is_refused(world: World, place: MadePlace) -> None:
    size = group("份量", [("例", 4800), ("大", 8800)], full=True)
    beef = world.dish(place.menu, groups=[size])
    one = world.joins(place.tables[0])
    with pytest.raises(errors.NotServedNow), world.at_table(one) as work:
        actions.add(work, one.sitting_id, Wanted(beef, {}))
    with world.at_table(one) as work:
        wanted = Wanted(beef, {size.id: (size.options[1].id,)}, price_fen=1)
        line_id = actions.add(work, one.sitting_id, wanted)
    with world.at_table(one) as work:
        assert actions.add(work, one.sitting_id, wanted) == line_id, "the same thing grows"
    with pytest.raises(errors.LineMoved), world.at_table(one) as work:
        actions.place(work, one.sitting_id, seen={line_id: Seen(1, 8800)})
    with pytest.raises(errors.PriceMoved), world.at_table(one) as work:
        actions.place(work, one.sitting_id, seen={line_id: Seen(2, 8800)})
    with world.at_table(one) as work:
        actions.place(work, one.sitting_id, seen={line_id: Seen(2, 17600)})
    tab = world.tab_seen(place.merchant.id, one.sitting_id)
    assert (tab.due_fen, tab.lines[0].choice) == (17600, "大")


def test_sold_out_and_market_prices(world: World, place: MadePlace) -> None:
    crab = world.dish(place.menu, "膏蟹", 0, pricing=Pricing.MARKET)
    beef = world.dish(place.menu)
    one = world.joins(place.tables[0])
    world.thinks_of(one, beef)
    world.sold_out(place.merchant.id, place.store.id, beef)
    with pytest.raises(errors.NotServedNow, match="售罄"), world.at_table(one) as work:
        actions.place(work, one.sitting_id)
    with pytest.raises(errors.NotServedNow), world.at_table(one) as work:
        actions.add(work, one.sitting_id, Wanted(crab, {}, price_fen=1))
    with world.at_counter(place.merchant, world.staff(place.merchant, Role.CLERK)) as work:
        line_id = actions.add(work, one.sitting_id, Wanted(crab, {}, price_fen=16800))
        actions.place(work, one.sitting_id)
        assert tabs.line(work, one.sitting_id, line_id).due_fen == 16800


def test_a_printed_code_only_asks(world: World, place: MadePlace) -> None:
    world.dining_rules(place.store, joins="asked")
    first, stranger, third = (world.joins(place.tables[0]) for _ in range(3))
    assert (first.state, stranger.state) == (GuestState.IN, GuestState.ASKED)
    with world.at_table(first) as work:
        actions.let_in(work, first.sitting_id, stranger.guest_id)
        actions.turn_away(work, first.sitting_id, third.guest_id)
    with world.work(Face.SHOP) as work:
        assert tabs.seat(work, stranger.merchant_id, stranger.guest_id, stranger.key).state is GuestState.IN
        with pytest.raises(errors.NotAtTable):
            tabs.seat(work, third.merchant_id, third.guest_id, third.key)
    with pytest.raises(Denied), world.at_table(first) as work:
        actions.turn_away(work, first.sitting_id, stranger.guest_id)


def test_the_staff_opens_where_the_store_says_so(world: World, place: MadePlace) -> None:
    world.dining_rules(place.store, opens="staff")
    with pytest.raises(errors.NotYetOpen):
        world.joins(place.tables[0])
    with world.at_counter(place.merchant, world.staff(place.merchant, Role.CLERK)) as work:
        sitting_id = actions.open(work, place.store.id, [place.tables[0].id], 3)
        with pytest.raises(errors.TableTaken):
            actions.open(work, place.store.id, [place.tables[0].id], 3)
    assert world.joins(place.tables[0]).sitting_id == sitting_id


def test_a_friends_link_lets_in_until_it_is_turned_old_or_closed(world: World, place: MadePlace) -> None:
    one = world.joins(place.tables[0])
    with world.at_table(one) as work:
        code, fresh = tabs.invite(work, one.sitting_id)
    assert fresh
    with world.work(Face.SHOP) as work:
        assert actions.join_by_invite(work, one.sitting_id, code).state is GuestState.IN
        for wrong in ("x" * 22, "", "猜"):
            with pytest.raises(errors.InviteOver):
                actions.join_by_invite(work, one.sitting_id, wrong)
    world.clock.advance(minutes=31)
    with pytest.raises(errors.InviteOver), world.work(Face.SHOP) as work:
        actions.join_by_invite(work, one.sitting_id, code)
    with world.at_table(one) as work:
        code = actions.turn_key(work, one.sitting_id)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.close(work, one.sitting_id)
    with pytest.raises(errors.InviteOver), world.work(Face.SHOP) as work:
        actions.join_by_invite(work, one.sitting_id, code)


def test_keys_end_with_the_sitting_and_fit_nobody_else(world: World, place: MadePlace) -> None:
    one, other = world.joins(place.tables[0]), world.joins(place.tables[1])
    with world.work(Face.SHOP) as work:
        with pytest.raises(errors.NotAtTable):
            tabs.seat(work, one.merchant_id, one.guest_id, other.key)
        with pytest.raises(errors.NotAtTable):
            tabs.seat(work, one.merchant_id, one.guest_id, "")
    with pytest.raises(NotFound), world.at_table(one) as work:
        actions.call_waiter(work, other.sitting_id)
    with pytest.raises(Denied), world.at_table(one) as work:
        actions.close(work, one.sitting_id)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.close(work, one.sitting_id)
        actions.close(work, one.sitting_id)
    with pytest.raises(errors.SittingOver), world.work(Face.SHOP) as work:
        tabs.seat(work, one.merchant_id, one.guest_id, one.key)
    assert world.joins(place.tables[0]).sitting_id != one.sitting_id
    with pytest.raises(errors.TableTaken), world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.reopen(work, one.sitting_id)


def test_own_lines_only_and_separate_bills(world: World, place: MadePlace) -> None:
    beef = world.dish(place.menu)
    world.dining_rules(place.store, shared=False)
    one, other = world.joins(place.tables[0]), world.joins(place.tables[0])
    line_id = world.thinks_of(one, beef)
    world.thinks_of(other, beef, 3)
    with world.at_table(other) as work:
        with pytest.raises(errors.NotYours):
            actions.change(work, one.sitting_id, line_id, 2)
        assert [line.quantity for line in tabs.tab(work, one.sitting_id).lines] == [3]
        actions.place(work, one.sitting_id)
    assert [line.id for line in world.tab_seen(one.merchant_id, one.sitting_id).drafts] == [line_id]


def test_people_covers_and_what_the_staff_takes_off(world: World, place: MadePlace) -> None:
    beef = world.dish(place.menu)
    world.dining_rules(place.store, cover_fen=300)
    one = world.joins(place.tables[0], people=4)
    world.sends(one, beef)
    with world.at_table(one) as work:
        actions.set_people(work, one.sitting_id, 6)
        with pytest.raises(errors.StaffOnly):
            actions.set_people(work, one.sitting_id, 2)
    staff = world.staff(place.merchant, Role.CLERK)
    with world.at_counter(place.merchant, staff) as work:
        actions.set_people(work, one.sitting_id, 5)
        tab = tabs.tab(work, one.sitting_id)
        covers = [line for line in tab.lines if line.kind is LineKind.COVER]
        assert sum(line.due_fen for line in covers) == 1500
        actions.cancel_line(work, one.sitting_id, covers[0].id, reason="老顾客", quantity=1)
        actions.place(work, one.sitting_id) if tab.drafts else None
    world.sends(one, beef)
    tab = world.tab_seen(one.merchant_id, one.sitting_id)
    assert tab.due_fen == 2 * 4800 + 4 * 300, "what was taken off stays off"
    assert [line.reason for line in tab.lines if line.state is LineState.CANCELLED] == ["老顾客"]


def test_cancel_gift_reprice_serve_and_hold(world: World, place: MadePlace) -> None:
    beef = world.dish(place.menu, "吊龙", 1001)
    one = world.joins(place.tables[0])
    world.thinks_of(one, beef, 3)
    world.sends(one)
    (line,) = world.tab_seen(one.merchant_id, one.sitting_id).lines
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.cancel_line(work, one.sitting_id, line.id, reason="上慢了", quantity=1)
        given = actions.gift(work, one.sitting_id, line.id, reason="赔礼", quantity=1)
        actions.reprice(work, one.sitting_id, line.id, due_fen=900, reason="抹零")
        actions.serve(work, [line.id, given])
        with pytest.raises(errors.LineMoved):
            actions.cancel_line(work, one.sitting_id, line.id, reason="多了", quantity=2)
    tab = world.tab_seen(one.merchant_id, one.sitting_id)
    assert sum(one.quantity for one in tab.lines) == 3
    assert sum(one.total_fen for one in tab.lines) == 3003
    assert tab.due_fen == 900
    assert {one.state for one in tab.lines if one.counts} == {LineState.SERVED}
    with world.work(Face.JOB, merchant=place.merchant.id) as work:
        actions.hold_lines(work, one.sitting_id, [line.id], one.guest_id)
        with pytest.raises(errors.LineHeld):
            actions.gift(work, one.sitting_id, line.id, reason="再送")
        actions.let_go(work, one.sitting_id, one.guest_id)
        actions.gift(work, one.sitting_id, line.id, reason="再送")


def test_paid_before_it_is_cooked(world: World, place: MadePlace) -> None:
    beef = world.dish(place.menu)
    world.dining_rules(place.store, pays="before", cover_fen=200)
    one = world.joins(place.tables[0])
    round_id = world.sends(one, beef)
    with world.at_table(one) as work:
        actions.withdraw(work, one.sitting_id, round_id)
    assert [line.state for line in world.tab_seen(one.merchant_id, one.sitting_id).lines] == [LineState.DRAFT]
    round_id = world.sends(one)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.release(work, one.sitting_id, round_id)
        actions.release(work, one.sitting_id, round_id)
    tab = world.tab_seen(one.merchant_id, one.sitting_id)
    assert tab.rounds[0].released_at is not None
    assert tab.due_fen == 5000
    with pytest.raises(errors.LineMoved), world.at_table(one) as work:
        actions.withdraw(work, one.sitting_id, round_id)


def test_a_wish_waits_once(world: World, place: MadePlace) -> None:
    one, other = world.joins(place.tables[0]), world.joins(place.tables[0])
    with world.at_table(one) as work:
        call = actions.call_waiter(work, one.sitting_id, Wish.WATER)
    with world.at_table(other) as work:
        assert actions.call_waiter(work, one.sitting_id, Wish.WATER) == call
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        (floor,) = tabs.floor_state(work, place.store.id)
        mark = tabs.floor_mark(work, place.store.id)
        assert (floor.calls, floor.table_ids) == (1, (place.tables[0].id,))
        actions.answer_call(work, one.sitting_id, call)
        assert tabs.floor_state(work, place.store.id)[0].calls == 0
        assert tabs.floor_mark(work, place.store.id) != mark


def test_another_house_finds_nothing(world: World, place: MadePlace) -> None:
    one = world.joins(place.tables[0])
    other = world.restaurant()
    with world.work(Face.OFFICE, merchant=other.merchant.id) as work:
        for act in (actions.close, actions.call_waiter, tabs.tab, actions.turn_key):
            with pytest.raises(NotFound):
                act(work, one.sitting_id)
        with pytest.raises(NotFound):
            actions.open(work, other.store.id, [place.tables[1].id], 2)
    with pytest.raises(errors.NoSuchTable), world.work(Face.SHOP) as work:
        actions.join(work, other.store.id, place.tables[0].code)


def test_what_must_be_ordered_and_cannot_be_had_is_left_out(world: World, place: MadePlace) -> None:
    beef, tea, fan = world.dish(place.menu), world.dish(place.menu, "茶", 1200), world.dish(place.menu, "纸巾", 200)
    world.dining_rules(place.store, musts=(tea, fan))
    world.sold_out(place.merchant.id, place.store.id, tea)
    one = world.joins(place.tables[0])
    world.sends(one, beef)
    lines = world.tab_seen(one.merchant_id, one.sitting_id).lines
    assert {line.name: line.kind for line in lines if line.dish_id != beef} == {"纸巾": LineKind.MUST}
    world.sold_out(place.merchant.id, place.store.id, beef)
    with pytest.raises(errors.NotServedNow):
        world.sends(world.joins(place.tables[1]), beef)


def test_all_tables_are_held_before_the_kitchen_hears_of_any(world: World, place: MadePlace) -> None:
    guests = [world.joins(table) for table in place.tables]
    beef, said = world.dish(place.menu), list[str]()
    lines = [world.thinks_of(one, beef) for one in guests]
    for one in guests:
        world.sends(one)
    sqlalchemy_event.listen(world.engine, "before_cursor_execute", lambda *facts: said.append(facts[2]))
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.serve(work, lines)
    tables = [nth for nth, one in enumerate(said) if "FROM sittings" in one and "FOR UPDATE" in one]
    kitchen = [nth for nth, one in enumerate(said) if "kitchen_pulses" in one]
    assert len(kitchen) == 2
    assert max(tables) < min(kitchen), "whoever orders at the second table holds it before the kitchen"
