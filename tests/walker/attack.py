"""Town A's people at the SQL prompt: what a face could do to town B's rows if nothing but row security stood there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from portal.domain.tenants.values import Kind
from tests.architecture.catalogue import Policy, Table
from tests.walker.ledger import identity, rows_of, storable
from tests.walker.tables import sitting_of
from tests.walker.town import Town
from tests.walker.walk import Walk


@dataclass(frozen=True)
class Keys:
    """What A's people have in `app.merchant`, `app.person`, `app.actor`, `app.sitting`."""

    merchant: UUID | None
    person: UUID | None
    sitting: UUID | None


def keys_of(town: Town) -> Keys:
    consumer = town.actors["consumer"].person
    assert consumer is not None
    return Keys(town.merchants[Kind.BRAND].id, consumer.id, sitting_of(town))


def disguise(connection: psycopg.Connection, role: str, keys: Keys | None) -> None:
    """Become this face with these keys until the surrounding savepoint is rolled back."""
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    values = (
        {"merchant": keys.merchant, "person": keys.person, "actor": keys.person, "sitting": keys.sitting}
        if keys
        else {}
    )
    for name, value in values.items():
        connection.execute(
            sql.SQL("SET LOCAL {} = {}").format(sql.Identifier("app", name), sql.Literal(str(value or "")))
        )


def readable(table: Table, role: str) -> set[str]:
    """Columns this face may read."""
    if (role, "SELECT") in table.grants:
        return set(table.columns)
    return {column for who, what, column in table.column_grants if (who, what) == (role, "SELECT")}


def writable(table: Table, role: str, what: str) -> set[str]:
    """Columns this face may insert or update."""
    if (role, what) in table.grants:
        return set(table.columns)
    return {column for who, privilege, column in table.column_grants if (who, privilege) == (role, what)}


class Attack:
    """All attempts of one face on B's rows of one table; `holes` are those that succeeded."""

    def __init__(self, walk: Walk, table: Table, policy: Policy) -> None:
        self.walk, self.table, self.role = walk, table, policy.roles[0]
        self.connection = walk.connection
        keys = {key for name, key in walk.b.names if name == table.name}
        self.rows = rows_of(self.connection, table, keys)
        self.keys = sorted(keys)

    def holes(self) -> list[str]:
        """What went through."""
        found = []
        for keys in (keys_of(self.walk.a), None):
            for attempt in (self._read, self._change, self._remove, self._add):
                hole = self._try(attempt, keys)
                if hole:
                    found.append(f"{self.table.name}/{self.role}: {hole}{'' if keys else ' without a key'}")
        return found

    def _try(self, attempt: Any, keys: Keys | None) -> str:
        try:
            with self.connection.transaction(force_rollback=True):
                disguise(self.connection, self.role, keys)
                return str(attempt() or "")
        except psycopg.errors.InsufficientPrivilege:
            return ""

    def _theirs(self) -> sql.Composable:
        return sql.SQL("{} = ANY(%s)").format(identity(self.table))

    def _read(self) -> str:
        columns = readable(self.table, self.role)
        if not columns:
            return ""
        if not set(self.table.primary) <= columns:
            self._lend_keys()
        question = sql.SQL("SELECT count(*) FROM {} t WHERE {}").format(sql.Identifier(self.table.name), self._theirs())
        seen = self.connection.execute(question, [self.keys]).fetchone()
        return f"reads {seen[0]} rows" if seen and seen[0] else ""

    def _lend_keys(self) -> None:
        """A face that may not read ids may for this question, so that its own rows are not taken for B's."""
        self.connection.execute("RESET ROLE")
        grant = sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(
            sql.SQL(", ").join(map(sql.Identifier, self.table.primary)),
            sql.Identifier(self.table.name),
            sql.Identifier(self.role),
        )
        self.connection.execute(grant)
        self.connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(self.role)))

    def _change(self) -> str:
        columns = writable(self.table, self.role, "UPDATE") - self._generated()
        if not columns or not set(self.table.primary) <= readable(self.table, self.role):
            return ""
        column = min(columns & readable(self.table, self.role) or columns)
        statement = sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(
            sql.Identifier(self.table.name), sql.Identifier(column), sql.Identifier(column), self._theirs()
        )
        done = self.connection.execute(statement, [self.keys]).rowcount
        return f"changes {done} rows" if done else ""

    def _remove(self) -> str:
        if "DELETE" not in self.table.may(self.role):
            return ""
        statement = sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(self.table.name), self._theirs())
        try:
            done = self.connection.execute(statement, [self.keys]).rowcount
        except psycopg.errors.ForeignKeyViolation:
            return "would remove rows"
        return f"removes {done} rows" if done else ""

    def _add(self) -> str:
        """A copy of a row of B: the wall must refuse it before any key does."""
        columns = writable(self.table, self.role, "INSERT") - self._generated()
        if not columns:
            return ""
        row = {name: value for name, value in self.rows[0].items() if name in columns}
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(self.table.name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        )
        values = [storable(self.table, name, value) for name, value in row.items()]
        try:
            self.connection.execute(statement, values)
        except psycopg.errors.IntegrityError:
            return "adds a row (only a key refused the copy)"
        return "adds a row"

    def _generated(self) -> set[str]:
        """Columns that the database computes."""
        return {name for name, default in self.table.defaults.items() if "ll_to_earth" in default}
