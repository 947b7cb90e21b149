"""The switchboard of the pretend provider, and a way to try the cashier. Demo and test only."""

from __future__ import annotations

from uuid import UUID

from wtforms import HiddenField, SelectChoice, SelectField, StringField

from portal.domain.ledger.values import Business
from portal.domain.payments import actions as payments
from portal.domain.sandbox import actions, queries
from portal.domain.sandbox.values import How, ReturnPlan, ReturnWord, TradePlan, TransferPlan, TransferWord
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.money import Fen, parse_yuan
from portal.kernel.permissions import ROLES, Permission, Role
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import labels, moneywords, payoutwords
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

EDIT = Permission.SANDBOX_EDIT
MOST = Fen(50_000_00)
moneywords.shown_at("trial", _l("沙箱试付"))


class SwitchForm(Form):
    """How it behaves from now on."""

    trades = SelectField(_l("付款"), choices=[SelectChoice(one.value, labels.TRADE_PLANS[one]) for one in TradePlan])
    refunds = SelectField(_l("退款"), choices=[SelectChoice(one.value, labels.RETURN_PLANS[one]) for one in ReturnPlan])

    transfers = SelectField(
        _l("打款"), choices=[SelectChoice(one.value, payoutwords.PLANS[one]) for one in TransferPlan]
    )


class TrialForm(Form):
    """How much to try with."""

    amount = StringField(_l("金额（元）"), default="12.50")


class NoticeForm(Form):
    """Which notice to send."""

    how = HiddenField()


@platform.get("/sandbox", may=EDIT, demo=True)
def sandbox_show(work: Work) -> Page:
    """The board."""
    return _show(work)


def _show(work: Work, switches: SwitchForm | None = None, trial: TrialForm | None = None, status: int = 200) -> Page:
    plans, trades, refunds = queries.board(work)
    chosen = {"trades": plans.trades.value, "refunds": plans.refunds.value, "transfers": plans.transfers.value}
    return page(
        "platform/sandbox/show.html",
        switches=switches or SwitchForm(formdata=None, **chosen),
        trial=trial or TrialForm(formdata=None),
        trades=trades,
        refunds=refunds,
        transfers=queries.transfers(work),
        transfer_mark=lambda word: (str(payoutwords.WORDS[word][0]), payoutwords.WORDS[word][1]),
        transfer_plan=lambda plan: str(payoutwords.PLANS[plan]),
        hows=tuple(How),
        status=status,
    )


@platform.post("/sandbox/switch", may=EDIT, demo=True)
def sandbox_switch(work: Work) -> Answer:
    """Turn the switches."""
    form = SwitchForm()
    if form.validate():
        with form.tries(work):
            plans = (TradePlan(form.trades.data), ReturnPlan(form.refunds.data), TransferPlan(form.transfers.data))
            actions.switch(work, trades=plans[0], refunds=plans[1], transfers=plans[2])
            return see_other("platform.sandbox_show", flash=gettext("沙箱从现在起这样表现。"))
    return _show(work, switches=form, status=422)


@platform.post("/sandbox/try", may=EDIT, demo=True)
def sandbox_try(work: Work) -> Answer:
    """Ask oneself to pay, so that the cashier can be seen without an order. It is called a trial everywhere."""
    form = TrialForm()
    if form.validate():
        with form.tries(work):
            amount = parse_yuan(form.amount.data or "", most=MOST, field="amount")
            if amount <= 0:
                raise Refusal(say("金额要大于零。"), field="amount")
            person, business = work.person_id, Business("trial", new_id())
            with borrowed(work, Scope(Face.PERSON, person_id=person), ROLES[Role.CONSUMER]):
                payment = payments.ask(work, business=business, title=gettext("沙箱试付"), amount_fen=amount)
            work.audit("sandbox.tried", "payment", payment)
            return see_other("shop.payments_show", payment=payment)
    return _show(work, trial=form, status=422)


@platform.post("/sandbox/trades/<uuid:trade>/notify", may=EDIT, demo=True)
def sandbox_notify(work: Work, trade: UUID) -> Answer:
    """One more notice, true or not."""
    form = NoticeForm()
    if form.validate() and form.how.data in {one.value for one in How}:
        with form.tries(work):
            actions.send_again(work, trade, how=How(form.how.data))
            return see_other("platform.sandbox_show", flash=gettext("通知已排队。"))
    return _show(work, status=422)


@platform.post("/sandbox/refunds/<uuid:giveback>/decide", may=EDIT, demo=True)
def sandbox_decide(work: Work, giveback: UUID) -> Answer:
    """A refund under way is done, or fails."""
    form = NoticeForm()
    words = {ReturnWord.DONE.value, ReturnWord.FAILED.value}
    if form.validate() and form.how.data in words:
        with form.tries(work):
            actions.decide(work, giveback, to=ReturnWord(form.how.data))
            return see_other("platform.sandbox_show", flash=gettext("退款结果已定。"))
    return _show(work, status=422)


@platform.post("/sandbox/transfers/<uuid:transfer>/decide", may=EDIT, demo=True)
def sandbox_transfer(work: Work, transfer: UUID) -> Answer:
    """A bank transfer is paid now, or sent back."""
    form = NoticeForm()
    words = {TransferWord.PAID.value, TransferWord.RETURNED.value}
    if form.validate() and form.how.data in words:
        with form.tries(work):
            actions.decide_transfer(work, transfer, to=TransferWord(form.how.data))
            return see_other("platform.sandbox_show", flash=gettext("打款结果已定。"))
    return _show(work, status=422)
