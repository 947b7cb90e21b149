"""The questions of the proof. Each answers with nothing, or with a name, what stands and what was recounted."""

from __future__ import annotations

from portal.domain.ledger.values import Check

COUNTS = {
    Check.ACCOUNTS: "SELECT count(*) FROM ledger_accounts",
    Check.BALANCES: "SELECT count(*) FROM ledger_balances",
    Check.DAYS: "SELECT count(*) FROM ledger_days",
    Check.ENTRIES: "SELECT count(*) FROM ledger_entries",
    Check.HOLDS: "SELECT count(*) FROM ledger_holds",
    Check.JOURNALS: "SELECT count(*) FROM ledger_journals",
    Check.REVERSALS: "SELECT count(*) FROM ledger_reversals",
    Check.SNAPSHOTS: "SELECT count(*) FROM ledger_snapshots",
    Check.ZERO: "SELECT count(*) FROM ledger_transfers",
}
ACCOUNTS = "SELECT owner_id, id, kind, asset, subject_id, guarded FROM ledger_accounts"
DAYS = "SELECT day, transfers, sums, encode(digest, 'hex'), encode(chain, 'hex') FROM ledger_days ORDER BY day"

BALANCES = """
SELECT coalesce(a.kind, b.kind) || ' ' || coalesce(a.owner_id, b.owner_id) || '/' || coalesce(a.id, b.account_id),
       b.balance, coalesce(e.total, 0)
FROM (SELECT * FROM ledger_accounts WHERE guarded) a
FULL JOIN ledger_balances b ON b.owner_id = a.owner_id AND b.account_id = a.id
LEFT JOIN (SELECT owner_id, account_id, sum(amount) AS total FROM ledger_entries GROUP BY owner_id, account_id) e
    ON e.owner_id = coalesce(a.owner_id, b.owner_id) AND e.account_id = coalesce(a.id, b.account_id)
WHERE a.id IS NULL OR b.balance IS DISTINCT FROM coalesce(e.total, 0) OR b.balance < 0
"""
ENTRIES = """
WITH sides AS (
    SELECT day, id, journal_id, kind, debit_owner_id AS owner_id, debit_account_id AS account_id, -amount AS amount
    FROM ledger_transfers
    UNION ALL
    SELECT day, id, journal_id, kind, credit_owner_id, credit_account_id, amount FROM ledger_transfers
), written AS (
    SELECT s.*, j.at, j.business_type, j.business_id FROM sides s JOIN ledger_journals j ON j.id = s.journal_id
)
SELECT 'transfer ' || coalesce(w.id, e.transfer_id) || ' account ' || coalesce(w.owner_id, e.owner_id) || '/'
       || coalesce(w.account_id, e.account_id), e.amount, w.amount
FROM written w FULL JOIN ledger_entries e
    ON e.owner_id = w.owner_id AND e.account_id = w.account_id AND e.day = w.day AND e.transfer_id = w.id
WHERE w.id IS NULL OR e.transfer_id IS NULL
   OR (w.amount, w.kind, w.at, w.business_type, w.business_id)
      IS DISTINCT FROM (e.amount, e.kind, e.at, e.business_type, e.business_id)
"""
HOLDS = """
WITH moved AS (
    SELECT line_id, sum(amount) FILTER (WHERE kind = 'hold') AS held,
           sum(amount) FILTER (WHERE kind = 'release') AS released,
           sum(amount) FILTER (WHERE debit_kind = 'frozen' AND kind <> 'release') AS taken
    FROM ledger_transfers WHERE 'frozen' IN (debit_kind, credit_kind) AND reverses_id IS NULL GROUP BY line_id
)
SELECT 'hold ' || coalesce(h.owner_id::text, '-') || '/' || coalesce(h.id::text, m.line_id::text, '-'),
       concat_ws(' ', h.amount, h.taken, h.released),
       concat_ws(' ', coalesce(m.held, 0), coalesce(m.taken, 0), coalesce(m.released, 0))
FROM ledger_holds h FULL JOIN moved m ON m.line_id = h.id
WHERE (h.amount, h.taken, h.released)
      IS DISTINCT FROM (coalesce(m.held, 0), coalesce(m.taken, 0), coalesce(m.released, 0))
"""
JOURNALS = """
SELECT 'journal ' || j.id, 'day ' || j.day, coalesce(string_agg(DISTINCT t.day::text, ' '), 'no transfer')
FROM ledger_journals j LEFT JOIN ledger_transfers t ON t.journal_id = j.id
GROUP BY j.id HAVING count(t.id) = 0 OR bool_or(t.day <> j.day)
UNION ALL
SELECT 'journal ' || t.journal_id, '0', sum(e.amount)::text
FROM ledger_entries e JOIN ledger_transfers t ON t.id = e.transfer_id GROUP BY t.journal_id HAVING sum(e.amount) <> 0
"""
REVERSALS = """
WITH undone AS (
    SELECT t.reverses_id AS id, sum(t.amount) AS amount,
           bool_and(o.id IS NOT NULL AND k.kind IS NOT NULL AND t.asset = o.asset
                    AND t.debit_account_id = o.credit_account_id
                    AND t.credit_account_id = o.debit_account_id) AS mirrors
    FROM ledger_transfers t
    LEFT JOIN ledger_transfers o ON o.id = t.reverses_id
    LEFT JOIN ledger_kinds k ON k.kind = t.kind AND k.reverses = o.kind
    WHERE t.reverses_id IS NOT NULL GROUP BY t.reverses_id
)
SELECT 'transfer ' || coalesce(r.transfer_id, u.id), concat_ws(' of ', r.reversed, r.amount),
       concat_ws(' of ', u.amount, o.amount) || CASE WHEN u.mirrors THEN '' ELSE ' (not a mirror)' END
FROM ledger_reversals r FULL JOIN undone u ON u.id = r.transfer_id
LEFT JOIN ledger_transfers o ON o.id = coalesce(r.transfer_id, u.id)
WHERE r.reversed IS DISTINCT FROM u.amount OR r.amount IS DISTINCT FROM o.amount OR r.reversed > o.amount
   OR u.mirrors IS NOT true
"""
SNAPSHOTS = """
WITH daily AS (
    SELECT e.owner_id, e.account_id, e.day, sum(e.amount) AS amount
    FROM ledger_entries e JOIN ledger_accounts a ON a.owner_id = e.owner_id AND a.id = e.account_id
    WHERE NOT a.kind = ANY (%(guarded)s) AND e.day <= (SELECT max(day) FROM ledger_days)
    GROUP BY e.owner_id, e.account_id, e.day
), running AS (
    SELECT owner_id, account_id, day, sum(amount) OVER (PARTITION BY owner_id, account_id ORDER BY day) AS total
    FROM daily
)
SELECT 'account ' || coalesce(r.owner_id, s.owner_id) || '/' || coalesce(r.account_id, s.account_id) || ' on '
       || coalesce(r.day, s.day), s.balance, r.total
FROM running r FULL JOIN ledger_snapshots s
    ON s.owner_id = r.owner_id AND s.account_id = r.account_id AND s.day = r.day
WHERE r.total IS DISTINCT FROM s.balance
"""
ZERO = """
SELECT 'asset ' || t.asset, '0', sum(e.amount)::text
FROM ledger_entries e JOIN ledger_transfers t ON t.id = e.transfer_id GROUP BY t.asset HAVING sum(e.amount) <> 0
"""
RECOUNTS = {
    Check.BALANCES: BALANCES,
    Check.ENTRIES: ENTRIES,
    Check.HOLDS: HOLDS,
    Check.JOURNALS: JOURNALS,
    Check.REVERSALS: REVERSALS,
    Check.SNAPSHOTS: SNAPSHOTS,
    Check.ZERO: ZERO,
}
