"""What is left of a dish: options that ran out, pieces that rounds count down and cancellations give back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from portal.domain.kitchen import actions as kitchen
from portal.domain.menus import actions, queries
from portal.domain.menus.errors import ChangeOver, PiecesWrong
from portal.domain.menus.rules.pricing import said
from portal.domain.menus.values import Dish, DishKind, Pick, Pricing
from portal.domain.tabs import actions as tabs
from portal.domain.tabs import errors
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from tests.factories.menus import group
from tests.factories.tabs import MadePlace
from tests.factories.world import World


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant()


def shown(world: World, place: MadePlace, dish_id: UUID) -> Dish:
    with world.work(Face.GUEST) as work:
        return queries.served(work, place.merchant.id, place.store.id, work.now()).by_id[dish_id]


def leaves(world: World, place: MadePlace, dish_id: UUID, pieces: int) -> None:
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.leave(work, place.store.id, dish_id, pieces, work.now() + timedelta(hours=9))


def test_rounds_count_down_and_the_last_is_sold_out(world: World, place: MadePlace) -> None:
    fish = world.dish(place.menu, "清蒸鲈鱼", 8800)
    leaves(world, place, fish, 3)
    one, other = (world.joins(table) for table in place.tables)
    with pytest.raises(errors.NotServedNow, match="只剩 3 份"):
        world.thinks_of(one, fish, 4)
    world.thinks_of(one, fish, 2)
    world.thinks_of(other, fish, 2)
    with world.at_table(one) as work:
        tabs.place(work, one.sitting_id)
    assert (shown(world, place, fish).left, shown(world, place, fish).stopped) == (1, False)
    with pytest.raises(errors.NotServedNow, match="只剩 1 份"), world.at_table(other) as work:
        tabs.place(work, other.sitting_id)
    world.sends(world.joins(place.tables[0]), fish)
    assert (shown(world, place, fish).left, shown(world, place, fish).stopped) == (0, True)
    world.clock.advance(hours=10)
    assert shown(world, place, fish).left is None, "the count is over with its day"


def test_cancelled_before_cooking_is_there_again(world: World, place: MadePlace) -> None:
    fish = world.dish(place.menu, "清蒸鲈鱼", 8800)
    leaves(world, place, fish, 4)
    guest = world.joins(place.tables[0])
    line = world.thinks_of(guest, fish, 4)
    world.sends(guest)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        tabs.cancel_line(work, guest.sitting_id, line, reason="点多了", quantity=3)
    assert (shown(world, place, fish).left, shown(world, place, fish).stopped) == (3, False)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        kitchen.done(work, place.store.id, [one.id for one in world.tickets() if one.kind == "make"])
        tabs.cancel_line(work, guest.sitting_id, line, reason="凉了")
    assert shown(world, place, fish).left == 3, "it was made: nothing comes back"


def test_paid_first_gives_back_what_is_withdrawn(world: World) -> None:
    place = world.restaurant(pays="before")
    fish = world.dish(place.menu, "清蒸鲈鱼", 8800)
    leaves(world, place, fish, 5)
    guest = world.joins(place.tables[0])
    line = world.thinks_of(guest, fish, 3)
    round_id = world.sends(guest)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        tabs.cancel_line(work, guest.sitting_id, line, reason="少一份", quantity=1)
    assert shown(world, place, fish).left == 3
    with world.at_table(guest) as work:
        tabs.withdraw(work, guest.sitting_id, round_id)
    assert shown(world, place, fish).left == 5


def test_clearing_gives_back_what_nobody_made(world: World) -> None:
    place = world.restaurant(pays="before")
    fish = world.dish(place.menu, "清蒸鲈鱼", 8800)
    leaves(world, place, fish, 3)
    one, other = (world.joins(table) for table in place.tables)
    line = world.thinks_of(one, fish, 3)
    world.sends(one)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        tabs.gift(work, one.sitting_id, line, reason="老顾客")
        tabs.close(work, one.sitting_id)
    assert shown(world, place, fish).left == 3, "the kitchen never heard of it"
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        tabs.reopen(work, one.sitting_id)
    assert shown(world, place, fish).left == 0, "it waits again"
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        tabs.close(work, one.sitting_id)
    world.sends(other, fish)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work, pytest.raises(errors.NotBack, match="只剩 2 份"):
        tabs.reopen(work, one.sitting_id)


def test_a_combo_takes_of_what_it_is_made_of(world: World, place: MadePlace) -> None:
    rice = world.dish(place.menu, "煲仔饭", 2800)
    main = group("主食", [("煲仔饭", 0, rice), ("面", 0)], least=1)
    meal = world.dish(place.menu, "单人餐", 3900, kind=DishKind.COMBO, groups=[main])
    leaves(world, place, rice, 2)
    pick = Pick(meal, {main.id: [main.options[0].id]}, 2)
    with world.work(Face.JOB) as work:
        found = actions.order(work, place.merchant.id, place.store.id, [pick, Pick(rice)], work.now())
        assert [str(one.refusal) for one in found] == ["煲仔饭 只剩 2 份了。"] * 2
        assert actions.order(work, place.merchant.id, place.store.id, [pick], work.now())[0].refusal is None
    assert shown(world, place, rice).stopped
    with world.work(Face.JOB) as work:
        actions.give_back(work, place.merchant.id, place.store.id, [pick])
    assert shown(world, place, rice).left == 2


def test_an_option_is_sold_out_and_the_dish_is_not(world: World, place: MadePlace) -> None:
    size = group("规格", [("小", 3000), ("大", 5000)], full=True)
    soup = world.dish(place.menu, "老火汤", 3000, groups=[size])
    other = world.dish(place.menu, "米饭", 200)
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.stop_options(work, place.store.id, soup, [size.options[1].id])
        with pytest.raises(NotFound):
            actions.stop_options(work, place.store.id, other, [size.options[1].id])
        with pytest.raises(PiecesWrong):
            actions.leave(work, place.store.id, soup, 0)
        found = queries.choices(work, place.store.id, work.now())[0]
    assert (found.name, found.stopped, [one[1] for one in found.out]) == ("老火汤", False, ["大"])
    dish = shown(world, place, soup)
    assert (dish.stopped, dish.missing) == (False, frozenset({size.options[1].id}))
    with world.work(Face.SHOP) as work:
        picks = [Pick(soup, {size.id: [one.id]}) for one in size.options]
        small, large = queries.quote(work, place.merchant.id, place.store.id, picks, work.now())
    assert (small.total_fen, str(large.refusal)) == (3000, "老火汤 里的 大 售罄了，请换一个。")
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.stop_options(work, place.store.id, soup, [])
    assert not shown(world, place, soup).missing


def test_lines_of_a_price_are_kept_as_message_and_words(world: World, place: MadePlace) -> None:
    size = group("规格", [("小", 3000)], full=True)
    less = group("少料", [("少肉", -9000)])
    soup = world.dish(place.menu, "老火汤", 3000, groups=[size, less])
    prawn = world.dish(place.menu, "基围虾", 6850, pricing=Pricing.WEIGHT)
    picks = [
        Pick(soup, {size.id: [size.options[0].id], less.id: [less.options[0].id]}),
        Pick(prawn, grams=617),
    ]
    with world.work(Face.SHOP) as work:
        found = queries.quote(work, place.merchant.id, place.store.id, picks, work.now())
    lines = [said(line) for one in found for line in one.price]
    assert [str(one) for one in lines] == ["老火汤（小）", "少肉", "不低于 0", "617 克 × ¥68.50 / 500 克"]
    assert {one.msgid for one in lines} == {
        "%(name)s（%(size)s）",
        "%(name)s",
        "不低于 0",
        "%(grams)s 克 × ¥%(price)s / %(per)s 克",
    }
    assert str(said({"kind": "dish", "name": "老账单", "fen": 1})) == "老账单", "lines from before"


def test_many_prices_at_once_and_back(world: World, place: MadePlace) -> None:
    size = group("规格", [("小", 3000), ("大", 5000)], full=True)
    soup, rice = world.dish(place.menu, "老火汤", 3000, groups=[size]), world.dish(place.menu, "米饭", 200)
    tea = world.dish(place.menu, "茶", 600)
    merchant = place.merchant.id
    with world.work(Face.OFFICE, merchant=merchant) as work:
        assert queries.last_repriced(work) is None
        assert actions.raise_prices(work, [soup, rice, tea], fen=150) == 3
        found = queries.last_repriced(work)
        assert found is not None
        assert (found.fen, found.count) == (150, 3)
        actions.raise_prices(work, [tea], fen=100)
        later = queries.last_repriced(work)
        assert later is not None
        assert actions.undo_prices(work, found.id) == (2, 1), "the tea was changed since"
        assert actions.undo_prices(work, later.id) == (1, 0)
        with pytest.raises(ChangeOver):
            actions.undo_prices(work, later.id)
        assert queries.last_repriced(work) is None
    assert [shown(world, place, one).from_fen for one in (soup, rice, tea)] == [3000, 200, 750]
    with world.work(Face.OFFICE, merchant=world.merchant().id) as work, pytest.raises(NotFound):
        actions.undo_prices(work, found.id)
