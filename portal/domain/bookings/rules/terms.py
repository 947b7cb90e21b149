"""What a visit costs, what of it is paid in advance, what the store keeps. Money in fen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from portal.domain.bookings.values import Missed, Offer, Part, ServiceDraft, Terms


def parts_of(offers: Sequence[Offer]) -> tuple[Part, ...]:
    """The services of a visit one after the other: the client never waits in between."""
    found, offset = [], 0
    for offer in offers:
        found.append(Part(offer, offset))
        offset += offer.service.draft.minutes
    return tuple(found)


def terms_of(services: Iterable[ServiceDraft]) -> Terms:
    """The terms of one visit: sums of money, and the strictest time to call off."""
    found = list(services)
    return Terms(
        price_fen=sum(one.price_fen for one in found),
        prepay_fen=sum(one.prepay_fen for one in found),
        keep_fen=sum(one.prepay_fen for one in found if one.missed is Missed.KEEP),
        cancel_minutes=max((one.cancel_minutes for one in found), default=0),
        minutes=sum(one.minutes for one in found),
    )


def with_passes(offers: Sequence[Offer], paid_by_pass: Collection[UUID]) -> Terms:
    """The terms when passes pay for some services: those ask for no money, but a service that keeps
    what was prepaid keeps the use as well.
    """
    whole = terms_of(offer.service.draft for offer in offers)
    rest = terms_of(offer.service.draft for offer in offers if offer.service.id not in paid_by_pass)
    held = [offer.service.draft for offer in offers if offer.service.id in paid_by_pass]
    uses = sum(one.missed is Missed.KEEP for one in held)
    return Terms(rest.price_fen, rest.prepay_fen, rest.keep_fen, whole.cancel_minutes, whole.minutes, uses)


def cancel_until(starts_at: datetime, cancel_minutes: int) -> datetime:
    """Before this moment calling off or moving costs nothing."""
    return starts_at - timedelta(minutes=cancel_minutes)


def kept(prepaid_fen: int, keep_fen: int, *, free: bool) -> int:
    """What of a prepayment the store keeps when a visit does not take place."""
    return 0 if free else min(prepaid_fen, keep_fen)
