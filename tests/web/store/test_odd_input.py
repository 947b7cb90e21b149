"""What no form should choke on: days at the ends of time, figures and ids of somewhere else. Never a 500."""

from __future__ import annotations

from uuid import uuid4

from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.menus import group
from tests.factories.world import World
from tests.web.table.test_sitting import sit

ODD_DAYS = ("0001-01-01", "9999-12-31", "2026-02-30", "٢٠٢٦-٠٧-٠٥", "１９９９-99-01", "")


def test_days_at_the_ends_of_time(browser: Browser, world: World) -> None:
    place = world.restaurant(1)
    boss = browser.as_(world.staff(place.merchant, Role.OWNER))
    for day in ODD_DAYS:
        call = {"day": day, "hour": "00:00", "people": "2", "name": "陈", "phone": ""}
        boss.post("store.tables_take", call, store=place.store.id, status=422)
        for page in ("store.tables_day", "store.board_day"):
            boss.get(page, store=place.store.id, day=day)


def test_a_guests_forms_with_figures_and_ids_of_somewhere_else(browser: Browser, world: World) -> None:
    place = world.restaurant(2)
    small = group("份量", [("小", 0), ("大", 1000)])
    beef, tea = world.dish(place.menu, groups=[small]), world.dish(place.menu, "茶", 600)
    phone, sitting = sit(browser, place.tables[0], "小陈")
    dish, option = str(beef), str(small.options[0].id)
    right = {"dish": dish, f"g-{small.id}": option}
    odd = (
        {"dish": str(tea), f"g-{small.id}": option},
        {**right, f"g-{small.id}": str(uuid4())},
        {**right, "g-x": "y"},
        {**right, "g-": ""},
        {**right, "quantity": "-1"},
        {**right, "quantity": "1e9"},
        {**right, "quantity": "9" * 5000},
        {**right, "quantity": "٣"},
        {**right, "note": "长" * 5000},
        {**right, "note": "\u202e\x07\x1b[2J" * 40},
        {"dish": "../../etc"},
        {},
    )
    for form in odd:
        answer = phone.client.post(
            f"/table/{sitting}/lines", data={**form, "key": str(uuid4()), "csrf_token": phone.csrf()}
        )
        assert answer.status_code in (303, 400, 404, 422), form
    paid = {**right, "price": "1", "price_fen": "1", "grams": "1", "total_fen": "1"}
    phone.post("table.lines_add", paid, sitting=sitting)
    assert (
        sum(line.total_fen for line in world.tab_seen(place.merchant.id, world.tab_at(place.tables[0])).drafts) >= 4800
    )
    for form in (
        {"act": "place", "seen": "x:1:1"},
        {"act": "place", "seen": f"{uuid4()}:1:1"},
        {"act": "more:" + "x" * 99},
        {"act": f"more:{uuid4()}"},
        {"act": ":::"},
        {"what": "lines", "line": "x"},
        {"what": "lines", "line": str(uuid4()), "how": "amount", "amount": "-1"},
        {"what": "whole", "how": "parts", "parts": "0"},
        {"people": "9" * 99},
        {"name": "\x07" * 400},
        {"wish": "x"},
    ):
        for where in ("cart", "bill", "people", "name", "calls"):
            body = {**form, "key": str(uuid4()), "csrf_token": phone.csrf()}
            assert phone.client.post(f"/table/{sitting}/{where}", data=body).status_code < 500, (where, form)


def test_a_pass_is_not_bought_with_an_endless_figure(browser: Browser, world: World) -> None:
    kind = world.pass_kind(world.merchant())
    street = browser.as_(world.person())
    form = {"shown": "128000", "uses": "9" * 5000, "key": str(uuid4()), "csrf_token": street.csrf()}
    assert street.client.post(f"/pass/{kind}/buy", data=form).status_code == 303
