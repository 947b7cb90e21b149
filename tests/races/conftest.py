"""Databases for races: a wide pool, and the administrator's address for gates and controls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.app import create_app
from portal.kernel.clock import FixedClock
from portal.kernel.database import make_engine
from portal.localdb.server import LocalPostgres
from portal.settings import Settings
from tests.factories.world import World

CLERKS = 20


@pytest.fixture
def admin_url(postgres: LocalPostgres, database: str) -> str:
    """The administrator's way into this test's database."""
    return postgres.url(db=database)


@pytest.fixture
def wide(world: World, settings: Settings) -> Iterator[World]:
    """The world with room for sixty transactions at once."""
    narrow = world.engine
    world.engine = make_engine(settings.database_url, pool_size=CLERKS + 4, max_overflow=36)
    yield world
    world.engine.dispose()
    world.engine = narrow


@pytest.fixture
def workers(settings: Settings, clock: FixedClock, app: Flask) -> Iterator[list[Flask]]:
    """Three applications on one database, each with its own pool, as three web processes are."""
    apps = [app, create_app(settings, clock), create_app(settings, clock)]
    yield apps
    for one in apps[1:]:
        one.extensions["portal"].engine.dispose()
