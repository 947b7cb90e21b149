"""Opening hours as people write and read them: `10:00-14:00, 17:00-02:00`, `24 小时`, `休息`, `周一至周五 …`.

Reading is generous with full-width signs, dashes and separators, strict about what is meant.
"""

from __future__ import annotations

import re
from typing import Final

from portal.kernel.hours.problems import HoursProblem, HoursRefused
from portal.kernel.hours.week import DAY, WHOLE_DAY, Span, Spans, WeeklyHours, checked
from portal.kernel.typed import half_width

_MOST_TEXT: Final = 400
_ALL_DAY: Final = {"24小时", "24h", "24hours", "全天", "全天营业", "24小时营业", "00:00-24:00", "0:00-24:00"}
_SHUT: Final = {"休息", "不营业", "关门", "闭店", "closed", "-"}
_DASHES: Final = re.compile(r"\s*(?:[-‐‑‒–—―−~～〜]+|至|到)\s*")
_RANGE: Final = re.compile(
    r"([0-9]{1,2})(?:[:点时]([0-9]{2})?分?)?-(次日|第二天)?([0-9]{1,2})(?:[:点时]([0-9]{2})?分?)?"
)
_NEXT_DAY: Final = re.compile(r"(次日|第二天)\s+")
_DAY_NAMES: Final = {name: at for at, name in enumerate("一二三四五六日")} | {"天": 6}
_ENGLISH_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_WORD: Final = r"(?:(?:周|星期|礼拜)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
_NAMED: Final = "每天|每日|工作日|周末|daily"
_DAYS_PART: Final = re.compile(
    rf"({_DAY_WORD}(?:[\s,、和及-]*{_DAY_WORD})*|{_NAMED})[\s:]*(.*)", re.IGNORECASE | re.DOTALL
)
_DAYS_RANGE: Final = re.compile(rf"({_DAY_WORD})(?:-({_DAY_WORD}))?", re.IGNORECASE)
_NAMED_DAYS: Final = {"工作日": (0, 1, 2, 3, 4), "周末": (5, 6)} | dict.fromkeys(
    ("每天", "每日", "daily"), tuple(range(7))
)


def parse_spans(text: str, *, field: str | None = None) -> Spans:
    """One day's spans. Nothing and `休息` are closed; an end before its start is the next day's.

    Refuses what it cannot read, a start equal to its end, and overlaps (`HoursRefused` with its reason).
    """
    plain = _NEXT_DAY.sub(r"\1", _plain(text, field))
    word = plain.replace(" ", "").lower()
    if not word or word in _SHUT:
        return ()
    if word in _ALL_DAY:
        return WHOLE_DAY
    parts = [part.strip() for part in re.split(r"[,、;\n]|\s+(?=[0-9])", plain) if part.strip()]
    try:
        return checked([_span(part.replace(" ", "")) for part in parts])
    except HoursRefused as refused:
        refused.field = field
        raise


def parse_week(text: str, *, field: str | None = None) -> WeeklyHours:
    """A whole week in one text: the same every day, or `周一至周五 10:00-22:00; 周六、周日 9:00-23:00`.

    Days that are not named are closed; a day named twice is refused.
    """
    week: dict[int, Spans] = {}
    for part in re.split(r"[;\n]", _plain(text, field)):
        if not part.strip():
            continue
        named = _DAYS_PART.fullmatch(part.strip())
        days, spans = (_days(named[1]), named[2]) if named else (tuple(range(7)), part)
        for day in days:
            if day in week:
                raise HoursRefused(HoursProblem.TWICE, field=field, day="周" + "一二三四五六日"[day])
            week[day] = parse_spans(spans, field=field)
    try:
        return WeeklyHours(week=tuple(week.get(day, ()) for day in range(7)))
    except HoursRefused as refused:
        refused.field = field
        raise


def format_spans(spans: Spans) -> str:
    """A day's spans as `parse_spans` reads them back: `10:00-14:00, 17:00-02:00`, `24 小时`, `休息`."""
    if not spans:
        return "休息"
    return "24 小时" if spans == WHOLE_DAY else ", ".join(str(span) for span in spans)


def say_spans(spans: Spans, locale: str = "zh") -> str:
    """A day's spans for readers: `10:00–14:00、17:00–次日 02:00`; in English `17:00–02:00 next day`."""
    english = locale.startswith("en")
    if not spans:
        return "Closed" if english else "休息"
    if spans == WHOLE_DAY:
        return "Open 24 hours" if english else "24 小时"
    return (", " if english else "、").join(_say(span, english) for span in spans)


def _say(span: Span, english: bool) -> str:
    start, end = str(span).replace("次日", "").split("-")
    if span.end <= DAY:
        return f"{start}–{end}"
    return f"{start}–{end} next day" if english else f"{start}–次日 {end}"


def _plain(text: str, field: str | None) -> str:
    if len(text) > _MOST_TEXT:
        raise HoursRefused(HoursProblem.UNREADABLE, field=field, text=text[:20] + "…")
    return _DASHES.sub("-", half_width(text).replace("。", ";")).strip()


def _span(text: str) -> Span:
    """`17:00-02:00`, `9点-18点30分`, `22-次日6`, `18:00-24:00`, without spaces."""
    read = _RANGE.fullmatch(text)
    if not read:
        raise HoursRefused(HoursProblem.UNREADABLE, text=text)
    start = int(read[1]) * 60 + int(read[2] or 0)
    end = int(read[4]) * 60 + int(read[5] or 0)
    if max(int(read[2] or 0), int(read[5] or 0)) > 59 or start >= DAY or end > DAY:
        raise HoursRefused(HoursProblem.UNREADABLE, text=text)
    if start == end and not read[3]:
        raise HoursRefused(HoursProblem.SAME_TIME, text=text)
    if read[3] or end < start:
        end += DAY
    if end - start > DAY:
        raise HoursRefused(HoursProblem.TOO_LONG, text=text)
    return Span(start, end - start)


def _days(text: str) -> tuple[int, ...]:
    if text.lower() in _NAMED_DAYS:
        return _NAMED_DAYS[text.lower()]
    days: list[int] = []
    for read in _DAYS_RANGE.finditer(text):
        first = _day(read[1])
        last = _day(read[2]) if read[2] else first
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return tuple(days)


def _day(word: str) -> int:
    return _DAY_NAMES[word[-1]] if word[-1] in _DAY_NAMES else _ENGLISH_DAYS.index(word[:3].lower())
