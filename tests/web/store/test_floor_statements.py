"""The pages of floors, reservations, queues and tabs ask the database at most twelve times, however much there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from portal.domain.floor import actions as floors
from portal.domain.floor import queries
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World
from tests.web.store.test_board import counted
from tests.web.table.test_sitting import add, sit

EVENING = datetime(2026, 7, 5, 10, 30, tzinfo=UTC)  # 18:30 in Shanghai
DESK = ("chain.floor_list", "chain.floor_show", "chain.floor_joins", "chain.floor_rules", "chain.floor_cards")
STORE = ("store.tables_day", "store.tables_call", "store.queue_board", "store.queue_screen", "store.queue_settings")
STREET = ("shop.tables_new", "shop.tables_list", "shop.queue_show")
TABLE = ("table.menu_show", "table.cart_show", "table.rounds_list", "table.guests_list")


def asked(browser: Browser, world: World, pages: tuple[str, ...], **here: Any) -> dict[str, int]:
    found = {}
    for endpoint in pages:
        rule = next(browser.app.url_map.iter_rules(endpoint))
        values = {name: value for name, value in here.items() if name in rule.arguments}
        browser.get(endpoint, **values)  # what is cached by the process is cached now
        with counted(world) as said:
            browser.get(endpoint, **values, **({"day": "2026-07-05"} if endpoint == "store.tables_day" else {}))
        found[endpoint] = len(said)
    return found


def test_floor_and_queue(browser: Browser, world: World) -> None:
    merchant = world.merchant(name="炉前潮汕牛肉")
    store = world.store(merchant, hours="17:00-02:00")
    here = {"merchant": merchant.id, "store": store.id}
    boss, guest = world.staff(merchant, Role.OWNER), world.person()
    world.floor(store, four="A1-A2")
    world.queue_opens(store)

    def more(nth: int) -> None:
        world.table_booking(store, guest if nth == 0 else world.person(), EVENING + timedelta(hours=nth % 3), people=2)
        world.queued(store, people=2 + nth)

    def all_pages() -> dict[str, int]:
        clerk = asked(browser.as_(boss), world, (*DESK, *STORE), **here)
        return clerk | asked(Browser(browser.app, world).as_(guest), world, STREET, **here)

    more(0)
    few = all_pages()
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        area = floors_area(work, store.id)
        floors.add_tables(work, area_id=area, names="B1-B9", seats_min=1, seats_max=4)
    for nth in range(1, 6):
        more(nth)
    assert all_pages() == few
    assert {page: count for page, count in few.items() if count > 12} == {}


def floors_area(work: Any, store_id: Any) -> Any:
    return queries.plan(work, store_id).areas[0].id


def test_a_table(browser: Browser, world: World) -> None:
    place = world.restaurant(cover_fen=300)
    dishes = [world.dish(place.menu, f"菜 {nth}") for nth in range(2)]
    phone, sitting = sit(browser, place.tables[0])
    add(phone, sitting, dishes[0])
    few = asked(phone, world, TABLE, sitting=sitting)
    friends = [sit(browser, place.tables[0])[0] for _ in range(4)]
    dishes += [world.dish(place.menu, f"更多 {nth}") for nth in range(6)]
    for friend in friends:
        for dish in dishes:
            add(friend, sitting, dish)
    assert asked(phone, world, TABLE, sitting=sitting) == few
    assert {page: count for page, count in few.items() if count > 12} == {}
