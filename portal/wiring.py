"""The composition root: picks the adapters for these settings and subscribes the reactions."""

from __future__ import annotations

from sqlalchemy import Engine

from portal.adapters.bank.sandbox import SandboxBank
from portal.adapters.maps import make_geocoder
from portal.adapters.messaging.sandbox import SandboxMessenger
from portal.adapters.payments.sandbox import SandboxGateway
from portal.adapters.printers.escpos import EscPos
from portal.adapters.printers.feie import Feie
from portal.adapters.printers.pretend import Pretend
from portal.adapters.printers.yilianyun import Yilianyun
from portal.adapters.tracking.sandbox import SandboxTracker
from portal.domain.aftersales import reactions as aftersales
from portal.domain.bills import reactions as bills
from portal.domain.bookings import reactions as bookings
from portal.domain.bookings.ports import follow
from portal.domain.catalogue import reactions as catalogue
from portal.domain.clients import reactions as clients
from portal.domain.commissions import reactions as commissions
from portal.domain.floor import reactions as floor
from portal.domain.kitchen import reactions as kitchen
from portal.domain.kitchen.ports import Printers
from portal.domain.kitchen.rules.reach import Reach
from portal.domain.kitchen.values import Vendor
from portal.domain.messages.reactions import aftersales as messages_of_aftersales
from portal.domain.messages.reactions import bookings as messages_of_bookings
from portal.domain.messages.reactions import catalogue as messages_of_catalogue
from portal.domain.messages.reactions import floor as messages_of_floor
from portal.domain.messages.reactions import identity as messages_of_identity
from portal.domain.messages.reactions import kitchen as messages_of_kitchen
from portal.domain.messages.reactions import ordering as messages_of_ordering
from portal.domain.messages.reactions import passes as messages_of_passes
from portal.domain.messages.reactions import payments as messages_of_payments
from portal.domain.messages.reactions import payouts as messages_of_payouts
from portal.domain.messages.reactions import settlement as messages_of_settlement
from portal.domain.messages.reactions import shipping as messages_of_shipping
from portal.domain.messages.reactions import tenants as messages_of_tenants
from portal.domain.messages.reactions import tracking as messages_of_tracking
from portal.domain.messages.reactions import vouchers as messages_of_vouchers
from portal.domain.ordering import reactions as ordering
from portal.domain.passes import reactions as passes
from portal.domain.payments.values import Addresses
from portal.domain.sandbox import rules as sandbox
from portal.domain.settlement import reactions as settlement
from portal.domain.stores import reactions as stores
from portal.domain.tenants import reactions as tenants
from portal.domain.turns import queries as turns
from portal.domain.vouchers import reactions as vouchers
from portal.kernel import events
from portal.kernel.clock import Clock, SystemClock
from portal.kernel.limits import Gate
from portal.kernel.sealing import Seal
from portal.kernel.storage import LocalFolder
from portal.services import Services
from portal.settings import Settings

REACTIONS: tuple[tuple[type, events.Reaction], ...] = (
    *tenants.REACTIONS,
    *stores.REACTIONS,
    *catalogue.REACTIONS,
    *vouchers.REACTIONS,
    *passes.REACTIONS,
    *bookings.REACTIONS,
    *bills.REACTIONS,
    *clients.REACTIONS,
    *commissions.REACTIONS,
    *floor.REACTIONS,
    *kitchen.REACTIONS,
    *ordering.REACTIONS,
    *settlement.REACTIONS,
    *aftersales.REACTIONS,
    *messages_of_aftersales.REACTIONS,
    *messages_of_bookings.REACTIONS,
    *messages_of_catalogue.REACTIONS,
    *messages_of_floor.REACTIONS,
    *messages_of_identity.REACTIONS,
    *messages_of_kitchen.REACTIONS,
    *messages_of_ordering.REACTIONS,
    *messages_of_passes.REACTIONS,
    *messages_of_payments.REACTIONS,
    *messages_of_payouts.REACTIONS,
    *messages_of_settlement.REACTIONS,
    *messages_of_shipping.REACTIONS,
    *messages_of_tenants.REACTIONS,
    *messages_of_tracking.REACTIONS,
    *messages_of_vouchers.REACTIONS,
)


def wire(settings: Settings, engine: Engine, clock: Clock | None = None) -> Services:
    """Everything the web and the worker need. `clock` is for tests."""
    clock = clock or SystemClock()
    for event_type, reaction in REACTIONS:
        events.subscribe(event_type, reaction)
    follow(turns.decide)
    provider = _pretend_provider(settings, clock)
    reach = Reach(settings.printer_networks, sandbox=settings.mode == "demo")
    return Services(
        settings=settings,
        engine=engine,
        clock=clock,
        gate=Gate(engine, clock, settings.secret_key),
        seal=Seal(settings.secret_key, settings.former_secret_key),
        storage=LocalFolder(settings.storage_dir / "documents"),
        pictures=LocalFolder(settings.storage_dir / "pictures"),
        lists=LocalFolder(settings.storage_dir / "lists"),
        gateways={"sandbox": provider} if provider else {},
        postman=provider,
        bank=SandboxBank(provider.base, provider.key, clock) if provider else None,
        tracker=SandboxTracker(clock) if settings.is_demo else None,
        printers=_printers(settings, clock, reach),
        reach=reach,
        addresses=Addresses(_address(settings)),
        geocoder=make_geocoder(settings.geocoder, settings.geocoder_key),
        messenger=SandboxMessenger(keeps_words=settings.is_demo),
    )


def _pretend_provider(settings: Settings, clock: Clock) -> SandboxGateway | None:
    """Only where no money is real."""
    if not settings.is_demo:
        return None
    return SandboxGateway(_address(settings), sandbox.key_of(settings.secret_key), clock)


def _printers(settings: Settings, clock: Clock, reach: Reach) -> Printers:
    pretend = {Vendor.SANDBOX: Pretend()} if settings.is_demo else {}
    feie, yilianyun = Feie(clock.now), Yilianyun(clock.now)
    return {Vendor.ESCPOS: EscPos(reach), Vendor.FEIE: feie, Vendor.YILIANYUN: yilianyun, **pretend}


def _address(settings: Settings) -> str:
    return settings.public_url or "http://127.0.0.1:8000"
