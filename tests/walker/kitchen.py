"""A kitchen in each town: stations, printers, what the guest ordered, a paper that nobody knows of."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import select

from portal.domain.kitchen import actions, queries
from portal.domain.kitchen.models import PrintJob
from portal.domain.kitchen.values import Slips, Vendor
from portal.domain.tenants.values import KINDS_WITH_STORES, Kind
from portal.jobs import kitchen as jobs
from portal.kernel.scope import Face
from tests.factories.kitchen import FakePrinter
from tests.factories.world import World
from tests.walker.town import Town


def furnish(world: World, town: Town) -> None:
    """Every merchant with stores has a station and a printer; the brand's first store cooks."""
    for kind in sorted(KINDS_WITH_STORES):
        store = town.stores[town.merchants[kind].id][0]
        cloud = {"vendor": Vendor.FEIE, "secret": "ukey", "address": f"9225{ord(town.letter):05}"}
        printer = world.printer(store, f"{town.letter} 热菜机", account=f"{town.letter}@example.com", **cloud)
        world.station(store, f"{town.letter} 热菜", printer)
        world.printer(store, f"{town.letter} 收银机", receipts=True, slips=Slips.DISH)
    brand = town.merchants[Kind.BRAND]
    store = town.stores[brand.id][0]
    world.station(store, f"{town.letter} 凉菜", None, tags=f"{town.letter}凉菜")
    world.dining_rules(store, pays="after", joins="open")
    guest = world.joins(world.dining_table(store, f"{town.letter} 镇后厨桌"), people=2)
    menu = world.menu(brand, f"{town.letter} 镇后厨菜单")
    world.sends(guest, *(world.dish(menu, f"{town.letter} 镇{name}") for name in ("吊龙", "脖仁")))
    with world.work(Face.OFFICE, merchant=brand.id) as work:
        waiting = queries.screen(work, store.id).cards[-1].tickets
        actions.done(work, store.id, [waiting[0].id])
        mine = work.session.scalars(select(PrintJob.id).where(PrintJob.merchant_id == brand.id)).all()
    silent = FakePrinter()
    silent.does.extend(["silent after"] * (len(mine) - 1) + ["refused"])
    services = replace(world.services, printers=MappingProxyType(dict.fromkeys(Vendor, silent)))
    for one in mine:
        jobs.print_one(services, job=str(one))
