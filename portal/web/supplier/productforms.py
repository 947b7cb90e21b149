"""Writing a product: options become a table of SKUs without a script, and everything typed stays when it is refused."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.values import ProductShown
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import goods
from portal.web.forms.catalogue import BETWEEN, ProductForm, product_values
from portal.web.forms.fields import options
from portal.web.locale import current, gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.supplier import supplier

EDIT = Permission.PRODUCT_EDIT
SHOWS = "it shows the form again with its table of SKUs, and keeps nothing"


@supplier.get("/products/new", may=EDIT)
def products_new(work: Work) -> Page:
    """An empty form."""
    return _form(work, ProductForm(formdata=None), None)


@supplier.post("/products/new", may=EDIT)
def products_create(work: Work) -> Answer:
    """Write a draft."""
    form = ProductForm()
    if form.validate():
        with form.tries(work):
            product_id = actions.create(work, draft=form.draft(goods.fresh(goods.trees(work))))
            flash = gettext("草稿已保存。加上图片，就可以提交审核。")
            return see_other("supplier.products_show", product=product_id, flash=flash)
    return _form(work, form, None, status=422)


@supplier.get("/products/<uuid:product>/edit", may=EDIT)
def products_edit(work: Work, product: UUID) -> Page:
    """The form with a product in it."""
    shown = queries.product(work, product)
    return _form(work, ProductForm(formdata=None, data=product_values(shown)), shown)


@supplier.post("/products/<uuid:product>/edit", may=EDIT)
def products_save(work: Work, product: UUID) -> Answer:
    """Change it."""
    form, shown = ProductForm(), queries.product(work, product)
    if form.validate():
        with form.tries(work):
            text = form.version.data or ""
            version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
            draft = form.draft(goods.fresh(goods.trees(work)))
            waiting = actions.edit(work, product, draft=draft, version=version)
            flash = gettext("已保存。")
            if waiting:
                flash += gettext("%(count)s 个规格的调价要平台审批，批准前按旧价。", count=waiting)
            return see_other("supplier.products_show", product=product, flash=flash)
    return _form(work, form, shown, status=422)


@supplier.post("/products/combine", may=EDIT, repeats=SHOWS)
def products_combine(work: Work) -> Page:
    """Make the table of SKUs from the options."""
    form = ProductForm()
    with form.tries(work):
        form.combine()
    return _form(work, form, _subject(work))


def _subject(work: Work) -> ProductShown | None:
    """The product that is being edited, from the form; nothing for a new one."""
    text = request.form.get("product", "")
    try:
        return queries.product(work, UUID(text)) if text else None
    except ValueError:
        raise NotFound from None


def _form(work: Work, form: ProductForm, shown: ProductShown | None, *, status: int = 200) -> Page:
    categories, locale = goods.trees(work, hidden=False), current()
    leaves = [(str(one.id), "\u2002" * one.depth + one.called(locale)) for one in categories.values()]
    form.category.choices = options(("", gettext("请选择")), *leaves)
    names = [(str(one.id), one.name) for one in queries.brands(work)]
    if shown is not None and shown.brand_id is not None and str(shown.brand_id) not in {one for one, _name in names}:
        names.append((str(shown.brand_id), shown.brand))
    form.brand.choices = options(("", gettext("没有品牌")), *names)
    known = {BETWEEN.join(sku.values): sku for sku in shown.skus} if shown else {}
    return page("supplier/products/edit.html", form=form, shown=shown, known=known, status=status)
