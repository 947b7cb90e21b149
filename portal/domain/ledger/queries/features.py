"""What features above ask of the ledger whatever their face: which days are closed, whose accounts moved when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from portal.domain.ledger.access import as_ledger
from portal.domain.ledger.values import AccountKind
from portal.kernel.work import Work

CLOSED_UNTIL = "SELECT max(day) FROM ledger_days"
OWNERS = """
SELECT DISTINCT owner_id FROM ledger_accounts WHERE kind = %s AND owner_id > %s ORDER BY owner_id LIMIT %s
"""
FIRST_MOVED = """
SELECT k.owner_id, (SELECT min(e.day) FROM ledger_entries e WHERE e.owner_id = k.owner_id AND e.day > k.day)
FROM unnest(%s::uuid[], %s::date[]) k(owner_id, day)
"""
_NEVER = date(1, 1, 1)


def closed_until(work: Work) -> date | None:
    """The last closed day: nothing is ever booked on it or before it any more."""
    with as_ledger(work) as driver:
        row = driver.execute(CLOSED_UNTIL).fetchone()
    return row[0] if row else None


def owners_with(work: Work, kind: AccountKind, *, after: UUID | None, most: int) -> tuple[UUID, ...]:
    """Who has an account of this kind, in the order of ids."""
    with as_ledger(work) as driver:
        rows = driver.execute(OWNERS, (kind.value, after or UUID(int=0), most)).fetchall()
    return tuple(row[0] for row in rows)


def first_moved(work: Work, after: Mapping[UUID, date | None]) -> dict[UUID, date]:
    """For each owner the first day after the given one on which an account of his moved; idle ones are left out."""
    with as_ledger(work) as driver:
        asked = (list(after), [day or _NEVER for day in after.values()])
        rows = driver.execute(FIRST_MOVED, asked).fetchall()
    return {owner: day for owner, day in rows if day is not None}
