"""What pages and features read of settlement."""

from portal.domain.settlement.queries.figures import all_in, figures, lines, named_lines, totals
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
    "Awaited",
    "MarginLine",
    "all_in",
    "awaited",
    "due_settlements",
    "figures",
    "lines",
    "margins",
    "named_lines",
    "number_of",
    "period_of",
    "running",
    "statement",
    "statements",
    "terms",
    "terms_of",
    "totals",
    "waiting_count",
]
