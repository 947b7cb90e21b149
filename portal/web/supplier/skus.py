"""One SKU: its stock with the reasons, its supply price with what was asked for, its buckets."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.values import ChangeState, SkuShown
from portal.domain.reference import queries as reference
from portal.domain.reference.values import PRICE_CHANGE_PERCENT
from portal.domain.tenants.queries import staff
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import goods
from portal.web.clocks import utc
from portal.web.forms.base import Form
from portal.web.forms.catalogue import BucketsForm, PriceForm, StockForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.supplier import supplier

SEE, EDIT, COUNT = Permission.PRODUCT_VIEW, Permission.PRODUCT_EDIT, Permission.STOCK_EDIT
SKU = "/products/<uuid:product>/skus/<uuid:sku>"


@supplier.get(SKU, may=SEE)
def skus_show(work: Work, product: UUID, sku: UUID) -> Page:
    """Stock and prices of one SKU."""
    return _show(work, product, sku)


def _show(work: Work, product: UUID, sku: UUID, *, status: int = 200, **forms: Form) -> Page:
    shown = queries.product(work, product)
    one = _one(shown.skus, sku)
    prices = {"supply": one.asked_fen or one.supply_fen, "suggested": one.suggested_fen}
    moves, further = queries.movements(work, sku, after=asked_after())
    own = {
        "stock": StockForm(formdata=None).offer(),
        "price": PriceForm(formdata=None, data=prices),
        "split": BucketsForm(formdata=None, data={"buckets": one.buckets}),
    }
    return page(
        "supplier/products/sku.html",
        block="rows",
        status=status,
        shown=shown,
        sku=one,
        moves=moves,
        further=moves[-1].id if further else None,
        prices=queries.price_history(work, sku),
        share=reference.value_of(work, PRICE_CHANGE_PERCENT),
        names=staff.names(work, work.merchant_id),
        now=work.now(),
        **{**own, **forms},
        **goods.SHOWN,
    )


def _one(skus: tuple[SkuShown, ...], sku_id: UUID) -> SkuShown:
    for sku in skus:
        if sku.id == sku_id:
            return sku
    raise NotFound


def _act(work: Work, ids: tuple[UUID, UUID], name: str, form: Form, act: Callable[[], str]) -> Answer:
    product, sku = ids
    _one(queries.product(work, product).skus, sku)
    if form.validate():
        with form.tries(work):
            return see_other("supplier.skus_show", product=product, sku=sku, flash=act())
    return _show(work, product, sku, status=422, **{name: form})


@supplier.post(f"{SKU}/stock", may=COUNT)
def skus_stock(work: Work, product: UUID, sku: UUID) -> Answer:
    """Received, counted, damaged, returned."""
    form = StockForm().offer()

    def act() -> str:
        left = actions.adjust(work, sku, kind=form.why(), quantity=form.count(), note=form.stock_note.data or "")
        return gettext("库存已更新，现在可用 %(left)s 件。", left=left)

    return _act(work, (product, sku), "stock", form, act)


@supplier.post(f"{SKU}/price", may=EDIT)
def skus_price(work: Work, product: UUID, sku: UUID) -> Answer:
    """Ask for another supply price."""
    form = PriceForm()

    def act() -> str:
        when, note = utc(form.effective_at.data), form.note.data or ""
        supply, suggested = form.prices()
        asked = actions.ask(work, sku, supply_fen=supply, suggested_fen=suggested, effective_at=when, note=note)
        if asked is ChangeState.WAITING:
            return gettext("已提交，平台批准前按旧价结算。")
        return gettext("新的供货价已记下。")

    return _act(work, (product, sku), "price", form, act)


@supplier.post(f"{SKU}/price/withdraw", may=EDIT)
def skus_price_withdraw(work: Work, product: UUID, sku: UUID) -> Answer:
    """Take a request back."""
    form = PriceForm()

    def act() -> str:
        actions.withdraw_change(work, sku)
        return gettext("调价申请已撤回。")

    return _act(work, (product, sku), "price", form, act)


@supplier.post(f"{SKU}/split", may=COUNT)
def skus_split(work: Work, product: UUID, sku: UUID) -> Answer:
    """Spread a hot SKU over several rows."""
    form = BucketsForm()

    def act() -> str:
        actions.split(work, sku, buckets=form.count())
        return gettext("库存分格已更新。")

    return _act(work, (product, sku), "split", form, act)
