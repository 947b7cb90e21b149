"""What pages and features read of settlement."""

from portal.domain.ledger.queries import journal_ids as journals_of
from portal.domain.settlement.queries.figures import PAGE, all_in, figures, lines, named_lines, of_orders, totals
from portal.domain.settlement.queries.margins import MarginLine, margins
from portal.domain.settlement.queries.statements import (
    Awaited,
    awaited,
    due_settlements,
    number_of,
    period_of,
    running,
    statement,
    statements,
    terms,
    terms_of,
    waiting_count,
)

__all__ = [
    "PAGE",
    "Awaited",
    "MarginLine",
    "all_in",
    "awaited",
    "due_settlements",
    "figures",
    "journals_of",
    "lines",
    "margins",
    "named_lines",
    "number_of",
    "of_orders",
    "period_of",
    "running",
    "statement",
    "statements",
    "terms",
    "terms_of",
    "totals",
    "waiting_count",
]
