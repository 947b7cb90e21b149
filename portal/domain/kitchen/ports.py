"""The way to printers. Every call ends within five seconds and runs in the worker, outside any transaction.

An adapter never sends a paper twice by itself, and says UNKNOWN whenever it cannot know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from portal.domain.kitchen.values import Answer, Device, Errand, Health, Vendor

TIMEOUT_SECONDS = 5.0


class Printer(Protocol):
    """One vendor's way of printing."""

    def send(self, errand: Errand) -> Answer:
        """Hand over a paper, once. REFUSED only when nothing can have been printed; any doubt is UNKNOWN."""
        ...

    def state(self, errand: Errand) -> Answer:
        """How a paper stands that was handed over; UNKNOWN when it cannot be told. Prints nothing."""
        ...

    def health(self, device: Device) -> Health:
        """How the printer is now."""
        ...


Printers = Mapping[Vendor, Printer]
"""The vendors of this installation."""
