"""Forms of shipping: a number with its carrier, a note, a reason, goods that are not there, an address to change to."""

from __future__ import annotations

from uuid import UUID

from wtforms import RadioField, SelectField, StringField
from wtforms.fields import TextAreaField

from portal.domain.shipping.values import Shortage
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.web import dispatch
from portal.web.forms.base import Form
from portal.web.forms.fields import DayField, options
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l


def _carriers() -> list[tuple[str, str]]:
    return dispatch.carrier_options(gettext("自动识别"))


class NumberForm(Form):
    """A parcel's number; the carrier is recognised unless chosen."""

    number = StringField(_l("快递单号"))
    carrier = SelectField(_l("快递公司"), validate_choice=False, choices=_carriers)


class NoteForm(Form):
    """What only the merchant's people read."""

    note = TextAreaField(_l("内部备注"))


class ReasonForm(Form):
    """Why not."""

    reason = StringField(_l("原因"))


class ReaddressForm(Form):
    """What the buyer says to the merchant when he asks for another address."""

    note = StringField(_l("给商家的话"))


class ShortageForm(Form):
    """Which goods are not there, and what next."""

    line = SelectField(_l("商品"), validate_choice=False)
    kind = RadioField(
        _l("情况"),
        choices=options((Shortage.LATER.value, _l("要等到货")), (Shortage.NEVER.value, _l("不再有货"))),
        default=Shortage.LATER.value,
        validate_choice=False,
    )
    until = DayField(_l("到货日期"))
    note = StringField(_l("给买家的话"))

    def which(self) -> UUID:
        """The line. Refuses nonsense."""
        try:
            return UUID(self.line.data or "")
        except ValueError:
            raise Refusal(say("请选择缺货的商品。"), field="line") from None
