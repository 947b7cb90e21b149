"""What pages of the kitchen show: screens, the pass, papers, setup."""

from __future__ import annotations

from portal.domain.kitchen.queries.papers import job, jobs, printed_for, trouble
from portal.domain.kitchen.queries.screens import pulse, ready, screen
from portal.domain.kitchen.queries.setup import printers, stations

__all__ = ["job", "jobs", "printed_for", "printers", "pulse", "ready", "screen", "stations", "trouble"]
