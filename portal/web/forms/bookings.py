"""Forms of bookings: a time with its wishes, a place on the waiting list, a service as its merchant writes it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.bookings.values import NEEDS, PREPAYS, Missed, Prepay, ServiceDraft, ServiceShown
from portal.web.forms.base import Form
from portal.web.forms.fields import MoneyField, WholeField, ids_of, options
from portal.web.locale import gettext, said
from portal.web.locale import lazy_gettext as _l

_NEEDS = (("technician", _l("技师")), ("room", _l("房间")), ("device", _l("设备")))
_UNITS = {"minutes": 1, "hours": 60, "days": 1440}
_PARTS = {"all": (0, 1440), "morning": (0, 720), "afternoon": (720, 1080), "evening": (1080, 1560)}


class TimeForm(Form):
    """A chosen time; the page draws the radio buttons itself, a fieldset for each day."""

    at = StringField(_l("时间"))
    note = StringField(_l("备注"))


class CancelForm(Form):
    """What the page said calling off costs, and why."""

    keep = HiddenField()
    uses = HiddenField()
    why = StringField(_l("原因"))

    def keep_fen(self) -> int:
        """In fen; nonsense is nought."""
        return self._whole(self.keep.data or "")

    def cost(self) -> dict[str, int]:
        """What the page said: fen, and uses of passes."""
        return {"keep_fen": self.keep_fen(), "uses": self._whole(self.uses.data or "")}

    @staticmethod
    def _whole(text: str) -> int:
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0


class WaitForm(Form):
    """Which part of the day somebody waits for."""

    day = StringField(_l("日期"))
    part = RadioField(
        _l("时段"),
        choices=options(
            ("all", _l("全天都行")), ("morning", _l("上午")), ("afternoon", _l("下午")), ("evening", _l("晚上"))
        ),
        default="all",
        validate_choice=False,
    )

    def minutes(self) -> tuple[int, int]:
        """From when to when, after midnight."""
        return _PARTS.get(self.part.data or "all", _PARTS["all"])


class _Ticks(SelectMultipleField):  # type: ignore[misc]  # wtforms ships no types
    """Check-boxes; values that are not offered are simply not chosen."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, validate_choice=False, **more)


class ServiceForm(Form):
    """A service as its merchant writes it."""

    name = StringField(_l("项目名"))
    category = StringField(_l("分类"))
    words = TextAreaField(_l("介绍"))
    price = MoneyField(_l("价格"))
    minutes = WholeField(_l("时长"))
    before_minutes = WholeField(_l("前面的准备时间"), default=0)
    after_minutes = WholeField(_l("后面的收尾时间"), default=0)
    prepay = RadioField(
        _l("预付方式"),
        choices=options(*((one.value, _l(PREPAYS[one].msgid)) for one in Prepay)),
        default=Prepay.NONE.value,
        validate_choice=False,
    )
    prepay_amount = MoneyField(_l("预付金额"))
    cancel_before = WholeField(_l("免费取消到多久前"), default=2)
    cancel_unit = SelectField(
        _l("单位"),
        choices=options(("minutes", _l("分钟")), ("hours", _l("小时")), ("days", _l("天"))),
        default="hours",
        validate_choice=False,
    )
    missed = RadioField(
        _l("全额预付时，迟取消或爽约"),
        choices=options((Missed.KEEP.value, _l("不退")), (Missed.RETURN.value, _l("照退"))),
        default=Missed.RETURN.value,
        validate_choice=False,
    )
    group_size = WholeField(_l("同场人数"), default=1)
    needs = _Ticks(_l("需要什么"), choices=options(*_NEEDS), default=["technician"])
    doers = _Ticks(_l("谁来做、在哪里做"))

    def offer(self, resources: list[tuple[str, str]]) -> ServiceForm:
        """Offer these resources (id, words)."""
        self.doers.choices = options(*resources)
        return self

    def draft(self) -> ServiceDraft:
        """What was entered; what is missing or nonsense is refused by the domain at its field."""
        return ServiceDraft(
            name=self.name.data or "",
            category=self.category.data or "",
            words=self.words.data or "",
            price_fen=-1 if self.price.data is None else self.price.data,
            minutes=self.minutes.data or 0,
            before_minutes=self.before_minutes.data or 0,
            after_minutes=self.after_minutes.data or 0,
            prepay=_one(Prepay, self.prepay.data, Prepay.NONE),
            prepay_fen=self.prepay_amount.data or 0,
            cancel_minutes=_UNITS.get(self.cancel_unit.data or "", 60) * (self.cancel_before.data or 0),
            missed=_one(Missed, self.missed.data, Missed.RETURN),
            group_size=self.group_size.data or 1,
            needs=frozenset(self.needs.data or ()) & frozenset(NEEDS),
            doers=ids_of(self.doers.data or (), self.doers.choices or ()),
        )


def _one(kind: Any, value: str | None, otherwise: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        return otherwise


def service_values(shown: ServiceShown) -> dict[str, Any]:
    """A service as the form's first values."""
    draft = shown.draft
    plain = ("name", "category", "words", "minutes", "before_minutes", "after_minutes", "group_size")
    return {
        **{name: getattr(draft, name) for name in plain},
        "price": draft.price_fen,
        "prepay": draft.prepay.value,
        "prepay_amount": draft.prepay_fen or None,
        **_window(draft.cancel_minutes),
        "missed": draft.missed.value,
        "needs": sorted(draft.needs),
        "doers": [str(one) for one in sorted(draft.doers)],
    }


def _window(minutes: int) -> dict[str, Any]:
    """In the largest unit that says it exactly."""
    unit = next((one for one in ("days", "hours") if minutes and minutes % _UNITS[one] == 0), "minutes")
    return {"cancel_before": minutes // _UNITS[unit], "cancel_unit": unit}


def need_words(needs: frozenset[str]) -> str:
    """技师、房间."""
    return gettext("、").join(said(NEEDS[kind]) for kind in NEEDS if kind in needs)
