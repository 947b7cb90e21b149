"""Closing days: sealed first, for a moment alone; then counted, summed, chained and balanced while postings go on.

Both steps may be missed or repeated; the next run catches up, one day after the other.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from portal.domain.ledger import rules
from portal.domain.ledger.values import GUARDED, Day
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

SEALING, CLOSING = 727020, 727021  # advisory locks; every posting shares the first until it commits (migration 0021)
LOT = 5000

UNSEALED = """
SELECT coalesce((SELECT max(day) + 1 FROM ledger_seals), (SELECT min(day) FROM ledger_transfers))
"""
SEAL = "INSERT INTO ledger_seals (day, sealed_at) VALUES (%s, %s)"
UNCLOSED = """
SELECT min(day) FROM ledger_seals WHERE day > coalesce((SELECT max(day) FROM ledger_days), '-infinity')
"""
LAST_CHAIN = "SELECT encode(chain, 'hex') FROM ledger_days WHERE day < %s ORDER BY day DESC LIMIT 1"
LINES = """
SELECT t.asset, t.amount, concat_ws('|', t.id, t.journal_id, j.kind, j.key, j.business_type, j.business_id,
       (extract(epoch FROM j.at) * 1000000)::bigint, t.kind, t.asset, t.debit_owner_id, t.debit_account_id,
       t.debit_kind, t.credit_owner_id, t.credit_account_id, t.credit_kind, t.amount,
       coalesce(t.reverses_id::text, '-'), coalesce(t.line_id::text, '-'))
FROM ledger_transfers t JOIN ledger_journals j ON j.id = t.journal_id WHERE t.day = %s ORDER BY t.id
"""
ADD_DAY = """
INSERT INTO ledger_days (day, transfers, sums, digest, chain, closed_at)
VALUES (%s, %s, %s, decode(%s, 'hex'), decode(%s, 'hex'), %s)
"""
ADD_SNAPSHOTS = """
WITH moved AS (
    SELECT debit_owner_id AS owner_id, debit_account_id AS account_id, -amount AS amount
    FROM ledger_transfers WHERE day = %(day)s AND debit_kind <> ALL (%(guarded)s)
    UNION ALL
    SELECT credit_owner_id, credit_account_id, amount
    FROM ledger_transfers WHERE day = %(day)s AND credit_kind <> ALL (%(guarded)s)
), summed AS (SELECT owner_id, account_id, sum(amount) AS amount FROM moved GROUP BY owner_id, account_id)
INSERT INTO ledger_snapshots (owner_id, account_id, day, balance)
SELECT m.owner_id, m.account_id, %(day)s, m.amount + coalesce((
    SELECT s.balance FROM ledger_snapshots s
    WHERE s.owner_id = m.owner_id AND s.account_id = m.account_id ORDER BY s.day DESC LIMIT 1
), 0)
FROM summed m
"""


def seal(work: Work) -> int:
    """Let nothing more be posted into the days before today (Shanghai); returns how many were sealed.

    Waits two seconds at most for the postings under way, because new ones queue behind it; the next run tries again.
    """
    with borrowed(work, Scope(Face.LEDGER)):
        driver = _driver(work)
        driver.execute("SET LOCAL lock_timeout = '2s'")
        driver.execute(f"SELECT pg_advisory_xact_lock({SEALING})")
        first = driver.execute(UNSEALED).fetchone()[0]
        today = work.now().astimezone(SHANGHAI).date()
        days = [] if first is None else [first + timedelta(days=more) for more in range((today - first).days)]
        for day in days:
            driver.execute(SEAL, (day, work.now()))
    return len(days)


def close(work: Work) -> Day | None:
    """Count, sum and chain the first sealed day that is not closed, and keep its balances; None when all are."""
    with borrowed(work, Scope(Face.LEDGER)):
        driver = _driver(work)
        driver.execute("SET LOCAL statement_timeout = 0")
        driver.execute(f"SELECT pg_advisory_xact_lock({CLOSING})")
        day = driver.execute(UNCLOSED).fetchone()[0]
        return None if day is None else _close(work, driver, day)


def _close(work: Work, driver: Any, day: date) -> Day:
    before = driver.execute(LAST_CHAIN, (day,)).fetchone()
    transfers, sums, digest = digest_of(driver, day)
    chained = rules.chain(before[0] if before else rules.GENESIS, day, transfers, sums, digest)
    driver.execute(ADD_SNAPSHOTS, {"day": day, "guarded": [kind.value for kind in GUARDED]})
    driver.execute(ADD_DAY, (day, transfers, Jsonb(sums), digest, chained, work.now()))
    return Day(day, transfers, sums, digest, chained, work.now())


def digest_of(driver: Any, day: date) -> tuple[int, dict[str, int], str]:
    """Number, sum for each asset and SHA-256 of a day's transfers, a line each in the order of their ids."""
    digest, count, sums = hashlib.sha256(), 0, Counter[str]()
    with driver.cursor(name="ledger_day") as cursor:
        cursor.itersize = LOT
        for asset, amount, line in cursor.execute(LINES, (day,)):
            digest.update(f"{line}\n".encode())
            sums[asset] += amount
            count += 1
    return count, dict(sums), digest.hexdigest()


def _driver(work: Work) -> Any:
    return work.session.connection().connection.driver_connection
