"""Lists that are brought in, taken through the same jobs as the worker's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from uuid import UUID

from openpyxl import Workbook

from portal.domain.imports import actions, queries
from portal.domain.imports.queries import Show
from portal.domain.imports.values import Batch, Kind, RowShown
from portal.jobs import imports as jobs
from portal.kernel.scope import Face
from tests.factories.base import Maker
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant


def csv_bytes(rows: Iterable[Sequence[object]], *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """A list as a spreadsheet writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The same as xlsx."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Imports(Maker):
    """Makers of imports."""

    def bring(
        self, merchant: MadeMerchant, person: MadePerson, kind: Kind, content: bytes, *, suffix: str = "csv"
    ) -> UUID:
        """A file that was uploaded and waits for the worker."""
        stored = self.services.lists.put(content, suffix)
        with self.work(Face.OFFICE, merchant=merchant.id, person=person.id) as work:
            return actions.bring(work, kind=kind, file_name=f"list.{suffix}", stored=stored)

    def check(self, merchant: MadeMerchant, batch_id: UUID) -> Batch:
        """The worker reads it."""
        jobs.read(self.services, merchant=str(merchant.id), batch=str(batch_id))
        return self.batch(merchant, batch_id)

    def carry_out(self, merchant: MadeMerchant, person: MadePerson, batch_id: UUID) -> Batch:
        """It is confirmed, and the worker applies it."""
        with self.work(Face.OFFICE, merchant=merchant.id, person=person.id) as work:
            actions.go(work, batch_id)
        jobs.apply(self.services, merchant=str(merchant.id), batch=str(batch_id))
        return self.batch(merchant, batch_id)

    def undo_import(self, merchant: MadeMerchant, person: MadePerson, batch_id: UUID) -> Batch:
        """It is taken back."""
        with self.work(Face.OFFICE, merchant=merchant.id, person=person.id) as work:
            actions.take_back(work, batch_id)
        jobs.undo(self.services, merchant=str(merchant.id), batch=str(batch_id))
        return self.batch(merchant, batch_id)

    def imported(
        self, merchant: MadeMerchant, person: MadePerson, kind: Kind, content: bytes, *, suffix: str = "csv"
    ) -> Batch:
        """From the file to the end."""
        batch_id = self.bring(merchant, person, kind, content, suffix=suffix)
        self.check(merchant, batch_id)
        return self.carry_out(merchant, person, batch_id)

    def batch(self, merchant: MadeMerchant, batch_id: UUID) -> Batch:
        """How it stands."""
        with self.work(Face.OFFICE, merchant=merchant.id) as work:
            return queries.batch(work, batch_id)

    def import_rows(self, merchant: MadeMerchant, batch_id: UUID, show: Show = Show.ALL) -> tuple[RowShown, ...]:
        """The first rows."""
        with self.work(Face.OFFICE, merchant=merchant.id) as work:
            return queries.rows(work, batch_id, show)[0]
