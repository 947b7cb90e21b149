"""Two towns, served, and a Chromium for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from portal.localdb.server import LocalPostgres
from tests.browser.live import driver, launch, served
from tests.walker.building import walking
from tests.walker.walk import Walk


@pytest.fixture(scope="session")
def walk(postgres: LocalPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Towns A and B on one installation."""
    with walking(postgres, tmp_path_factory.mktemp("browser"), "t_browser") as walk:
        yield walk


@pytest.fixture(scope="session")
def url(walk: Walk) -> Iterator[str]:
    """Where the towns are served."""
    with served(walk.app) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A Chromium without a camera."""
    with driver() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
