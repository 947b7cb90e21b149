"""At which times a visit can begin, and who then serves it. One rule for pages and for acts.

A grid of quarters of an hour; a resource's possible beginnings are the bits of a whole number, so that a day of twenty
technicians and six rooms is a few hundred operations. Intervals are the calendar's: free, half open, in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from portal.domain.bookings.values import STEP, Part, Res, Seated
from portal.domain.calendar.values import Interval

Free = Mapping[UUID, Sequence[Interval]]
TECHNICIAN = "technician"
NOBODY: Final[Mapping[int, UUID]] = MappingProxyType({})


@dataclass(frozen=True)
class Joinable:
    """A session with a seat left."""

    id: UUID
    service_id: UUID
    technician: Res | None
    places: tuple[Res, ...]
    starts_at: datetime


def on_grid(at: datetime) -> bool:
    """Whether a visit that a client books can begin then: a quarter of an hour, which is one on all clocks of China."""
    return not (at - datetime.fromtimestamp(0, UTC)) % STEP


def starts(
    parts: Sequence[Part],
    free: Free,
    window: Interval,
    *,
    technician_id: UUID | None = None,
    sessions: Sequence[Joinable] = (),
) -> tuple[datetime, ...]:
    """The beginnings in [window) at which every service has all it needs; with `technician_id` all by this one."""
    count = max(0, -(-(window.end - window.start) // STEP))
    mask = (1 << count) - 1
    for part in parts:
        mask &= _possible(part, free, window, count, technician_id) | _joined(part, sessions, window, technician_id)
        if not mask:
            return ()
    return tuple(window.start + STEP * at for at in range(count) if mask >> at & 1)


def _possible(part: Part, free: Free, window: Interval, count: int, technician_id: UUID | None) -> int:
    """The beginnings of the visit at which this service has everything of its own."""
    mask = (1 << count) - 1
    for kind, able in part.offer.able.items():
        found = 0
        for one in able:
            if kind != TECHNICIAN or technician_id in (None, one.id):
                found |= _bits(part, free.get(one.id, ()), window, count)
        mask &= found
    return mask


def _bits(part: Part, free: Sequence[Interval], window: Interval, count: int) -> int:
    draft, found = part.offer.service.draft, 0
    lead = timedelta(minutes=part.offset - draft.before_minutes)
    tail = timedelta(minutes=part.offset + draft.minutes + draft.after_minutes)
    whole = tail - lead
    for start, end in free:
        if end - start < whole:
            continue
        first = max(0, -((window.start - (start - lead)) // STEP))
        last = min(count - 1, (end - tail - window.start) // STEP)
        if first <= last:
            found |= ((1 << (last - first + 1)) - 1) << first
    return found


def _joined(part: Part, sessions: Sequence[Joinable], window: Interval, technician_id: UUID | None) -> int:
    """The beginnings at which it joins others."""
    found = 0
    for one in sessions:
        if one.service_id == part.offer.service.id and _fits(one, technician_id):
            at, rest = divmod(one.starts_at - timedelta(minutes=part.offset) - window.start, STEP)
            if at >= 0 and not rest:
                found |= 1 << at
    return found


def _fits(session: Joinable, technician_id: UUID | None) -> bool:
    return technician_id is None or (session.technician is not None and session.technician.id == technician_id)


def seat(
    parts: Sequence[Part],
    free: Free,
    starts_at: datetime,
    *,
    order: Sequence[UUID] = (),
    technician_id: UUID | None = None,
    sessions: Sequence[Joinable] = (),
    only: Mapping[int, UUID] = NOBODY,
    now: Mapping[int, UUID] = NOBODY,
) -> tuple[Seated, ...] | None:
    """Who serves each service of a visit that begins then; None when somebody or something is missing.

    Who does it `now` (by the service's place in the visit) goes on; whoever served before does; else the first of
    `order` (technicians, whose turn it is), else the store's order. `only` names who must do one of them.
    """
    rank = {one: at for at, one in enumerate(order)}
    found: list[Seated] = []
    for nth, part in enumerate(parts):
        begins = starts_at + timedelta(minutes=part.offset)
        ends = begins + timedelta(minutes=part.minutes)
        joined = next(
            (
                one
                for one in sessions
                if (one.service_id, one.starts_at) == (part.offer.service.id, begins) and _fits(one, technician_id)
            ),
            None,
        )
        if joined is not None:
            wanted = technician_id is not None
            found.append(Seated(part, begins, ends, joined.technician, joined.places, wanted, joined.id))
            continue
        chosen: dict[str, Res] = {}
        for kind, able in part.offer.able.items():
            wanted_id = technician_id or only.get(nth)
            likely = _candidates(kind, able, found, rank, wanted_id, now.get(nth))
            one = _first(likely, part, free, begins, ends)
            if one is None:
                return None
            chosen[kind] = one
        places = tuple(one for kind, one in chosen.items() if kind != TECHNICIAN)
        who = chosen.get(TECHNICIAN)
        found.append(Seated(part, begins, ends, who, places, technician_id is not None and who is not None))
    return tuple(found)


def _candidates(
    kind: str,
    able: Sequence[Res],
    before: Sequence[Seated],
    rank: Mapping[UUID, int],
    technician_id: UUID | None,
    now: UUID | None,
) -> list[Res]:
    if kind == TECHNICIAN and technician_id is not None:
        return [one for one in able if one.id == technician_id]
    used = {res.id for one in before for res in one.resources}
    return sorted(able, key=lambda one: (one.id != now, one.id not in used, rank.get(one.id, len(rank))))


def _first(candidates: Sequence[Res], part: Part, free: Free, begins: datetime, ends: datetime) -> Res | None:
    draft = part.offer.service.draft
    start, end = begins - timedelta(minutes=draft.before_minutes), ends + timedelta(minutes=draft.after_minutes)
    return next((one for one in candidates if any(a <= start and end <= b for a, b in free.get(one.id, ()))), None)


def ranges(seated: Sequence[Seated]) -> dict[UUID, tuple[Interval, ...]]:
    """What each resource is needed for, buffers inside, joined where a visit's own services touch. Without sessions."""
    wanted: dict[UUID, list[Interval]] = {}
    for one in seated:
        draft = one.part.offer.service.draft
        start = one.starts_at - timedelta(minutes=draft.before_minutes)
        end = one.ends_at + timedelta(minutes=draft.after_minutes)
        if one.session_id is None:
            for res in one.resources:
                wanted.setdefault(res.id, []).append(Interval(start, end))
    return {one: joined(found) for one, found in wanted.items()}


def joined(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    """Sorted and joined where they touch or overlap."""
    found: list[Interval] = []
    for one in sorted(intervals):
        if found and one.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)
