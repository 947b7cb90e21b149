"""States of services, visits and waiting, with their allowed moves and their words; times that hold for all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from portal.kernel.words import Text, say

BUSINESS: Final = "booking"
"""What a booking is called in payments and in the ledger."""
HOLDER: Final = "booking"
"""And in the calendar."""
STEP: Final = timedelta(minutes=15)
HORIZON_DAYS: Final = 30
LEAD: Final = timedelta(minutes=10)
"""The least time between booking and beginning, for consumers."""
HELD_FOR: Final = timedelta(minutes=15)
"""How long a time is kept for who has to pay in advance."""
OFFERED_FOR: Final = timedelta(minutes=30)
"""How long a freed time is kept for who waits for it."""
REMIND_BEFORE: Final = timedelta(hours=3)
ARRIVES_BEFORE: Final = timedelta(hours=36)
"""Before that nobody has arrived: what was paid in advance for a visit to come is not earned yet."""
CLOSES_AFTER: Final = timedelta(hours=24)
"""How long after its end a visit that nobody marked is closed."""
MOVED_FREE: Final = timedelta(hours=24)
"""So long a client may say no, for nothing, to a time that the store has given him."""
MOST_SERVICES: Final = 5
MOST_MOVES: Final = 20
MOST_LIVING: Final = 10
"""Visits to come of one person at one store."""
NOTE_MOST: Final = 200


class ServiceState(StrEnum):
    """Whether it can be booked."""

    DRAFT = "draft"
    OFFERED = "offered"
    STOPPED = "stopped"


class Prepay(StrEnum):
    """What is asked for in advance: nothing, 订金 (goes back), 定金 (stays), the whole price."""

    NONE = "none"
    DEPOSIT = "deposit"
    EARNEST = "earnest"
    FULL = "full"


class Missed(StrEnum):
    """What becomes of the prepayment after a no-show or a late cancellation."""

    KEEP = "keep"
    RETURN = "return"


PREPAYS: Final[Mapping[Prepay, Text]] = {
    Prepay.NONE: say("到店付"),
    Prepay.DEPOSIT: say("订金（可退）"),
    Prepay.EARNEST: say("定金（爽约不退）"),
    Prepay.FULL: say("全额预付"),
}
NEEDS: Final[Mapping[str, Text]] = {"technician": say("技师"), "room": say("房间"), "device": say("设备")}


class BookingState(StrEnum):
    """Where a visit stands."""

    ASKED = "asked"  # a freed time, offered to who waits
    HELD = "held"  # to be paid in advance
    BOOKED = "booked"
    ARRIVED = "arrived"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


S = BookingState
MOVES: Final[Mapping[BookingState, frozenset[BookingState]]] = {
    S.ASKED: frozenset({S.HELD, S.BOOKED, S.CANCELLED}),
    S.HELD: frozenset({S.BOOKED, S.CANCELLED}),
    S.BOOKED: frozenset({S.ARRIVED, S.CANCELLED, S.NO_SHOW}),
    S.ARRIVED: frozenset({S.DONE, S.BOOKED}),  # back: the wrong row was tapped
    S.DONE: frozenset(),
    S.CANCELLED: frozenset(),
    S.NO_SHOW: frozenset(),
}
LIVING: Final = frozenset({S.ASKED, S.HELD, S.BOOKED, S.ARRIVED})
"""It has its time in the calendar."""
STATES: Final[Mapping[BookingState, Text]] = {
    S.ASKED: say("等您确认"),
    S.HELD: say("待付款"),
    S.BOOKED: say("已预约"),
    S.ARRIVED: say("已到店"),
    S.DONE: say("已完成"),
    S.CANCELLED: say("已取消"),
    S.NO_SHOW: say("爽约"),
}
TONES: Final[Mapping[BookingState, str]] = {
    S.ASKED: "hot",
    S.HELD: "wait",
    S.BOOKED: "ok",
    S.ARRIVED: "info",
    S.DONE: "quiet",
    S.CANCELLED: "quiet",
    S.NO_SHOW: "stop",
}


class Source(StrEnum):
    """Where a booking came from."""

    WEB = "web"
    STAFF = "staff"
    WALK_IN = "walk_in"
    WAITING = "waiting"


class Happening(StrEnum):
    """A line of a booking's timeline."""

    MADE = "made"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    PAID = "paid"
    MOVED = "moved"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ARRIVED = "arrived"
    NOT_ARRIVED = "not_arrived"
    DONE = "done"
    CLOSED = "closed"  # done by itself: nobody marked it
    NO_SHOW = "no_show"
    UNSEEN = "unseen"  # missed by itself: nobody marked it
    REMINDED = "reminded"


HAPPENINGS: Final[Mapping[Happening, Text]] = {
    Happening.MADE: say("已预约"),
    Happening.OFFERED: say("候补有位，等待确认"),
    Happening.ACCEPTED: say("接受了候补的时间"),
    Happening.PAID: say("已付款"),
    Happening.MOVED: say("改了时间"),
    Happening.CANCELLED: say("取消"),
    Happening.EXPIRED: say("超过时间未确认，自动取消"),
    Happening.ARRIVED: say("到店"),
    Happening.NOT_ARRIVED: say("撤销到店"),
    Happening.DONE: say("服务完成"),
    Happening.CLOSED: say("结束 24 小时没有登记，按完成处理"),
    Happening.NO_SHOW: say("爽约"),
    Happening.UNSEEN: say("结束 24 小时没有登记到店，预付全部退回"),
    Happening.REMINDED: say("已提醒"),
}


class WaitState(StrEnum):
    """Where somebody on the waiting list stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    OVER = "over"
