"""Words and limits of sittings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from portal.kernel.words import Text, say

COLOURS: Final = 8
"""Guests wear colours 0 to 7, in the order they came; from the ninth on they come again."""
MOST_GUESTS: Final = 99
MOST_PEOPLE: Final = 99
MOST_ASKING: Final = 8
"""How many strangers wait at one table at once: a photo of the card must not use up its places."""
MOST_LINES: Final = 400
MOST_OF_ONE: Final = 99
NAME_MOST: Final = 12
NOTE_MOST: Final = 60
REASON_MOST: Final = 60
INVITE_MINUTES: Final = 30
"""How long a friend's link lets in before it has to be turned."""
UNDO_WITHIN: Final = timedelta(minutes=60)


class SittingState(StrEnum):
    """From 开台 to 清台."""

    OPEN = "open"
    CLOSED = "closed"


class Pays(StrEnum):
    """先付 or 后付."""

    BEFORE = "before"
    AFTER = "after"


class Opens(StrEnum):
    """Who opens a sitting."""

    STAFF = "staff"
    GUEST = "guest"


class GuestState(StrEnum):
    """A phone at the table."""

    ASKED = "asked"  # scanned the printed code and waits for somebody to let him in
    IN = "in"
    OUT = "out"


class LineKind(StrEnum):
    """What a line is for."""

    DISH = "dish"
    COVER = "cover"  # 茶位费
    MUST = "must"  # 必点, put on by the house


class LineState(StrEnum):
    """Where a line stands."""

    DRAFT = "draft"
    PLACED = "placed"
    SERVED = "served"
    CANCELLED = "cancelled"


class Wish(StrEnum):
    """What a waiter is called for."""

    SERVICE = "service"
    WATER = "water"
    CUTLERY = "cutlery"
    BILL = "bill"
    CLEAR = "clear"


WISHES: Final[Mapping[Wish, Text]] = MappingProxyType(
    {
        Wish.SERVICE: say("叫服务员"),
        Wish.WATER: say("加水"),
        Wish.CUTLERY: say("加餐具"),
        Wish.BILL: say("结账"),
        Wish.CLEAR: say("收拾桌面"),
    }
)


class MoveKind(StrEnum):
    """What was moved."""

    TABLES = "tables"  # 转台
    MERGE = "merge"  # 并台
    LINES = "lines"  # 拆单
