"""Every door of a table, tried by whoever does not sit there: nothing is shown, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from portal.domain.tabs import actions
from portal.domain.tabs.values import Joined, Tab
from portal.domain.tenants.actions import merchants
from portal.kernel.scope import Face
from tests.architecture.house import declared
from tests.client import Browser
from tests.factories.tabs import MadePlace
from tests.factories.world import World

SHUT = {403, 404, 409}
WORDS = ("阿静", "少盐", "吊龙王")
FIELDS = {"act": "place", "quantity": "1", "name": "别人", "people": "9", "what": "whole", "provider": "sandbox"}


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant(3)


@pytest.fixture(autouse=True)
def _unlimited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses are counted elsewhere; here each must be refused for what it is."""
    monkeypatch.setattr(app.extensions["portal"].gate, "hit", lambda *_args, **_more: None)


def table(world: World, place: MadePlace) -> tuple[Joined, dict[str, Any]]:
    """A guest who ordered, thinks of more and pays a part, and what addresses call it."""
    dish = world.dish(place.menu, "吊龙王")
    host = world.joins(place.tables[0], people=2, name="阿静")
    course = world.sends(host, dish, dish)
    bill = world.bill(host)
    share = world.asks_to_pay(host, bill, 500)
    line = world.thinks_of(host, dish, 2, "少盐")
    return host, {"bill": bill, "share": share, "course": course, "dish": dish, "guest": host.guest_id, "line": line}


def phone(browser: Browser, *seats: Joined) -> Browser:
    """A browser that remembers these seats."""
    fresh = browser.as_(None)
    with fresh.client.session_transaction() as session:
        session["seats"] = [(str(one.sitting_id), f"{one.merchant_id}.{one.guest_id}.{one.key}") for one in seats]
    return fresh


def knocks(sitting: Any, ids: dict[str, Any], *, others: bool = False) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, endpoint and address of every door; of `others` only those that name something of a sitting."""
    for one in declared():
        names = one.rule.arguments - {"sitting"}
        if one.office.name == "table" and (not others or names - {"dish"}):
            yield one.route.method, one.endpoint, {"sitting": sitting} | {name: ids[name] for name in names}


def refused(browser: Browser, method: str, endpoint: str, at: dict[str, Any], ids: dict[str, Any]) -> None:
    fields = {
        **FIELDS,
        "line": str(ids["line"]),
        "dish": str(ids["dish"]),
        "csrf_token": browser.csrf(),
        "key": str(uuid4()),
    }
    answer = browser.client.open(browser.url(endpoint, **at), method=method, data=fields if method == "POST" else None)
    where = answer.headers.get("Location", "")
    waits = answer.status_code == 303 and "/waiting/" in where
    assert answer.status_code in SHUT or waits, f"{endpoint}: {answer.status_code} {where} {answer.text[-3000:]}"
    assert not [word for word in WORDS if word in answer.get_data(as_text=True)], endpoint


def state(world: World, host: Joined, ids: dict[str, Any]) -> tuple[Tab, Any]:
    return world.tab_seen(host.merchant_id, host.sitting_id), world.bill_now(host.merchant_id, ids["bill"])


def test_nobody_else_comes_to_a_table(browser: Browser, world: World, place: MadePlace) -> None:
    host, ids = table(world, place)
    world.dining_rules(place.store, joins="asked")
    asking, away = (world.joins(place.tables[0], name=name) for name in ("路人", "不熟的人"))
    with world.at_table(host) as work:
        actions.turn_away(work, host.sitting_id, away.guest_id)
    elsewhere = world.restaurant(1)
    outsiders = [(), (world.joins(place.tables[1]),), (asking,), (away,), (world.joins(elsewhere.tables[0]),)]
    before, tried = state(world, host, ids), 0
    for seats in outsiders:
        browser_of = phone(browser, *seats)
        for method, endpoint, at in knocks(host.sitting_id, ids):
            refused(browser_of, method, endpoint, at, ids)
            tried += 1
    assert tried > 100
    assert state(world, host, ids) == before


def test_a_neighbours_table_is_not_reached_from_ones_own(browser: Browser, world: World, place: MadePlace) -> None:
    """The same merchant's, the same store's: only the sitting is another."""
    host, ids = table(world, place)
    neighbour = world.joins(place.tables[1], people=2, name="邻桌")
    mine = phone(browser, neighbour)
    before, tried = state(world, host, ids), 0
    for method, endpoint, at in knocks(neighbour.sitting_id, ids, others=True):
        refused(mine, method, endpoint, at, ids)
        tried += 1
    for act in ("more", "less", "remove"):
        fields = {"act": f"{act}:{ids['line']}", "csrf_token": mine.csrf(), "key": str(uuid4())}
        answer = mine.client.post(mine.url("table.cart_save", sitting=neighbour.sitting_id), data=fields)
        assert answer.status_code in {*SHUT, 422}, act
    assert tried > 8
    assert state(world, host, ids) == before


def test_a_table_that_was_cleared_is_closed(browser: Browser, world: World, place: MadePlace) -> None:
    host, ids = table(world, place)
    mine = phone(browser, host)
    assert "阿静" in mine.get("table.guests_list", sitting=host.sitting_id).text
    with world.work(Face.OFFICE, merchant=place.merchant.id) as work:
        actions.close(work, host.sitting_id)
    after = world.joins(place.tables[0], name="下一桌")
    before = state(world, host, ids)
    for method, endpoint, at in [*knocks(host.sitting_id, ids), *knocks(after.sitting_id, ids)]:
        refused(mine, method, endpoint, at, ids)
    assert state(world, host, ids) == before


def test_the_card_of_a_closed_store_says_so(world: World, browser: Browser, place: MadePlace) -> None:
    with world.work(Face.PLATFORM) as work:
        merchants.close(work, place.merchant.id, reason="停业")
    gone = browser.as_(None).get("shop.seats_ask", status=410, store=place.store.id, code=place.tables[0].code)
    assert gone.one("h1").text.strip() == "这家店不在街上了"
