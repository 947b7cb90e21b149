"""The only ways to one station, printer, paper or ticket. Another store's is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain.kitchen.models import KitchenTicket, PrinterRow, PrintJob, Station
from portal.domain.stores.models import Store
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_store(work: Work, store_id: UUID, may: Permission) -> None:
    """A store of this merchant, in reach. Raises NotFound, Denied."""
    work.require(may, store_id=store_id)
    place = (Store, work.merchant_id, store_id)
    if place in work.memo:
        return
    mine = select(Store.id).where(Store.merchant_id == work.merchant_id, Store.id == store_id)
    if work.session.scalar(mine) is None:
        raise NotFound
    work.memo[place] = True


def access_station(work: Work, station_id: UUID, may: Permission) -> Station:
    """A station that is in use. Raises NotFound, Denied."""
    query = select(Station).where(Station.merchant_id == work.merchant_id, Station.id == station_id, Station.active)
    row: Station = _one(work, query)
    work.require(may, store_id=row.store_id)
    return row


def access_printer(work: Work, printer_id: UUID, may: Permission) -> PrinterRow:
    """A printer that is in use. Raises NotFound, Denied."""
    query = select(PrinterRow).where(
        PrinterRow.merchant_id == work.merchant_id, PrinterRow.id == printer_id, PrinterRow.active
    )
    row: PrinterRow = _one(work, query)
    work.require(may, store_id=row.store_id)
    return row


def access_job(work: Work, job_id: UUID, may: Permission) -> PrintJob:
    """A paper of a store in reach; read only. Raises NotFound, Denied."""
    row: PrintJob = _one(work, select(PrintJob).where(PrintJob.merchant_id == work.merchant_id, PrintJob.id == job_id))
    work.require(may, store_id=row.store_id)
    return row


def access_tickets(work: Work, store_id: UUID, ticket_ids: Iterable[UUID], may: Permission) -> list[KitchenTicket]:
    """These tickets of the store; read only. Raises NotFound when one is not there, Denied."""
    work.require(may, store_id=store_id)
    wanted = set(ticket_ids)
    query = select(KitchenTicket).where(
        KitchenTicket.merchant_id == work.merchant_id,
        KitchenTicket.store_id == store_id,
        KitchenTicket.id.in_(wanted),
    )
    found = list(work.session.scalars(query.execution_options(populate_existing=True)))
    if not wanted or len(found) != len(wanted):
        raise NotFound
    return found


def _one(work: Work, query: Select[Any]) -> Any:
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
