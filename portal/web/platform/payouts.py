"""The platform's queue of withdrawals: what waits, what to look at twice; one or many approved, or refused."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.ledger import queries as ledger
from portal.domain.ledger.values import Business
from portal.domain.onboarding.queries.applications import people
from portal.domain.payouts import actions, queries
from portal.domain.payouts.actions.deciding import Outcome
from portal.domain.payouts.queries import Asked
from portal.domain.payouts.values import TABS, TYPE, Tab, Withdrawal, WithdrawalState
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import moneywords, payoutwords, sheets
from portal.web.asking import asked_day, asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.forms.payouts import RefusalForm
from portal.web.locale import gettext, said
from portal.web.locale import lazy_gettext as _l
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.platform import platform

SEE, DECIDE = Permission.PAYOUT_VIEW, Permission.PAYOUT_DECIDE
MOST_AT_ONCE = 100
OLDEST_FIRST = frozenset({Tab.ASKED, Tab.HALF, Tab.UNDERWAY})
moneywords.shown_at("support", _l("开业扶持"), "platform.merchants_show", "merchant")
moneywords.shown_at(TYPE, _l("提现"), "platform.payouts_show", "withdrawal", "withdrawals_show")


@platform.get("/payouts", may=SEE)
def payouts_list(work: Work) -> Page:
    """The queue, tab by tab."""
    return _list(work, Form(formdata=None))


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    tab = asked_one(Tab, "tab") or Tab.ASKED
    asked, oldest = _asked(tab), tab in OLDEST_FIRST
    lines, more = queries.queue(work, asked, after=asked_after(), oldest=oldest)
    return page(
        "platform/payouts/list.html",
        block="rows",
        status=status,
        form=form,
        tab=tab,
        tabs=tuple(Tab),
        counts=queries.queue_counts(work),
        lines=lines,
        further=lines[-1].id if more else None,
        asked=asked,
        keep={"tab": tab.value, "q": asked.words or None, "since": asked.since, "until": asked.until},
        decide=tab in (Tab.ASKED, Tab.HALF) and work.may(DECIDE),
        has_bank=services().bank is not None,
        **payoutwords.SHOWN,
    )


def _asked(tab: Tab) -> Asked:
    return Asked(TABS[tab], asked_day("since"), asked_day("until"), asked_words())


@platform.get("/payouts/export", may=SEE)
def payouts_export(work: Work) -> Response:
    """The same as a file, CSV or Excel."""
    tab = asked_one(Tab, "tab") or Tab.ALL
    lines, _more = queries.queue(work, _asked(tab), after=None, oldest=False, most=queries.MOST_EXPORTED)
    name = f"payouts-{work.now().astimezone(SHANGHAI):%Y-%m-%d}"
    return sheets.download(payoutwords.rows(lines, named=True), name, request.args.get("format", "csv"))


@platform.post("/payouts/approve", may=DECIDE)
def payouts_approve_many(work: Work) -> Answer:
    """Approve those that were ticked; what cannot be is left and said."""
    form = Form()
    if form.validate():
        with form.tries(work):
            done = actions.approve_many(work, _ticked())
            tone = "wait" if done.left else "ok"
            tab = asked_one(Tab, "tab") or Tab.ASKED
            return see_other("platform.payouts_list", tab=tab.value, flash=_told(done), tone=tone)
    return _list(work, form, status=422)


def _told(done: Outcome) -> str:
    """What became of them, in one sentence."""
    parts = []
    if done.approved:
        parts.append(gettext("已批准 %(count)s 笔。", count=done.approved))
    if done.half:
        parts.append(gettext("%(count)s 笔等待另一位同事复核。", count=done.half))
    if done.left and done.why is not None:
        parts.append(gettext("%(count)s 笔没有批准：%(why)s", count=done.left, why=said(done.why)))
    return " ".join(parts)


def _ticked() -> list[UUID]:
    try:
        ids = [UUID(text) for text in request.form.getlist("ids")[: MOST_AT_ONCE + 1]]
    except ValueError:
        ids = []
    if not ids or len(ids) > MOST_AT_ONCE:
        raise Refusal(say("请先勾选提现，一次最多 %(most)s 笔。", most=MOST_AT_ONCE))
    return ids


@platform.get("/payouts/<uuid:withdrawal>", may=SEE)
def payouts_show(work: Work, withdrawal: UUID) -> Page:
    """One with its timeline, its orders at the bank and its journals."""
    return _show(work, withdrawal, RefusalForm(formdata=None))


def _show(work: Work, withdrawal: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.queue_one(work, withdrawal)
    names = people(work, _actors(shown))
    return page(
        "platform/payouts/show.html",
        status=status,
        shown=shown,
        line=shown.line,
        steps=payoutwords.timeline(shown, names),
        journals=ledger.journals_of(work, Business(TYPE, withdrawal)) if work.may(Permission.LEDGER_VIEW) else (),
        form=form,
        decide=work.may(DECIDE) and shown.line.open and work.person_id != shown.asked_by,
        refusable=work.may(DECIDE) and (shown.line.open or shown.line.state is WithdrawalState.APPROVED),
        **payoutwords.SHOWN,
    )


def _actors(shown: Withdrawal) -> list[UUID]:
    return [step.actor_id for step in shown.steps if step.actor_id is not None]


@platform.get("/payouts/<uuid:withdrawal>/print", may=SEE)
def payouts_print(work: Work, withdrawal: UUID) -> Page:
    """A page for the books."""
    shown = queries.queue_one(work, withdrawal)
    steps = payoutwords.timeline(shown, people(work, _actors(shown)))
    return page(
        "platform/payouts/print.html",
        shown=shown,
        line=shown.line,
        steps=steps,
        now=work.now(),
        **payoutwords.SHOWN,
    )


@platform.post("/payouts/<uuid:withdrawal>/approve", may=DECIDE)
def payouts_approve(work: Work, withdrawal: UUID) -> Answer:
    """First or second approval."""
    form = RefusalForm()
    if form.validate():
        with form.tries(work):
            state = actions.approve(work, withdrawal)
            half = state is WithdrawalState.HALF
            flash = gettext("已批准，等待另一位同事复核。") if half else gettext("已批准，马上提交银行打款。")
            return see_other("platform.payouts_show", withdrawal=withdrawal, flash=flash)
    return _show(work, withdrawal, form, status=422)


@platform.post("/payouts/<uuid:withdrawal>/refuse", may=DECIDE)
def payouts_refuse(work: Work, withdrawal: UUID) -> Answer:
    """No, with a reason."""
    form = RefusalForm()
    if form.validate():
        with form.tries(work):
            actions.refuse(work, withdrawal, reason=form.reason.data or "")
            flash = gettext("已驳回，金额已退到商家的可提现余额。")
            return see_other("platform.payouts_show", withdrawal=withdrawal, flash=flash, tone="info")
    return _show(work, withdrawal, form, status=422)
