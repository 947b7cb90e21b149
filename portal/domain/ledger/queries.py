"""Balances, entries and journals for pages and features, as frozen dataclasses; read only."""

from __future__ import annotations

from portal.domain.ledger.access import access_balance, as_ledger
from portal.domain.ledger.values import AccountRef
from portal.kernel.work import Work

DERIVED = """
SELECT coalesce(s.balance, 0) + coalesce((
    SELECT sum(e.amount) FROM ledger_entries e
    WHERE e.owner_id = k.owner_id AND e.account_id = k.id AND e.day > coalesce(s.day, '-infinity')
), 0)::bigint
FROM (SELECT %s::uuid AS owner_id, %s::uuid AS id) k
LEFT JOIN LATERAL (
    SELECT day, balance FROM ledger_snapshots
    WHERE owner_id = k.owner_id AND account_id = k.id ORDER BY day DESC LIMIT 1
) s ON true
"""


def balance(work: Work, ref: AccountRef) -> int:
    """What an account has, in units of its asset; nothing when it was never opened. For features, whatever the face."""
    if ref.is_guarded:
        return access_balance(work, ref)
    with as_ledger(work) as driver:
        row = driver.execute(DERIVED, (ref.owner_id, ref.id)).fetchone()
    return int(row[0]) if row else 0
