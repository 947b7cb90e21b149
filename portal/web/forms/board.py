"""Forms of a store's board: a visit by the desk, another time, time that is kept free. They check shapes only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from wtforms import HiddenField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.kernel.figures import SHANGHAI
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.fields import DayField, ManyField, ids_of, options
from portal.web.forms.platform import at_most
from portal.web.locale import lazy_gettext as _l

NOW, LATER = "now", "later"
NIGHT_ENDS = time(5)


def moment_of(day: date | None, clock: str, *, field: str) -> datetime:
    """A local day and 14:30 as a moment. Refuses what is no time of day."""
    if day is None:
        raise Refusal(say("请填日期。"), field="day")
    try:
        typed = time.fromisoformat(half_width(clock or "").strip().zfill(5))
    except ValueError:
        raise Refusal(say("请填时间，例如 14:30。"), field=field) from None
    return datetime.combine(day, typed.replace(second=0, microsecond=0, tzinfo=None), SHANGHAI)


class _WhenForm(Form):
    """A day and a time of day; people who work past midnight choose the date on the wall calendar."""

    day = DayField(_l("日期"))
    at = StringField(_l("开始时间"), [at_most(12)])

    def moment(self) -> datetime:
        """The beginning. Refuses nonsense."""
        return moment_of(self.day.data, self.at.data or "", field="at")

    @staticmethod
    def filled(at: datetime) -> dict[str, object]:
        """How a moment looks in the two fields."""
        local = at.astimezone(SHANGHAI)
        return {"day": local.date(), "at": f"{local:%H:%M}"}


class VisitForm(_WhenForm):
    """Somebody stands at the desk, or calls."""

    when = RadioField(
        _l("什么时候"),
        choices=options((NOW, _l("现在（散客到店）")), (LATER, _l("约一个时间（电话或微信）"))),
        default=NOW,
    )
    service = ManyField(_l("项目"))
    who = SelectField(_l("技师"), validate_choice=False)
    client_name = StringField(_l("客人怎么称呼"), [at_most(40)])
    client_phone = TelField(_l("手机号"), [at_most(40)])
    note = TextAreaField(_l("备注"), [at_most(200)])
    overrides = StringField(_l("强行加塞的原因"), [at_most(200)])
    client = HiddenField()

    def offer(self, services: Sequence[SelectChoice], team: Sequence[SelectChoice]) -> VisitForm:
        """What can be chosen."""
        self.service.choices, self.who.choices = list(services), [SelectChoice("", _l("不指定，按轮牌或空闲")), *team]
        return self

    def services(self) -> list[UUID]:
        """The chosen ones in the order in which they are offered. Refuses none."""
        chosen = ids_of(self.service.data or (), self.service.choices)
        if not chosen:
            raise Refusal(say("请先选项目。"), field="service")
        return [UUID(one.value) for one in self.service.choices if UUID(one.value) in chosen]

    def technician(self) -> UUID | None:
        """Who was asked for. Refuses who is not there."""
        return chosen_one(self.who)


class MoveForm(_WhenForm):
    """Another time or another technician; with `line`, which the board fills in, of one service of the visit."""

    who = SelectField(_l("技师"), validate_choice=False)
    overrides = StringField(_l("强行加塞的原因"), [at_most(200)])
    line = HiddenField()

    def technician(self) -> UUID | None:
        """Who shall do it."""
        return chosen_one(self.who)


class BlockForm(_WhenForm):
    """Time that nobody can book."""

    who = SelectField(_l("谁的时间"), validate_choice=False)
    end = StringField(_l("到几点"), [at_most(12)])
    reason = StringField(_l("原因"), [at_most(100)])

    def until(self) -> datetime:
        """The end; up to five in the morning that of the night which follows. Refuses what ends before it begins."""
        start = self.moment()
        end = moment_of(self.day.data, self.end.data or "", field="end")
        if end <= start and end.time() <= NIGHT_ENDS:
            end += timedelta(days=1)
        if end <= start:
            raise Refusal(say("结束要晚于开始；过了零点的，最晚到 5:00。"), field="end")
        return end


class CancelForm(Form):
    """Why the store calls it off."""

    why = StringField(_l("取消原因（客人会看到）"), [at_most(200)])


def chosen_one(field: SelectField) -> UUID | None:
    """The chosen id; None for the empty choice. Refuses what was not offered."""
    if not field.data:
        return None
    if field.data not in {choice.value for choice in field.choices}:
        raise Refusal(say("请从列表里选择。"), field=field.short_name)
    return UUID(field.data)
