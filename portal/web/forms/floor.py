"""Forms of a floor: areas, tables, joined tables, how a store reserves; of a reservation; of queues."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.domain.floor.errors import WrongStays
from portal.domain.floor.values import DepositKind, Rules, Shape
from portal.kernel.figures import SHANGHAI
from portal.web.forms.base import Form
from portal.web.forms.fields import DayField, ManyField, MoneyField, WholeField
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l

MISSING = InputRequired(_l("请填写这一项。"))
SHAPES = {Shape.SQUARE: _l("方桌"), Shape.ROUND: _l("圆桌"), Shape.LONG: _l("长桌")}
DEPOSITS = {
    DepositKind.NONE: _l("不收"),
    DepositKind.BACK: _l("订金：到店或取消都退"),
    DepositKind.KEPT: _l("定金：爽约或太晚取消不退"),
}
_STAY = re.compile(r"\D*(\d{1,3})\D+(\d{1,3})\D*")


def short(most: int) -> Length:
    """A limit with our sentence."""
    return Length(max=most, message=_l("内容太长了，最多 %(max)d 个字。"))


def between(least: int, most: int) -> NumberRange:
    """A range with our sentence."""
    return NumberRange(least, most, _l("请填 %(min)s 到 %(max)s 之间的整数。"))


def _shapes() -> list[SelectChoice]:
    return [SelectChoice(value.value, label) for value, label in SHAPES.items()]


class AreaForm(Form):
    """A part of the store."""

    name = StringField(_l("区域名称"), [MISSING, short(20)])


class _SeatsForm(Form):
    seats_min = WholeField(_l("最少人数"), [MISSING, between(1, 60)], default=1)
    seats_max = WholeField(_l("座位数"), [MISSING, between(1, 60)], default=4)
    seats_extra = WholeField(_l("可加椅子"), [Optional(), between(0, 20)], default=0)
    shape = RadioField(_l("桌形"), choices=_shapes, default=Shape.SQUARE.value)


class TablesForm(_SeatsForm):
    """Many tables at once."""

    names = StringField(_l("桌号"), [MISSING, short(200)])
    area = SelectField(_l("区域"), validate_choice=False)


class TableForm(_SeatsForm):
    """One table."""

    name = StringField(_l("桌号"), [MISSING, short(12)])
    area = SelectField(_l("区域"), validate_choice=False)
    x = WholeField(_l("横向位置（0–1000）"), [Optional(), between(0, 1000)])
    y = WholeField(_l("纵向位置（0–1000）"), [Optional(), between(0, 1000)])


class JoinForm(Form):
    """Tables that are put together."""

    tables = ManyField(_l("一起用的桌台"), choices=[])
    name = StringField(_l("名称"), [short(30)])
    seats_min = WholeField(_l("最少人数"), [MISSING, between(1, 200)])
    seats_max = WholeField(_l("最多人数"), [MISSING, between(1, 200)])


class RulesForm(Form):
    """How a store reserves tables."""

    online = BooleanField(_l("接受顾客网上订座"))
    stays = TextAreaField(_l("用餐时长"), [MISSING, short(300)])
    step_minutes = RadioField(_l("时间间隔"), choices=["15", "30", "60"], default="30")
    clear_minutes = WholeField(_l("翻台时间"), [between(0, 120)])
    ahead_days = WholeField(_l("可提前几天"), [between(1, 90)])
    notice_minutes = WholeField(_l("至少提前"), [between(0, 10080)])
    last_minutes = WholeField(_l("打烊前多久停止入座"), [between(0, 480)])
    late_minutes = WholeField(_l("迟到保留"), [between(5, 240)])
    free_minutes = WholeField(_l("到店前多久可免费取消和改期"), [between(0, 20160)])
    most_people = WholeField(_l("网上最多人数"), [between(1, 200)])
    deposit_kind = RadioField(_l("订座要付"), default=DepositKind.NONE.value)
    deposit_fen = MoneyField(_l("金额"), [Optional()])
    deposit_each = BooleanField(_l("按人头收"))
    deposit_from = WholeField(_l("多少人起收"), [Optional(), between(1, 200)], default=1)
    note = StringField(_l("给顾客的话"), [short(120)])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.deposit_kind.choices = [SelectChoice(kind.value, label) for kind, label in DEPOSITS.items()]

    def rules(self) -> Rules:
        """What was entered. Refuses stays that cannot be read."""
        whole = ("clear_minutes", "ahead_days", "notice_minutes", "last_minutes", "late_minutes", "free_minutes")
        return Rules(
            online=bool(self.online.data),
            stays=stays_of(self.stays.data or ""),
            step_minutes=int(self.step_minutes.data or 30),
            **{name: self[name].data or 0 for name in whole},
            most_people=self.most_people.data or 1,
            deposit_kind=DepositKind(self.deposit_kind.data),
            deposit_fen=self.deposit_fen.data or 0,
            deposit_each=bool(self.deposit_each.data),
            deposit_from=self.deposit_from.data or 1,
            note=(self.note.data or "").strip(),
        )


def rules_values(known: Rules) -> dict[str, Any]:
    """What the form shows of the rules in force."""
    found = {name: getattr(known, name) for name in known.__dataclass_fields__}
    found["stays"] = "\n".join(
        gettext("%(most)s 人以内 %(minutes)s 分钟", most=most, minutes=minutes) for most, minutes in known.stays
    )
    return {**found, "step_minutes": str(known.step_minutes), "deposit_kind": known.deposit_kind.value}


def stays_of(text: str) -> tuple[tuple[int, int], ...]:
    """Lines like "4 人以内 120 分钟" in any words: two numbers each. Refuses what cannot be read."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        match = _STAY.fullmatch(line)
        if match is None:
            raise WrongStays
        found.append((int(match[1]), int(match[2])))
    return tuple(found)


