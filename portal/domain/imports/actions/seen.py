"""Which keys the rows before have had: the file remembers itself in the database, not in memory.

A key is kept with a mark of its batch in front, so that an index of merchant and key alone finds it: with the batch as
a condition of its own, a planner without statistics prefers the primary key and reads the whole file for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, select, true

from portal.domain.imports.models import ImportRow
from portal.kernel.work import Work

MARK = 17


def own(batch_id: UUID, key: str) -> str:
    """The key as it is kept: sixteen random digits of the batch, a slash, the key. No key stays none."""
    return f"{batch_id.hex[16:]}/{key}" if key else ""


def bare(kept: str) -> str:
    """The key without the mark."""
    return kept[MARK:]


def seen(work: Work, batch_id: UUID, keys: Sequence[str]) -> dict[str, int]:
    """Key → a line that had it, among the rows that are kept already. One look into the index for each key."""
    asked = cast(sorted({own(batch_id, key) for key in keys if key}), ARRAY(Text))
    wanted = func.unnest(asked).table_valued("key").render_derived("wanted")
    mine = (ImportRow.merchant_id == work.merchant_id, ImportRow.key == wanted.c.key)
    one = select(ImportRow.number).where(*mine).limit(1).lateral("one")
    query = select(wanted.c.key, one.c.number).select_from(wanted).join(one, true())
    return {bare(row[0]): row[1] for row in work.session.execute(query)}
