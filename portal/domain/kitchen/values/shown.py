"""What pages are given of a kitchen, and what a manager says of a printer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.domain.kitchen.values.kinds import Health, JobState, Line, Slips, TicketKind, TicketState, Vendor, Why


@dataclass(frozen=True)
class Ticket:
    """A ticket on a screen."""

    id: UUID
    kind: TicketKind
    state: TicketState
    station_id: UUID | None
    sitting_id: UUID
    round_id: UUID
    line_id: UUID
    dish_id: UUID | None
    place: str
    nth: int
    name: str
    choice: str
    note: str
    quantity: int
    grams: int | None
    unit: str
    placed_at: datetime
    done_at: datetime | None
    seen: bool


@dataclass(frozen=True)
class Card:
    """What one table sent to one station in one round, and the slips about it. `age` is in minutes."""

    key: str
    place: str
    nth: int
    tickets: tuple[Ticket, ...]
    placed_at: datetime
    age: int
    tone: str  # calm, amber, red


@dataclass(frozen=True)
class Sum:
    """How many of one dish wait, with what was chosen."""

    name: str
    unit: str
    quantity: int
    choices: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Screen:
    """A station's screen: cards oldest first, sums per dish, and whether there is something nobody has seen."""

    beat: int
    cards: tuple[Card, ...]
    sums: tuple[Sum, ...]
    waiting: int
    unseen: int
    done: tuple[Ticket, ...] = ()


@dataclass(frozen=True)
class PrinterSetup:
    """What a manager says of a printer: paper of 58 or 80 mm; an empty `secret` keeps the one there is."""

    name: str
    vendor: Vendor
    account: str = ""
    secret: str = ""
    address: str = ""
    width_mm: int = 80
    slips: Slips = Slips.ROUND
    buzzer: bool = True
    receipts: bool = False


@dataclass(frozen=True)
class StationView:
    """A station with its setup."""

    id: UUID
    name: str
    position: int
    catch_all: bool
    printer_id: UUID | None
    spare_id: UUID | None
    amber_minutes: int
    red_minutes: int
    tags: tuple[str, ...] = ()
    dish_ids: tuple[UUID, ...] = ()
    waiting: int = 0


@dataclass(frozen=True)
class PrinterView:
    """A printer with its setup; its secret is not in it."""

    id: UUID
    store_id: UUID
    name: str
    vendor: Vendor
    account: str
    address: str
    has_secret: bool
    width_mm: int
    slips: Slips
    buzzer: bool
    receipts: bool
    active: bool
    trouble: int = 0
    health: Health = Health.UNKNOWN
    health_since: datetime | None = None


@dataclass(frozen=True)
class JobView:
    """A paper in a list."""

    id: UUID
    printer_id: UUID
    printer: str
    kind: str
    title: str
    state: JobState
    why: Why
    again: bool
    lines: tuple[Line, ...]
    made_at: datetime
    changed_at: datetime
    columns: int
    tried: int = 0
