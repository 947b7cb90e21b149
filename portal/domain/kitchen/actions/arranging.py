"""A store's stations and printers: set up by its managers. What was told and printed before keeps its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from portal.domain.kitchen import errors
from portal.domain.kitchen.access import access_printer, access_station, access_store
from portal.domain.kitchen.models import PrinterRow, Station, StationMake
from portal.domain.kitchen.rules.checks import address_of, checked_tags
from portal.domain.kitchen.rules.reach import Reach
from portal.domain.kitchen.values import PrinterSetup, Vendor
from portal.domain.menus.models import DishRow
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.sealing import Seal
from portal.kernel.work import Work

EDIT: Final = Permission.PRINTER_EDIT
NAME_MOST: Final = 12


def add_printer(work: Work, store_id: UUID, seal: Seal, reach: Reach, setup: PrinterSetup) -> UUID:
    """A printer of the store. Refuses a name that is taken, an address that cannot be one or is out of reach."""
    access_store(work, store_id, EDIT)
    row = PrinterRow(merchant_id=work.merchant_id, id=new_id(), store_id=store_id, active=True, secret="")
    _write_printer(work, row, seal, reach, setup)
    work.session.add(row)
    work.session.flush()
    work.audit("printer.added", "printer", row.id, store=store_id, vendor=setup.vendor.value)
    return row.id


def edit_printer(work: Work, printer_id: UUID, seal: Seal, reach: Reach, setup: PrinterSetup) -> None:
    """Change it; an empty secret keeps the one there is."""
    row = access_printer(work, printer_id, EDIT)
    _write_printer(work, row, seal, reach, setup)
    work.session.flush()
    work.audit("printer.changed", "printer", row.id, vendor=setup.vendor.value)


def _write_printer(work: Work, row: PrinterRow, seal: Seal, reach: Reach, setup: PrinterSetup) -> None:
    vendor = setup.vendor
    name = clean_line(setup.name, field="name", most=NAME_MOST)
    taken = select(PrinterRow.id).where(
        PrinterRow.merchant_id == work.merchant_id,
        PrinterRow.store_id == row.store_id,
        PrinterRow.active,
        PrinterRow.name == name,
        PrinterRow.id != row.id,
    )
    if work.session.scalars(taken).first() is not None:
        raise errors.NameTaken
    row.name, row.vendor = name, vendor.value
    row.account, row.address = address_of(vendor, setup.account, setup.address, reach)
    typed = setup.secret.strip()
    if typed:
        row.secret = seal.close(typed, bound_to=f"printer-{row.id}")
    if vendor in (Vendor.FEIE, Vendor.YILIANYUN) and not row.secret:
        raise errors.SecretNeeded
    row.width_mm, row.slips = setup.width_mm, setup.slips.value
    row.buzzer, row.receipts = setup.buzzer, setup.receipts
    row.changed_at = work.now()


def remove_printer(work: Work, printer_id: UUID) -> None:
    """Take it away; its papers stay in the list. Refuses PrinterInUse."""
    row = access_printer(work, printer_id, EDIT)
    used = select(Station.name).where(
        Station.merchant_id == work.merchant_id,
        or_(Station.printer_id == row.id, Station.spare_id == row.id),
        Station.active,
    )
    name = work.session.scalars(used.limit(1)).one_or_none()
    if name is not None:
        raise errors.PrinterInUse(name)
    row.active, row.changed_at = False, work.now()
    work.audit("printer.removed", "printer", row.id)


def add_station(
    work: Work,
    store_id: UUID,
    *,
    name: str,
    tags: str = "",
    dish_ids: Sequence[UUID] = (),
    printer_id: UUID | None = None,
    spare_id: UUID | None = None,
    amber_minutes: int = 8,
    red_minutes: int = 15,
    catch_all: bool = False,
) -> UUID:
    """A station (档口). The first of a store makes all; a new one that does takes it over."""
    access_store(work, store_id, EDIT)
    mine = (Station.merchant_id == work.merchant_id, Station.store_id == store_id, Station.active)
    count = int(work.session.execute(select(func.count()).select_from(Station).where(*mine)).scalar_one())
    row = Station(
        merchant_id=work.merchant_id, id=new_id(), store_id=store_id, position=count, catch_all=False, active=True
    )
    printers = (printer_id, spare_id)
    _write_station(work, row, name, printers, amber_minutes, red_minutes, catch_all=catch_all or count == 0)
    work.session.add(row)
    work.session.flush()
    _write_makes(work, row, tags, dish_ids)
    work.audit("station.added", "kitchen_station", row.id, store=store_id)
    return row.id


def edit_station(
    work: Work,
    station_id: UUID,
    *,
    name: str,
    tags: str,
    dish_ids: Sequence[UUID],
    printer_id: UUID | None,
    spare_id: UUID | None,
    amber_minutes: int,
    red_minutes: int,
    catch_all: bool,
) -> None:
    """Change it. Refuses SpareWrong, OnlyCatchAll, NameTaken, MadeElsewhere."""
    row = access_station(work, station_id, EDIT)
    if row.catch_all and not catch_all:
        raise errors.OnlyCatchAll
    _write_station(work, row, name, (printer_id, spare_id), amber_minutes, red_minutes, catch_all=catch_all)
    work.session.flush()
    _write_makes(work, row, tags, dish_ids)
    work.audit("station.changed", "kitchen_station", row.id)


def _write_station(
    work: Work,
    row: Station,
    name: str,
    printers: tuple[UUID | None, UUID | None],
    amber: int,
    red: int,
    *,
    catch_all: bool,
) -> None:
    row.name = clean_line(name, field="name", most=NAME_MOST)
    others = (Station.merchant_id == work.merchant_id, Station.store_id == row.store_id, Station.active)
    taken = select(Station.id).where(*others, Station.name == row.name, Station.id != row.id)
    with work.session.no_autoflush:
        if work.session.scalars(taken).first() is not None:
            raise errors.NameTaken
        for one in printers:
            if one is not None and access_printer(work, one, EDIT).store_id != row.store_id:
                raise errors.NoPrinter
        if printers[1] is not None and printers[0] in (None, printers[1]):
            raise errors.SpareWrong
        if not 1 <= amber <= red <= 240:
            raise errors.AgesWrong
        if catch_all and not row.catch_all:
            work.session.execute(update(Station).where(*others, Station.id != row.id).values(catch_all=False))
    (row.printer_id, row.spare_id), row.catch_all = printers, catch_all
    row.amber_minutes, row.red_minutes, row.changed_at = amber, red, work.now()


def _write_makes(work: Work, row: Station, tags: str, dish_ids: Sequence[UUID]) -> None:
    mine = (StationMake.merchant_id == work.merchant_id, StationMake.station_id == row.id)
    work.session.execute(delete(StationMake).where(*mine))
    words = checked_tags(tags)
    elsewhere = (
        select(StationMake.tag, Station.name)
        .join(Station, Station.id == StationMake.station_id)
        .where(StationMake.merchant_id == work.merchant_id, StationMake.store_id == row.store_id)
        .where(Station.merchant_id == work.merchant_id, StationMake.tag.in_(words))
    )
    for tag, name in work.session.execute(elsewhere):
        raise errors.MadeElsewhere(tag, name)
    dish_ids = _ours(work, dish_ids)
    taken = delete(StationMake).where(
        StationMake.merchant_id == work.merchant_id,
        StationMake.store_id == row.store_id,
        StationMake.dish_id.in_(dish_ids),
    )
    work.session.execute(taken)  # a dish that is given to this station leaves the other
    same = {"merchant_id": work.merchant_id, "store_id": row.store_id, "station_id": row.id}
    work.session.add_all(StationMake(**same, id=new_id(), tag=tag, dish_id=None) for tag in words)
    work.session.add_all(StationMake(**same, id=new_id(), tag="", dish_id=one) for one in dish_ids)
    work.session.flush()


def _ours(work: Work, dish_ids: Sequence[UUID]) -> list[UUID]:
    """The merchant's own dishes among them, in the order given."""
    query = select(DishRow.id).where(DishRow.merchant_id == work.merchant_id, DishRow.id.in_(dish_ids))
    known = set(work.session.scalars(query))
    return [one for one in dict.fromkeys(dish_ids) if one in known]


def remove_station(work: Work, station_id: UUID) -> None:
    """Take it away; what it made falls to the rest. Its open tickets stay in the view of all. Refuses OnlyCatchAll
    while there are others.
    """
    row = access_station(work, station_id, EDIT)
    others = (
        select(func.count())
        .select_from(Station)
        .where(
            Station.merchant_id == work.merchant_id,
            Station.store_id == row.store_id,
            Station.active,
            Station.id != row.id,
        )
    )
    if row.catch_all and work.session.execute(others).scalar_one():
        raise errors.OnlyCatchAll
    mine = (StationMake.merchant_id == work.merchant_id, StationMake.station_id == row.id)
    work.session.execute(delete(StationMake).where(*mine))
    row.active, row.changed_at = False, work.now()
    work.audit("station.removed", "kitchen_station", row.id)
