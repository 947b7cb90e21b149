"""Withdrawals for pages and for the worker."""

from __future__ import annotations

from portal.domain.payouts.queries.desk import desk, quote, terms
from portal.domain.payouts.queries.lists import (
    MOST_EXPORTED,
    Asked,
    Totals,
    own,
    own_one,
    queue,
    queue_counts,
    queue_one,
)
from portal.domain.payouts.queries.sweeps import due_attempts, waiting_orders

__all__ = [
    "MOST_EXPORTED",
    "Asked",
    "Totals",
    "desk",
    "due_attempts",
    "own",
    "own_one",
    "queue",
    "queue_counts",
    "queue_one",
    "quote",
    "terms",
    "waiting_orders",
]
