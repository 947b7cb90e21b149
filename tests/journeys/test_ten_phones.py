"""Ten friends with ten phones at one table: join, add, change, order and pay at once; strangers stay out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.domain.bills.values import BillState
from portal.domain.ledger import actions as ledger
from portal.domain.tabs import actions
from portal.kernel.scope import Face
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.journeys.people import Somebody, Street, pays

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def place(world: World) -> MadePlace:
    """炉前潮汕牛肉, two tables, two dishes, 茶位 ¥3."""
    place = world.restaurant(cover_fen=300)
    world.dish(place.menu, "吊龙", 4800)
    world.dish(place.menu, "牛骨清汤", 1800)
    return place


def sits_down(friend: Somebody, card: str, name: str, opens: str = "") -> None:
    friend.goes(card)
    if opens:
        friend.page.get_by_role("radio", name=opens, exact=True).check(force=True)
    friend.writes("怎么称呼您", name).taps((opens and "坐下点菜") or "加入这一桌").sees_heading("点菜").is_calm()


def orders(friend: Somebody) -> None:
    friend.taps("去下单").sees_heading("购物车").is_calm()
    friend.page.locator("button[value=place]").click()


def test_ten_phones_at_one_table(street: Street, world: World, place: MadePlace) -> None:
    card = f"/t/{place.store.id}/{place.tables[0].code}"
    friends = street.friends(10)
    for number, friend in enumerate(friends):
        sits_down(friend, card, f"友{number}", "" if number else "4")
    for friend in friends:
        friend.taps("加一份 吊龙").sees_heading("点菜")
    first, second, ninth = friends[0], friends[1], friends[8]
    table = re.sub(r"[?#].*", "", first.page.url)
    first.goes(table + "cart").reads("友9").is_calm()
    first.taps("吊龙 多一份").reads("11 份")
    ninth.goes(table + "cart").reads("11 份")
    first.page.locator("button[value=place]").click()
    ninth.page.locator("button[value=place]").click()
    first.sees_heading("已下单").reads("540.00").is_calm()
    ninth.reads("刚刚下过单")
    for friend in (second, ninth):
        friend.goes(table).taps("加一份 牛骨清汤")
        orders(friend)
        friend.sees_heading("已下单")
    expect(first.page.locator("#live")).to_contain_text("576.00", timeout=10_000)
    first.taps("加水").reads("已呼叫").is_calm()

    strangers_stay_out(street, world, place, table, first)
    pay_at_once(world, place, table, second, ninth)
    stranger = street.somebody()
    link = first.goes(table + "guests").page.locator(".link-line code").inner_text()
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.close(work, world.tab_at(place.tables[0]))
    first.goes(table).reads("已经清台")
    stranger.goes(link).reads("已经失效")


def pay_at_once(world: World, place: MadePlace, table: str, *friends: Somebody) -> None:
    """Both pay the whole table: one gets to the cashier, the other reads who pays; each line is paid for once."""
    merchant, sitting = place.merchant.id, world.tab_at(place.tables[0])
    for friend in friends:
        friend.goes(table + "bill").sees_heading("账单").reads("576.00").is_calm()
    for friend in friends:
        friend.page.evaluate("document.querySelector('#pay').requestSubmit()")  # does not wait for the answer
    for friend in friends:
        friend.page.wait_for_function("!document.querySelector('#pay')")
    (winner,) = (friend for friend in friends if "/shares/" in friend.page.url)
    (loser,) = (friend for friend in friends if friend is not winner)
    loser.reads("可能已经有人在结").reads("正在结的账单").is_calm()
    pays(winner, world, merchant)
    loser.goes(table + "bill").reads("都付清了").is_calm()
    (bill,) = world.bills_of_tab(merchant, sitting)
    lines = world.tab_seen(merchant, sitting).lines
    assert (bill.state, bill.paid_fen, [share.amount_fen for share in bill.shares]) == (BillState.PAID, 57600, [57600])
    assert ({line.bill_id for line in lines}, sum(line.due_fen for line in lines)) == ({bill.id}, 57600)
    with world.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0


def strangers_stay_out(street: Street, world: World, place: MadePlace, table: str, friend: Somebody) -> None:
    """No phone, a guessed code, another table's cookie, a photo of the card: each reads why."""
    neighbour, stranger = street.somebody(), street.somebody()
    stranger.goes(table).reads("没有加入这一桌")
    stranger.goes(f"/t/{place.store.id}/{'x' * 22}").reads("没有找到这张桌子")
    sits_down(neighbour, f"/t/{place.store.id}/{place.tables[1].code}", "邻桌", "2")
    neighbour.goes(table).reads("没有加入这一桌").goes(table + "bill").reads("没有加入这一桌")
    world.dining_rules(place.store, cover_fen=300, joins="asked")
    stranger.goes(f"/t/{place.store.id}/{place.tables[0].code}").writes("怎么称呼您", "路人").taps("加入这一桌")
    stranger.sees_heading("等同桌的朋友让您加入").goes(table).reads("还在等同桌的朋友或服务员")
    friend.goes(table + "guests").reads("有人想加入").taps("不认识").reads("已拒绝")
    stranger.goes(table).reads("没有加入这一桌")
