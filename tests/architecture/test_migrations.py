"""Migrations are one straight numbered line, go down and up again, and end at what the models say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from portal.localdb.bootstrap import bootstrap, connect, drop_database
from portal.localdb.server import LocalPostgres
from portal.settings import ROOT
from portal.tables import METADATA
from tests.conftest import migrate

SCRATCH = "t_migrations"

FINGERPRINT = """
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname IN ('public', 'jobs') AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint
WHERE conrelid <> 0 AND connamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'jobs'))
UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname IN ('public', 'jobs')
UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd || roles::text || coalesce(qual, '')
       || coalesce(with_check, '') FROM pg_policies
UNION ALL SELECT 'table ' || c.relname || ' ' || c.relrowsecurity || c.relforcerowsecurity || coalesce((
       SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(c.relacl) g), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'jobs') AND c.relkind IN ('r', 'p', 'v', 'S')
UNION ALL SELECT 'grant ' || a.attrelid::regclass || '.' || a.attname || (
       SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(a.attacl) g)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'jobs') AND a.attacl IS NOT NULL
UNION ALL SELECT 'function ' || p.oid::regprocedure || ' ' || p.prosecdef
       || coalesce(p.proconfig::text, '') || md5(p.prosrc)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('public', 'jobs')
UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1"""


@pytest.fixture(scope="module")
def scratch(postgres: LocalPostgres) -> Iterator[LocalPostgres]:
    """A database of our own, migrated to the head."""
    bootstrap(postgres.url(), SCRATCH)
    migrate(postgres.url("portal_owner", SCRATCH), "head")
    yield postgres
    drop_database(postgres.url(), SCRATCH)


def fingerprint(server: LocalPostgres) -> list[str]:
    with connect(server.url(), SCRATCH) as connection:
        return [line for (line,) in connection.execute(FINGERPRINT)]


def script() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(str(ROOT / "migrations" / "alembic.ini")))


def test_down_and_up_again_is_the_same_schema(scratch: LocalPostgres) -> None:
    before = fingerprint(scratch)
    assert len(before) > 200
    owner = scratch.url("portal_owner", SCRATCH)
    migrate(owner, "base")
    left = [line for line in fingerprint(scratch) if not re.search(r"alembic_version|^function ", line)]
    assert left == [], "a downgrade leaves something behind"
    migrate(owner, "head")
    after = fingerprint(scratch)
    assert [line for line in before if line not in after] == []
    assert [line for line in after if line not in before] == []


def test_the_schema_is_what_the_models_say(scratch: LocalPostgres) -> None:
    engine = create_engine(scratch.url("portal_owner", SCRATCH), poolclass=pool.NullPool)
    with engine.connect() as connection:
        options = {
            "compare_server_default": True,
            "include_name": lambda name, type_, _: name != "jobs" or type_ != "schema",
        }
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, METADATA)
    assert differences == []


def test_numbers_are_one_straight_line() -> None:
    line = list(reversed(list(script().walk_revisions())))
    assert [one.revision for one in line] == [f"{number:04d}" for number in range(1, len(line) + 1)]
    for one in line:
        assert re.fullmatch(r"\d{4}_[a-z_]+", one.module.__name__.removesuffix("_py")), one.path
        assert one.doc, f"{one.path}: say in the docstring what it makes"
        assert (ROOT / "migrations" / "versions" / f"{one.module.__name__.removesuffix('_py')}.py").exists()
    assert len(script().get_heads()) == 1
