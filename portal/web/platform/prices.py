"""What the street pays and what the platform keeps: the price list, its file, one product's prices, price changes."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from flask import Response, request

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.queries import platform as lists
from portal.domain.catalogue.queries import pricing
from portal.domain.catalogue.queries.platform import THIN_BP, Margin, PriceLine, PricesAsked
from portal.domain.catalogue.values import ChangeState
from portal.domain.reference.values import Category
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.spoken import local_day
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import goods, sheets
from portal.web.asking import asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.forms.catalogue import OffForm
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.platform import platform
from portal.web.platform.goods import price_rows, sales_of

SEE, EDIT = Permission.PRICE_VIEW, Permission.PRICE_EDIT
MOST_AT_ONCE, MOST_EXPORTED = 100, 20_000
_PERCENT = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})?")


@platform.get("/prices", may=SEE)
def prices_list(work: Work) -> Page:
    """Every SKU with its margins."""
    return shown_list(work, Form(formdata=None))


def shown_list(work: Work, form: Form, *, status: int = 200) -> Page:
    """The price list as the address asks for it."""
    merchants, categories = lists.suppliers(work), goods.trees(work)
    asked, keep = read_prices(categories)
    lines, further = lists.price_lines(work, asked)
    return page(
        "platform/prices/list.html",
        block="rows",
        status=status,
        form=form,
        lines=lines,
        further=lines[-1].sku.id if further else None,
        merchants=merchants,
        categories=categories,
        keep=keep,
        thin=keep["percent"] or "10",
        **goods.SHOWN,
    )


def read_prices(categories: dict[UUID, Category]) -> tuple[PricesAsked, dict[str, str | None]]:
    """What the address asks for, and its filters as an address takes them; nonsense filters nothing."""
    margin, words = asked_one(Margin, "margin"), asked_words()
    chosen, ids = goods.below(categories, request.args.get("category", ""))
    percent = half_width(request.args.get("percent", "")).strip().removesuffix("%")
    known = bool(_PERCENT.fullmatch(percent))
    supplier = uuid_or_none(request.args.get("supplier"))
    if known and margin is None:
        margin = Margin.THIN
    asked = PricesAsked(
        merchant_id=supplier,
        category_ids=ids,
        words=words,
        margin=margin,
        thin_bp=int(Decimal(percent) * 100) if known else THIN_BP,
        after=asked_after(),
    )
    keep = {
        "margin": margin.value if margin else None,
        "q": words or None,
        "supplier": str(supplier) if supplier else None,
        "category": chosen.code if chosen else None,
        "percent": percent if known and margin is Margin.THIN else None,
    }
    return asked, keep


@platform.get("/prices/export", may=SEE)
def prices_export(work: Work) -> Response:
    """What matches as a file, at most MOST_EXPORTED rows."""
    asked, _keep = read_prices(goods.trees(work))
    lines, _more = lists.price_lines(work, replace(asked, after=None), most=MOST_EXPORTED)
    head = (
        *(gettext("商品"), gettext("规格"), gettext("商家编码"), gettext("供应商"), gettext("状态")),
        *(gettext("供货价"), gettext("建议零售价"), gettext("售价"), gettext("会员价")),
        *(
            gettext("毛利（元）"),
            gettext("毛利率（百分比）"),
            gettext("最低价毛利（元）"),
            gettext("最低价毛利率（百分比）"),
            gettext("库存"),
        ),
    )
    rows: sheets.Rows = [head, *(_exported(line) for line in lines)]
    return sheets.download(rows, f"prices-{local_day(work.now())}", request.args.get("format", "csv"))


def _exported(line: PriceLine) -> tuple[sheets.Cell, ...]:
    sku = line.sku
    prices = (sku.supply_fen, sku.suggested_fen, sku.sale_fen, sku.member_fen)
    return (
        *(line.product, sku.label, sku.code, line.merchant, str(goods.MARKS[line.state][0])),
        *("" if one is None else one / 100 for one in prices),
        *_margin(sku.margin_fen, sku.margin_bp),
        *_margin(sku.least_margin_fen, sku.least_margin_bp),
        sku.available,
    )


def _margin(fen: int | None, basis_points: int | None) -> tuple[sheets.Cell, sheets.Cell]:
    return ("", "") if fen is None else (fen / 100, (basis_points or 0) / 100)


@platform.get("/prices/<uuid:product>", may=EDIT)
def prices_edit(work: Work, product: UUID) -> Page:
    """The prices of one product."""
    return _edit(work, product, Form(formdata=None))


def _edit(work: Work, product: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.product(work, product, may=EDIT)
    lines = price_rows(shown, (str(one.id) for one in shown.skus if one.sale_fen is not None))
    history = pricing.sale_history(work, product)
    return page(
        "platform/prices/edit.html",
        status=status,
        form=form,
        shown=shown,
        lines=lines,
        history=history,
        **goods.SHOWN,
    )


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
