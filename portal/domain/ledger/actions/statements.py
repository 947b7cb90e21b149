"""The ledger's statements: one for each table, for any number of rows, prepared once by the driver."""

ADD_JOURNAL = """
INSERT INTO ledger_journals (id, kind, key, fingerprint, business_type, business_id, at, day, actor_kind, actor_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING day
"""
OPEN_ACCOUNTS = """
INSERT INTO ledger_accounts (opened_at, owner_id, id, kind, asset, subject_id, guarded)
SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::boolean[])
ON CONFLICT DO NOTHING RETURNING id
"""
OPEN_BALANCES = """
INSERT INTO ledger_balances (owner_id, account_id, kind, asset, balance)
SELECT *, 0 FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING
"""
ADD_TRANSFERS = """
INSERT INTO ledger_transfers (day, journal_id, id, kind, asset, debit_owner_id, debit_account_id, debit_kind,
                              credit_owner_id, credit_account_id, credit_kind, amount, reverses_id, line_id)
SELECT %s, %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::uuid[], %s::text[],
                             %s::uuid[], %s::uuid[], %s::text[], %s::bigint[], %s::uuid[], %s::uuid[])
"""
ADD_ENTRIES = """
INSERT INTO ledger_entries (day, at, business_type, business_id, owner_id, account_id, transfer_id, amount, kind)
SELECT %s, %s, %s, %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::text[])
"""
CHANGE_BALANCE = "UPDATE ledger_balances SET balance = balance + %s WHERE owner_id = %s AND account_id = %s"
REVERSE = """
INSERT INTO ledger_reversals AS r (transfer_id, amount, reversed)
SELECT id, amount, %s FROM ledger_transfers
WHERE id = %s AND kind = %s AND debit_account_id = %s AND credit_account_id = %s
ON CONFLICT (transfer_id) DO UPDATE SET reversed = r.reversed + excluded.reversed
"""
ADD_HOLD = """
INSERT INTO ledger_holds (owner_id, id, account_id, business_type, business_id, amount, taken, released, held_at)
VALUES (%s, %s, %s, %s, %s, %s, 0, 0, %s)
"""
TAKE_HELD = "UPDATE ledger_holds SET taken = taken + %s WHERE owner_id = %s AND id = %s"
RELEASE_HELD = "UPDATE ledger_holds SET released = released + %s WHERE owner_id = %s AND id = %s"
