"""Hundreds of new rows in one statement with one parameter: what thousands of stores are made with.

A statement for each row costs ten times as much, and COPY does not pass row security.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Select, Text, cast, column, func, insert, literal, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql.ranges import AbstractMultiRange

from portal.kernel.database import Base
from portal.kernel.work import Work


def insert_many(work: Work, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns."""
    if not rows:
        return
    work.session.execute(insert(model).from_select(list(rows[0]), given(model, rows)))


def given(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> Select[Any]:
    """These rows, which all name the same columns, as a query: for one INSERT … SELECT, whatever follows it."""
    types = {name: model.__table__.c[name].type for name in rows[0]}
    ranges = [name for name, kind in types.items() if isinstance(kind, AbstractMultiRange)]
    said = [{**row, **{name: _ranges(row[name]) for name in ranges}} for row in rows] if ranges else list(rows)
    text = json.dumps(said, default=_plain, ensure_ascii=False, separators=(",", ":"))
    records = func.json_to_recordset(cast(literal(text, Text), JSON))
    named = records.table_valued(*(column(name, kind) for name, kind in types.items())).render_derived(with_types=True)
    return select(*(named.c[name] for name in types))


def _plain(value: Any) -> str:
    """What JSON has no word for."""
    match value:
        case date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
    raise TypeError(f"{type(value).__name__} in a row")


def _ranges(ranges: Sequence[Range[datetime]] | str) -> str:
    """A multirange as PostgreSQL reads it."""
    if isinstance(ranges, str):
        return ranges
    return "{" + ",".join(f"[{_end(one.lower)},{_end(one.upper)})" for one in ranges) + "}"


def _end(moment: datetime | None) -> str:
    return f'"{moment.isoformat()}"' if moment else ""
