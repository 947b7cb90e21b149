"""Why opening hours are refused: a code for programs, a sentence for people."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from portal.kernel.refusals import Refusal
from portal.kernel.words import Text, say


class HoursProblem(StrEnum):
    """The reasons, one word each."""

    UNREADABLE = "unreadable"
    UNREADABLE_DATE = "unreadable_date"
    SAME_TIME = "same_time"
    TOO_LONG = "too_long"
    OVERLAP = "overlap"
    OVERLAP_NEXT_DAY = "overlap_next_day"
    TOO_MANY = "too_many"
    TWICE = "twice"


_SENTENCES: Final = {
    HoursProblem.UNREADABLE: say("看不懂“%(text)s”。请这样写：10:00-14:00, 17:00-02:00，或写“24 小时”“休息”。"),
    HoursProblem.UNREADABLE_DATE: say("看不懂“%(text)s”。请一行写一天：2026-02-17 休息，或 2026-02-18 10:00-14:00。"),
    HoursProblem.SAME_TIME: say("“%(text)s”的开始和结束相同。全天营业请写“24 小时”，不营业请写“休息”。"),
    HoursProblem.TOO_LONG: say("“%(text)s”超过了 24 小时。"),
    HoursProblem.OVERLAP: say("同一天的两段时间重叠了：%(one)s 和 %(other)s。"),
    HoursProblem.OVERLAP_NEXT_DAY: say("%(day)s的 %(one)s 一直开到次日，和第二天的 %(other)s 重叠了。"),
    HoursProblem.TOO_MANY: say("一天最多 %(most)s 段营业时间，特殊日期最多 %(dates)s 个。"),
    HoursProblem.TWICE: say("%(day)s写了两次。"),
}


class HoursRefused(Refusal):
    """These hours cannot be; `problem` says why in one word, the sentence says it to people."""

    def __init__(self, problem: HoursProblem, *, field: str | None = None, **params: Any) -> None:
        super().__init__(Text(_SENTENCES[problem].msgid, params), field=field)
        self.problem = problem
