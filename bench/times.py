"""Times worked out by hand: one service of 60 and 15 minutes, a technician and a room, one cell, one zone, no leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from portal.kernel.figures import SHANGHAI

DAYS, NEEDED = 14, 75


def times_by_hand(books: Sequence[Any], busy: Sequence[Any]) -> list[tuple[datetime, list[datetime]]]:
    """The beginnings of each of the next fourteen days, from ten minutes on."""
    now = datetime.now(UTC)
    start = datetime.combine(now.astimezone(SHANGHAI).date(), time(), SHANGHAI)
    work: dict[Any, list[tuple[int, int]]] = {}
    off: dict[Any, list[tuple[int, int]]] = {}
    kinds = {}
    for row in books:
        kinds[row[1]] = row[3]
        if row[9] is None:
            work[row[1]] = [(0, (DAYS + 1) * 1440)]
            continue
        for day in range(DAYS):
            if (start + timedelta(days=day)).weekday() == row[9]:
                into = work if row[12] == "work" else off
                into.setdefault(row[1], []).append((day * 1440 + row[10], day * 1440 + row[10] + row[11]))
    for row in busy:
        since = int((row[2] - start).total_seconds() // 60)
        off.setdefault(row[0], []).append((since, since + int((row[3] - row[2]).total_seconds() // 60)))
    masks = {"technician": 0, "room": 0}
    for one, shifts in work.items():
        masks[kinds[one]] |= beginnings(sorted(shifts), sorted(off.get(one, ())))
    both, least = masks["technician"] & masks["room"], now + timedelta(minutes=10)
    found = []
    for day in range(DAYS):
        at = [start + timedelta(days=day, minutes=15 * n) for n in range(96) if both >> (day * 96 + n) & 1]
        found.append((start + timedelta(days=day), [one for one in at if one >= least]))
    return found


def beginnings(shifts: Iterable[tuple[int, int]], off: Sequence[tuple[int, int]]) -> int:
    """Quarters at which somebody with these shifts, who is off then, can begin."""
    found = 0
    for since, until in shifts:
        at = since
        for a, b in (*(one for one in off if one[1] > since and one[0] < until), (until, until)):
            first, last = -(-at // 15), (min(a, until) - NEEDED) // 15
            if first <= last:
                found |= ((1 << (last - first + 1)) - 1) << first
            at = max(at, b)
    return found
