"""Many rows at once below the ORM, without its unit of work: for acts that write often and read nothing back.

The first wall holds here as well: only a face that sees every row of the table may add to it in this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, insert

from portal.kernel.database import Base
from portal.kernel.scope import everyone, sight_of
from portal.kernel.work import Work


@cache
def _adding(model: type[Base]) -> Insert:
    table: Any = model.__table__
    return insert(table)


def add_rows(work: Work, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Add rows that all name the same columns; nothing when there are none. ValueError on a face that sees some only.

    What the session has not written yet is written first, so that a row may belong to it.
    """
    if sight_of(model, work.scope.face) != everyone():
        raise ValueError(f"{work.scope.face} adds its own rows of {model.__name__} only: by the session")
    if rows:
        work.session.flush()
        work.session.connection().execute(_adding(model), rows)
