"""What pages of the kitchen show: screens, the pass, papers, setup."""

from __future__ import annotations

from portal.domain.kitchen.queries.papers import job, jobs, trouble
from portal.domain.kitchen.queries.screens import pulse, ready, screen
from portal.domain.kitchen.queries.setup import ill_printers, printers, stations

__all__ = ["ill_printers", "job", "jobs", "printers", "pulse", "ready", "screen", "stations", "trouble"]
