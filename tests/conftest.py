"""What every test may ask for: a real database of its own, a clock, a world to fill and a browser that checks pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask

from portal.kernel.clock import FixedClock
from portal.localdb.bootstrap import bootstrap
from portal.localdb.server import LocalPostgres
from portal.settings import ROOT, Settings, load_settings
from tests.client import Browser
from tests.databases import Databases
from tests.factories.world import World
from tests.shell import Shell

NOON = datetime(2026, 7, 4, 4, 0, tzinfo=UTC)  # Saturday 4 July 2026, 12:00 in Shanghai
TEMPLATE = "portal_template"


LONG = ("browser", "walker", "fuzz", "journeys", "races", "domain")
LONGEST = ("test_replay.py", "test_outcomes.py", "test_bank.py", "test_real.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no process is left with a long file at the end."""
    ranks = {folder: rank for rank, folder in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path.relative_to(ROOT / "tests").parts[0], len(LONG)))
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    """One PostgreSQL for this test process, with a migrated template database."""
    server = LocalPostgres(tmp_path_factory.mktemp("pg") / "data", fast=True).start()
    try:
        bootstrap(server.url(), TEMPLATE)
        migrate(server.url("portal_owner", TEMPLATE), "head")
        yield server
    finally:
        server.remove()


def migrate(owner_url: str, target: str) -> None:
    """Run the migrations up or down to `target` as the owner."""
    config = Config(str(ROOT / "migrations" / "alembic.ini"))
    config.attributes["owner_url"] = owner_url
    step = command.downgrade if target == "base" else command.upgrade
    step(config, target)


@pytest.fixture(scope="session")
def databases(postgres: LocalPostgres) -> Databases:
    """The copies of the template that tests of this process use one after the other."""
    return Databases(postgres.url(), TEMPLATE)


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The name of a database as the migrations left it."""
    name = databases.lend()
    yield name
    databases.take_back(name)


@pytest.fixture
def clock() -> FixedClock:
    """Saturday noon in Shanghai, until a test moves it."""
    return FixedClock(NOON)


@pytest.fixture
def settings(postgres: LocalPostgres, database: str, tmp_path: Path) -> Settings:
    """Settings of a test installation."""
    return load_settings(
        {
            "PORTAL_MODE": "test",
            "DATABASE_URL": postgres.url("portal_web", database),
            "PORTAL_VAR": str(tmp_path),
        }
    )


@pytest.fixture(scope="session")
def shell() -> Shell:
    """The application that tests of this process share."""
    return Shell()


@pytest.fixture
def app(shell: Shell, settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The portal on this test's database."""
    app = shell.lend(settings, clock)
    yield app
    shell.take_back(app)


@pytest.fixture
def world(app: Flask, clock: FixedClock) -> World:
    """Persons, merchants, stores: made by the portal's own acts where there is one."""
    return World(app, clock)


@pytest.fixture
def browser(app: Flask, world: World) -> Browser:
    """A browser that looks at every page it gets as a careful reader would."""
    return Browser(app, world)
