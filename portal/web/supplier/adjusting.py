"""One change for many goods: supply prices by a share or an amount, stock in or counted; looked at before."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.values import ChangeState, Movement, ProductShown, SkuShown
from portal.kernel.money import parse_yuan, percent_of
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import goods
from portal.web.forms.catalogue import AdjustForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.supplier import supplier
from portal.web.supplier.products import ticked

EDIT = Permission.PRODUCT_EDIT
SHOWS = "it shows what would change, and keeps nothing"
PRICES = ("percent", "amount")


@dataclass(frozen=True)
class Step:
    """What one SKU was and would be; fen or pieces."""

    product: ProductShown
    sku: SkuShown
    old: int
    new: int


_NONE: tuple[Step, ...] = ()


@supplier.get("/products/adjust", may=EDIT)
def products_adjust(work: Work) -> Page:
    """Choose what to change."""
    found = _products(work, ticked(request.args)) if "ids" in request.args else ()
    return page(
        "supplier/products/adjust.html", form=AdjustForm(formdata=None), products=found, steps=(), **goods.SHOWN
    )


@supplier.post("/products/adjust/preview", may=EDIT, repeats=SHOWS)
def products_preview(work: Work) -> Page:
    """See what would change."""
    form, steps, found = AdjustForm(), _NONE, _products(work, ticked())
    with form.tries(work):
        steps = _steps(form, found)
    return page("supplier/products/adjust.html", form=form, products=found, steps=steps, **goods.SHOWN)


@supplier.post("/products/adjust", may=EDIT)
def products_apply(work: Work) -> Answer:
    """Do it: all of them or none."""
    form, found = AdjustForm(), _products(work, ticked())
    if form.validate():
        with form.tries(work):
            steps = _steps(form, found)
            waiting = sum(_one(work, form, step) for step in sorted(steps, key=lambda one: one.sku.id))
            flash = gettext("已改 %(count)s 个规格。", count=len(steps))
            if waiting:
                flash += gettext("%(count)s 个规格的调价要平台审批，批准前按旧价。", count=waiting)
            return see_other("supplier.products_list", flash=flash)
    return page("supplier/products/adjust.html", form=form, products=found, steps=(), status=422, **goods.SHOWN)


def _products(work: Work, ids: list[UUID]) -> tuple[ProductShown, ...]:
    return queries.several(work, ids)


def _steps(form: AdjustForm, found: tuple[ProductShown, ...]) -> tuple[Step, ...]:
    """Each SKU with its new figure; those that stay as they are left out."""
    every = [(product, sku) for product in found for sku in product.skus]
    if form.what.data in PRICES:
        every = [(product, sku) for product, sku in every if product.state.value in ("on_sale", "off_sale")]
        steps = [Step(product, sku, sku.supply_fen, _price(form, sku)) for product, sku in every]
    else:
        pieces = _pieces(form)
        adds = form.what.data == "receive"
        steps = [
            Step(product, sku, sku.available, sku.available + pieces if adds else pieces - sku.held)
            for product, sku in every
        ]
    changed = tuple(step for step in steps if step.old != step.new)
    if not changed:
        raise Refusal(say("选中的商品没有要改的。没有审核过的商品请直接修改供货价。"), field="figure")
    if any(step.new < (1 if form.what.data in PRICES else 0) for step in changed):
        raise Refusal(say("改了以后会小于 0，请检查数字。"), field="figure")
    return changed


def _price(form: AdjustForm, sku: SkuShown) -> int:
    text = form.figure.data or ""
    sign = -1 if form.direction.data == "down" else 1
    if form.what.data == "amount":
        return sku.supply_fen + sign * parse_yuan(text, field="figure")
    plain = half_width(text).strip().removesuffix("%")
    if not plain.isascii() or not plain.isdigit() or not 1 <= int(plain[:4]) <= 100:
        raise Refusal(say("百分比请填 1 到 100 的整数。"), field="figure")
    return sku.supply_fen + sign * percent_of(sku.supply_fen, int(plain[:4]))  # type: ignore[arg-type]


def _pieces(form: AdjustForm) -> int:
    plain = half_width(form.figure.data or "").strip()
    if form.what.data not in ("receive", "count"):
        raise NotFound
    if not plain.isascii() or not plain.isdigit() or len(plain) > 8:
        raise Refusal(say("请填写一个整数。"), field="figure")
    return int(plain)


def _one(work: Work, form: AdjustForm, step: Step) -> bool:
    """True when it has to wait."""
    note = form.note.data or ""
    if form.what.data in PRICES:
        suggested = max(step.sku.suggested_fen, step.new)
        return (
            actions.ask(work, step.sku.id, supply_fen=step.new, suggested_fen=suggested, note=note)
            is ChangeState.WAITING
        )
    received = form.what.data == "receive"
    quantity = step.new - step.old if received else step.new + step.sku.held
    kind = Movement.RECEIVED if received else Movement.COUNTED
    actions.adjust(work, step.sku.id, kind=kind, quantity=quantity, note=note)
    return False
