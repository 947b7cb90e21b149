"""From what a carrier said, in any order and any number of times, to where a parcel is and when to ask again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from portal.domain.shipping.values import ParcelState

S = ParcelState
RANK: Final = {S.SENT: 0, S.COLLECTED: 1, S.MOVING: 2, S.DELIVERING: 3, S.DELIVERED: 4, S.RETURNED: 5}
"""How far a parcel is. Trouble is no rank: it is shown while nothing later is known."""
SETTLED: Final = frozenset({S.DELIVERED, S.RETURNED, S.UNDONE})

FORMER_LIFE: Final = timedelta(days=2)
"""Numbers are used again after months: what was said this long before the parcel left is of another one."""
AHEAD: Final = timedelta(days=1)
GIVEN_UP: Final = timedelta(days=45)
SILENCE: Final = timedelta(minutes=15)
_PAUSES: Final = {
    S.SENT: timedelta(hours=2),
    S.COLLECTED: timedelta(hours=3),
    S.MOVING: timedelta(hours=3),
    S.DELIVERING: timedelta(minutes=30),
    S.TROUBLE: timedelta(hours=2),
}


class Said(Protocol):
    """Anything that a carrier said."""

    @property
    def at(self) -> datetime:
        """When it happened, not when we heard of it."""
        ...

    @property
    def state(self) -> ParcelState:
        """What it means."""
        ...


@dataclass(frozen=True)
class Standing:
    """Where a parcel is, since when it is on its way, when it arrived."""

    state: ParcelState
    collected_at: datetime | None
    delivered_at: datetime | None


def standing(said: Iterable[Said]) -> Standing:
    """The furthest that was ever said; a step back is kept in the history and changes nothing. The order in which
    things were said to us does not matter. Trouble shows while it is the last word and nothing is settled.
    """
    every = list(said)
    moves = [one for one in every if RANK.get(one.state, 0) > 0]
    furthest = max((one.state for one in moves), key=RANK.__getitem__, default=S.SENT)
    arrived = [one.at for one in moves if one.state is S.DELIVERED]
    begun = [one.at for one in every if one.state is not S.SENT]
    if furthest not in SETTLED and every:
        latest = max(every, key=lambda one: (one.at, RANK.get(one.state, 0)))
        furthest = S.TROUBLE if latest.state is S.TROUBLE else furthest
    return Standing(furthest, min(begun, default=None), min(arrived, default=None))


def is_ours(at: datetime, *, sent_at: datetime, now: datetime) -> bool:
    """Whether a report can be of this parcel: not of the number's former life, not of the far future."""
    return sent_at - FORMER_LIFE <= at <= now + AHEAD


def next_question(state: ParcelState, *, sent_at: datetime, now: datetime) -> datetime | None:
    """When to ask again: seldom on the long way, often on the last mile, no more when it is settled or forgotten."""
    if state in SETTLED or now - sent_at > GIVEN_UP:
        return None
    return now + _PAUSES[state]


def after_silence(*, sent_at: datetime, now: datetime) -> datetime | None:
    """When to ask again after no answer: it is the asked who is out, not the parcel."""
    return None if now - sent_at > GIVEN_UP else now + SILENCE
