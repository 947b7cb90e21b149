"""Forms about withdrawals and money parameters. They check shapes; the domain decides."""

from __future__ import annotations

from typing import Any

from wtforms import DateTimeLocalField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from portal.domain.payouts.values import Quote
from portal.kernel.money import parse_yuan
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.web.forms.base import Form
from portal.web.forms.platform import MISSING, WHEN, at_most, sensible
from portal.web.locale import lazy_gettext as _l


class AmountForm(Form):
    """How much; shown before the fee is read. It is sent with GET, so it carries nothing else."""

    amount = StringField(_l("提现金额（元）"), [at_most(32)])


class WithdrawalForm(Form):
    """The confirmation: what was read, and who it is that confirms."""

    amount = HiddenField(validators=[at_most(32)])
    fee = HiddenField(validators=[at_most(32)])
    proof = StringField(_l("登录密码或动态码"), [InputRequired(_l("请先证明是您本人。")), at_most(200)])

    def figures(self) -> tuple[int, int]:
        """Amount and fee as they were read, in fen."""
        return parse_yuan(self.amount.data or "", field="amount"), parse_yuan(self.fee.data or "", field="amount")

    @classmethod
    def of(cls, quote: Quote) -> WithdrawalForm:
        """An empty one for this quote."""
        return cls(formdata=None, amount=_plain(quote.amount_fen), fee=_plain(quote.fee_fen))


def _plain(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


class RefusalForm(Form):
    """A no with its reason."""

    reason = TextAreaField(_l("驳回原因（商家会看到）"), [at_most(2000)])


class TermForm(Form):
    """A proposed value of a money parameter; `value` is in yuan where the parameter is money."""

    name = HiddenField(validators=[at_most(60)])
    value = StringField(_l("新的值"), [MISSING, at_most(32)])
    effective_at = DateTimeLocalField(_l("从什么时候起生效"), [Optional(), sensible], format=WHEN)
    note = StringField(_l("为什么改"), [at_most(2000)])

    def number(self, *, yuan: bool) -> int:
        """The value in the parameter's own unit. Refuses what is no number."""
        typed: Any = (self.value.data or "").strip()
        if yuan:
            return parse_yuan(typed, field="value")
        if not typed.isascii() or not typed.isdigit() or len(typed) > 9:
            raise Refusal(say("请填一个整数。"), field="value")
        return int(typed)
