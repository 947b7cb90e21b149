"""A person's cases: the list, one case, and what he may do with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, request, url_for

from portal.domain.aftersales import actions, queries
from portal.domain.aftersales.values import CaseState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import cases
from portal.web.forms.base import Form
from portal.web.forms.cases import SendForm, WordsForm
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.shop import shop

BUY = Permission.ORDER_BUY
CASE = "/cases/<uuid:case>"


@shop.get("/cases", may=BUY)
def cases_list(work: Work) -> Page:
    """Everything I asked back, the latest first."""
    found, more = queries.persons_cases(work, after=asked_after())
    further = url_for("shop.cases_list", after=found[-1].id) if more else None
    return page("shop/cases/list.html", block="rows", cases=found, further=further, later=asked_after() is not None)


@shop.get(CASE, may=BUY)
def cases_show(work: Work, case: UUID) -> Page:
    """One case: how it stands, what comes next and until when, what was said."""
    return _show(work, case)


def _show(work: Work, case_id: UUID, *, status: int = 200, **forms: Form) -> Page:
    shown = queries.case(work, case_id, may=BUY)
    there: dict[str, Form] = {}
    if shown.state in (CaseState.REFUSED, CaseState.OFFERED):
        there["words"] = WordsForm(formdata=None)
    if shown.state is CaseState.RETURNING:
        there["send"] = SendForm(formdata=None)
    return page(
        "shop/cases/show.html",
        case=shown,
        forms=there | {name: form for name, form in forms.items() if name in there},
        late=next((form for name, form in forms.items() if name not in there), None),
        carriers=cases.CARRIERS,
        now=work.now(),
        status=status,
    )


def _act(work: Work, case: UUID, name: str, form: Form, act: Callable[[], None], done: str) -> Answer:
    if form.validate():
        with form.tries(work):
            act()
            return see_other("shop.cases_show", case=case, flash=done)
    return _show(work, case, status=422, **{name: form})


@shop.post(f"{CASE}/say", may=BUY, gate=cases.uploading)
def cases_say(work: Work, case: UUID) -> Answer:
    """Once more to the merchant, or to the platform."""
    form, again = WordsForm(), request.form.get("act") == "again"

    def tell() -> None:
        act = actions.ask_again if again else actions.dispute
        pictures = cases.uploads(form.pictures)
        act(work, case, words=form.words.data or "", storage=services().storage, pictures=pictures)

    done = gettext("已再次提交给商家。") if again else gettext("已申请平台介入。")
    return _act(work, case, "words", form, tell, done)


@shop.post(f"{CASE}/accept", may=BUY)
def cases_accept(work: Work, case: UUID) -> Answer:
    """Take the merchant's offer, as it was shown."""
    text = request.form.get("offer", "")
    offer = int(text) if text.isascii() and text.isdigit() and len(text) < 14 else -1
    done = gettext("已接受，退款会原路退回。")
    return _act(work, case, "top", Form(), lambda: actions.accept(work, case, offer_fen=offer), done)


@shop.post(f"{CASE}/send", may=BUY)
def cases_send(work: Work, case: UUID) -> Answer:
    """The goods are on their way."""
    form = SendForm()
    carrier, tracking = form.carrier.data or "", form.tracking.data or ""
    done = gettext("已填写单号，商家收到后会处理。")
    return _act(work, case, "send", form, lambda: actions.send(work, case, carrier=carrier, tracking=tracking), done)


@shop.post(f"{CASE}/withdraw", may=BUY)
def cases_withdraw(work: Work, case: UUID) -> Answer:
    """Never mind."""
    return _act(work, case, "top", Form(), lambda: actions.withdraw(work, case), gettext("申请已撤销。"))


@shop.get(f"{CASE}/evidence/<uuid:evidence>", may=BUY)
def cases_evidence(work: Work, case: UUID, evidence: UUID) -> Response:
    """A picture."""
    return cases.evidence(work, case, evidence, may=BUY)
