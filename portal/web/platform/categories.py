"""The trees of categories: add, rename, order, hide and show."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import request
from wtforms import SelectChoice

from portal.domain.reference import queries
from portal.domain.reference.actions import categories as acts
from portal.domain.reference.values import DEEPEST, Category, Purpose
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import locale
from portal.web.forms.base import Form
from portal.web.forms.platform import CategoryForm, RenameForm
from portal.web.forms.tenants import category_choices, uuid_or_none
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

EDIT = Permission.CATEGORY_EDIT


@platform.get("/categories", may=EDIT)
def categories_list(work: Work) -> Page:
    """Both trees, hidden ones as well."""
    return _list(work, Form())


def _list(work: Work, form: Form, status: int = 200) -> Page:
    nodes = queries.categories(work, hidden=True)
    return page("platform/categories/list.html", nodes=nodes, purposes=tuple(Purpose), form=form, status=status)


@platform.get("/categories/new", may=EDIT)
def categories_new(work: Work) -> Page:
    """An empty form, under the parent the address names."""
    parent, purpose = request.args.get("parent", ""), request.args.get("purpose", Purpose.STORES.value)
    return _new(work, CategoryForm(formdata=None, parent_id=parent, purpose=purpose))


def _new(work: Work, form: CategoryForm, status: int = 200) -> Page:
    nodes = [node for node in queries.categories(work, hidden=True) if node.depth < DEEPEST]
    form.parent_id.choices = [SelectChoice("", gettext("最上面一级")), *category_choices(nodes, locale.current())]
    return page("platform/categories/new.html", form=form, status=status)


@platform.post("/categories/new", may=EDIT)
def categories_add(work: Work) -> Answer:
    """A new category."""
    form = CategoryForm()
    if form.validate():
        with form.tries(work):
            parent_id = uuid_or_none(form.parent_id.data)
            if form.parent_id.data and parent_id is None:
                raise NotFound
            names = {"name": form.name.data, "name_en": form.name_en.data or ""}
            acts.add(work, purpose=Purpose(form.purpose.data), parent_id=parent_id, **names)
            return see_other("platform.categories_list", flash=gettext("类目已添加。"))
    return _new(work, form, status=422)


@platform.get("/categories/<uuid:category>", may=EDIT)
def categories_edit(work: Work, category: UUID) -> Page:
    """Its names."""
    node = _node(work, category)
    form = RenameForm(formdata=None, name=node.name, name_en=node.name_en)
    return page("platform/categories/edit.html", form=form, node=node)


def _node(work: Work, category: UUID) -> Category:
    found = next((node for node in queries.categories(work, hidden=True) if node.id == category), None)
    if found is None:
        raise NotFound
    return found


@platform.post("/categories/<uuid:category>", may=EDIT)
def categories_rename(work: Work, category: UUID) -> Answer:
    """Other names."""
    form, node = RenameForm(), _node(work, category)
    if form.validate():
        with form.tries(work):
            acts.rename(work, category, name=form.name.data, name_en=form.name_en.data or "")
            return see_other("platform.categories_list", flash=gettext("已保存。"))
    return page("platform/categories/edit.html", form=form, node=node, status=422)


@platform.post("/categories/<uuid:category>/move", may=EDIT)
def categories_move(work: Work, category: UUID) -> Answer:
    """One place up or down."""
    up = request.form.get("to") == "up"
    return _act(work, lambda: acts.move(work, category, up=up), gettext("顺序已调整。"))


@platform.post("/categories/<uuid:category>/hide", may=EDIT)
def categories_hide(work: Work, category: UUID) -> Answer:
    """No longer offered."""
    return _act(work, lambda: acts.hide(work, category), gettext("已停用，已经在用的门店不受影响。"))


@platform.post("/categories/<uuid:category>/show", may=EDIT)
def categories_show(work: Work, category: UUID) -> Answer:
    """Offered again."""
    return _act(work, lambda: acts.show(work, category), gettext("已启用。"))


def _act(work: Work, act: Callable[[], None], flash: str) -> Answer:
    form = Form()
    if form.validate():
        with form.tries(work):
            act()
            return see_other("platform.categories_list", flash=flash)
    return _list(work, form, status=422)
