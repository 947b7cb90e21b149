"""Resources with hours, made by the calendar's own acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.domain.calendar import actions
from portal.domain.calendar.values import Kind, WeekSpan
from portal.kernel.scope import Face
from tests.factories.base import Maker
from tests.factories.stores import MadeStore

LONG_AGO = date(2026, 1, 1)
NIGHTS = tuple(WeekSpan(day, 18 * 60, 8 * 60) for day in range(7))
"""Every day 18:00 to 02:00."""


@dataclass(frozen=True)
class MadeResource:
    """A resource a test knows."""

    id: UUID
    merchant_id: UUID
    store_id: UUID
    name: str


class Calendar(Maker):
    """Makers of resources."""

    def resource(
        self,
        store: MadeStore,
        kind: Kind = Kind.TECHNICIAN,
        *,
        name: str = "",
        week: Sequence[WeekSpan] | None = None,
        capacity: int = 1,
        member: UUID | None = None,
    ) -> MadeResource:
        """A resource of the store; a technician works each night, others are there all day unless `week` says so."""
        name = name or f"{kind} {next(self.numbers)}"
        with self.work(Face.OFFICE, merchant=store.merchant_id) as work:
            made = actions.add(work, store_id=store.id, kind=kind, name=name, capacity=capacity, membership_id=member)
            week = NIGHTS if week is None and kind is Kind.TECHNICIAN else week
            if week is not None:
                actions.set_week(work, made, week, since=LONG_AGO)
        return MadeResource(made, store.merchant_id, store.id, name)
