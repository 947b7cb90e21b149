"""A merchant's statements: what runs, what was issued, every line with its order; confirm, doubt, take away."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.settlement import actions, queries
from portal.domain.settlement.values import MOST_LINES, MOST_REFS, Period, Section, StatementShown, StatementState
from portal.domain.tenants.queries.merchants import merchant_names
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import statementbooks
from portal.web.asking import asked_one
from portal.web.forms.settlement import DisputeForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after

VIEW, ANSWER = Permission.STATEMENT_VIEW, Permission.STATEMENT_ANSWER
ONE = "/statements/<uuid:statement>"
MOST = queries.PAGE
PRINTED = 2000


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("对账单"), f"{office.name}.statements_list", VIEW))
    office.get("/statements", may=VIEW)(statements_list)
    office.get("/statements/current", may=VIEW)(statements_current)
    office.get("/statements/current/export", may=VIEW)(statements_current_export)
    office.get(ONE, may=VIEW)(statements_show)
    office.get(f"{ONE}/export", may=VIEW)(statements_export)
    office.get(f"{ONE}/print", may=VIEW)(statements_print)
    office.post(f"{ONE}/confirm", may=ANSWER)(statements_confirm)
    office.get(f"{ONE}/dispute", may=ANSWER)(statements_dispute)
    office.post(f"{ONE}/dispute", may=ANSWER)(statements_dispute_send)


def statements_list(work: Work) -> Page:
    """Those that were issued, the latest first, and the running period on top."""
    state = asked_one(StatementState, "state")
    lines, more = queries.statements(work, state=state, after=asked_after())
    period, cycle = queries.running(work, work.merchant_id)
    return page(
        "desks/statements/list.html",
        block="rows",
        statements=lines,
        totals=queries.totals(work, [one.id for one in lines]),
        further=lines[-1].id if more else None,
        state=state,
        states=StatementState,
        period=period,
        cycle=cycle,
        now=queries.figures(work, work.merchant_id, period),
        awaited=queries.awaited(work, work.merchant_id),
    )


def statements_current(work: Work) -> Page:
    """The running period as it stands; nothing to confirm yet."""
    period, _cycle = queries.running(work, work.merchant_id)
    return _show(work, None, period)


def statements_show(work: Work, statement: UUID) -> Page:
    """One with its figures, its lines and what was said."""
    shown = queries.statement(work, statement)
    return _show(work, shown, shown.period)


def _show(work: Work, shown: StatementShown | None, period: Period) -> Page:
    section = asked_one(Section, "section")
    lines = queries.lines(work, work.merchant_id, period, section=section, after=request.args.get("after", ""))
    named = {ref for word in shown.words for ref in word.refs} if shown else set()
    return page(
        "desks/statements/show.html",
        block="rows",
        statement=shown,
        period=period,
        figures=queries.figures(work, work.merchant_id, period),
        lines=lines[:MOST],
        further=lines[MOST - 1].cursor if len(lines) > MOST else None,
        section=section,
        named=queries.named_lines(work, work.merchant_id, named),
    )


def statements_export(work: Work, statement: UUID) -> Response:
    """The statement as a file."""
    shown = queries.statement(work, statement)
    return export(work, shown.merchant_id, shown.period, merchant=shown.merchant_name, number=shown.number)


def statements_current_export(work: Work) -> Response:
    """The running period as a file."""
    period, _cycle = queries.running(work, work.merchant_id)
    name = merchant_names(work, {work.merchant_id})[work.merchant_id]
    return export(work, work.merchant_id, period, merchant=name, number=gettext("未出账"))


def export(work: Work, merchant_id: UUID, period: Period, *, merchant: str, number: str) -> Response:
    """The period as xlsx or CSV. Refuses more lines than a file holds."""
    lines = queries.lines(work, merchant_id, period, most=MOST_LINES + 1)
    if len(lines) > MOST_LINES:
        raise Refusal(say("明细超过 %(most)s 条，请改用半月或每周的周期。", most=MOST_LINES))
    return statementbooks.download(
        queries.figures(work, merchant_id, period),
        lines,
        name=f"statement-{period.first}_{period.last}",
        merchant=merchant,
        number=number,
        kind=request.args.get("format", "csv"),
    )


def statements_print(work: Work, statement: UUID) -> Page:
    """The statement on paper, with a place for signatures."""
    return paper(work, queries.statement(work, statement))


def paper(work: Work, shown: StatementShown) -> Page:
    """The print view, the same for both sides."""
    lines = queries.lines(work, shown.merchant_id, shown.period, most=PRINTED + 1)
    return page(
        "desks/statements/print.html",
        statement=shown,
        period=shown.period,
        figures=queries.figures(work, shown.merchant_id, shown.period),
        lines=lines[:PRINTED],
        left_out=len(lines) > PRINTED,
    )


def statements_confirm(work: Work, statement: UUID) -> Answer:
    """All right."""
    actions.confirm(work, statement)
    return see_other(".statements_show", statement=statement, flash=gettext("已确认，谢谢核对。"))


def statements_dispute(work: Work, statement: UUID) -> Page:
    """What is wrong? An order in the address is filled in."""
    shown = queries.statement(work, statement)
    form = DisputeForm(formdata=None, orders=request.args.get("order", "")[:40])
    return page("desks/statements/dispute.html", statement=shown, form=form)


def statements_dispute_send(work: Work, statement: UUID) -> Answer:
    """Say it to the platform."""
    shown, form = queries.statement(work, statement), DisputeForm()
    if form.validate():
        with form.tries(work):
            refs = _refs(work, shown, form)
            actions.dispute(work, statement, note=form.note.data or "", refs=refs)
            return see_other(".statements_show", statement=statement, flash=gettext("异议已提交，平台会在这里答复。"))
    return page("desks/statements/dispute.html", statement=shown, form=form, status=422)


def _refs(work: Work, shown: StatementShown, form: DisputeForm) -> list[UUID]:
    """The lines of the orders that were named. Refuses orders that are not in the statement, and too many."""
    numbers = form.numbers()
    if not numbers:
        return []
    found = queries.of_orders(work, shown.merchant_id, shown.period, numbers)
    for number in numbers:
        if number not in found:
            raise Refusal(say("这张对账单里没有订单 %(number)s。", number=number[:40]), field="orders")
    refs = [ref for number in numbers for ref in found[number]]
    if len(refs) > MOST_REFS:
        raise Refusal(say("一次最多涉及 %(most)s 条明细。", most=MOST_REFS), field="orders")
    return refs
