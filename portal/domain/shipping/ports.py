"""The way to whoever knows where parcels are. Shaped after 快递100 and 快递鸟, so that they fit it later.

Calls run in the worker, never inside a transaction, end within five seconds and may be made twice. A push of an
aggregator says the same as an answer to `query`: its adapter reads it into a `Track` for `actions.tracking.store`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from portal.domain.shipping.values import ParcelState

TIMEOUT_SECONDS = 5.0


class TrackerSilent(Exception):
    """No answer, a late one, or one that nobody can read: asked again later."""


class TrackerRefused(Exception):
    """A clear no: the carrier is not known there, or it wants a telephone number that does not fit."""


@dataclass(frozen=True)
class Sought:
    """What is asked: a number of a carrier (our code), the last four digits of the recipient's phone, which some want,
    when it was handed over as far as we know, and where to (names from the province down).
    """

    carrier: str
    number: str
    phone_tail: str
    sent_at: datetime
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """One thing a carrier said. `source_id` is its own mark, the same whenever it says it again."""

    source_id: str
    at: datetime
    state: ParcelState
    text: str
    place: str = ""


@dataclass(frozen=True)
class Track:
    """All that is known of a number so far, in any order."""

    reports: tuple[Report, ...] = field(default=())


class Tracker(Protocol):
    """An aggregator, or a carrier's own service."""

    name: str

    def subscribe(self, sought: Sought) -> None:
        """Ask to be told by itself; the same again does no harm. Raises TrackerSilent, TrackerRefused."""
        ...

    def query(self, sought: Sought) -> Track | None:
        """What is known; None when the number is not known (yet). Raises TrackerSilent, TrackerRefused."""
        ...