class PartyForm(Form):
    """A consumer's reservation: the time is a real radio button."""

    people = WholeField(_l("人数"), [MISSING, between(1, 200)])
    at = RadioField(_l("到店时间"), validate_choice=False)
    name = StringField(_l("怎么称呼"), [short(20)])
    note = StringField(_l("备注"), [short(100)])


def moment_of(text: str | None) -> datetime | None:
    """A moment of a radio button, in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None and 2000 <= found.year <= 2100 else None


class CallForm(Form):
    """A reservation that the staff takes or changes."""

    day = DayField(_l("日期"), [MISSING])
    hour = StringField(_l("时间"), [MISSING, short(5)])
    people = WholeField(_l("人数"), [MISSING, between(1, 200)])
    name = StringField(_l("称呼"), [MISSING, short(20)])
    phone = TelField(_l("电话"), [short(20)])
    tables = ManyField(_l("指定桌台"), choices=[])
    note = StringField(_l("备注"), [short(100)])

    def at(self) -> datetime | None:
        """The moment meant, None when the hour cannot be read."""
        match = re.fullmatch(r"(\d{1,2})[:：.](\d{2})", (self.hour.data or "").strip())
        day: Any = self.day.data
        if match is None or int(match[1]) > 23 or int(match[2]) > 59 or day is None:
            return None
        return datetime.combine(day, time(int(match[1]), int(match[2])), SHANGHAI).astimezone(UTC)


class ReasonForm(Form):
    """Why."""

    reason = StringField(_l("原因"), [short(80)])


class DoorForm(Form):
    """A number at the door."""

    people = WholeField(_l("人数"), [MISSING, between(1, 200)])
    name = StringField(_l("称呼"), [short(20)])


class QueueForm(Form):
    """How a store queues."""

    back_by = WholeField(_l("过号后顺延几桌"), [between(0, 20)])
    keep_minutes = WholeField(_l("叫号后保留"), [between(1, 60)])
    note = StringField(_l("给顾客的话"), [short(120)])


class LineForm(Form):
    """One queue."""

    name = StringField(_l("名称"), [MISSING, short(10)])
    people_from = WholeField(_l("人数从"), [MISSING, between(1, 200)])
    people_to = WholeField(_l("到"), [MISSING, between(1, 200)])
    turn_minutes = WholeField(_l("平均几分钟一桌"), [MISSING, between(1, 240)])


class ClassForm(LineForm):
    """Another queue."""

    letter = StringField(_l("字母"), [MISSING, short(1)])
