"""How old is late, and when the worker looks at a paper again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

CALM, AMBER, RED = "calm", "amber", "red"
AMBER_MINUTES, RED_MINUTES = 8, 15
"""Of a store that says nothing else."""
PICKED_UP: Final = timedelta(seconds=20)
"""A queued paper that no worker took by then is looked for."""
LOOKED_FOR: Final = timedelta(minutes=2)
"""And looked for again: it may wait behind others of its printer."""
LOST: Final = timedelta(seconds=30)
"""A worker that holds a paper longer has ended: a call to a printer takes five seconds at most."""
TRIES_FOR: Final = timedelta(minutes=10)
"""How long a printer that clearly printed nothing (offline, no paper) is tried again by itself."""
LATE: Final = timedelta(minutes=3)
"""A cloud that has a paper for longer without printing it: people are told."""
ASKED_FOR: Final = timedelta(days=1)
RECALL_FOR: Final = timedelta(hours=2)
WAITS_FOR: Final = timedelta(days=1)
"""What was neither made nor cleared away by then is nobody's dinner any more: screens leave it out."""


def age(placed_at: datetime, now: datetime) -> int:
    """Whole minutes."""
    return max(0, int((now - placed_at).total_seconds() // 60))


def tone(minutes: int, amber: int, red: int) -> str:
    """The colour of that age."""
    if minutes >= red:
        return RED
    return AMBER if minutes >= amber else CALM


def again(tried: int) -> timedelta:
    """How long to wait before a printer that said no is tried again: 10 s, 20 s, half a minute. All its papers wait."""
    return timedelta(seconds=min(30, 5 * 2 ** min(tried, 4)))


def ask(asked: int) -> timedelta:
    """How long to wait before a cloud is asked again: 4 s, 8 s … half an hour."""
    return timedelta(seconds=min(1800, 4 * 2 ** min(asked, 9)))
