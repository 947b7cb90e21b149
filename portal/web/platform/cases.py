"""Cases on the platform's side: those it is called for, a decision with its reason, money given out of goodwill."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from portal.domain.aftersales import actions, queries
from portal.domain.aftersales.queries import Tab
from portal.domain.aftersales.values import CaseKind, CaseState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import cases
from portal.web.forms.base import Form
from portal.web.forms.cases import GrantForm, JudgeForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

JUDGE = Permission.ORDER_OVERSEE


@platform.get("/cases", may=JUDGE)
def cases_list(work: Work) -> Page:
    """Those that wait for a decision first."""
    shown = cases.listing(work, queries.platforms_cases, "platform.cases_list", Tab.PLATFORM, may=JUDGE)
    return page("platform/cases/list.html", block="rows", **shown)


@platform.get("/cases/<uuid:case>", may=JUDGE)
def cases_show(work: Work, case: UUID) -> Page:
    """What both said, and the decision."""
    return _show(work, case, JudgeForm(formdata=None))


def _show(work: Work, case_id: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.case(work, case_id, may=JUDGE)
    decides = shown.state is CaseState.DISPUTED
    homeless = decides and shown.kind is CaseKind.RETURN and shown.arrived_at is None
    address = queries.kept_address(work, shown.merchant_id) if homeless else None
    return page(
        "platform/cases/show.html",
        case=shown,
        form=form,
        decides=decides,
        homeless=homeless and address is None,
        now=work.now(),
        status=status,
    )


@platform.post("/cases/<uuid:case>/decide", may=JUDGE)
def cases_decide(work: Work, case: UUID) -> Answer:
    """For the buyer or for the merchant."""
    form, buyer = JudgeForm(), request.form.get("act") == "buyer"
    if form.validate():
        with form.tries(work):
            note = form.note.data or ""
            if buyer:
                actions.for_buyer(work, case, note=note, amount_fen=form.amount.data)
            else:
                actions.for_merchant(work, case, note=note)
            done = gettext("已判定：支持买家。") if buyer else gettext("已判定：支持商家。")
            return see_other("platform.cases_show", case=case, flash=done)
    return _show(work, case, form, status=422)


@platform.get("/cases/<uuid:case>/evidence/<uuid:evidence>", may=JUDGE)
def cases_evidence(work: Work, case: UUID, evidence: UUID) -> Response:
    """A picture; who opened it is written down."""
    return cases.evidence(work, case, evidence, may=JUDGE)


@platform.get("/orders/<uuid:order>/grant", may=JUDGE)
def cases_grant(work: Work, order: UUID) -> Page:
    """Give money back without being asked."""
    return _grant(work, order, GrantForm(formdata=None))


def _grant(work: Work, order: UUID, form: GrantForm, *, status: int = 200) -> Page:
    return page(
        "desks/cases/grant.html",
        claim=queries.claim(work, order, may=JUDGE),
        form=form,
        typed=request.form if status != 200 else {},
        action=url_for("platform.cases_give", order=order),
        status=status,
    )


@platform.post("/orders/<uuid:order>/grant", may=JUDGE)
def cases_give(work: Work, order: UUID) -> Answer:
    """Do it."""
    form = GrantForm()
    if form.validate():
        with form.tries(work):
            made = actions.grant(work, order, cases.wish_of(form), words=form.words.data or "", may=JUDGE)
            return see_other("platform.cases_show", case=made, flash=gettext("已退款，会原路退回。"))
    return _grant(work, order, form, status=422)
