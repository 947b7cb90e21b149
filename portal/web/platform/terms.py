"""Parameters about money: one proposes with a reason, another one sees what it changes and confirms."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from portal.domain.onboarding.queries.applications import people
from portal.domain.payouts.queries import terms as payout_terms
from portal.domain.payouts.rules import fee_of
from portal.domain.payouts.values import Terms
from portal.domain.reference import queries
from portal.domain.reference.actions import terms as acts
from portal.domain.reference.values import (
    PARAMETERS,
    WITHDRAWAL_FEE_FIXED,
    WITHDRAWAL_FEE_MOST,
    WITHDRAWAL_FEE_RATE,
    WITHDRAWAL_LEAST,
    Parameter,
    Unit,
)
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import labels
from portal.web.clocks import utc
from portal.web.forms.base import Form
from portal.web.forms.payouts import TermForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform
from portal.web.wording import yuan

EDIT = Permission.MONEY_EDIT
EXAMPLE_FEN = 10_000_00
FIELDS = {
    WITHDRAWAL_FEE_FIXED.name: "fixed_fen",
    WITHDRAWAL_FEE_RATE.name: "basis_points",
    WITHDRAWAL_FEE_MOST.name: "most_fee_fen",
}


def shown_value(parameter: Parameter, value: int) -> str:
    """A value with its unit; money in yuan."""
    if parameter.unit is Unit.FEN:
        return yuan(value)
    if parameter.unit is Unit.BASIS_POINTS:
        return gettext("万分之 %(points)s", points=value)
    return f"{value} {labels.UNITS[parameter.unit]}"


def typed_value(parameter: Parameter, value: int) -> str:
    """A value as it is typed."""
    return f"{value // 100}.{value % 100:02}" if parameter.unit is Unit.FEN else str(value)


def example(parameter: Parameter, now: Terms, value: int) -> str:
    """What a change comes to, in one case everybody can check; empty when the diff says it all."""
    if parameter.name in FIELDS:
        field: dict[str, int] = {FIELDS[parameter.name]: value}
        before, after = fee_of(EXAMPLE_FEN, now), fee_of(EXAMPLE_FEN, replace(now, **field))
        amounts = {"amount": yuan(EXAMPLE_FEN), "before": yuan(before), "after": yuan(after)}
        return gettext("提现 %(amount)s 的手续费：%(before)s → %(after)s", **amounts)
    if parameter.name == WITHDRAWAL_LEAST.name:
        amounts = {"before": yuan(now.least_fen), "after": yuan(value)}
        return gettext("余额 %(after)s 的商家，改后可以提现；原来要到 %(before)s。", **amounts)
    return ""


@platform.get("/money-terms", may=EDIT)
def terms_list(work: Work) -> Page:
    """All of them: in force, coming, proposed, past."""
    return _list(work, TermForm(formdata=None))


def _list(work: Work, form: Form, *, wrong: str = "", status: int = 200) -> Page:
    shown, history = queries.parameters(work, money=True), queries.history(work)
    names = [one.parameter.name for one in shown]
    values = [value for name in names for value in history.get(name, ())]
    setters = [value.set_by for value in values]
    setters += [value.confirmed_by for value in values if value.confirmed_by is not None]
    return page(
        "platform/terms/list.html",
        status=status,
        shown=sorted(shown, key=lambda one: one.proposed is None),
        history=history,
        people=people(work, setters),
        now=work.now(),
        me=work.person_id,
        form=form,
        wrong=wrong,
        terms=payout_terms(work),
        value_words=shown_value,
        typed=typed_value,
        example=example,
    )


@platform.post("/money-terms", may=EDIT)
def terms_propose(work: Work) -> Answer:
    """Propose a value."""
    form = TermForm()
    name = form.name.data or ""
    if form.validate():
        with form.tries(work):
            parameter = PARAMETERS.get(name)
            if parameter is None:
                raise NotFound
            number = form.number(yuan=parameter.unit is Unit.FEN)
            when = utc(form.effective_at.data)
            acts.propose(work, name, value=number, effective_at=when, note=form.note.data or "")
            return see_other("platform.terms_list", flash=gettext("已提出，等待另一位同事确认后生效。"))
    return _list(work, form, wrong=name if name in PARAMETERS else "", status=422)


@platform.post("/money-terms/<uuid:value>/confirm", may=EDIT)
def terms_confirm(work: Work, value: UUID) -> Answer:
    """The second person agrees."""
    form = Form()
    if form.validate():
        with form.tries(work):
            acts.confirm(work, value)
            return see_other("platform.terms_list", flash=gettext("已确认，从写明的时间起生效。"))
    return _list(work, _empty(form), status=422)


@platform.post("/money-terms/<uuid:value>/cancel", may=EDIT)
def terms_cancel(work: Work, value: UUID) -> Answer:
    """Not after all."""
    form = Form()
    if form.validate():
        with form.tries(work):
            acts.cancel(work, value)
            return see_other("platform.terms_list", flash=gettext("已取消，不会生效。"), tone="info")
    return _list(work, _empty(form), status=422)


def _empty(form: Form) -> TermForm:
    """The page's own form, with what was wrong."""
    empty = TermForm(formdata=None)
    empty.form_errors.extend(form.form_errors)
    return empty
