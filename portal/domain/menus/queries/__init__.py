"""What pages read about menus: what a store serves and what it costs, and the lists of the desk."""

from portal.domain.menus.queries.choices import choices, last_repriced, stopped_counts
from portal.domain.menus.queries.desk import (
    counts,
    dish,
    dishes,
    menus,
    parts,
    section,
    sections,
    stations,
)
from portal.domain.menus.queries.imports import asked_groups, import_line, import_row, import_rows, imports
from portal.domain.menus.queries.served import offers, quote, served, table_rules
from portal.domain.menus.queries.trades import trades

__all__ = [
    "asked_groups",
    "choices",
    "counts",
    "dish",
    "dishes",
    "import_line",
    "import_row",
    "import_rows",
    "imports",
    "last_repriced",
    "menus",
    "offers",
    "parts",
    "quote",
    "section",
    "sections",
    "served",
    "stations",
    "stopped_counts",
    "table_rules",
    "trades",
]
