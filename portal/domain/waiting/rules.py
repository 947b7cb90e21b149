"""Pure rules of a queue: which day it is, how long a turn takes, where somebody who comes back stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from portal.domain.waiting.values import RANK, SEEN_TURNS
from portal.kernel.figures import SHANGHAI

NIGHT = timedelta(hours=5)


def day_of(at: datetime) -> date:
    """The day a number belongs to: until five in the morning it is still the evening before."""
    return (at.astimezone(SHANGHAI) - NIGHT).date()


def turn_minutes(turns: Sequence[datetime], usual: int) -> int:
    """Minutes from one party to the next: the middle of the last gaps between turns seen, else the usual.

    Pauses longer than four usual turns are not waiting but an empty queue. Fewer than three gaps are mixed with the
    usual, so that one quick party promises nothing.
    """
    recent = sorted(turns)[-SEEN_TURNS - 1 :]
    gaps = [(b - a).total_seconds() / 60 for a, b in pairwise(recent)]
    gaps = [gap for gap in gaps if gap <= 4 * usual]
    if len(gaps) < 3:
        gaps += [float(usual)] * (3 - len(gaps))
    return max(1, round(median(gaps)))


def wait_minutes(ahead: int, turn: int) -> int:
    """What is promised to somebody with so many before him: in steps of five from ten on."""
    minutes = (ahead + 1) * turn
    return minutes if minutes < 10 else -(-minutes // 5) * 5


def rank_of(nth: int) -> int:
    """The place of a fresh number: behind all before it, with room between two."""
    return nth * RANK


def rank_back(waiting: Sequence[int], last: int, back_by: int) -> int:
    """The place of who comes back: behind the next `back_by` who wait, at the end when they are fewer.

    `waiting` are the ranks in order, `last` how many numbers there are.
    """
    if len(waiting) >= back_by and back_by > 0:
        before = waiting[back_by - 1]
        after = waiting[back_by] if len(waiting) > back_by else before + RANK
        return before + max(1, (after - before) // 2)
    return max([rank_of(last), *waiting]) + 1
