"""The portal served on loopback, playwright, and people with browsers in their hands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Playwright

from tests.browser.live import driver, served
from tests.factories.world import World
from tests.journeys.people import Street


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The driver of one file of journeys."""
    with driver() as playwright:
        yield playwright


@pytest.fixture
def street(app: Flask, world: World, playwright: Playwright, tmp_path: Path) -> Iterator[Street]:
    """The town as people meet it."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with served(app) as url:
        street = Street(url, world, playwright, tmp_path)
        yield street
        street.close()
