"""Kitchens of the town: who makes what at the hotpot house and the tea shop, and where it is printed."""

from __future__ import annotations

from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.commands.demo.menus import HOTPOT, TEA
from portal.domain.kitchen import actions, queries
from portal.domain.kitchen.values import PrinterSetup, Slips, Vendor
from portal.kernel.permissions import Role
from portal.kernel.work import Work

# station, tags, printer, minutes until amber and red
STATIONS = {
    HOTPOT: (
        ("热菜", "热菜", "后厨机", 8, 15),
        ("切配", "切配 汤锅", "后厨机", 5, 10),
        ("凉菜", "凉菜", "", 5, 10),
        ("水吧", "水吧", "水吧机", 4, 8),
    ),
    TEA: (("水吧", "水吧", "水吧机", 4, 8), ("烘焙", "烘焙", "", 3, 6)),
}


def equip(cast: Cast, founded: Founded) -> None:
    """Stations and printers for every store of the two houses, once."""
    for house, stations in STATIONS.items():
        if house not in founded.merchants:
            continue
        stores = [store for title, store in founded.stores.items() if title.startswith(house)]
        with cast.staff(founded.owners[house], founded.merchants[house], Role.OWNER) as work:
            for store in stores:
                if not queries.stations(work, store):
                    _equip(cast, work, store, stations)


def _equip(cast: Cast, work: Work, store: UUID, stations: tuple[tuple[str, str, str, int, int], ...]) -> None:
    names = list(dict.fromkeys(printer for _name, _tags, printer, _amber, _red in stations if printer))
    cut = {"水吧机": Slips.DISH}
    printers = {name: _printer(cast, work, store, name, cut.get(name, Slips.ROUND)) for name in names}
    _printer(cast, work, store, "收银", Slips.ROUND, receipts=True)
    for name, tags, printer, amber, red in stations:
        to = printers.get(printer)
        actions.add_station(work, store, name=name, tags=tags, printer_id=to, amber_minutes=amber, red_minutes=red)


def _printer(cast: Cast, work: Work, store: UUID, name: str, slips: Slips, *, receipts: bool = False) -> UUID:
    setup = PrinterSetup(name, Vendor.SANDBOX, slips=slips, buzzer=not receipts, receipts=receipts)
    return actions.add_printer(work, store, cast.services.seal, cast.services.reach, setup)
