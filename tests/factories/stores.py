"""Stores on the street, made by the portal's own acts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.stores import actions
from portal.domain.stores.values import GivenPosition, StoreFacts
from portal.kernel.geo import Datum
from portal.kernel.hours import parse_week
from portal.kernel.scope import Face
from tests.factories.base import Maker
from tests.factories.tenants import MadeMerchant

DONGGUAN = (23.0205, 113.7518)


@dataclass(frozen=True)
class MadeStore:
    """A store a test knows."""

    id: UUID
    merchant_id: UUID
    name: str


class Stores(Maker):
    """Makers of stores."""

    def store(
        self,
        merchant: MadeMerchant,
        name: str | None = None,
        *,
        at: tuple[float, float] = DONGGUAN,
        hours: str | None = "09:00-21:00",
        category: UUID | None = None,
        phone: str | None = "076910000001",
        address: str = "石排镇福隆路 12 号",
        listed: bool = True,
    ) -> MadeStore:
        """A store of the merchant, on the street unless `listed` is False. `at` is (lat, lng) in WGS-84."""
        name = name or f"{merchant.name} {next(self.numbers)} 店"
        facts = StoreFacts(
            name=name,
            category_id=category,
            phone=phone,
            address=address,
            given=GivenPosition(*at, Datum.WGS84),
            hours=parse_week(hours) if hours else None,
        )
        with self.work(Face.OFFICE, merchant=merchant.id) as work:
            store_id = actions.create(work, facts=facts)
            if listed:
                actions.show(work, [store_id])
        return MadeStore(store_id, merchant.id, name)
