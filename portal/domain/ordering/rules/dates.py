"""By when an order must leave: couriers come at five, and not on Sundays. Shanghai's days, moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from portal.kernel.figures import SHANGHAI

CUTOFF: Final = time(17, 0)
_SUNDAY: Final = 6


def ship_by(paid_at: datetime) -> datetime:
    """Five o'clock of the day it was paid; of the next working day when it was paid at five or later."""
    local = paid_at.astimezone(SHANGHAI)
    day = local.date() + timedelta(days=local.time() >= CUTOFF)
    while day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    return datetime.combine(day, CUTOFF, SHANGHAI).astimezone(UTC)
