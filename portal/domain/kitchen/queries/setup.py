"""A store's stations and printers as they are set up."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, select

from portal.domain.kitchen.access import access_store
from portal.domain.kitchen.models import KitchenTicket, PrinterRow, PrinterState, PrintJob, Station, StationMake
from portal.domain.kitchen.queries.screens import waits
from portal.domain.kitchen.values import TROUBLE, Health, PrinterView, Slips, StationView, TicketState, Vendor
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

SEE: Final = Permission.KITCHEN_VIEW


def stations(work: Work, store_id: UUID) -> tuple[StationView, ...]:
    """In their order, with what they make and how many tickets wait there."""
    access_store(work, store_id, SEE)
    mine = (Station.merchant_id == work.merchant_id, Station.store_id == store_id, Station.active)
    rows = work.session.scalars(select(Station).where(*mine).order_by(Station.position, Station.id)).all()
    tags: dict[UUID, list[str]] = defaultdict(list)
    dishes: dict[UUID, list[UUID]] = defaultdict(list)
    makes = select(StationMake).where(StationMake.merchant_id == work.merchant_id, StationMake.store_id == store_id)
    for one in work.session.scalars(makes.order_by(StationMake.id)):
        if one.dish_id is None:
            tags[one.station_id].append(one.tag)
        else:
            dishes[one.station_id].append(one.dish_id)
    counts = _waiting(work, store_id)
    return tuple(
        StationView(
            one.id,
            one.name,
            one.position,
            one.catch_all,
            one.printer_id,
            one.spare_id,
            one.amber_minutes,
            one.red_minutes,
            tuple(tags[one.id]),
            tuple(dishes[one.id]),
            counts.get(one.id, 0),
        )
        for one in rows
    )


def _waiting(work: Work, store_id: UUID) -> dict[UUID | None, int]:
    query = (
        select(KitchenTicket.station_id, func.count())
        .where(*waits(work, store_id), KitchenTicket.state == TicketState.NEW.value)
        .group_by(KitchenTicket.station_id)
    )
    return {one[0]: one[1] for one in work.session.execute(query)}


def ill_printers(work: Work, store_id: UUID) -> tuple[tuple[str, Health, datetime], ...]:
    """Printers that were offline or without paper when they were last asked, and since when."""
    access_store(work, store_id, SEE)
    query = (
        select(PrinterRow.name, PrinterState.health, PrinterState.since)
        .join(
            PrinterState,
            and_(PrinterState.merchant_id == PrinterRow.merchant_id, PrinterState.printer_id == PrinterRow.id),
        )
        .where(PrinterRow.merchant_id == work.merchant_id, PrinterRow.store_id == store_id, PrinterRow.active)
        .where(PrinterState.health.in_([Health.OFFLINE.value, Health.NO_PAPER.value]))
        .order_by(PrinterRow.name)
    )
    return tuple((name, Health(health), since) for name, health, since in work.session.execute(query))


def printers(work: Work, store_id: UUID) -> tuple[PrinterView, ...]:
    """By name, with how many papers wait for somebody to look."""
    access_store(work, store_id, SEE)
    state = and_(PrinterState.merchant_id == PrinterRow.merchant_id, PrinterState.printer_id == PrinterRow.id)
    rows = work.session.execute(
        select(PrinterRow, PrinterState.health, PrinterState.since)
        .outerjoin(PrinterState, state)
        .where(PrinterRow.merchant_id == work.merchant_id, PrinterRow.store_id == store_id, PrinterRow.active)
        .order_by(PrinterRow.name)
    ).all()
    query = select(PrintJob.printer_id, func.count()).where(
        PrintJob.merchant_id == work.merchant_id,
        PrintJob.store_id == store_id,
        PrintJob.state.in_([one.value for one in TROUBLE]),
    )
    found = work.session.execute(query.group_by(PrintJob.printer_id)).all()
    troubles = {one[0]: one[1] for one in found}
    return tuple(
        PrinterView(
            one.id,
            one.store_id,
            one.name,
            Vendor(one.vendor),
            one.account,
            one.address,
            bool(one.secret),
            one.width_mm,
            Slips(one.slips),
            one.buzzer,
            one.receipts,
            one.active,
            troubles.get(one.id, 0),
            Health(health or Health.UNKNOWN),
            since,
        )
        for one, health, since in rows
    )
