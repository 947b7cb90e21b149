"""What the street pays and what the platform keeps: the price list, one product's prices, price changes that wait."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.queries import platform as lists
from portal.domain.catalogue.queries.platform import Margin
from portal.domain.catalogue.values import ChangeState
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import goods
from portal.web.asking import asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.forms.catalogue import OffForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.platform import platform
from portal.web.platform.goods import price_rows, sales_of

SEE, EDIT = Permission.PRICE_VIEW, Permission.PRICE_EDIT
MOST_AT_ONCE = 100


@platform.get("/prices", may=SEE)
def prices_list(work: Work) -> Page:
    """Every SKU with its margin."""
    margin, words = asked_one(Margin, "margin"), asked_words()
    merchants = lists.suppliers(work)
    text = request.args.get("supplier", "")
    merchant_id = next((one for one, _name in merchants if str(one) == text), None)
    lines, further = lists.price_lines(work, merchant_id=merchant_id, words=words, margin=margin, after=asked_after())
    return page(
        "platform/prices/list.html",
        block="rows",
        lines=lines,
        further=lines[-1].sku.id if further else None,
        merchants=merchants,
        keep={"margin": margin, "q": words or None, "supplier": merchant_id},
        **goods.SHOWN,
    )


@platform.get("/prices/<uuid:product>", may=EDIT)
def prices_edit(work: Work, product: UUID) -> Page:
    """The prices of one product."""
    return _edit(work, product, Form(formdata=None))


def _edit(work: Work, product: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.product(work, product, may=EDIT)
    lines = price_rows(shown, (str(one.id) for one in shown.skus if one.sale_fen is not None))
    return page("platform/prices/edit.html", status=status, form=form, shown=shown, lines=lines, **goods.SHOWN)


@platform.post("/prices/<uuid:product>", may=EDIT)
def prices_save(work: Work, product: UUID) -> Answer:
    """Other prices, at once."""
    form, shown = Form(), queries.product(work, product, may=EDIT)
    if form.validate():
        with form.tries(work):
            ids = [one.id for one in shown.skus if one.sale_fen is not None]
            below = request.form.get("below") == "1"
            actions.set_sale(work, product, sales=sales_of(ids), below=below)
            return see_other("platform.prices_edit", product=product, flash=gettext("新的售价已生效。"))
    return _edit(work, product, form, status=422)


@platform.get("/price-changes", may=SEE)
def price_changes_list(work: Work) -> Page:
    """What waits, longest first; or what was decided, latest first."""
    return _changes(work, OffForm(formdata=None))


def _changes(work: Work, form: Form, *, status: int = 200) -> Page:
    every = request.args.get("state") == "all"
    state = asked_one(ChangeState, "state") or (None if every else ChangeState.WAITING)
    lines, further = lists.changes(work, state, after=asked_after())
    return page(
        "platform/prices/changes.html",
        status=status,
        form=form,
        lines=lines,
        further=lines[-1].id if further else None,
        state=state,
        **goods.SHOWN,
    )


@platform.post("/price-changes/decide", may=EDIT)
def price_changes_decide(work: Work) -> Answer:
    """Approve or refuse those that were ticked: all of them or none."""
    form = OffForm()
    if form.validate():
        with form.tries(work):
            ids = _ticked()
            if request.form.get("act") == "refuse":
                count = actions.refuse_changes(work, ids, reason=form.reason.data or "")
                flash = gettext("已驳回 %(count)s 个调价，旧价继续有效。", count=count)
            else:
                count = actions.approve_changes(work, ids, below=request.form.get("below") == "1")
                flash = gettext("已批准 %(count)s 个调价。", count=count)
            return see_other("platform.price_changes_list", flash=flash)
    return _changes(work, form, status=422)


def _ticked() -> list[UUID]:
    try:
        ids = [UUID(text) for text in request.form.getlist("ids")[: MOST_AT_ONCE + 1]]
    except ValueError:
        ids = []
    if not ids or len(ids) > MOST_AT_ONCE:
        raise Refusal(say("请先勾选调价，一次最多 %(most)s 个。", most=MOST_AT_ONCE))
    return ids
