"""A visit that exists: its services as they were agreed, and what it has in the calendar. For moving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from portal.domain.bookings.queries.offers import offers
from portal.domain.bookings.rules import slots
from portal.domain.bookings.values import LineShown, Offer
from portal.domain.calendar.values import Interval
from portal.kernel.work import Work


def agreed(work: Work, merchant_id: UUID, store_id: UUID, lines: Sequence[LineShown]) -> tuple[Offer, ...]:
    """The services of a visit with who can serve them now, as long as they were agreed to be; what was agreed for one
    stays so when the service is for several by now.
    """
    found = offers(work, merchant_id, store_id, [line.service_id for line in lines], stopped=True)
    return tuple(_as_agreed(offer, line) for offer, line in zip(found, lines, strict=True))


def _as_agreed(offer: Offer, line: LineShown) -> Offer:
    draft = replace(
        offer.service.draft,
        minutes=int((line.ends_at - line.starts_at).total_seconds() // 60),
        before_minutes=line.before_minutes,
        after_minutes=line.after_minutes,
        price_fen=line.price_fen,
        group_size=1 if line.session_id is None else offer.service.draft.group_size,
    )
    return replace(offer, service=replace(offer.service, draft=draft))


def own_of(lines: Sequence[LineShown]) -> dict[UUID, tuple[Interval, ...]]:
    """What a visit has now, by resource; nothing of sessions."""
    found: dict[UUID, list[Interval]] = {}
    for line in lines:
        if line.session_id is not None:
            continue
        start = line.starts_at - timedelta(minutes=line.before_minutes)
        end = line.ends_at + timedelta(minutes=line.after_minutes)
        for one in [*(place.id for place in line.places), *([line.technician_id] if line.technician_id else [])]:
            found.setdefault(one, []).append(Interval(start, end))
    return {one: slots.joined(spans) for one, spans in found.items()}
