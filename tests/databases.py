"""Databases that are lent from test to test, each as the migrations left it.

A copy of the template costs more than most tests: hundreds of files. So a database is emptied and lent again, when
that is sure to leave what the template holds: the rows of the migrations, fresh sequences, the same catalogue.
Whatever is not, is dropped, and the next test gets a new copy.
"""

from __future__ import annotations

import secrets

from psycopg import Connection

from portal.localdb.bootstrap import clone_database, connect, drop_database

MOST_GROWTH = 24 * 2**20  # bytes of emptied pages and their indexes, until a new copy is the faster one
CATALOGUE = (
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_event_trigger",
    "pg_namespace",
    "pg_policy",
    "pg_proc",
    "pg_trigger",
    "pg_type",
)


TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
State = tuple[object, ...] | None


class Databases:
    """The copies of one template on one server, for one test process."""

    def __init__(self, admin_url: str, template: str) -> None:
        self._admin, self._template = admin_url, template
        self._free: list[str] = []
        self._open: dict[str, tuple[Connection, State]] = {}  # a session of ours on each, which knows its tables
        with connect(admin_url, template) as known:
            tables = [str(name) for (name,) in known.execute(TABLES)]
            seeded, self._size = _filled(known, tables), _size(known)
        self._emptied = [name for name in tables if name not in seeded]
        self._state_asked = _state_asked(seeded)

    def lend(self) -> str:
        """The name of a database that nobody else has."""
        if self._free:
            return self._free.pop()
        name = f"t_{secrets.token_hex(6)}"
        clone_database(self._admin, self._template, name)
        ours = connect(self._admin, name)
        self._open[name] = ours, self._state(ours)
        return name

    def take_back(self, name: str) -> None:
        """End what still runs on it, empty it, and keep it if it is as it was."""
        if self._emptied_well(*self._open[name]):
            self._free.append(name)
            return
        self.drop(name)

    def drop(self, name: str) -> None:
        """Remove it for good."""
        self._open.pop(name)[0].close()
        drop_database(self._admin, name)

    def _emptied_well(self, used: Connection, before: State) -> bool:
        used.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if _size(used) > self._size + MOST_GROWTH or self._state(used) != before:
            return False
        with used.transaction():
            used.execute("SET LOCAL session_replication_role = replica")
            for table in _filled(used, self._emptied):
                used.execute(f"DELETE FROM {table}")
            used.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
                "FROM pg_sequences WHERE last_value IS NOT NULL"
            )
        return True

    def _state(self, asked: Connection) -> State:
        return asked.execute(self._state_asked).fetchone()


def _state_asked(seeded: list[str]) -> str:
    """What has to be the same again: the catalogue's newest row and count, the rows that came with the migrations."""
    newest = [f"(SELECT (count(*), max(xmin::text::bigint))::text FROM {name})" for name in CATALOGUE]
    rows = [f"(SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {table} t)" for table in seeded]
    return f"SELECT {', '.join(newest + rows)}"


def _filled(asked: Connection, tables: list[str]) -> list[str]:
    """Those that hold a row."""
    row = asked.execute(f"SELECT ARRAY[{', '.join(f'EXISTS (SELECT FROM {table})' for table in tables)}]").fetchone()
    return [table for table, filled in zip(tables, row[0], strict=True) if filled] if row else []


def _size(asked: Connection) -> int:
    row = asked.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0
