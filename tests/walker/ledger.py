"""What lies in a database, row by row: to tell whose a row is, whether it changed, and whose words a page shows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.architecture.catalogue import Catalogue, Table

HUMAN = re.compile(r"[\u4e00-\u9fff]")
SHORTEST = 8
Name = tuple[str, str]  # table, primary key as text
NEVER_MARKED = {
    ("persons", "locale"),
    *(("store_pictures", column) for column in ("name", "wide", "small")),  # files the street shows
}


@dataclass(frozen=True)
class Mark:
    """A word that occurs in one place only."""

    word: str
    table: str
    column: str
    row: str


def identity(table: Table) -> sql.Composable:
    """The primary key as one text."""
    return sql.SQL("concat_ws('/', {})").format(sql.SQL(", ").join(map(sql.Identifier, table.primary)))


def snapshot(
    connection: psycopg.Connection, catalogue: Catalogue, skip: frozenset[str] = frozenset()
) -> dict[Name, str]:
    """Every row of every table: (table, key) → digest of its content."""
    parts = [
        sql.SQL("SELECT {}, {}, md5(t::text) FROM {} t").format(
            sql.Literal(table.name), identity(table), sql.Identifier(table.name)
        )
        for table in catalogue.tables.values()
        if table.primary and table.name not in skip
    ]
    return {(name, key): digest for name, key, digest in connection.execute(sql.SQL(" UNION ALL ").join(parts))}


def rows_of(connection: psycopg.Connection, table: Table, keys: set[str]) -> list[dict[str, Any]]:
    """Whole rows by key, the key itself under ''."""
    cursor = connection.execute(
        sql.SQL("SELECT {} AS _key, t.* FROM {} t").format(identity(table), sql.Identifier(table.name))
    )
    names = [column.name for column in cursor.description or ()]
    return [row for values in cursor if (row := dict(zip(names, values, strict=True)))["_key"] in keys]


@dataclass
class Marker:
    """Puts a canary into every text a person wrote, so that a leak can be named."""

    connection: psycopg.Connection
    catalogue: Catalogue
    letter: str
    marks: list[Mark] = field(default_factory=list)

    def mark(self, rows: set[Name]) -> list[Mark]:
        """Mark all texts of these rows; values that must stay as they are become marks themselves when unusual."""
        by_table: dict[str, set[str]] = {}
        for table, key in rows:
            by_table.setdefault(table, set()).add(key)
        for name, keys in sorted(by_table.items()):
            table = self.catalogue.tables[name]
            for row in rows_of(self.connection, table, keys):
                for column, value in row.items():
                    if column not in ("_key", *table.primary) and (name, column) not in NEVER_MARKED:
                        self._mark_value(table, row["_key"], column, value)
        return self.marks

    def _mark_value(self, table: Table, key: str, column: str, value: Any) -> None:
        word = f"zz{self.letter}{len(self.marks):04d}x"
        changed = _with(value, word)
        if changed is not None and self._update(table, key, column, changed):
            self.marks.append(Mark(word, table.name, column, key))
        elif isinstance(value, str) and len(value) >= SHORTEST and not HUMAN.search(value):
            self.marks.append(Mark(value, table.name, column, key))

    def _update(self, table: Table, key: str, column: str, value: Any) -> bool:
        statement = sql.SQL("UPDATE {} SET {} = %s WHERE {} = %s").format(
            sql.Identifier(table.name), sql.Identifier(column), identity(table)
        )
        try:
            with self.connection.transaction():
                self.connection.execute(statement, [storable(table, column, value), key])
        except psycopg.Error:
            return False
        return True


def storable(table: Table, column: str, value: Any) -> Any:
    """The value as the driver takes it: a list may be JSON or an array."""
    return Jsonb(value) if table.columns[column] == "jsonb" and value is not None else value


def _with(value: Any, word: str) -> Any:
    """The value with the word appended to its human texts; None when it has none."""
    if isinstance(value, str):
        return value + word if HUMAN.search(value) or value.endswith("~") else None
    if isinstance(value, dict):
        changed = {key: _with(inner, word) for key, inner in value.items() if key != "msgid"}
        return value | {k: v for k, v in changed.items() if v is not None} if any(changed.values()) else None
    if isinstance(value, list):
        changed_list = [_with(inner, word) for inner in value]
        if any(one is not None for one in changed_list):
            return [new if new is not None else old for new, old in zip(changed_list, value, strict=True)]
    return None


def unusual(marks: list[Mark]) -> list[Mark]:
    """Only words that stand in one place of one table: what occurs twice gives nobody away."""
    times = Counter(mark.word for mark in marks)
    return [mark for mark in marks if times[mark.word] == 1]
