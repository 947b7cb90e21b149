"""Bills in a town: one that the guest's phone pays a part of, one paid by cash and given back in part, a gift."""

from __future__ import annotations

from portal.domain.bills import actions
from portal.domain.bills.values import Adjust, How, Rules
from portal.domain.tabs import actions as tab_acts
from portal.domain.tabs import queries as tabs
from portal.domain.tenants.values import KINDS_WITH_STORES, Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.factories.world import World
from tests.walker.tables import seat_of
from tests.walker.town import Town


def furnish(world: World, town: Town) -> None:
    """Every merchant with stores has rules of paying; people pay in the brand's first store."""
    for kind in sorted(KINDS_WITH_STORES):
        store = town.stores[town.merchants[kind].id][0]
        with world.work(Face.OFFICE, merchant=store.merchant_id) as work:
            actions.set_rules(work, store.id, Rules(5_000, 58))
    brand = town.merchants[Kind.BRAND]
    store, menu = town.stores[brand.id][0], world.menu(brand, f"{town.letter} 镇酒水单")
    dish = world.dish(menu, f"{town.letter} 镇酸梅汤", 1_200)
    mine = seat_of(town)
    world.asks_to_pay(mine, world.bill(mine), 500)
    world.sends(mine, dish)
    world.bill(mine)
    world.sends(mine, dish)
    world.thinks_of(mine, dish, 2)
    other = world.joins(world.dining_table(store, f"{town.letter} 镇二号桌"), people=2, name=f"{town.letter} 阿强")
    for _round in range(3):
        world.sends(other, dish)
    tables = [world.dining_table(store, f"{town.letter} 镇{name}号桌") for name in ("三", "四", "五")]
    moved, gone = world.joins(tables[0]), world.joins(tables[1])
    with world.work(Face.OFFICE, merchant=brand.id) as work:
        tab_acts.move_tables(work, moved.sitting_id, [tables[2].id])
        tab_acts.close(work, gone.sitting_id)
    _corrected(world, town, other.sitting_id)
    paid = world.bill(other)
    world.takes(brand.id, paid, How.CASH, tendered_fen=100_000)
    world.sends(other, dish)
    with world.at_till(brand.id, role=Role.MANAGER) as work:
        line = next(one for one in world.bill_now(brand.id, paid).lines if one.amount_fen)
        actions.refund(work, paid, {line.line_id: 1}, reason=f"{town.letter} 镇太咸")


def _corrected(world: World, town: Town, sitting_id: object) -> None:
    with world.at_till(town.merchants[Kind.BRAND].id, role=Role.MANAGER) as work:
        lines = tabs.tab(work, sitting_id).lines  # type: ignore[arg-type]
        dishes = [line for line in lines if "酸梅汤" in line.name]
        actions.adjust(work, sitting_id, dishes[0].id, Adjust.GIFT, reason=f"{town.letter} 镇老客")  # type: ignore[arg-type]
