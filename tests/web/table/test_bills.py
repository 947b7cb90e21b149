"""Guests pay over HTTP without an account: whole, own, chosen lines, parts; the pretend cashier, the receipt."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from portal.domain.bills.values import BillState, ShareState
from tests.client import Browser, Seen, fields_of
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.web.table.test_sitting import sit

PARTS = {"what": "whole", "how": "parts", "parts": "2"}


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant(2)


def orders(world: World, phone: Browser, sitting: str, *dishes: UUID) -> None:
    """A phone's own round."""
    for dish in dishes:
        phone.post("table.lines_add", {"dish": str(dish)}, sitting=sitting)
    seen = phone.get("table.cart_show", sitting=sitting)
    shown = [str(one["value"]) for one in seen.soup.select("form#cart input[name=seen]")]
    phone.post("table.cart_save", {**seen.form("/cart"), "seen": shown, "act": "mine"}, sitting=sitting)


def raises(phone: Browser, sitting: str, status: int = 303, **fields: str) -> Seen:
    """Press 去付款 on the page as it is, with these choices."""
    seen = phone.get("table.bills_pay", sitting=sitting)
    entered = {key: value for key, value in fields_of(seen.one("form#pay")).items() if key != "line"}
    return phone.post("table.bills_raise", {**entered, "how": "all", **fields}, status=status, sitting=sitting)


def share_of(seen: Seen) -> str:
    found = re.search(r"/shares/([0-9a-f-]{36})", seen.response.headers["Location"])
    assert found is not None
    return found[1]


def arrives(world: World, merchant: UUID, share: str) -> None:
    """The provider says that it is paid."""
    row = world.share_now(merchant, UUID(share))
    attempt = world.attempt_of(world.intent_of(row))
    world.told(world.paid_fact(attempt, row.amount_fen))


def test_two_friends_halve_the_bill_without_accounts(browser: Browser, world: World, place: MadePlace) -> None:
    beef, merchant = world.dish(place.menu, "吊龙", 4801), place.merchant.id
    one, sitting = sit(browser, place.tables[0], "小陈", people=2)
    two, _same = sit(browser, place.tables[0], "阿黄")
    assert "还没有要付的" in one.get("table.bills_pay", sitting=sitting).text
    orders(world, one, sitting, beef)
    first = share_of(raises(one, sitting, **PARTS))
    assert "24.01" in one.get("table.shares_show", sitting=sitting, share=first).text.replace(" ", "")
    two.get("table.shares_show", status=404, sitting=sitting, share=first)
    board = two.get("table.bills_pay", sitting=sitting)
    assert "正在付" in board.text
    bill = str(world.share_now(merchant, UUID(first)).bill_id)
    second = share_of(two.post("table.bills_join", {"how": "parts", "parts": "2"}, sitting=sitting, bill=bill))
    for phone, share in ((one, first), (two, second)):
        phone.post("table.shares_pay", {"provider": "sandbox"}, sitting=sitting, share=share)
        assert "正在连接" in phone.get("table.shares_show", sitting=sitting, share=share).text
        arrives(world, merchant, share)
    shown = world.bill_now(merchant, UUID(bill))
    assert (shown.state, [each.amount_fen for each in shown.shares]) == (BillState.PAID, [2401, 2400])
    back = one.get("table.bills_back", status=303, sitting=sitting, bill=bill)
    assert back.response.headers["Location"].endswith(f"/bills/{bill}")
    assert "已付清" in two.get("table.bills_show", sitting=sitting, bill=bill).text


def test_own_lines_chosen_lines_and_what_changed_meanwhile(browser: Browser, world: World, place: MadePlace) -> None:
    beef, tea, merchant = world.dish(place.menu), world.dish(place.menu, "茶", 600), place.merchant.id
    one, sitting = sit(browser, place.tables[0], people=2)
    two, _same = sit(browser, place.tables[0])
    orders(world, one, sitting, beef)
    orders(world, two, sitting, tea)
    own = world.share_now(merchant, UUID(share_of(raises(two, sitting, what="mine"))))
    assert own.amount_fen == 600
    refused = raises(one, sitting, status=422, what="lines")
    assert "没有要结的菜" in refused.text
    refused = raises(one, sitting, status=422, **{"shown-whole": "4799"})
    assert "账单刚变了" in refused.text
    for how in ({"how": "parts", "parts": "1"}, {"how": "amount", "amount": "x"}, {"how": "amount", "amount": "999"}):
        raises(one, sitting, status=422, what="whole", **how)
    line = next(one for one in world.tab_seen(merchant, UUID(sitting)).lines if one.name != "茶")
    part = world.share_now(
        merchant, UUID(share_of(raises(one, sitting, what="lines", line=str(line.id), how="amount", amount="8")))
    )
    assert part.amount_fen == 800


def test_calling_off_and_giving_up_free_the_lines(browser: Browser, world: World, place: MadePlace) -> None:
    beef, merchant = world.dish(place.menu), place.merchant.id
    one, sitting = sit(browser, place.tables[0])
    orders(world, one, sitting, beef)
    share = share_of(raises(one, sitting))
    one.post("table.shares_cancel", {}, sitting=sitting, share=share)
    assert world.share_now(merchant, UUID(share)).state == ShareState.VOID
    again = world.share_now(merchant, UUID(share_of(raises(one, sitting))))
    one.post("table.bills_give_up", {}, sitting=sitting, bill=str(again.bill_id))
    assert world.bill_now(merchant, again.bill_id).state is BillState.VOID
    one.post("table.shares_pay", {"provider": "nobody"}, status=422, sitting=sitting, share=str(again.id))
    stranger, elsewhere = sit(browser, place.tables[1])
    stranger.get("table.bills_show", status=404, sitting=elsewhere, bill=str(again.bill_id))
    stranger.post("table.bills_join", {}, status=404, sitting=elsewhere, bill=str(again.bill_id))
