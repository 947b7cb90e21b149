"""A printer that prints nowhere, for demo installations: what its address says is what it does.

offline, no-paper: a clear no; silent: it prints and does not say so; late: it is asked twice before it says so.
"""

from __future__ import annotations

from typing import Final

from portal.domain.kitchen.values import Answer, Device, Errand, Health, Said, Why

FAULTS: Final = ("", "offline", "no-paper", "silent", "late")


class Pretend:
    """The demo's printer."""

    def send(self, errand: Errand) -> Answer:
        """As its address says."""
        match errand.device.address:
            case "offline":
                return Answer(Said.REFUSED, why=Why.OFFLINE)
            case "no-paper":
                return Answer(Said.REFUSED, why=Why.NO_PAPER)
            case "silent":
                return Answer(Said.UNKNOWN, why=Why.SILENT)
            case "late":
                return Answer(Said.SUBMITTED, errand.number)
            case _:
                return Answer(Said.PRINTED)

    def state(self, errand: Errand) -> Answer:
        """What was late is printed now; silence stays."""
        if errand.vendor_no:
            return Answer(Said.PRINTED, errand.vendor_no)
        return Answer(Said.UNKNOWN, why=Why.SILENT)

    def health(self, device: Device) -> Health:
        """As its address says."""
        return {"offline": Health.OFFLINE, "no-paper": Health.NO_PAPER, "silent": Health.UNKNOWN}.get(
            device.address, Health.WELL
        )
