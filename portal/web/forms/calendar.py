"""Forms of resources and their hours. Hours are typed as text, as for stores; whether they can be, the domain says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from portal.domain.calendar.actions import break_in
from portal.domain.calendar.values import DAY_MINUTES, MOST_NAME, Kind, Span, WeekSpan
from portal.kernel import hours
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.fields import DayField, ManyField, WholeField, options
from portal.web.locale import current
from portal.web.locale import lazy_gettext as _l

KINDS: dict[str, Any] = {
    Kind.TECHNICIAN.value: _l("技师"),
    Kind.ROOM.value: _l("房间"),
    Kind.DEVICE.value: _l("设备"),
    Kind.PICKUP.value: _l("自提时段"),
}
"""What this desk keeps; tables are the floor's."""
DAYS = tuple(f"day{number}" for number in range(7))
RESTS = tuple(f"rest{number}" for number in range(7))
NAMES = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))
MOST_TEXT = 200


def read_day(shifts: str, rests: str, *, field: str, rest_field: str) -> tuple[Span, ...]:
    """The spans of one day as they were typed. Refuses at the field that cannot be read."""
    work = [Span(one.start, one.length) for one in hours.parse_spans(shifts[:MOST_TEXT], field=field)]
    plain = "" if rests.strip() in ("", "无", "没有") else rests[:MOST_TEXT]
    breaks = hours.parse_spans(plain, field=rest_field)
    return (*work, *(break_in(work, one.start, one.length) for one in breaks))


def typed(spans: Iterable[Sequence[Any]]) -> tuple[str, str]:
    """Shifts and breaks of one day as `read_day` reads them back; nothing at all is 休息."""
    rows = sorted((start, minutes, kind) for start, minutes, kind in spans)
    work = tuple(hours.Span(start, minutes) for start, minutes, kind in rows if kind == "work")
    rest = tuple(hours.Span(start % DAY_MINUTES, minutes) for start, minutes, kind in rows if kind == "break")
    return hours.format_spans(work), hours.format_spans(rest) if rest else ""


def said_of(spans: Iterable[Sequence[Any]]) -> tuple[list[str], list[str]]:
    """Shifts and breaks of one day in the reader's language, one a line."""
    rows = sorted(tuple(one) for one in spans)
    work = [hours.Span(start, minutes) for start, minutes, kind in rows if kind == "work"]
    rest = [hours.Span(start % DAY_MINUTES, minutes) for start, minutes, kind in rows if kind == "break"]
    return [hours.say_spans((one,), current()) for one in work], [hours.say_spans((one,), current()) for one in rest]


class ResourceForm(Form):
    """Somebody or something whose time can be booked."""

    kind = RadioField(_l("是什么"), choices=options(*KINDS.items()), default=Kind.TECHNICIAN.value)
    name = StringField(_l("名称"))
    member = SelectField(_l("是哪位员工"), validate_choice=False)
    capacity = WholeField(_l("同时可用数量"), default=1)

    def offer(self, members: Iterable[tuple[UUID, str]]) -> None:
        """The people it may be."""
        self.member.choices = [SelectChoice("", _l("不关联账号")), *(SelectChoice(str(i), n) for i, n in members)]

    def facts(self) -> dict[str, Any]:
        """As `calendar.actions.add` and `change` take it."""
        known = {one.value for one in self.member.choices}
        member = self.member.data if self.member.data in known else ""
        return {
            "name": (self.name.data or "")[: 4 * MOST_NAME],
            "capacity": self.capacity.data if self.capacity.data is not None else 0,
            "membership_id": UUID(member) if member else None,
        }


class WeekForm(Form):
    """A week's hours from a day on: for each day its shifts and its breaks."""

    since = DayField(_l("从哪天起"))
    every = StringField(_l("每天一样"))
    every_rest = StringField(_l("每天的休息"))
    day0, day1, day2, day3, day4, day5, day6 = (StringField(name) for name in NAMES)
    rest0, rest1, rest2, rest3, rest4, rest5, rest6 = (StringField(_l("中间休息")) for _ in NAMES)

    def spread(self) -> None:
        """The one line for all seven days."""
        for day, rest in zip(DAYS, RESTS, strict=True):
            self[day].data, self[rest].data = self.every.data, self.every_rest.data

    def week(self) -> list[WeekSpan]:
        """What was typed. Refuses at the field that cannot be read."""
        found: list[WeekSpan] = []
        for number, (day, rest) in enumerate(zip(DAYS, RESTS, strict=True)):
            spans = read_day(self[day].data or "", self[rest].data or "", field=day, rest_field=rest)
            found.extend(WeekSpan(number, *span) for span in spans)
        return found


def week_values(spans: Iterable[WeekSpan], since: date) -> dict[str, Any]:
    """A week as the form shows it."""
    found: dict[str, Any] = {"since": since}
    rows = list(spans)
    for number, (day, rest) in enumerate(zip(DAYS, RESTS, strict=True)):
        found[day], found[rest] = typed(one[1:] for one in rows if one.weekday == number)
    return found


class DaysForm(Form):
    """Leave, or other hours, on some dates."""

    who = ManyField(_l("谁"))
    first = DayField(_l("从"))
    last = DayField(_l("到（含当天）"))
    what = RadioField(
        _l("怎么安排"), choices=options(("off", _l("休息（请假）")), ("hours", _l("改上班时间"))), default="off"
    )
    hours = StringField(_l("上班时间"))
    rests = StringField(_l("中间休息"))
    reason = StringField(_l("原因"))

    def spans(self) -> tuple[Span, ...]:
        """What holds on these dates. Refuses hours that are not there or cannot be read."""
        if self.what.data == "off":
            return ()
        if not (self.hours.data or "").strip():
            raise Refusal(say("请填写上班时间，例如 10:00-19:00。"), field="hours")
        return read_day(self.hours.data, self.rests.data or "", field="hours", rest_field="rests")

    def dates(self) -> tuple[date, date]:
        """First and last; one date is both. Refuses when there is none."""
        first = self.first.data or self.last.data
        if first is None:
            raise Refusal(say("请选日期。"), field="first")
        return first, self.last.data or first


class BlockForm(Form):
    """Time that is kept free."""

    what = SelectField(_l("谁 / 什么"), validate_choice=False)
    day = DayField(_l("哪天"))
    hours = StringField(_l("时间"))
    reason = StringField(_l("原因"))

    def stretch(self) -> tuple[date, timedelta, timedelta]:
        """The day, and from when to when after its midnight. Refuses what is not one stretch."""
        if self.day.data is None:
            raise Refusal(say("请选日期。"), field="day")
        spans = hours.parse_spans((self.hours.data or "")[:MOST_TEXT], field="hours")
        if len(spans) != 1:
            raise Refusal(say("请写一段时间，例如 14:00-15:30，整天写“24 小时”。"), field="hours")
        return self.day.data, timedelta(minutes=spans[0].start), timedelta(minutes=spans[0].end)


class CopyForm(Form):
    """Which weeks get the hours of this one, and whose."""

    weeks = ManyField(_l("复制到"))
    who = ManyField(_l("谁的排班"))
