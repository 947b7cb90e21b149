"""What an installation is made of, handed to the web and to the worker by `wiring`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from portal.domain.messages.ports import Messenger
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
    storage: Storage  # private documents
    pictures: Storage  # what everybody may see
