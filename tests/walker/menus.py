"""Menus in a town: every merchant with stores serves one with sizes, has a dish sold out and a file to mend."""

from __future__ import annotations

from dataclasses import asdict

from portal.domain.menus import actions
from portal.domain.menus.rules.captured import Captured
from portal.domain.menus.rules.repair import YUAN
from portal.domain.menus.values import DishState, MenuFacts, TableRules
from portal.domain.stores.values import Picture
from portal.domain.tenants.values import KINDS_WITH_STORES
from portal.kernel.pictures import read_picture
from portal.kernel.scope import Face
from tests.factories.menus import group
from tests.factories.onboarding import photo
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
        pictured, gone = (world.dish(menu, f"{town.letter} 镇{name}", 200) for name in ("拍黄瓜", "不做的菜"))
        row = {"section": "面", "name": "", "price": "9", "unit": "份", "groups": []}
        fine = {**row, "name": f"{town.letter} 镇凉皮"}
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            actions.stop(work, store.id, sold_out)
            actions.stop_options(work, store.id, noodles, [size.options[1].id])
            actions.leave(work, store.id, noodles, 9)
            actions.raise_prices(work, [noodles], fen=100)
            rules = TableRules(300, "茶位费", (sold_out,), "after", "staff", shared=True, joins="open")
            actions.set_table_rules(work, store.id, rules)
            actions.set_picture(work, pictured, asdict(picture(world)))
            actions.set_state(work, [gone], DishState.GONE)
            actions.add_section(work, menu.id, f"{town.letter} 镇空分类")
            actions.create_menu(work, MenuFacts(f"{town.letter} 镇空菜单"))
            rows = ((row, fine), (fine,), (fine,))
            files = [Captured(f"{town.letter} 镇菜单文件{nth}", ("面",), one) for nth, one in enumerate(rows)]
            _wrong, ready, served = actions.bring(work, files, file_name="menu.json")
            for one in (ready, served):
                actions.set_scale(work, one, YUAN)
            actions.apply(work, served, MenuFacts(f"{town.letter} 镇导入的菜单"))


def picture(world: World) -> Picture:
    """A picture with real files."""
    one = read_picture(photo((90, 120, 40)), field="picture")
    full, wide, small = (
        world.services.pictures.put(file.content, file.suffix) for file in (one.full, one.wide, one.small)
    )
    return Picture(full, wide, small, one.full.width, one.full.height, one.colour)
