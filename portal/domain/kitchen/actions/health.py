"""How printers are: asked by the worker now and then, never by a page; what was heard is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.kitchen.actions.pulse import beat
from portal.domain.kitchen.models import PrinterRow, PrinterState
from portal.domain.kitchen.rules.layout import COLUMNS
from portal.domain.kitchen.values import Device, Health, Vendor
from portal.kernel.permissions import Permission
from portal.kernel.sealing import Seal
from portal.kernel.work import Work

CARRY: Final = Permission.KITCHEN_COOK
MOST: Final = 30
EVERY: Final = timedelta(minutes=4)
_DUE: Final = (
    select(PrinterRow)
    .outerjoin(
        PrinterState,
        and_(PrinterState.merchant_id == PrinterRow.merchant_id, PrinterState.printer_id == PrinterRow.id),
    )
    .where(PrinterRow.active)
)


def call_printers(work: Work) -> int:
    """Printers nobody has asked for some minutes are to be asked, each between two of its papers; how many."""
    work.require(CARRY)
    due = list(work.session.scalars(_DUE.where(_quiet(work)).order_by(PrinterState.asked_at.nulls_first()).limit(MOST)))
    for row in due:
        work.enqueue("kitchen.health", lock=f"printer-{row.id}", printer=row.id)
    return len(due)


def to_ask(work: Work, printer_id: UUID, seal: Seal) -> Device | None:
    """The printer, to be asked outside any Work; None when it is gone, or somebody has just asked it."""
    work.require(CARRY)
    row = work.session.scalars(_DUE.where(_quiet(work), PrinterRow.id == printer_id)).one_or_none()
    return device_of(row, seal) if row is not None else None


def _quiet(work: Work) -> ColumnElement[bool]:
    return or_(PrinterState.asked_at.is_(None), PrinterState.asked_at <= work.now() - EVERY)


def device_of(row: PrinterRow, seal: Seal, *, buzzer: bool = False) -> Device:
    """The printer as an adapter needs it, its secret opened."""
    secret = seal.open(row.secret, bound_to=f"printer-{row.id}") if row.secret else ""
    vendor, columns = Vendor(row.vendor), COLUMNS[row.width_mm]
    return Device(vendor, row.account, secret or "", row.address, columns, row.buzzer and buzzer)


def heard(work: Work, printer_id: UUID, health: Health) -> None:
    """What it said; its store's screens hear of it when that is news."""
    work.require(CARRY)
    printer = work.session.scalars(select(PrinterRow).where(PrinterRow.id == printer_id)).one_or_none()
    if printer is None:
        return
    mine = (PrinterState.merchant_id == printer.merchant_id, PrinterState.printer_id == printer_id)
    before = work.session.execute(select(PrinterState.health, PrinterState.since).where(*mine)).one_or_none()
    news = before is None or before.health != health.value
    facts: dict[str, Any] = {"health": health.value, "asked_at": work.now()}
    facts["since"] = work.now() if before is None or news else before.since
    same = {"merchant_id": printer.merchant_id, "printer_id": printer_id, "store_id": printer.store_id}
    fresh = insert(PrinterState).values(**same, **facts)
    work.session.execute(fresh.on_conflict_do_update(index_elements=["merchant_id", "printer_id"], set_=facts))
    if news:
        beat(work, printer.merchant_id, printer.store_id)
