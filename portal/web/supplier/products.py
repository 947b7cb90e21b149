"""A supplier's goods: the list with its bulk acts, one product with what may be done, the printed price list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.queries import Asked, Sort
from portal.domain.catalogue.values import MOST_PICTURES, ProductState
from portal.domain.tenants.queries import staff
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import goods, pictures
from portal.web.asking import asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.forms.catalogue import OffForm, PhotosForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.periods import asked_after
from portal.web.supplier import supplier

SEE, EDIT = Permission.PRODUCT_VIEW, Permission.PRODUCT_EDIT
MOST_AT_ONCE = 100
supplier.nav.append(NavItem(_l("商品"), "supplier.products_list", SEE, group=_l("经营")))


@supplier.get("/products", may=SEE)
def products_list(work: Work) -> Page:
    """All goods, filtered by state, category, low stock and words."""
    return _list(work, Form())


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    state, words, low = asked_one(ProductState, "state"), asked_words(), request.args.get("low") == "1"
    categories = goods.trees(work)
    chosen, ids = goods.below(categories, request.args.get("category", ""))
    sort = asked_one(Sort, "sort") or Sort.NEW
    found, further = queries.products(work, Asked(state, words, ids, low, sort, asked_after()))
    code = chosen.code if chosen else None
    keep = {"state": state, "category": code, "q": words or None, "low": "1" if low else None}
    return page(
        "supplier/products/list.html",
        block="rows",
        status=status,
        form=form,
        products=found,
        further=found[-1].id if further else None,
        counts=queries.counts(work),
        low_count=queries.low_count(work),
        categories=categories,
        state=state,
        sort=sort.value,
        keep={**keep, "sort": sort.value if sort is not Sort.NEW else None},
        **goods.SHOWN,
    )


@supplier.post("/products/bulk", may=EDIT)
def products_bulk(work: Work) -> Answer:
    """On sale, off sale, or on to the page that changes many at once."""
    form = Form()
    if form.validate():
        with form.tries(work):
            return _bulk(work, ticked())
    return _list(work, form, status=422)


def _bulk(work: Work, ids: list[UUID]) -> SeeOther:
    what = request.form.get("act", "")
    if what == "adjust":
        return see_other("supplier.products_adjust", ids=[str(one) for one in ids])
    if what == "on":
        count = actions.put_on(work, ids)
        return see_other(
            "supplier.products_list", flash=_done(gettext("已上架 %(count)s 件。", count=count), count, ids)
        )
    count = actions.take_off(work, ids)
    return see_other("supplier.products_list", flash=_done(gettext("已下架 %(count)s 件。", count=count), count, ids))


def _done(text: str, count: int, ids: list[UUID]) -> str:
    left = len(ids) - count
    return text if not left else text + gettext("%(left)s 件现在的状态不能这样操作，没有变。", left=left)


def ticked(source: Any = None) -> list[UUID]:
    """The products that were ticked. Refuses none and too many."""
    found = (request.form if source is None else source).getlist("ids")
    try:
        ids = [UUID(text) for text in found[: MOST_AT_ONCE + 1]]
    except ValueError:
        ids = []
    if not ids or len(ids) > MOST_AT_ONCE:
        raise Refusal(say("请先勾选商品，一次最多 %(most)s 件。", most=MOST_AT_ONCE))
    return sorted(set(ids))


@supplier.get("/products/<uuid:product>", may=SEE)
def products_show(work: Work, product: UUID) -> Page:
    """One product."""
    return _show(work, product, PhotosForm(formdata=None))


def _show(work: Work, product: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.product(work, product)
    return page(
        "supplier/products/show.html",
        status=status,
        form=form,
        photos=form if isinstance(form, PhotosForm) else PhotosForm(formdata=None),
        shown=shown,
        categories=goods.trees(work),
        history=queries.history(work, product),
        names=staff.names(work, work.merchant_id),
        most=MOST_PICTURES,
        **goods.SHOWN,
    )


def _act(work: Work, product: UUID, act: Callable[[], Any], done: str, form: Form | None = None) -> Answer:
    form = form or Form()
    if form.validate():
        with form.tries(work):
            act()
            return see_other("supplier.products_show", product=product, flash=done)
    return _show(work, product, form, status=422)


@supplier.post("/products/<uuid:product>/submit", may=EDIT)
def products_submit(work: Work, product: UUID) -> Answer:
    """Hand it in."""
    return _act(work, product, lambda: actions.submit(work, product), gettext("已提交，平台审核后会通知您。"))


@supplier.post("/products/<uuid:product>/withdraw", may=EDIT)
def products_withdraw(work: Work, product: UUID) -> Answer:
    """Take it back."""
    return _act(work, product, lambda: actions.withdraw(work, product), gettext("已撤回，可以继续修改。"))


@supplier.post("/products/<uuid:product>/on", may=EDIT)
def products_on(work: Work, product: UUID) -> Answer:
    """Back on sale."""
    return _act(work, product, lambda: actions.put_on(work, [product]), gettext("已上架。"))


@supplier.post("/products/<uuid:product>/off", may=EDIT)
def products_off(work: Work, product: UUID) -> Answer:
    """Off sale."""
    form = OffForm()
    reason = form.reason.data or ""
    return _act(work, product, lambda: actions.take_off(work, [product], reason=reason), gettext("已下架。"), form)


@supplier.post("/products/<uuid:product>/photos", may=EDIT)
def products_photo_add(work: Work, product: UUID) -> Answer:
    """Add pictures, drawn anew."""
    form = PhotosForm()

    def add_them() -> None:
        files = [file for file in form.pictures.data or () if file and file.filename]
        if not files or len(files) > MOST_PICTURES:
            raise Refusal(say("请选择 1 到 %(most)s 张图片。", most=MOST_PICTURES), field="pictures")
        kept = [pictures.keep(file, field="pictures") for file in files]
        actions.add_photos(work, product, pictures=kept)

    return _act(work, product, add_them, gettext("图片已保存。"), form)


@supplier.post("/products/<uuid:product>/photos/<uuid:photo>/move", may=EDIT)
def products_photo_move(work: Work, product: UUID, photo: UUID) -> Answer:
    """One place forward or back."""
    up = request.form.get("to") != "down"
    return _act(work, product, lambda: actions.move_photo(work, product, photo, up=up), gettext("顺序已改。"))


@supplier.post("/products/<uuid:product>/photos/<uuid:photo>/remove", may=EDIT)
def products_photo_remove(work: Work, product: UUID, photo: UUID) -> Answer:
    """Take it away."""

    def remove() -> None:
        pictures.forget_later(actions.remove_photo(work, product, photo))

    return _act(work, product, remove, gettext("图片已删除。"))


@supplier.get("/price-list", may=SEE)
def products_prices(work: Work) -> Page:
    """What is on sale, to print."""
    found, more = queries.products(work, Asked(ProductState.ON_SALE, sort=Sort.NAME, after=asked_after()))
    further = url_for("supplier.products_prices", after=found[-1].id) if more else ""
    return page("supplier/products/prices.html", products=found, further=further, now=work.now(), **goods.SHOWN)
