"""What uses are worth, as pure arithmetic on sums, so that any row of uses, refunds and expiry ends alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from portal.kernel.figures import SHANGHAI


@dataclass(frozen=True)
class Tally:
    """The counters of a pass. `back` was refunded, `lapsed` expired; what is neither of all these is left."""

    uses: int
    price_fen: int
    used: int = 0
    held: int = 0
    back: int = 0
    lapsed: int = 0

    @property
    def left(self) -> int:
        """How many can still be held or used."""
        return self.uses - self.used - self.held - self.back - self.lapsed

    @property
    def earned_fen(self) -> int:
        """The merchant's by now: the floor of the price over the uses that are gone for good."""
        return self.price_fen * (self.used + self.lapsed) // self.uses

    @property
    def refunded_fen(self) -> int:
        """The buyer's again by now. With all uses gone it and what is earned are the price, to the fen."""
        return self.price_fen - self.price_fen * (self.uses - self.back) // self.uses

    @property
    def open_fen(self) -> int:
        """What would go back if all that is left were refunded now."""
        gone = self.uses - self.back - self.left
        return self.price_fen - self.price_fen * gone // self.uses - self.refunded_fen


def ends_at(paid_at: datetime, days: int | None) -> datetime | None:
    """The end of the last day in Shanghai, `days` after the day of paying; None without end."""
    return None if days is None else _midnight(paid_at, days + 1)


def _midnight(at: datetime, days: int) -> datetime:
    return datetime.combine(at.astimezone(SHANGHAI).date() + timedelta(days=days), time(), SHANGHAI)


def refund_until(paid_at: datetime, days: int) -> datetime:
    """So many days, to the minute: nobody loses a part of the first one."""
    return paid_at + timedelta(days=days)
