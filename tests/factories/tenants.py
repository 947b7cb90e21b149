"""Merchants and those who work for them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.domain.tenants.models import Membership, MembershipStore, Merchant, PlatformStaff
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.factories.base import Maker
from tests.factories.persons import MadePerson


@dataclass(frozen=True)
class MadeMerchant:
    """A merchant a test knows."""

    id: UUID
    name: str
    kind: Kind


class Tenants(Maker):
    """Makers of merchants and staff."""

    def merchant(self, kind: Kind = Kind.BRAND, name: str | None = None) -> MadeMerchant:
        """An approved merchant without staff."""
        name = name or f"茶小满 {next(self.numbers)} 号"
        with self.work(Face.PLATFORM) as work:
            row = Merchant(kind=kind.value, name=name, created_at=self.clock.now())
            work.session.add(row)
            work.session.flush()
            return MadeMerchant(row.id, name, kind)

    def staff(
        self,
        merchant: MadeMerchant,
        role: Role = Role.OWNER,
        *,
        person: MadePerson | None = None,
        stores: tuple[UUID, ...] | None = None,
    ) -> MadePerson:
        """A member of staff, of all stores or of `stores`."""
        person = person or self.person()  # type: ignore[attr-defined]
        with self.work(Face.OFFICE, merchant=merchant.id) as work:
            row = Membership(
                merchant_id=merchant.id,
                person_id=person.id,
                role=role.value,
                all_stores=stores is None,
                name=person.name,
                phone_masked=f"{person.phone[:3]}****{person.phone[-4:]}",
                created_at=self.clock.now(),
            )
            work.session.add(row)
            work.session.flush()
            for store_id in stores or ():
                work.session.add(
                    MembershipStore(
                        merchant_id=merchant.id, membership_id=row.id, store_id=store_id, person_id=person.id
                    )
                )
        return person

    def operator(self, role: Role = Role.PLATFORM_OWNER, person: MadePerson | None = None) -> MadePerson:
        """Somebody who works for the platform."""
        person = person or self.person()  # type: ignore[attr-defined]
        with self.work(Face.PLATFORM) as work:
            work.session.add(PlatformStaff(person_id=person.id, role=role.value, created_at=self.clock.now()))
        return person
