"""The world of one test. Each feature adds its makers as a mixin; names and phones are of our own invention."""

from __future__ import annotations

from flask import Flask

from portal.kernel.clock import FixedClock
from portal.services import Services
from tests.factories.aftersales import Cases
from tests.factories.bills import Bills
from tests.factories.bookings import Bookings
from tests.factories.calendar import Calendar
from tests.factories.catalogue import Goods
from tests.factories.floor import Floors
from tests.factories.imports import Imports
from tests.factories.kitchen import Kitchens
from tests.factories.ledger import Ledger
from tests.factories.menus import Menus
from tests.factories.onboarding import Onboarding
from tests.factories.ordering import Orders
from tests.factories.passes import Passes
from tests.factories.payments import Payments
from tests.factories.payouts import Payouts
from tests.factories.persons import Persons
from tests.factories.shipping import Shipping
from tests.factories.stores import Stores
from tests.factories.tabs import Tabs
from tests.factories.tenants import Tenants
from tests.factories.vouchers import Vouchers


class World(
    Bookings,
    Persons,
    Tenants,
    Onboarding,
    Stores,
    Calendar,
    Vouchers,
    Ledger,
    Goods,
    Orders,
    Cases,
    Passes,
    Payments,
    Payouts,
    Shipping,
    Imports,
    Floors,
    Menus,
    Tabs,
    Bills,
    Kitchens,
):
    """All makers of test data on one installation."""

    def __init__(self, app: Flask, clock: FixedClock) -> None:
        self.app = app
        self.clock = clock
        self.services: Services = app.extensions["portal"]
        self.engine = self.services.engine
        self.numbers = iter(range(1, 10_000))
