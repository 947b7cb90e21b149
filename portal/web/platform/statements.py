"""Merchants' statements from the platform's side: all of them, disputes first; answering; how often they come."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.settlement import actions, queries
from portal.domain.settlement.values import Cycle, Section, StatementState
from portal.domain.tenants.queries.merchants import merchant_names
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.asking import asked_one
from portal.web.desks.statements import MOST, export, paper
from portal.web.forms.settlement import AnswerForm, TermsForm
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.platform import platform

VIEW, ANSWER = Permission.STATEMENT_VIEW, Permission.STATEMENT_ANSWER
ONE = "/statements/<uuid:statement>"
OF = "/statements/terms/<uuid:merchant>"


@platform.get("/statements", may=VIEW)
def statements_list(work: Work) -> Page:
    """Those of everybody, the latest first."""
    state, merchant = asked_one(StatementState, "state"), uuid_or_none(request.args.get("of"))
    lines, more = queries.statements(work, state=state, merchant_id=merchant, after=asked_after())
    return page(
        "platform/statements/list.html",
        block="rows",
        statements=lines,
        totals=queries.totals(work, [one.id for one in lines]),
        further=lines[-1].id if more else None,
        state=state,
        states=StatementState,
        of=merchant,
        of_name=merchant_names(work, {merchant}).get(merchant, "") if merchant else "",
        disputed=queries.waiting_count(work),
    )


@platform.get(ONE, may=VIEW)
def statements_show(work: Work, statement: UUID) -> Page:
    """One with its figures, its lines and what was said."""
    return _show(work, statement, AnswerForm(formdata=None))


def _show(work: Work, statement: UUID, form: AnswerForm, status: int = 200) -> Page:
    shown, section = queries.statement(work, statement), asked_one(Section, "section")
    after = request.args.get("after", "")
    lines = queries.lines(work, shown.merchant_id, shown.period, section=section, after=after)
    named = {ref for word in shown.words for ref in word.refs}
    return page(
        "platform/statements/show.html",
        block="rows",
        statement=shown,
        period=shown.period,
        figures=queries.figures(work, shown.merchant_id, shown.period),
        lines=lines[:MOST],
        further=lines[MOST - 1].cursor if len(lines) > MOST else None,
        section=section,
        named=queries.named_lines(work, shown.merchant_id, named),
        journals=queries.journals_of(work, [line.transfer_id for line in lines]),
        form=form,
        status=status,
    )


@platform.post(f"{ONE}/answer", may=ANSWER)
def statements_answer(work: Work, statement: UUID) -> Answer:
    """Answer a dispute, and make good if there is something to make good."""
    form = AnswerForm()
    if form.validate():
        with form.tries(work):
            actions.answer(work, statement, note=form.note.data or "", given_fen=form.amount.data or 0)
            return see_other("platform.statements_show", statement=statement, flash=gettext("已答复，等商家确认。"))
    return _show(work, statement, form, status=422)


@platform.get(f"{ONE}/export", may=VIEW)
def statements_export(work: Work, statement: UUID) -> Response:
    """The statement as a file."""
    shown = queries.statement(work, statement)
    return export(work, shown.merchant_id, shown.period, merchant=shown.merchant_name, number=shown.number)


@platform.get(f"{ONE}/print", may=VIEW)
def statements_print(work: Work, statement: UUID) -> Page:
    """The statement on paper."""
    return paper(work, queries.statement(work, statement))


@platform.get(OF, may=VIEW)
def statements_terms(work: Work, merchant: UUID) -> Page:
    """How often this merchant gets statements, and what was set when."""
    return _terms(work, merchant, TermsForm(formdata=None))


def _terms(work: Work, merchant: UUID, form: TermsForm, status: int = 200) -> Page:
    name = merchant_names(work, {merchant}).get(merchant)
    if name is None:
        raise NotFound
    period, cycle = queries.running(work, merchant)
    return page(
        "platform/statements/terms.html",
        merchant_id=merchant,
        name=name,
        period=period,
        cycle=cycle,
        terms=queries.terms(work, merchant),
        form=form,
        status=status,
    )


@platform.post(OF, may=ANSWER)
def statements_terms_set(work: Work, merchant: UUID) -> Answer:
    """Set it from a day on."""
    form = TermsForm()
    if form.validate():
        with form.tries(work):
            facts = form.facts()
            actions.set_terms(work, merchant, from_day=facts["from_day"], cycle=Cycle(facts["cycle"]))
            return see_other("platform.statements_terms", merchant=merchant, flash=gettext("对账周期已设置。"))
    return _terms(work, merchant, form, status=422)
