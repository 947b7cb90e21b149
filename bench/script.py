"""What a request says to the database, recorded word by word, so that a reference can say the same."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import psycopg
from psycopg import sql


@dataclass
class Script:
    """Statements with their values, in order, without BEGIN and COMMIT."""

    lines: list[tuple[str, Any]] = field(default_factory=list)

    def uuids(self) -> set[UUID]:
        """Every id among the values."""
        found = set()
        for _statement, values in self.lines:
            for row in values if isinstance(values, list) else [values]:
                if isinstance(row, dict):
                    found |= {value for value in row.values() if isinstance(value, UUID)}
        return found


@contextmanager
def recording() -> Iterator[Script]:
    """Everything psycopg is asked to execute meanwhile, by whomever in this process."""
    script = Script()
    real: Callable[..., Any] = psycopg.Cursor.execute

    def execute(cursor: psycopg.Cursor[Any], query: Any, params: Any = None, **more: Any) -> Any:
        text = query.as_string(cursor) if isinstance(query, sql.Composable) else query
        script.lines.append((text.decode() if isinstance(text, bytes) else str(text), params))
        return real(cursor, query, params, **more)

    real_many: Callable[..., Any] = psycopg.Cursor.executemany

    def executemany(cursor: psycopg.Cursor[Any], query: Any, params_seq: Any, **more: Any) -> Any:
        rows = list(params_seq)
        script.lines.append((query if isinstance(query, str) else query.decode(), rows))
        return real_many(cursor, query, rows, **more)

    with (
        mock.patch.object(psycopg.Cursor, "execute", execute),
        mock.patch.object(psycopg.Cursor, "executemany", executemany),
    ):
        yield script


def keep(scripts: dict[str, Any], path: Path) -> None:
    """Hand the scripts to the reference's processes."""
    path.write_bytes(pickle.dumps(scripts))


def kept(path: str) -> dict[str, Any]:
    """What `keep` wrote a moment ago, in our own folder."""
    found: dict[str, Any] = pickle.loads(Path(path).read_bytes())  # noqa: S301
    return found
