"""A migrated database for the tests that read its catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.localdb.bootstrap import clone_database, connect, drop_database
from portal.localdb.server import LocalPostgres
from tests.architecture.catalogue import Catalogue, read_catalogue
from tests.conftest import TEMPLATE

COPY = "t_catalogue"


@pytest.fixture(scope="session")
def catalogue(postgres: LocalPostgres) -> Iterator[Catalogue]:
    """What the migrated database says of itself."""
    clone_database(postgres.url(), TEMPLATE, COPY)
    with connect(postgres.url(), COPY) as connection:
        yield read_catalogue(connection)
    drop_database(postgres.url(), COPY)
