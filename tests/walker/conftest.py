"""The two towns, built once for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.app import create_app
from portal.domain.tenants.values import Kind
from portal.kernel.clock import FixedClock
from portal.kernel.limits import Gate
from portal.localdb.bootstrap import clone_database, connect, drop_database
from portal.localdb.server import LocalPostgres
from portal.settings import load_settings
from portal.web.hats import OFFICES as OFFICE_OF_KIND
from tests.architecture.catalogue import read_catalogue
from tests.architecture.house import declared
from tests.architecture.ids import IDS
from tests.conftest import NOON, TEMPLATE
from tests.factories.world import World
from tests.walker.town import Builder
from tests.walker.walk import READY, WALKED, Walk


def needed() -> dict[Kind, set[str]]:
    """For each kind of merchant the tables that the addresses of its office name."""
    kinds = {office: kind for kind, office in OFFICE_OF_KIND.items()}
    tables: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for one in declared():
        if one.office.name in kinds:
            sources = [IDS[name] for name in one.rule.arguments if isinstance(IDS.get(name), str)]
            tables[kinds[one.office.name]] |= {str(source).partition(".")[0] for source in sources}
    return {kind: names - {"merchants", "stores", "persons"} for kind, names in tables.items()}


@pytest.fixture(scope="session")
def walk(postgres: LocalPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Both towns, restored to their first state after every test that changed something."""
    clone_database(postgres.url(), TEMPLATE, READY)
    folder = tmp_path_factory.mktemp("walk")
    env = {"PORTAL_MODE": "test", "DATABASE_URL": postgres.url("portal_web", READY), "PORTAL_VAR": str(folder)}
    app = create_app(load_settings(env), FixedClock(NOON))
    with connect(postgres.url(), READY) as connection:
        catalogue = read_catalogue(connection)
        builder = Builder(World(app, FixedClock(NOON)), connection, catalogue, needed())
        a, b = builder.build("A"), builder.build("B")
        builder.read(a)
        common = {mark.word for mark in a.marks} & {mark.word for mark in b.marks}
        for town in (a, b):
            town.marks = [mark for mark in town.marks if mark.word not in common]
    app.extensions["portal"].engine.dispose()
    clone_database(postgres.url(), READY, WALKED)
    env["DATABASE_URL"] = postgres.url("portal_web", WALKED)
    walked = create_app(load_settings(env), FixedClock(NOON))
    walk = Walk(postgres, walked, catalogue, a, b, connect(postgres.url(), WALKED))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gate, "hit", lambda *_args, **_more: None)  # limits have tests of their own
        yield walk
    walk.connection.close()
    walked.extensions["portal"].engine.dispose()
    for name in (WALKED, READY):
        drop_database(postgres.url(), name)
