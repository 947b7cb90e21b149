"""Past orders that a merchant brings from another system: for looking up and for totals, outside the ledger.

Amounts are decimal numbers of any currency, never money of the portal; nothing here is paid, shipped or settled.
"""
