"""A database that is lent again is as the migrations left it; one that cannot be is not lent again."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from portal.localdb.bootstrap import connect
from portal.localdb.server import LocalPostgres
from tests.conftest import TEMPLATE
from tests.databases import Databases

Dump = Callable[[str], dict[str, object]]
ROWS = """
    SET search_path = public, jobs;
    INSERT INTO limit_counters VALUES ('d', now(), now(), 1);
    INSERT INTO jobs.procrastinate_jobs (queue_name, task_name) VALUES ('portal', 'codes.forget');
"""
SPOILT = {
    "a wall taken down": "ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY",
    "a policy less": "DROP POLICY audit_entries_job ON audit_entries",
    "a table more": "CREATE TABLE left_behind (id int)",
    "a seed changed": "UPDATE categories SET name = name || '.'",
}


@pytest.fixture
def dump(postgres: LocalPostgres) -> Dump:
    """Every table's rows and every sequence, as text."""

    def read(name: str) -> dict[str, object]:
        with connect(postgres.url(), name) as known:
            tables = known.execute(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
                "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            rows = {
                table: known.execute(f"SELECT array_agg(t::text ORDER BY t::text) FROM {table} t").fetchone()
                for (table,) in tables
            }
            return rows | {"sequences": known.execute("SELECT * FROM pg_sequences ORDER BY 2").fetchall()}

    return read


@pytest.fixture
def copies(postgres: LocalPostgres) -> Databases:
    """Copies of the template that only this test uses."""
    return Databases(postgres.url(), TEMPLATE)


def test_what_a_test_wrote_is_gone_for_the_next(postgres: LocalPostgres, copies: Databases, dump: Dump) -> None:
    name = copies.lend()
    fresh = dump(name)
    with connect(postgres.url(), name) as left_open:
        left_open.execute(ROWS)
        assert dump(name) != fresh
        copies.take_back(name)
        assert copies.lend() == name
        assert dump(name) == fresh
        with pytest.raises(psycopg.OperationalError):
            left_open.execute("SELECT 1")
    copies.drop(name)


@pytest.mark.parametrize("change", SPOILT.values(), ids=SPOILT)
def test_what_cannot_be_emptied_is_not_lent_again(
    postgres: LocalPostgres, copies: Databases, dump: Dump, change: str
) -> None:
    name = copies.lend()
    fresh = dump(name)
    with connect(postgres.url(), name) as spoiling:
        spoiling.execute(change)
    copies.take_back(name)
    other = copies.lend()
    assert other != name
    assert dump(other) == fresh
    copies.drop(other)


def test_two_at_once_are_two(copies: Databases) -> None:
    one, other = copies.lend(), copies.lend()
    assert one != other
    copies.drop(one)
    copies.drop(other)
