"""The list of moves that the ledger can write: rows for people, one check on the transfers for the database.

A foreign key to the list would lock its rows in every posting of the platform; a check locks nothing. The check is
made anew from the rows without reading the transfers twice: first for new rows, then proved for the old ones.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

CHECK = "ck_ledger_transfers_listed"
WORDS = "kind || '>' || debit_kind || '>' || credit_kind || '>' || asset"
MOVED = f"{WORDS} || (CASE WHEN reverses_id IS NULL THEN '' ELSE '!' END)"
LISTED = f"{WORDS} || (CASE WHEN reverses IS NULL THEN '' ELSE '!' END)"


def allow(*moves: tuple[str, str, str, str, str | None]) -> None:
    """Add (kind, debit kind, credit kind, asset, kind it reverses or None)."""
    kinds = sa.table("ledger_kinds", *map(sa.column, ("kind", "debit_kind", "credit_kind", "asset", "reverses")))
    names = [column.name for column in kinds.columns]
    op.bulk_insert(kinds, [dict(zip(names, move, strict=True)) for move in sorted(moves, key=lambda one: one[4] or "")])
    _check()


def forbid(*kinds: str) -> None:
    """Take kinds off the list; refused when a transfer of one exists."""
    op.execute(sa.text("DELETE FROM ledger_kinds WHERE kind = ANY (:kinds)").bindparams(kinds=list(kinds)))
    _check()


def _check() -> None:
    listed = op.get_bind().execute(sa.text(f"SELECT {LISTED} FROM ledger_kinds ORDER BY 1")).scalars().all()
    words = ", ".join(f"'{word}'" for word in listed)
    op.execute(f"ALTER TABLE ledger_transfers DROP CONSTRAINT IF EXISTS {CHECK}")
    op.execute(f"ALTER TABLE ledger_transfers ADD CONSTRAINT {CHECK} CHECK ({MOVED} = ANY (ARRAY[{words}])) NOT VALID")
    op.execute(f"ALTER TABLE ledger_transfers VALIDATE CONSTRAINT {CHECK}")
