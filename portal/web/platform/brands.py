"""The list of brands goods may carry."""

from __future__ import annotations

from uuid import UUID

from portal.domain.catalogue import actions, queries
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.forms.catalogue import BrandForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

EDIT = Permission.CATEGORY_EDIT


@platform.get("/brands", may=EDIT)
def brands_list(work: Work) -> Page:
    """All of them, and one more."""
    return _list(work, BrandForm(formdata=None))


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    return page("platform/goods/brands.html", status=status, form=form, brands=queries.brands(work, hidden=True))


@platform.post("/brands", may=EDIT)
def brands_add(work: Work) -> Answer:
    """A new one."""
    form = BrandForm()
    if form.validate():
        with form.tries(work):
            actions.add_brand(work, name=form.name.data or "", name_en=form.name_en.data or "")
            return see_other("platform.brands_list", flash=gettext("品牌已添加，供应商可以选了。"))
    return _list(work, form, status=422)


@platform.post("/brands/<uuid:brand>/show", may=EDIT)
def brands_show(work: Work, brand: UUID) -> Answer:
    """Offer it again."""
    return _switch(work, brand, shown=True)


@platform.post("/brands/<uuid:brand>/hide", may=EDIT)
def brands_hide(work: Work, brand: UUID) -> Answer:
    """Offer it no longer."""
    return _switch(work, brand, shown=False)


def _switch(work: Work, brand: UUID, *, shown: bool) -> Answer:
    form = BrandForm()
    if form.validate():
        with form.tries(work):
            actions.show_brand(work, brand, shown=shown)
            flash = gettext("已启用。") if shown else gettext("已停用，已经在用的商品不受影响。")
            return see_other("platform.brands_list", flash=flash)
    return _list(work, form, status=422)
