"""What strangers with a photo of the card and former guests try."""

from __future__ import annotations

import pytest

from portal.domain.bills import actions as bills
from portal.domain.menus.values import Pricing
from portal.domain.tabs import actions, errors
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import MOST_ASKING, GuestState, Wanted
from portal.domain.tenants.actions import merchants
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.world import World


def test_strangers_do_not_use_up_the_places_of_a_table(world: World) -> None:
    place = world.restaurant(joins="asked")
    first = world.joins(place.tables[0])
    asking = [world.joins(place.tables[0]) for _nth in range(MOST_ASKING)]
    with pytest.raises(errors.ManyAsking):
        world.joins(place.tables[0])
    with world.at_table(first) as work:
        code, _fresh = tabs.invite(work, first.sitting_id)
    with world.work(Face.SHOP) as work:
        assert actions.join_by_invite(work, first.sitting_id, code).state is GuestState.IN
    with world.at_table(first) as work:
        actions.turn_away(work, first.sitting_id, asking[0].guest_id)
    assert world.joins(place.tables[0]).state is GuestState.ASKED


def test_a_guest_reaches_his_own_table_alone_and_names_no_price(world: World) -> None:
    place = world.restaurant(2)
    crab = world.dish(place.menu, "青蟹", 100, pricing=Pricing.MARKET)
    beef = world.dish(place.menu)
    one, other = (world.joins(table) for table in place.tables)
    line = world.thinks_of(other, beef)
    with world.at_table(one) as work:
        with pytest.raises(Refusal):
            actions.add(work, one.sitting_id, Wanted(crab, {}, price_fen=1))
        for act in (
            lambda: actions.add(work, other.sitting_id, Wanted(beef, {})),
            lambda: actions.place(work, other.sitting_id, other.guest_id),
            lambda: actions.change(work, one.sitting_id, line, 5),
            lambda: actions.turn_key(work, other.sitting_id),
            lambda: actions.let_in(work, one.sitting_id, other.guest_id),
            lambda: actions.set_people(work, other.sitting_id, 9),
        ):
            with pytest.raises(NotFound):
                act()
        for quantity in (-1, 0, 100, 10**12):
            with pytest.raises(Refusal):
                actions.add(work, one.sitting_id, Wanted(beef, {}, quantity))
        for people in (-1, 0, 10**9):
            with pytest.raises(Refusal):
                actions.set_people(work, one.sitting_id, people)


def test_guests_of_a_suspended_merchant_order_nothing_more_but_pay(world: World) -> None:
    place = world.restaurant()
    beef = world.dish(place.menu)
    guest = world.joins(place.tables[0])
    world.thinks_of(guest, beef)
    with world.at_table(guest) as work:
        actions.place(work, guest.sitting_id)
    world.thinks_of(guest, beef)
    with world.work(Face.PLATFORM) as work:
        merchants.suspend(work, place.merchant.id, reason="证照过期")
    with world.at_table(guest) as work, pytest.raises(errors.StoreShut):
        actions.place(work, guest.sitting_id)
    with world.at_table(guest) as work:
        assert bills.raise_bill(work, guest.sitting_id)


def test_whoever_was_turned_away_is_not_let_in_again(world: World) -> None:
    place = world.restaurant(joins="asked")
    first, stranger = world.joins(place.tables[0]), world.joins(place.tables[0])
    with world.at_table(first) as work:
        actions.turn_away(work, first.sitting_id, stranger.guest_id)
    with pytest.raises(errors.SentAway), world.at_table(first) as work:
        actions.let_in(work, first.sitting_id, stranger.guest_id)
    guest = world.tab_seen(place.merchant.id, first.sitting_id).guest(stranger.guest_id)
    assert guest is not None
    assert guest.state is GuestState.OUT
