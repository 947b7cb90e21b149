"""Forms of statements: what a merchant doubts, what the platform answers, how often statements come."""

from __future__ import annotations

import re

from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.domain.settlement.values import MOST_REFS, NOTE_MOST, Cycle
from portal.kernel.typed import half_width
from portal.web.forms.base import Form
from portal.web.forms.fields import DayField, MoneyField, options
from portal.web.locale import lazy_gettext as _l
from portal.web.statementwords import CYCLES

MISSING = InputRequired(_l("请填写这一项。"))
WORDS = [MISSING, Length(max=NOTE_MOST, message=_l("内容太长了，最多 %(max)d 个字。"))]
_BETWEEN = re.compile(r"[\s,，;；、]+")


class DisputeForm(Form):
    """What is wrong, and with which orders."""

    note = TextAreaField(_l("哪里不对"), WORDS)
    orders = TextAreaField(_l("涉及的订单号"), [Length(max=4000, message=_l("内容太长了，最多 %(max)d 个字。"))])

    def numbers(self) -> list[str]:
        """The numbers as typed or pasted, each once, at most one more than a dispute may name."""
        typed = _BETWEEN.split(half_width(self.orders.data or "").strip())
        return list(dict.fromkeys(one for one in typed if one))[: MOST_REFS + 1]


class AnswerForm(Form):
    """What the platform says, and what it makes good."""

    note = TextAreaField(_l("答复"), WORDS)
    amount = MoneyField(_l("补偿金额"))


class TermsForm(Form):
    """From which day statements come how often."""

    cycle = RadioField(
        _l("对账周期"), choices=options(*((one.value, CYCLES[one]) for one in Cycle)), default=Cycle.MONTHLY.value
    )
    from_day = DayField(_l("从哪天开始"), [DataRequired(_l("请填写这一项。"))])
