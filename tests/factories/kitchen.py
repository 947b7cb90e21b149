"""Stations, printers and a printer that tests command: what it says, what it prints, and when it breaks."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.kitchen import actions, queries
from portal.domain.kitchen.models import KitchenTicket, PrinterRow, PrintJob
from portal.domain.kitchen.values import Answer, Device, Errand, Health, PrinterSetup, Said, Vendor, Why
from portal.jobs import kitchen as jobs
from portal.kernel.scope import Face
from portal.kernel.work import Work
from portal.services import Services
from tests.factories.base import Maker
from tests.factories.stores import MadeStore

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Crash(BaseException):
    """The worker dies here."""


BEFORE: dict[str, Answer | None] = {
    "dies before": None,
    "offline": Answer(Said.REFUSED, why=Why.OFFLINE, passing=True),
    "refused": Answer(Said.REFUSED, why=Why.KEY),
    "silent before": Answer(Said.UNKNOWN, why=Why.SILENT),
}
AFTER: dict[str, Answer | None] = {
    "dies after": None,
    "silent after": Answer(Said.UNKNOWN, why=Why.SILENT),
    "well": Answer(Said.PRINTED),
}
WAYS = (*BEFORE, *AFTER, "breaks", "cloud")


def _said(answer: Answer | None) -> Answer:
    if answer is None:
        raise Crash
    return answer


@dataclass
class FakePrinter:
    """Prints into `tray`; `does` says how the next papers go, then all is well."""

    tray: list[UUID] = field(default_factory=list)
    does: deque[str] = field(default_factory=deque)
    known: set[UUID] = field(default_factory=set)

    def send(self, errand: Errand) -> Answer:
        """As told."""
        how = self.does.popleft() if self.does else "well"
        if how in BEFORE:
            return _said(BEFORE[how])
        self.tray.append(errand.job_id)
        if how == "breaks":
            raise ValueError(how)
        if how == "cloud":
            self.known.add(errand.job_id)
            return Answer(Said.SUBMITTED, errand.number)
        return _said(AFTER[how])

    def state(self, errand: Errand) -> Answer:
        """What the cloud knows."""
        return Answer(Said.PRINTED if errand.job_id in self.known else Said.UNKNOWN, errand.vendor_no)

    def health(self, _device: Device) -> Health:
        """Well."""
        return Health.WELL


class Kitchens(Maker):
    """Makers of kitchens."""

    def fake_printers(self) -> tuple[FakePrinter, Services]:
        """A printer to command, and services in which every vendor is it."""
        fake = FakePrinter()
        return fake, replace(self.services, printers=dict.fromkeys(Vendor, fake))

    def printer(self, store: MadeStore, name: str = "后厨", **facts: object) -> UUID:
        """A pretend printer of the store."""
        setup = replace(PrinterSetup(name, Vendor.SANDBOX, width_mm=58), **facts)  # type: ignore[arg-type]
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            return actions.add_printer(work, store.id, self.services.seal, self.services.reach, setup)

    def station(self, store: MadeStore, name: str = "热菜", printer: UUID | None = None, **facts: object) -> UUID:
        """A station of the store."""
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            return actions.add_station(work, store.id, name=name, printer_id=printer, **facts)  # type: ignore[arg-type]

    def tickets(self, since: datetime = LONG_AGO) -> list[KitchenTicket]:
        """Tickets, in the order they were told."""
        with self.work(Face.JOB) as work:
            query = (
                select(KitchenTicket)
                .where(KitchenTicket.placed_at >= since)
                .order_by(KitchenTicket.placed_at, KitchenTicket.id)
            )
            return list(work.session.scalars(query))

    def papers(self, since: datetime = LONG_AGO) -> list[PrintJob]:
        """Papers, oldest first."""
        with self.work(Face.JOB) as work:
            return self.papers_since(work, since)

    def papers_since(self, work: Work, since: datetime) -> list[PrintJob]:
        """The same in a Work that is open."""
        return list(work.session.scalars(select(PrintJob).where(PrintJob.made_at >= since).order_by(PrintJob.id)))

    def prints(self, services: Services | None = None) -> None:
        """The worker prints what is queued."""
        for one in self.papers():
            jobs.print_one(services or self.services, job=str(one.id))

    def asks_printers(self, services: Services) -> int:
        """The worker asks printers how they are; how many were to be asked."""
        with self.work(Face.JOB) as work:
            printers = list(work.session.scalars(select(PrinterRow.id)))
        many = jobs.ask_health(services)
        for one in printers:
            jobs.hear_one(services, printer=str(one))
        return many

    def papers_printer(self, store: MadeStore, name: str) -> UUID:
        """The printer of that name."""
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            return next(one.id for one in queries.printers(work, store.id) if one.name == name)
