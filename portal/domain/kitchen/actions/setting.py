"""Who makes what in a store, and where it is printed, as the acts of one Work need it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.kitchen.models import PrinterRow, Station, StationMake
from portal.kernel.work import Work


@dataclass(frozen=True)
class Setup:
    """A store's stations and printers."""

    stations: dict[UUID, Station]
    printers: dict[UUID, PrinterRow]
    dishes: dict[UUID, UUID]
    tags: dict[str, UUID]
    rest: UUID | None

    def station_for(self, dish_id: UUID | None, tag: str) -> UUID | None:
        """Who makes it: who names the dish, its tag, or makes the rest. None: only the view of all shows it."""
        named = self.dishes.get(dish_id) if dish_id else None
        return named or self.tags.get(tag.strip()) or self.rest

    def printer_for(self, station_id: UUID | None) -> PrinterRow | None:
        """Where a station prints; None: it has a screen only."""
        station = self.stations.get(station_id) if station_id else None
        return self.printers.get(station.printer_id) if station and station.printer_id else None

    def spare_for(self, station_id: UUID | None) -> UUID | None:
        """Who prints for a station when its printer does not."""
        station = self.stations.get(station_id) if station_id else None
        return station.spare_id if station and station.spare_id in self.printers else None

    def name_of(self, station_id: UUID | None) -> str:
        """What a station is called."""
        station = self.stations.get(station_id) if station_id else None
        return station.name if station else ""


def setup_of(work: Work, merchant_id: UUID, store_id: UUID) -> Setup:
    """The store's setup now, in three statements."""
    stations = work.session.scalars(
        select(Station)
        .where(Station.merchant_id == merchant_id, Station.store_id == store_id, Station.active)
        .order_by(Station.position, Station.id)
    ).all()
    printers = work.session.scalars(
        select(PrinterRow).where(
            PrinterRow.merchant_id == merchant_id, PrinterRow.store_id == store_id, PrinterRow.active
        )
    )
    makes = work.session.scalars(
        select(StationMake).where(StationMake.merchant_id == merchant_id, StationMake.store_id == store_id)
    ).all()
    rest = next((one.id for one in stations if one.catch_all), None)
    return Setup(
        {one.id: one for one in stations},
        {one.id: one for one in printers},
        {one.dish_id: one.station_id for one in makes if one.dish_id},
        {one.tag: one.station_id for one in makes if one.tag},
        rest,
    )
