"""What the kitchen hears of a table: each version of a line once, at the right station, on one paper."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import pytest

from portal.domain.kitchen import actions, errors, queries
from portal.domain.kitchen.actions import telling
from portal.domain.kitchen.queries import screens
from portal.domain.kitchen.rules.layout import unpacked
from portal.domain.kitchen.values import Slips
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.values import LineState
from portal.kernel.permissions import ROLES, Role
from portal.kernel.refusals import Denied, NotFound
from portal.kernel.scope import Face
from tests.factories.tabs import MadePlace
from tests.factories.world import World


@dataclass(frozen=True)
class Kitchen:
    """A restaurant whose kitchen has two stations; cold dishes print one slip for each dish."""

    place: MadePlace
    hot: UUID
    cold: UUID
    beef: UUID
    tofu: UUID


@pytest.fixture
def kitchen(world: World) -> Kitchen:
    place = world.restaurant()
    hot = world.station(place.store, "热菜", world.printer(place.store, "热菜机"))
    single = world.printer(place.store, "凉菜机", slips=Slips.DISH)
    cold = world.station(place.store, "凉菜", single, tags="凉菜，刺身")
    beef = world.dish(place.menu, "吊龙", station="热菜")
    tofu = world.dish(place.menu, "皮蛋豆腐", 1800, station="凉菜")
    return Kitchen(place, hot, cold, beef, tofu)


def told(world: World) -> list[tuple[str, str, int, str]]:
    return [(one.kind, one.name, one.quantity, one.state) for one in world.tickets()]


def test_a_round_goes_to_its_stations_and_comes_out_once(world: World, kitchen: Kitchen) -> None:
    guest = world.joins(kitchen.place.tables[0], people=3)
    world.thinks_of(guest, kitchen.beef, 2, note="不要葱")
    world.thinks_of(guest, kitchen.tofu)
    round_id = world.sends(guest, world.dish(kitchen.place.menu, "拍黄瓜", 900, station="凉菜"))
    assert {(one.name, one.station_id) for one in world.tickets()} == {
        ("吊龙", kitchen.hot),
        ("皮蛋豆腐", kitchen.cold),
        ("拍黄瓜", kitchen.cold),
    }
    papers = world.papers()
    assert Counter(len(one.lines) > 8 for one in papers)[False] == 3, "one slip for hot, two for cold"
    text = "\n".join(f"{line.text}{line.right}" for line in unpacked(papers[0].lines))
    for word in ("热菜", "01 桌", "3 人", "吊龙×2", "备注：不要葱"):
        assert word in text
    with world.work(Face.JOB) as work:
        telling.tell_round(work, kitchen.place.merchant.id, round_id)
        telling.tell_round(work, kitchen.place.merchant.id, round_id)
    assert len(world.tickets()) == len(world.papers()) == 3, "told again, nothing happens"


def test_fewer_gifts_and_none(world: World, kitchen: Kitchen) -> None:
    guest = world.joins(kitchen.place.tables[0])
    line = world.thinks_of(guest, kitchen.beef, 5)
    round_id = world.sends(guest)
    merchant = kitchen.place.merchant.id
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.gift(work, guest.sitting_id, line, reason="老顾客", quantity=1)
        tabs.cancel_line(work, guest.sitting_id, line, reason="点多了", quantity=2)
    with world.work(Face.JOB) as work:
        telling.tell_round(work, merchant, round_id)
    assert told(world) == [("make", "吊龙", 3, "new"), ("change", "吊龙", 3, "new")], "a gift is cooked as well"
    assert "5→3" in str(world.papers()[1].lines)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.cancel_line(work, guest.sitting_id, line, reason="不吃了")
    assert told(world)[2] == ("change", "吊龙", 1, "new")
    with world.work(Face.OFFICE, merchant=merchant) as work:
        actions.done(work, kitchen.place.store.id, [world.tickets()[0].id])
        actions.serve(work, kitchen.place.store.id, [world.tickets()[0].id])
    assert told(world)[0] == ("make", "吊龙", 1, "served")
    tab = world.tab_seen(merchant, guest.sitting_id)
    gifts = [one for one in tab.lines if one.due_fen == 0 and one.state is not LineState.CANCELLED]
    assert [one.state for one in gifts] == [LineState.SERVED], "the gift is served with it"


def test_of_a_part_that_is_given_the_kitchen_hears_as_of_the_rest(world: World, kitchen: Kitchen) -> None:
    merchant, guests = kitchen.place.merchant.id, [world.joins(table) for table in kitchen.place.tables]
    line = world.thinks_of(guests[0], kitchen.beef, 5)
    world.sends(guests[0])
    with world.work(Face.OFFICE, merchant=merchant) as work:
        given = tabs.gift(work, guests[0].sitting_id, line, reason="老顾客", quantity=2)
        tabs.cancel_line(work, guests[0].sitting_id, given, reason="不要了", quantity=1)
    assert told(world) == [("make", "吊龙", 4, "new"), ("change", "吊龙", 4, "new")]
    assert "5→4" in str(world.papers()[1].lines)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.split_lines(work, guests[0].sitting_id, {given: 1}, guests[1].sitting_id)
    made = [(one.place, one.quantity) for one in world.tickets() if one.kind == "make"]
    assert made == [("01 桌", 3), ("02 桌", 1)], "what went to another table is carried there"
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.cancel_line(work, guests[1].sitting_id, given, reason="不要了")
    assert told(world)[2:] == [("make", "吊龙", 1, "cancelled"), ("cancel", "吊龙", 1, "new")]


def test_what_was_served_is_counted_down_as_well(world: World, kitchen: Kitchen) -> None:
    guest, merchant = world.joins(kitchen.place.tables[0]), kitchen.place.merchant.id
    line = world.thinks_of(guest, kitchen.beef, 3)
    world.sends(guest)
    for _ in range(2):
        with world.work(Face.OFFICE, merchant=merchant) as work:
            tabs.serve(work, [line])
            tabs.cancel_line(work, guest.sitting_id, line, reason="不好吃", quantity=1)
    assert told(world) == [
        ("make", "吊龙", 1, "served"),
        ("change", "吊龙", 2, "new"),
        ("change", "吊龙", 1, "new"),
    ]


def test_off_altogether_is_a_slip_to_take_notice_of(world: World, kitchen: Kitchen) -> None:
    guest = world.joins(kitchen.place.tables[0])
    line = world.thinks_of(guest, kitchen.beef, 2)
    world.sends(guest)
    merchant, store = kitchen.place.merchant.id, kitchen.place.store.id
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.cancel_line(work, guest.sitting_id, line, reason="等太久")
    assert told(world) == [("make", "吊龙", 2, "cancelled"), ("cancel", "吊龙", 2, "new")]
    assert "退：吊龙" in str(world.papers()[1].lines)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        shown = queries.screen(work, store, kitchen.hot)
        assert [(card.tickets[0].kind, shown.waiting) for card in shown.cards] == [("cancel", 0)]
        actions.done(work, store, [shown.cards[0].tickets[0].id])
    with world.work(Face.OFFICE, merchant=merchant) as work:
        assert queries.screen(work, store).cards == queries.ready(work, store).cards == ()


def test_slips_that_were_noticed_hide_nothing(world: World, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "MOST", 2)
    merchant, store = kitchen.place.merchant.id, kitchen.place.store.id
    guest = world.joins(kitchen.place.tables[0])
    for _ in range(2):
        line = world.thinks_of(guest, kitchen.beef)
        world.sends(guest)
        with world.work(Face.OFFICE, merchant=merchant) as work:
            tabs.cancel_line(work, guest.sitting_id, line, reason="不吃了")
            slips = [card.tickets[0].id for card in queries.screen(work, store).cards]
            actions.done(work, store, slips)
    world.sends(guest, kitchen.beef)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        (card,) = queries.screen(work, store).cards
        actions.done(work, store, [card.tickets[0].id])
        assert queries.ready(work, store).waiting == 1


def test_a_cleared_table_leaves_the_screens_until_it_is_taken_back(world: World, kitchen: Kitchen) -> None:
    merchant, store = kitchen.place.merchant.id, kitchen.place.store.id
    guest = world.joins(kitchen.place.tables[0])
    world.thinks_of(guest, kitchen.beef, 2)
    world.sends(guest, kitchen.tofu)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tofu = next(one.id for one in world.tickets() if one.name == "皮蛋豆腐")
        actions.done(work, store, [tofu])
        tabs.close(work, guest.sitting_id)
        assert (queries.screen(work, store).cards, queries.screen(work, store).done) == ((), ())
        assert (queries.ready(work, store).cards, sum(one.waiting for one in queries.stations(work, store))) == ((), 0)
        assert actions.done(work, store, [one.id for one in world.tickets()]) == 0, "a screen that was behind"
    assert {one.state for one in world.tickets()} == {"new", "done"}, "nobody made or served it by that"
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.reopen(work, guest.sitting_id)
        assert (queries.screen(work, store).waiting, queries.ready(work, store).waiting) == (2, 1)
    world.clock.advance(hours=25)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        assert (queries.screen(work, store).waiting, queries.ready(work, store).waiting) == (0, 0), "yesterday's"


def test_done_recalled_served_and_sums(world: World, kitchen: Kitchen) -> None:
    merchant, store = kitchen.place.merchant.id, kitchen.place.store.id
    guests = [world.joins(table) for table in kitchen.place.tables]
    for guest in guests:
        world.thinks_of(guest, kitchen.beef, 4)
        world.sends(guest, kitchen.tofu)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        shown = queries.screen(work, store)
        assert [(one.name, one.quantity) for one in shown.sums] == [("吊龙", 8), ("皮蛋豆腐", 2)]
        assert (shown.unseen, shown.waiting, len(shown.cards)) == (4, 10, 2)
        actions.see(work, store)
        assert queries.screen(work, store).unseen == 0
        before = queries.screen(work, store).beat
        actions.done(work, store, [one.id for one in shown.cards[0].tickets])
        actions.done(work, store, [one.id for one in shown.cards[0].tickets])
        ready = queries.ready(work, store)
        assert ready.beat > before, "every change beats"
        assert [len(card.tickets) for card in ready.cards] == [2]
        actions.recall(work, store, [ready.cards[0].tickets[0].id])
        actions.serve(work, store, [ready.cards[0].tickets[1].id])
        with pytest.raises(errors.AlreadyServed):
            actions.recall(work, store, [ready.cards[0].tickets[1].id])
    states = Counter(line.state for line in world.tab_seen(merchant, guests[0].sitting_id).lines)
    assert states == {LineState.PLACED: 1, LineState.SERVED: 1}
    world.clock.advance(minutes=9)
    with world.work(Face.OFFICE, merchant=merchant) as work:
        assert {card.tone for card in queries.screen(work, store).cards} == {"amber"}


def test_moved_merged_and_split_tables_keep_their_tickets(world: World, kitchen: Kitchen) -> None:
    merchant = kitchen.place.merchant.id
    one, other = (world.joins(table) for table in kitchen.place.tables)
    line = world.thinks_of(one, kitchen.beef, 3)
    world.sends(one)
    spare = world.dining_table(kitchen.place.store, "包间")
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.move_tables(work, one.sitting_id, [spare.id])
    assert [ticket.place for ticket in world.tickets()] == ["包间"]
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.split_lines(work, one.sitting_id, {line: 1}, other.sitting_id)
    assert {(ticket.place, ticket.quantity) for ticket in world.tickets()} == {("包间", 2), ("02 桌", 1)}
    titles = [one.title for one in world.papers()[1:]]
    assert titles == ["转台 · 01 桌 → 包间"], "what was cooked stays cooked: nothing else is printed"
    with world.work(Face.OFFICE, merchant=merchant) as work:
        tabs.merge(work, one.sitting_id, other.sitting_id)
    assert {ticket.sitting_id for ticket in world.tickets()} == {other.sitting_id}
    assert {ticket.place for ticket in world.tickets()} == {"02 桌+包间"}


def test_who_may_and_whose_it_is(world: World, kitchen: Kitchen) -> None:
    guest = world.joins(kitchen.place.tables[0])
    world.sends(guest, kitchen.beef)
    other = world.merchant()
    ticket = world.tickets()[0].id
    with world.work(Face.OFFICE, merchant=other.id) as work, pytest.raises(NotFound):
        actions.done(work, kitchen.place.store.id, [ticket])
    with world.work(Face.OFFICE, merchant=kitchen.place.merchant.id) as work:
        work.permissions = ROLES[Role.CLERK]
        with pytest.raises(Denied):
            actions.done(work, kitchen.place.store.id, [ticket])
    with world.work(Face.OFFICE, merchant=kitchen.place.merchant.id) as work, pytest.raises(errors.MadeElsewhere):
        actions.add_station(work, kitchen.place.store.id, name="刺身台", tags="刺身")
    with world.work(Face.OFFICE, merchant=kitchen.place.merchant.id) as work, pytest.raises(errors.OnlyCatchAll):
        actions.remove_station(work, kitchen.hot)
