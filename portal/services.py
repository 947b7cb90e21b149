"""What an installation is made of, handed to the web and to the worker by `wiring`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from portal.domain.kitchen.ports import Printers
from portal.domain.kitchen.rules.reach import Reach
from portal.domain.messages.ports import Messenger
from portal.domain.payments.ports import PaymentGateway
from portal.domain.payments.values import Addresses
from portal.domain.payouts.ports import Bank
from portal.domain.sandbox.ports import Postman
from portal.domain.shipping.ports import Tracker
from portal.domain.stores.ports import Geocoder
from portal.kernel.clock import Clock
from portal.kernel.limits import Gate
from portal.kernel.sealing import Seal
from portal.kernel.storage import Storage
from portal.settings import Settings


@dataclass(frozen=True)
class Services:
    """The engine, the clock, the gate and the adapters in use."""

    settings: Settings
    engine: Engine
    clock: Clock
    gate: Gate
    seal: Seal
    messenger: Messenger
    geocoder: Geocoder
    gateways: Mapping[str, PaymentGateway]  # payment providers by name; none: nobody can pay
    postman: Postman | None  # carries the sandbox's notices; None outside demo and test
    bank: Bank | None  # pays merchants out; None: approved withdrawals wait
    tracker: Tracker | None  # tells where parcels are; None: nobody is asked
    printers: Printers  # the vendors that can print
    reach: Reach  # where network printers may be
    addresses: Addresses
    storage: Storage  # private documents
    pictures: Storage  # what everybody may see
    lists: Storage  # files of imports, until they are forgotten
