"""The portal served on loopback, playwright, and people with browsers in their hands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.browser.live import playwright, served
from tests.factories.world import World
from tests.journeys.people import Street


@pytest.fixture
def street(app: Flask, world: World, tmp_path: Path) -> Iterator[Street]:
    """The town as people meet it."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with served(app) as url:
        street = Street(url, world, playwright(), tmp_path)
        yield street
        street.close()
