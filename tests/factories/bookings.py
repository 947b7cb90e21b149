"""Services and visits, made by the portal's own acts; and a salon with two technicians and one room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.bookings import actions, queries
from portal.domain.bookings.models import Booking
from portal.domain.bookings.values import BookingShown, Made, Missed, Prepay, ServiceDraft
from portal.domain.calendar.values import Kind, WeekSpan
from portal.domain.tenants.values import Kind as MerchantKind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.calendar import Calendar, MadeResource
from tests.factories.payments import Payments
from tests.factories.persons import MadePerson, Persons
from tests.factories.stores import MadeStore, Stores
from tests.factories.tenants import MadeMerchant, Tenants

DAYS = tuple(WeekSpan(day, 10 * 60, 10 * 60) for day in range(7))
"""Every day 10:00 to 20:00."""
FACIAL = ServiceDraft(
    name="补水护理",
    minutes=60,
    price_fen=16800,
    after_minutes=15,
    prepay=Prepay.EARNEST,
    prepay_fen=5000,
    cancel_minutes=120,
    missed=Missed.KEEP,
    needs=frozenset({"technician", "room"}),
)
SHANGHAI_FOUR = datetime(2026, 7, 5, 8, 0, tzinfo=UTC)
"""Sunday 5 July 2026, 16:00 in Shanghai: a day after the clock of most tests."""


@dataclass(frozen=True)
class Salon:
    """Who and what a test knows."""

    merchant: MadeMerchant
    store: MadeStore
    doers: tuple[MadeResource, ...]
    room: MadeResource
    service: UUID
    clerk: MadePerson
    client: MadePerson


class Bookings(Persons, Tenants, Stores, Calendar, Payments):
    """Makers of services and visits."""

    def service(
        self,
        merchant: MadeMerchant,
        doers: Sequence[MadeResource],
        *,
        draft: ServiceDraft = FACIAL,
        offered: bool = True,
        **changes: object,
    ) -> UUID:
        """A service that these can do."""
        facts = replace(draft, doers=frozenset(one.id for one in doers), **changes)  # type: ignore[arg-type]
        with self.work(Face.OFFICE, merchant=merchant.id, kind=ActorKind.STAFF) as work:
            made = actions.draft_service(work, draft=facts)
            if offered:
                actions.offer_service(work, made)
            return made

    def salon(self, *, doers: int = 2, **changes: object) -> Salon:
        """云上美肤 in 南城: technicians from ten to eight, one room, one service with an earnest of ¥50 of ¥168."""
        merchant = self.merchant(MerchantKind.BRAND, "云上美肤")
        store = self.store(merchant, "云上美肤 南城店")
        people = tuple(self.resource(store, name=f"技师 {n + 1}", week=DAYS) for n in range(doers))
        room = self.resource(store, Kind.ROOM, name="1 号房")
        service = self.service(merchant, people, **changes)
        clerk, client = self.person("王秀兰"), self.person("陈静")
        self.staff(merchant, Role.MANAGER, person=clerk)
        return Salon(merchant, store, people, room, service, clerk, client)

    def book(
        self, salon: Salon, person: MadePerson | None = None, at: datetime = SHANGHAI_FOUR, **more: object
    ) -> Made:
        """This person books the salon's service for himself."""
        who = person or salon.client
        facts = {"store_id": salon.store.id, "service_ids": [salon.service], "starts_at": at, **more}
        with self.work(Face.PERSON, person=who.id, kind=ActorKind.PERSON) as work:
            return actions.book(work, **facts)  # type: ignore[arg-type]

    def booked(
        self, salon: Salon, person: MadePerson | None = None, at: datetime = SHANGHAI_FOUR, **more: object
    ) -> UUID:
        """Booked, and paid when something is to be paid first."""
        who = person or salon.client
        made = self.book(salon, who, at, **more)
        if made.intent_id is not None:
            self.pay_visit(who, made)
        return made.booking_id

    def pay_visit(self, person: MadePerson, made: Made) -> None:
        """What is asked for in advance arrives."""
        assert made.intent_id is not None
        amount = self.visit(made.booking_id).prepay_fen
        self.told(self.paid_fact(self.attempt(person, made.intent_id), amount))

    def visit(self, booking: UUID) -> BookingShown:
        """How it stands."""
        with self.work(Face.PLATFORM) as work:
            merchant_id = work.session.scalars(select(Booking.merchant_id).where(Booking.id == booking)).one()
            shown = queries.of_house(work, merchant_id, booking)
        assert shown is not None
        return shown
