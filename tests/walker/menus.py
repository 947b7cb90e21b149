"""Menus in a town: every merchant with stores serves one with sizes, has a dish sold out and a file to mend."""

from __future__ import annotations

from portal.domain.menus import actions
from portal.domain.menus.rules.captured import Captured
from portal.domain.menus.values import TableRules
from portal.domain.tenants.values import KINDS_WITH_STORES
from portal.kernel.scope import Face
from tests.factories.menus import group
from tests.factories.world import World
from tests.walker.town import Town


def furnish(world: World, town: Town) -> None:
    """By the merchants' own acts."""
    for kind in sorted(KINDS_WITH_STORES):
        merchant = town.merchants[kind]
        store = town.stores[merchant.id][0]
        menu = world.menu(merchant, f"{town.letter} 镇菜单")
        size = group("规格", [("小", 1000), ("大", 1500)], full=True)
        noodles = world.dish(menu, f"{town.letter} 镇牛肉面", 1000, groups=[size])
        sold_out = world.dish(menu, f"{town.letter} 镇卤蛋", 200)
        row = {"section": "面", "name": "", "price": "9", "unit": "份", "groups": []}
        fine = {**row, "name": f"{town.letter} 镇凉皮"}
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            actions.stop(work, store.id, sold_out)
            actions.stop_options(work, store.id, noodles, [size.options[1].id])
            actions.leave(work, store.id, noodles, 9)
            actions.raise_prices(work, [noodles], fen=100)
            rules = TableRules(300, "茶位费", (sold_out,), "after", "staff", shared=True, joins="open")
            actions.set_table_rules(work, store.id, rules)
            file = Captured(f"{town.letter} 镇菜单文件", ("面",), (row, fine))
            actions.bring(work, [file], file_name="menu.json")
