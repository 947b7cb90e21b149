"""Which goods follow which freight template, many at once; and a calculator for one template."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.catalogue.values import ProductState
from portal.domain.freight import actions, queries
from portal.domain.freight.rules import fees, places
from portal.domain.freight.values import Quote
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import goods
from portal.web.asking import asked_words
from portal.web.forms.base import Form
from portal.web.forms.fields import options
from portal.web.forms.freight import TryForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.supplier import supplier
from portal.web.supplier.products import ticked

EDIT = Permission.FREIGHT_EDIT
PLAIN = "default"


@supplier.get("/freight/goods", may=EDIT)
def freight_goods(work: Work) -> Page:
    """Goods with the template each follows."""
    return _goods(work, Form())


@supplier.post("/freight/goods", may=EDIT)
def freight_assign(work: Work) -> Answer:
    """Let the ticked goods follow a template, or the default."""
    form = Form()
    if form.validate():
        with form.tries(work):
            count = actions.assign(work, ticked(), template_id=_chosen(request.form.get("to", "")))
            return see_other("supplier.freight_goods", flash=gettext("已给 %(count)s 件商品换了运费。", count=count))
    return _goods(work, form, status=422)


def _chosen(text: str) -> UUID | None:
    """The template that was picked; None for the default. Refuses nothing picked."""
    if text == PLAIN:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(say("请选择要用的运费模板。")) from None


def _goods(work: Work, form: Form, *, status: int = 200) -> Page:
    templates, words, asked = queries.templates(work), asked_words(), request.args.get("follows", "")
    follows = next((one.id for one in templates if str(one.id) == asked), None)
    found, further = queries.goods(work, words=words, follows=follows, plain=asked == PLAIN, after=asked_after())
    keep = {"q": words or None, "follows": asked if follows or asked == PLAIN else None}
    return page(
        "supplier/freight/goods.html",
        block="rows",
        status=status,
        form=form,
        goods=found,
        further=found[-1].id if further else None,
        templates=templates,
        names={one.id: one.draft.name for one in templates},
        default=next((one for one in templates if one.is_default), None),
        keep=keep,
        marks={state.value: goods.MARKS[state] for state in ProductState},
    )


@supplier.get("/freight/try", may=EDIT)
def freight_try(work: Work) -> Page:
    """What a parcel would cost."""
    templates, names = queries.templates(work), queries.places(work)
    form = TryForm(request.args if "to" in request.args else None)
    form.template.choices = options(*((str(one.id), one.draft.name) for one in templates))
    form.template.data = request.args.get("template", "") or form.template.data
    chosen = next((one for one in templates if str(one.id) == form.template.data), templates[0] if templates else None)
    quote: Quote | None = None
    if chosen is not None and "to" in request.args:
        try:
            line, code = form.line(), _place(form, names)
            quote = fees.quote(work.merchant_id, [line], [chosen.id], {chosen.id: chosen.draft}, code)
        except Refusal as refusal:
            form.refuse(refusal)
    status = 422 if form.errors or any(field.errors for field in form) else 200
    return page("supplier/freight/try.html", form=form, chosen=chosen, quote=quote, status=status)


def _place(form: TryForm, names: dict[str, str]) -> str:
    """One place. Refuses none and several."""
    found = places.read_places(form.to.data or "", names, field="to")
    if len(found) != 1:
        raise Refusal(say("请填一个省或市，例如：东莞。"), field="to")
    return found[0]
