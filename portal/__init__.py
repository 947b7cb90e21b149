"""Jieshi 街市: a multi-tenant merchant and store portal.

Five rules hold the house up:

1. Offices show, features decide, the kernel carries, adapters reach out. Arrows point down only.
2. A request is one `Work`: one actor, one scope, one clock, one transaction. Returning commits, raising rolls back.
   A GET's Work is read-only. Beside it, never inside it, stand the *gate* (limits, counted first and committed) and
   the *trace* (session touch, denied-access audit, written after the Work gave its connection back).
3. Nothing is open by default: a route without a permission does not import, a query without a scope does not run.
4. Money moves only by transfers; a transfer is written once and never changed.
5. Downwards, call; upwards, publish an event; outside, enqueue a job in the same transaction.

Map: `kernel` what every feature needs · `domain` the features, lowest first · `adapters` outside systems behind
ports · `web` the offices · `jobs` the worker · `commands` the command line · `localdb` the embedded PostgreSQL ·
`wiring.py` the composition root · `app.py` the Flask application.
"""
