"""A merchant's withdrawals: what he may ask for and at what fee, what became of each, files and a page to print."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.identity import queries as identity
from portal.domain.identity.actions.again import prove_again
from portal.domain.ledger import queries as ledger
from portal.domain.ledger.queries import EntryFilter
from portal.domain.ledger.values import Business
from portal.domain.payouts import actions, queries
from portal.domain.payouts.queries import Asked
from portal.domain.payouts.values import TYPE, Quote, WithdrawalLine, WithdrawalState
from portal.kernel.figures import SHANGHAI
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import payoutwords, proofs, sheets
from portal.web.asking import asked_day, asked_one
from portal.web.forms.base import Form
from portal.web.forms.payouts import AmountForm, WithdrawalForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after

SEE, ASK = Permission.FUNDS_VIEW, Permission.WITHDRAWAL_ASK
MOST_ENTRIES = 50


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("提现"), f"{office.name}.withdrawals_list", SEE))
    office.get("/withdrawals", may=SEE)(withdrawals_list)
    office.get("/withdrawals/export", may=SEE)(withdrawals_export)
    office.get("/withdrawals/new", may=ASK)(withdrawals_new)
    office.post("/withdrawals/new", may=ASK, gate=proofs.own_tries)(withdrawals_ask)
    office.get("/withdrawals/<uuid:withdrawal>", may=SEE)(withdrawals_show)
    office.get("/withdrawals/<uuid:withdrawal>/print", may=SEE)(withdrawals_print)
    office.post("/withdrawals/<uuid:withdrawal>/take-back", may=ASK)(withdrawals_take_back)


def withdrawals_list(work: Work) -> Page:
    """All of them, the latest first."""
    asked = _asked()
    lines, more = queries.own(work, asked, after=asked_after())
    return page(
        "desks/withdrawals/list.html",
        block="rows",
        desk=queries.desk(work),
        lines=lines,
        further=lines[-1].id if more else None,
        states=tuple(WithdrawalState),
        asked=asked,
        keep=_address(asked),
        **payoutwords.SHOWN,
    )


def withdrawals_export(work: Work) -> Response:
    """The same as a file, CSV or Excel."""
    lines, _more = queries.own(work, _asked(), after=None, most=queries.MOST_EXPORTED)
    name = f"withdrawals-{work.now().astimezone(SHANGHAI):%Y-%m-%d}"
    return sheets.download(payoutwords.rows(lines, named=False), name, request.args.get("format", "csv"))


def withdrawals_new(work: Work) -> Page:
    """How much there is and what it costs; with an amount, exactly what would arrive."""
    form = AmountForm(request.args) if "amount" in request.args else AmountForm(formdata=None)
    return _new(work, form)


def _new(work: Work, amount: AmountForm, confirm: WithdrawalForm | None = None, *, status: int = 200) -> Page:
    desk, quote = queries.desk(work), None
    typed = confirm.amount.data if confirm is not None else amount.amount.data
    if typed is not None:
        amount.amount.data = typed
        try:
            quote = queries.quote(desk, parse_yuan(typed, field="amount"))
        except Refusal as refusal:
            amount.refuse(refusal)
    return page(
        "desks/withdrawals/new.html",
        status=status,
        desk=desk,
        form=amount,
        quote=quote,
        confirm=_confirmation(quote, confirm),
        digits=identity.proves_by_digits(work),
        **payoutwords.SHOWN,
    )


def _confirmation(quote: Quote | None, sent: WithdrawalForm | None) -> WithdrawalForm | None:
    """The form that was sent with its errors, brought up to date; a fresh one at first."""
    if quote is None:
        return sent
    fresh = WithdrawalForm.of(quote)
    if sent is None:
        return fresh
    sent.fee.data, sent.amount.data = fresh.fee.data, fresh.amount.data
    return sent


def withdrawals_ask(work: Work) -> Answer:
    """Ask, after proving again who one is."""
    form = WithdrawalForm()
    if form.validate():
        with form.tries(work):
            amount, fee = form.figures()
            prove_again(work, seal=proofs.seal(), typed=form.proof.data)
            withdrawal = actions.ask(work, amount_fen=amount, fee_fen=fee)
            flash = gettext("已申请提现，金额已冻结，等待平台审批。")
            return see_other(".withdrawals_show", withdrawal=withdrawal, flash=flash)
    return _new(work, AmountForm(formdata=None), form, status=422)


def withdrawals_show(work: Work, withdrawal: UUID) -> Page:
    """One with its timeline and what it moved."""
    return _show(work, withdrawal, Form(formdata=None))


def _show(work: Work, withdrawal: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.own_one(work, withdrawal)
    return page(
        "desks/withdrawals/show.html",
        status=status,
        shown=shown,
        line=shown.line,
        steps=payoutwords.timeline(shown),
        entries=_entries(work, shown.line),
        form=form,
        may_take_back=shown.line.open and work.may(ASK),
        **payoutwords.SHOWN,
    )


def _entries(work: Work, line: WithdrawalLine) -> tuple[ledger.EntryLine, ...]:
    since = line.asked_at.astimezone(SHANGHAI).date()
    return ledger.own_entries(work, EntryFilter(since=since, business=Business(TYPE, line.id)), most=MOST_ENTRIES)


def withdrawals_print(work: Work, withdrawal: UUID) -> Page:
    """A page for the books."""
    shown = queries.own_one(work, withdrawal)
    steps = payoutwords.timeline(shown)
    return page(
        "desks/withdrawals/print.html",
        shown=shown,
        line=shown.line,
        steps=steps,
        now=work.now(),
        **payoutwords.SHOWN,
    )


def withdrawals_take_back(work: Work, withdrawal: UUID) -> Answer:
    """Not after all."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.take_back(work, withdrawal)
            flash = gettext("已撤回，金额已退到可提现余额。")
            return see_other(".withdrawals_show", withdrawal=withdrawal, flash=flash, tone="info")
    return _show(work, withdrawal, form, status=422)


def _asked() -> Asked:
    """The filters in the address; nonsense filters nothing."""
    state = asked_one(WithdrawalState, "state")
    return Asked((state,) if state else (), asked_day("since"), asked_day("until"))


def _address(asked: Asked) -> dict[str, object]:
    state = asked.states[0].value if asked.states else None
    return {"state": state, "since": asked.since, "until": asked.until}
