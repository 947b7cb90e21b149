"""Tickets and print jobs with their moves, printers, and what paper is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID


class TicketKind(StrEnum):
    """What the kitchen is told about a line."""

    MAKE = "make"
    CHANGE = "change"  # another number, or other words
    CANCEL = "cancel"


class TicketState(StrEnum):
    """Where a ticket stands."""

    NEW = "new"  # to be made; of a slip: to be taken notice of
    DONE = "done"  # made, waits at the pass; of a slip: taken notice of
    SERVED = "served"
    CANCELLED = "cancelled"


T = TicketState
TICKET_MOVES: Final[Mapping[TicketState, frozenset[TicketState]]] = {
    T.NEW: frozenset({T.DONE, T.SERVED, T.CANCELLED}),
    T.DONE: frozenset({T.NEW, T.SERVED, T.CANCELLED}),  # a cook who pressed too early takes it back
    T.SERVED: frozenset(),
    T.CANCELLED: frozenset(),
}


class Vendor(StrEnum):
    """Who carries a paper to a printer."""

    ESCPOS = "escpos"  # a printer in the store's network
    FEIE = "feie"
    YILIANYUN = "yilianyun"
    SANDBOX = "sandbox"  # demo installations only


class Slips(StrEnum):
    """How a printer's slips are cut."""

    ROUND = "round"  # one for each round
    DISH = "dish"  # one for each dish (一菜一单)


class JobState(StrEnum):
    """Where a paper stands."""

    QUEUED = "queued"
    SENDING = "sending"  # handed to the printer; no answer yet
    SUBMITTED = "submitted"  # the printer's cloud has it
    PRINTED = "printed"
    REFUSED = "refused"  # a clear no: nothing was printed
    UNCERTAIN = "uncertain"  # may be printed or not: a person looks
    DROPPED = "dropped"  # a person says it is not needed, or printed it again


J = JobState
JOB_MOVES: Final[Mapping[JobState, frozenset[JobState]]] = {
    J.QUEUED: frozenset({J.SENDING, J.REFUSED, J.DROPPED}),
    J.SENDING: frozenset({J.QUEUED, J.SUBMITTED, J.PRINTED, J.REFUSED, J.UNCERTAIN}),
    J.SUBMITTED: frozenset({J.PRINTED, J.UNCERTAIN, J.REFUSED}),
    J.UNCERTAIN: frozenset({J.PRINTED, J.REFUSED, J.DROPPED}),  # the worker that was held up tells after all
    J.REFUSED: frozenset({J.QUEUED, J.DROPPED}),
    J.PRINTED: frozenset(),
    J.DROPPED: frozenset(),
}
TROUBLE: Final = (J.UNCERTAIN, J.REFUSED)  # what people are shown until somebody has dealt with it


class Said(StrEnum):
    """What a printer says of a paper."""

    SUBMITTED = "submitted"
    PRINTED = "printed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a printer says no, or nothing."""

    NONE = ""
    OFFLINE = "offline"
    NO_PAPER = "no_paper"
    SILENT = "silent"
    KEY = "key"  # it does not know our account or its key
    DEVICE = "device"  # it does not know the device
    CONTENT = "content"  # too long, or not printable
    GONE = "gone"  # the printer was taken away from the setup
    LOST = "lost"  # the worker ended while it was being printed
    LATE = "late"  # the cloud has had it for long and does not say that it was printed
    CLOSED = "closed"  # its network is not, or not any more, open to printers


@dataclass(frozen=True)
class Answer:
    """What became of a paper; `passing`: nothing was printed and trying again may help. `number` is the vendor's."""

    said: Said
    number: str = ""
    why: Why = Why.NONE
    passing: bool = False


class Health(StrEnum):
    """How a printer is."""

    WELL = "well"
    OFFLINE = "offline"
    NO_PAPER = "no_paper"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Device:
    """One printer, as an adapter needs it. `secret` is open here and goes nowhere else."""

    vendor: Vendor
    account: str
    secret: str = field(repr=False)
    address: str
    columns: int
    buzzer: bool


class Size(StrEnum):
    """How large a line is printed."""

    NORMAL = "normal"
    TALL = "tall"  # double height
    LARGE = "large"  # double height and width


class Side(StrEnum):
    """Where a line stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Form(StrEnum):
    """What a line of paper is."""

    TEXT = "text"
    PAIR = "pair"  # words at the left, a figure at the right
    RULE = "rule"
    QR = "qr"


@dataclass(frozen=True)
class Line:
    """One line of paper, before it is known how wide the paper is."""

    text: str = ""
    form: Form = Form.TEXT
    right: str = ""
    size: Size = Size.NORMAL
    side: Side = Side.LEFT
    bold: bool = False


@dataclass(frozen=True)
class Errand:
    """What the worker carries to a printer."""

    job_id: UUID
    printer_id: UUID
    device: Device
    lines: tuple[Line, ...]
    number: str  # ours, at most 32 signs
    vendor_no: str = ""
    state: JobState = JobState.SENDING
