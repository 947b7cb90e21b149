"""A supplier's cases: what waits for an answer, one case with its answers, money given of one's own accord."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, request, url_for

from portal.domain.aftersales import actions, queries
from portal.domain.aftersales.queries import Tab
from portal.domain.aftersales.values import MOST_AT_ONCE, Address, CaseKind, CaseShown, CaseState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import cases
from portal.web.forms.base import Form
from portal.web.forms.cases import AgreeForm, GrantForm, OfferForm, ReceiveForm, RefuseForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.supplier import supplier

SEE, ANSWER = Permission.ORDER_VIEW, Permission.CASE_ANSWER
CASE = "/cases/<uuid:case>"
supplier.nav.append(NavItem(_l("售后"), "supplier.cases_list", SEE, group=_l("经营")))


@supplier.get("/cases", may=SEE)
def cases_list(work: Work) -> Page:
    """By whose turn it is; what is due first stands first."""
    return _list(work, Form())


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    shown = cases.listing(work, queries.merchants_cases, "supplier.cases_list", Tab.MERCHANT, may=SEE)
    return page("supplier/cases/list.html", block="rows", status=status, form=form, **shown)


@supplier.post("/cases/bulk", may=ANSWER)
def cases_bulk(work: Work) -> Answer:
    """Yes to all that are ticked."""
    form = Form()
    if form.validate():
        with form.tries(work):
            count = actions.agree_many(work, _ticked())
            return see_other("supplier.cases_list", flash=gettext("已同意 %(count)s 张售后单。", count=count))
    return _list(work, form, status=422)


def _ticked() -> list[UUID]:
    try:
        return [UUID(text) for text in request.form.getlist("ids")[: MOST_AT_ONCE + 1]]
    except ValueError:
        return []


@supplier.get(CASE, may=SEE)
def cases_show(work: Work, case: UUID) -> Page:
    """One case with what may be answered."""
    return _show(work, case)


def _show(work: Work, case_id: UUID, *, status: int = 200, **forms: Form) -> Page:
    shown = queries.case(work, case_id, may=SEE)
    there = _forms(work, shown) if work.may(ANSWER) else {}
    late = next((form for name, form in forms.items() if name not in there), None)
    return page(
        "supplier/cases/show.html",
        case=shown,
        forms=there | {name: form for name, form in forms.items() if name in there},
        late=late,
        typed=request.form if status != 200 else {},
        now=work.now(),
        status=status,
    )


def _forms(work: Work, shown: CaseShown) -> dict[str, Form]:
    """The answers there are in this state, empty."""
    if shown.state is CaseState.SENT:
        return {"receive": ReceiveForm(formdata=None), "refuse": RefuseForm(formdata=None)}
    if shown.state is not CaseState.ASKED:
        return {}
    made: dict[str, Form] = {"agree": AgreeForm(formdata=None), "refuse": RefuseForm(formdata=None)}
    if shown.kind is CaseKind.RETURN:
        kept = queries.kept_address(work, work.merchant_id) or Address()
        made["agree"] = AgreeForm(formdata=None, name=kept.name, phone=kept.phone, detail=kept.detail)
    if shown.kind is not CaseKind.UNSHIPPED and shown.total_fen > 1:
        made["offer"] = OfferForm(formdata=None)
    return made


def _act(work: Work, case: UUID, name: str, form: Form, act: Callable[[], None], done: str) -> Answer:
    if form.validate():
        with form.tries(work):
            act()
            return see_other("supplier.cases_show", case=case, flash=done)
    return _show(work, case, status=422, **{name: form})


@supplier.post(f"{CASE}/agree", may=ANSWER)
def cases_agree(work: Work, case: UUID) -> Answer:
    """Yes."""
    form = AgreeForm()

    def agree() -> None:
        shown = queries.case(work, case, may=ANSWER)
        address = _address(work, form) if shown.kind is CaseKind.RETURN else None
        actions.agree(work, case, note=form.note.data or "", return_to=address)

    return _act(work, case, "agree", form, agree, gettext("已同意。"))


def _address(work: Work, form: AgreeForm) -> Address:
    name, phone, detail = form.name.data or "", form.phone.data or "", form.detail.data or ""
    demo = services().settings.is_demo
    return actions.keep_address(work, name=name, phone=phone, detail=detail, demo=demo)


@supplier.post(f"{CASE}/offer", may=ANSWER)
def cases_offer(work: Work, case: UUID) -> Answer:
    """Less, and the goods stay."""
    form = OfferForm()

    def offer() -> None:
        actions.offer(work, case, amount_fen=form.fen(), note=form.note.data or "")

    return _act(work, case, "offer", form, offer, gettext("方案已发给买家。"))


@supplier.post(f"{CASE}/refuse", may=ANSWER, gate=cases.uploading)
def cases_refuse(work: Work, case: UUID) -> Answer:
    """No, because; of goods that came back with pictures."""
    form = RefuseForm()

    def refuse() -> None:
        shown = queries.case(work, case, may=ANSWER)
        act = actions.refuse_goods if shown.state is CaseState.SENT else actions.refuse
        pictures = cases.uploads(form.pictures)
        act(work, case, note=form.note.data or "", storage=services().storage, pictures=pictures)

    return _act(work, case, "refuse", form, refuse, gettext("已拒绝，买家会看到原因。"))


@supplier.post(f"{CASE}/receive", may=ANSWER)
def cases_receive(work: Work, case: UUID) -> Answer:
    """The goods are back and as they should be."""
    form = ReceiveForm()

    def receive() -> None:
        restock = cases.typed_pieces(request.form, "back", zeros=True)
        actions.receive(work, case, restock=restock, note=form.note.data or "")

    return _act(work, case, "receive", form, receive, gettext("已验收，退款会原路退回。"))


@supplier.get(f"{CASE}/evidence/<uuid:evidence>", may=SEE)
def cases_evidence(work: Work, case: UUID, evidence: UUID) -> Response:
    """A picture."""
    return cases.evidence(work, case, evidence, may=SEE)


@supplier.get("/orders/<uuid:order>/grant", may=ANSWER)
def cases_grant(work: Work, order: UUID) -> Page:
    """Give money back without being asked."""
    return _grant(work, order, GrantForm(formdata=None))


def _grant(work: Work, order: UUID, form: GrantForm, *, status: int = 200) -> Page:
    """The order's lines with what is left of each."""
    return page(
        "desks/cases/grant.html",
        claim=queries.claim(work, order, may=ANSWER),
        form=form,
        typed=request.form if status != 200 else {},
        action=url_for("supplier.cases_give", order=order),
        status=status,
    )


@supplier.post("/orders/<uuid:order>/grant", may=ANSWER)
def cases_give(work: Work, order: UUID) -> Answer:
    """Do it."""
    form = GrantForm()
    if form.validate():
        with form.tries(work):
            made = actions.grant(work, order, cases.wish_of(form), words=form.words.data or "", may=ANSWER)
            return see_other("supplier.cases_show", case=made, flash=gettext("已退款，会原路退回。"))
    return _grant(work, order, form, status=422)
