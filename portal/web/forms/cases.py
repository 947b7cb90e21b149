"""Forms of cases. Several stand on one page, so that each field has an id of its own."""

from __future__ import annotations

from wtforms import HiddenField, MultipleFileField, StringField, TelField, TextAreaField

from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.fields import MoneyField
from portal.web.locale import lazy_gettext as _l


class LinesForm(Form):
    """What has errors about lines shows them at the top: the lines are not a field of the form."""

    def refuse(self, refusal: Refusal) -> None:
        """Sentences about fields the form does not have stand at its top."""
        if refusal.field not in self._fields:
            refusal = Refusal(refusal.sentence)
        super().refuse(refusal)


class AskForm(LinesForm):
    """The last step of asking: `seen` is the amount that was shown."""

    kind, reason, seen = HiddenField(), HiddenField(), HiddenField()
    amount = MoneyField(_l("退款金额"))
    words = TextAreaField(_l("说明"))
    pictures = MultipleFileField(_l("照片"))


class WordsForm(Form):
    """More to say, for the merchant or for the platform."""

    words = TextAreaField(_l("补充说明"))
    pictures = MultipleFileField(_l("照片"))


class SendForm(Form):
    """The waybill of goods that go back."""

    carrier = StringField(_l("快递公司"))
    tracking = StringField(_l("快递单号"))


class AgreeForm(Form):
    """Yes; of a return with the address."""

    name = StringField(_l("收件人"))
    phone = TelField(_l("电话"))
    detail = StringField(_l("退货地址"))
    note = TextAreaField(_l("给买家的话"), id="agree-note")


class OfferForm(Form):
    """Less, and the goods stay."""

    amount = MoneyField(_l("退款金额"), id="offer-amount")
    note = TextAreaField(_l("为什么"), id="offer-note")

    def fen(self) -> int:
        """The amount. Refuses nothing."""
        if self.amount.data is None:
            raise Refusal(say("请填写金额。"), field="amount")
        found: int = self.amount.data
        return found


class RefuseForm(Form):
    """No, because."""

    note = TextAreaField(_l("拒绝原因"), id="refuse-note")
    pictures = MultipleFileField(_l("照片"), id="refuse-pictures")


class ReceiveForm(LinesForm):
    """The goods are back."""

    note = TextAreaField(_l("给买家的话"), id="receive-note")


class JudgeForm(Form):
    """What the platform decides."""

    amount = MoneyField(_l("退款金额"), id="judge-amount")
    note = TextAreaField(_l("理由"), id="judge-note")


class GrantForm(LinesForm):
    """Money that is given without being asked for; `kind` says whether for pieces that will not be sent."""

    kind = HiddenField()
    amount = MoneyField(_l("退款金额"))
    words = TextAreaField(_l("给买家的话"))
