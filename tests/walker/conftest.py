"""The two towns, built once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.localdb.server import LocalPostgres
from tests.walker.building import walking
from tests.walker.walk import Walk


@pytest.fixture(scope="session")
def walk(postgres: LocalPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Towns A and B on one installation."""
    with walking(postgres, tmp_path_factory.mktemp("walker"), "t_walk") as walk:
        yield walk
