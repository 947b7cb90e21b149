"""沽清 at the counter and the desk: pieces that are left, single options, single dishes of a station, prices undone."""

from __future__ import annotations

from typing import Any

from portal.domain.kitchen.values import Health
from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.menus import group
from tests.factories.world import World


def test_pieces_options_and_back(world: World, browser: Browser) -> None:
    place = world.restaurant()
    store = place.store.id
    size = group("规格", [("小", 3000), ("大", 5000)], full=True)
    fish, soup = world.dish(place.menu, "清蒸鲈鱼", 8800), world.dish(place.menu, "老火汤", 3000, groups=[size])
    cook = browser.as_(world.staff(place.merchant, Role.KITCHEN))
    at = {"ids": str(fish), "until": "day"}
    refused = cook.post("store.soldout_stop", {**at, "pieces": "很多"}, store=store, status=422)
    assert "还剩的份数请填 1 到 9999" in refused.text
    cook.post("store.soldout_stop", {**at, "pieces": "５"}, store=store)
    large = str(size.options[1].id)
    cook.post("store.soldout_options", {"ids": large, "until": "hand"}, store=store, dish=soup)
    board = cook.get("store.soldout_board", store=store).text
    assert "还剩 5 份" in board
    assert "没有“大”" in board
    assert cook.get("store.soldout_dish", store=store, dish=soup).one("input[checked][name=ids]")["value"] == large
    cook.get("store.soldout_dish", store=store, dish=fish, status=404)
    guest = world.joins(place.tables[0])
    world.sends(guest, fish)
    assert "还剩 4 份" in cook.get("store.soldout_board", store=store).text
    cook.post("store.soldout_options", {"until": "hand"}, store=store, dish=soup)
    assert "没有“大”" not in cook.get("store.soldout_board", store=store).text


def test_the_desk_undoes_prices_and_gives_dishes_to_stations(world: World, browser: Browser) -> None:
    place = world.restaurant()
    store = place.store.id
    fish, rice = world.dish(place.menu, "清蒸鲈鱼", 8800), world.dish(place.menu, "米饭", 200)
    owner = browser.as_(world.staff(place.merchant))
    where: dict[str, Any] = {"merchant": place.merchant.id}
    owner.post("chain.dishes_bulk", {"act": "raise", "amount": "2", "ids": [str(fish), str(rice)]}, **where)
    listed = owner.get("chain.dishes_list", **where)
    assert "2 道菜，每份 +¥2" in listed.text
    undo = str(listed.one("form[action*='/undo']")["action"]).split("/prices/")[1].split("/")[0]
    owner.post("chain.dishes_prices_undo", {}, repricing=undo, **where)
    assert "撤销过" in owner.post("chain.dishes_prices_undo", {}, repricing=undo, status=422, **where).text
    assert "撤销调价" not in owner.get("chain.dishes_list", **where).text
    first, spare = (world.printer(place.store, name) for name in ("热菜机", "备用机"))
    facts = {"name": "热菜", "dishes": str(fish), "printer": str(first), "amber_minutes": "5", "red_minutes": "9"}
    wrong = owner.post("chain.stations_create", {**facts, "spare": str(first)}, store=store, status=422, **where)
    assert "不是同一台" in wrong.text
    owner.post("chain.stations_create", {**facts, "spare": str(spare)}, store=store, **where)
    fake, services = world.fake_printers()
    fake.health = lambda _device: Health.NO_PAPER  # type: ignore[method-assign]
    world.asks_printers(services)
    shown = owner.get("chain.kitchens_show", **where).text
    for word in ("另有 1 道单独指定", "备用：备用机", "缺纸"):
        assert word in shown
    assert "缺纸了" in owner.get("store.kitchen_all", store=store).text
