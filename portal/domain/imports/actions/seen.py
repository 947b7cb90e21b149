"""Which keys the rows before have had: the file remembers itself in the database, not in memory."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, select, true

from portal.domain.imports.models import ImportRow
from portal.kernel.work import Work


def seen(work: Work, batch_id: UUID, keys: Sequence[str]) -> dict[str, int]:
    """Key → a line that had it, among the rows that are kept already. One look into the index for each key: a list of
    keys would tempt a planner without statistics to read the whole file for every lot.
    """
    asked = cast(sorted({key for key in keys if key}), ARRAY(Text))
    wanted = func.unnest(asked).table_valued("key").render_derived("wanted")
    mine = (ImportRow.merchant_id == work.merchant_id, ImportRow.batch_id == batch_id)
    one = select(ImportRow.number).where(*mine, ImportRow.key == wanted.c.key).limit(1).lateral("one")
    query = select(wanted.c.key, one.c.number).select_from(wanted).join(one, true())
    return {row[0]: row[1] for row in work.session.execute(query)}
