"""The composition root: picks the adapters for these settings and subscribes the reactions."""

from __future__ import annotations

from sqlalchemy import Engine

from portal.kernel.clock import Clock, SystemClock
from portal.kernel.limits import Gate
from portal.services import Services
from portal.settings import Settings


def wire(settings: Settings, engine: Engine, clock: Clock | None = None) -> Services:
    """Everything the web and the worker need. `clock` is for tests."""
    clock = clock or SystemClock()
    return Services(
        settings=settings,
        engine=engine,
        clock=clock,
        gate=Gate(engine, clock, settings.secret_key),
    )
