"""What states of reservations and queue numbers are called, with their tones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from portal.domain.floor.values import BookingState
from portal.domain.waiting.values import NumberState
from portal.kernel.spoken import local_day
from portal.web.locale import lazy_gettext as _l

NIGHT = timedelta(hours=5)

MARKS: dict[BookingState, tuple[Any, str]] = {
    BookingState.HELD: (_l("待付订金"), "wait"),
    BookingState.BOOKED: (_l("已订"), "ok"),
    BookingState.SEATED: (_l("已入座"), "info"),
    BookingState.MISSED: (_l("爽约"), "stop"),
    BookingState.CANCELLED: (_l("已取消"), "quiet"),
    BookingState.EXPIRED: (_l("超时未付"), "quiet"),
}
NUMBERS: dict[NumberState, tuple[Any, str]] = {
    NumberState.WAITING: (_l("等位中"), "wait"),
    NumberState.CALLED: (_l("请入座"), "hot"),
    NumberState.SKIPPED: (_l("已过号"), "stop"),
    NumberState.SEATED: (_l("已入座"), "ok"),
    NumberState.LEFT: (_l("已放弃"), "quiet"),
    NumberState.CLOSED: (_l("当日已结束"), "quiet"),
}


def evening_of(at: datetime) -> date:
    """The day a restaurant means: until five in the morning it is still the evening before."""
    return local_day(at - NIGHT)
