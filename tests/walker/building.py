"""The two towns, built on a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.app import create_app
from portal.domain.tenants.values import Kind
from portal.kernel.clock import FixedClock
from portal.localdb.bootstrap import clone_database, connect, drop_database
from portal.localdb.server import LocalPostgres
from portal.settings import load_settings
from portal.web.hats import OFFICES as OFFICE_OF_KIND
from tests.architecture.catalogue import read_catalogue
from tests.architecture.house import declared
from tests.architecture.ids import IDS
from tests.conftest import NOON, TEMPLATE
from tests.factories.world import World
from tests.shell import COMPILED
from tests.walker.furnishing import ground
from tests.walker.town import Builder, Town
from tests.walker.walk import Walk


def needed() -> dict[Kind, set[str]]:
    """For each kind of merchant the tables that the addresses of its office name."""
    kinds = {office: kind for kind, office in OFFICE_OF_KIND.items()}
    tables: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for one in declared():
        if one.office.name in kinds:
            sources = [IDS[name] for name in one.rule.arguments if isinstance(IDS.get(name), str)]
            tables[kinds[one.office.name]] |= {str(source).partition(".")[0] for source in sources}
    return {kind: names - {"merchants", "stores", "persons"} for kind, names in tables.items()}


@contextmanager
def walking(server: LocalPostgres, folder: Path, database: str, *, template: str = TEMPLATE) -> Iterator[Walk]:
    """Both towns in databases of their own; limits on frequency are off, they have tests of their own."""
    clock = FixedClock(NOON)
    clone_database(server.url(), template, database)
    env = {"PORTAL_MODE": "test", "DATABASE_URL": server.url("portal_web", database), "PORTAL_VAR": str(folder)}
    app = create_app(load_settings(env), clock)
    app.jinja_env.bytecode_cache = COMPILED
    app.config["PROPAGATE_EXCEPTIONS"] = False  # an error while showing an error is a 500 as well
    with connect(server.url(), database) as connection, pytest.MonkeyPatch.context() as patch:
        gate = app.extensions["portal"].gate  # this one only: other tests of this process count
        catalogue = read_catalogue(connection)
        a, b = _towns(Builder(World(app, clock), connection, catalogue, needed()))
        patch.setattr(gate, "hit", lambda *_args, **_more: None)
        yield Walk(app, catalogue, a, b, connection)
    app.extensions["portal"].engine.dispose()
    drop_database(server.url(), database)


def _towns(builder: Builder) -> tuple[Town, Town]:
    ground(builder.world)
    a, b = builder.build("A"), builder.build("B")
    builder.read(a)
    common = {mark.word for mark in a.marks} & {mark.word for mark in b.marks}
    for town in (a, b):
        town.marks = [mark for mark in town.marks if mark.word not in common]
    return a, b
