"""Rows for tables that no maker fills yet: values by type, references to rows of the same owner, checks by trial.

New tables are walked from the day they land. Works as the administrator and beside all walls.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from portal.kernel.database import new_id
from tests.architecture.catalogue import Catalogue, Reference, Table

ENUMERATED = re.compile(r"\(+\"?(\w+)\"? = ANY \(\(?ARRAY\[(.*?)\]")
PATTERN = re.compile(r"(\w+) ~ '\^?\[0-9\]\{(\d+)\}")
TRIES = 3000
Row = dict[str, Any]


class NoRow(AssertionError):
    """A table whose checks the filler cannot satisfy; give it a maker in tests/factories."""


@dataclass
class Filler:
    """Makes rows in `connection`; `now` stands for every moment."""

    connection: psycopg.Connection
    catalogue: Catalogue
    now: Any
    checks: dict[tuple[str, str], str] = field(default_factory=dict)  # (table, name) → definition
    generated: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        question = (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
        for table, name, definition in self.connection.execute(question).fetchall():
            self.checks[table, name] = definition
        question = (
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_generated = 'ALWAYS'"
        )
        self.generated = set(self.connection.execute(question).fetchall())

    def fill(self, name: str, owners: dict[str, UUID], mark: str) -> Row:
        """One row of table `name` for these owners (`merchant_id`, `person_id`); returns what was inserted."""
        table = self.catalogue.tables[name]
        fixed = self._fixed(table, owners)
        choices = {
            column: self._choices(table, column, mark)
            for column in table.columns
            if column not in fixed and (name, column) not in self.generated
        }
        for column in set(fixed) & table.nullable:
            choices[column] = [fixed.pop(column), None]
        return self._try(table, fixed, choices)

    def _fixed(self, table: Table, owners: dict[str, UUID]) -> Row:
        """Owner and references: columns whose values are given."""
        fixed: Row = {column: value for column, value in owners.items() if column in table.columns}
        if table.name in ("merchants", "persons"):
            fixed = {}
        for reference in table.references:
            row = self._target(reference, fixed)
            if row is not None:
                fixed |= {here: row[there] for here, there in zip(reference.columns, reference.targets, strict=True)}
        return fixed

    def _target(self, reference: Reference, fixed: Row) -> Row | None:
        """A row to refer to, with the same owner."""
        pairs = zip(reference.columns, reference.targets, strict=True)
        known = {there: fixed[here] for here, there in pairs if fixed.get(here) is not None}
        if set(known) == set(reference.targets):
            return None
        where = sql.SQL(" AND ").join(sql.SQL("{} = {}").format(sql.Identifier(k), v) for k, v in known.items())
        question = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY 1 DESC LIMIT 1").format(
            sql.SQL(", ").join(map(sql.Identifier, reference.targets)),
            sql.Identifier(reference.table),
            where if known else sql.SQL("true"),
        )
        found = self.connection.execute(question).fetchone()
        return dict(zip(reference.targets, found, strict=True)) if found else None

    def _choices(self, table: Table, column: str, mark: str) -> list[Any]:
        """Values worth trying, the likeliest first."""
        words = self._words(table.name, column)
        values = list(words) or self._by_type(table.columns[column], column, mark)
        return [*values, None] if column in table.nullable else values

    def _words(self, table: str, column: str) -> Iterator[str]:
        for definition in (text for (name, _check), text in self.checks.items() if name == table):
            for name, words in ENUMERATED.findall(definition):
                if name == column:
                    yield from re.findall(r"'([^']*)'::text", words)
            for name, digits in PATTERN.findall(definition):
                if name == column:
                    yield str(new_id().int)[-int(digits) :].zfill(int(digits))

    def _by_type(self, kind: str, column: str, mark: str) -> list[Any]:
        text = f"{column} {new_id().hex[-8:]}{mark}"
        known: dict[str, list[Any]] = {
            "uuid": [new_id()],
            "text": [text],
            "integer": [1, 0, 60, 7],
            "bigint": [1, 0, 10_000],
            "smallint": [1, 0, 60, 7],
            "double precision": [23.5, 0.0],
            "numeric": [Decimal("2.5"), Decimal(0)],
            "boolean": [True, False],
            "jsonb": [Jsonb({}), Jsonb([])],
            "bytea": [bytes(range(10)), new_id().bytes * 2],
            "timestamp with time zone": [self.now, self.now + timedelta(days=30)],
            "date": [self.now.date()],
            "tstzmultirange": ["{}"],
            "text[]": [[text], []],
        }
        return known.get(kind.partition("(")[0], [None])

    def _try(self, table: Table, fixed: Row, choices: dict[str, list[Any]]) -> Row:
        """First the likeliest values; after a refused check other values of the columns it names, until it passes.

        PostgreSQL checks in the order of names, so a later name is progress.
        """
        row = fixed | {column: values[0] for column, values in choices.items()}
        refused = self._insert(table.name, row)
        while refused:
            row, again = self._mend(table.name, row, choices, refused)
            if again is not None and again <= refused:
                raise NoRow(f"{table.name}: {refused} is never satisfied; add a maker to tests/factories and the town")
            refused = again
        return row

    def _mend(self, name: str, row: Row, choices: dict[str, list[Any]], refused: str) -> tuple[Row, str | None]:
        """Other values for the columns of the check that refused; the row and what refuses it now."""
        words = set(re.findall(r"\w+", self.checks.get((name, refused), "")))
        suspects = [column for column in choices if column in words]
        for values in itertools.islice(itertools.product(*(choices[column] for column in suspects)), TRIES):
            attempt = row | dict(zip(suspects, values, strict=True))
            again = self._insert(name, attempt)
            if again is None or again > refused:
                return attempt, again
        return row, refused

    def _insert(self, name: str, row: Row) -> str | None:
        """None when it went in, else the name of the check that refused."""
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        )
        try:
            with self.connection.transaction():
                self.connection.execute(statement, list(row.values()))
        except psycopg.errors.CheckViolation as error:
            return str(error.diag.constraint_name)
        except psycopg.Error as error:
            raise NoRow(f"{name}: {error}; add a maker to tests/factories and the town") from error
        return None


def parents_first(catalogue: Catalogue) -> list[Table]:
    """Tables in an order in which each may refer to those before it."""
    done: list[Table] = []
    left = dict(catalogue.tables)
    while left:
        ready = [t for t in left.values() if not any(r.table in left and r.table != t.name for r in t.references)]
        for table in ready or list(left.values()):
            done.append(table)
            del left[table.name]
    return done
