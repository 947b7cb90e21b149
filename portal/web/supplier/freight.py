"""A supplier's freight templates: the list, writing one, its copy, its end."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.freight import actions, queries
from portal.domain.freight.rules import fees, places
from portal.domain.freight.values import MOST_ZONES, NAME_MOST, UNITS, Template, Unit
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.asking import asked_one
from portal.web.forms.base import Form
from portal.web.forms.freight import FreightForm, template_values
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, page, see_other
from portal.web.supplier import supplier

EDIT = Permission.FREIGHT_EDIT
SHOWS = "it shows the form again with a region more or less, and keeps nothing"
supplier.nav.append(NavItem(_l("运费"), "supplier.freight_list", EDIT, group=_l("经营")))


@supplier.get("/freight", may=EDIT)
def freight_list(work: Work) -> Page:
    """All templates."""
    return page(
        "supplier/freight/list.html",
        templates=queries.templates(work),
        names=queries.places(work),
        explained=fees.explained,
        said=places.said,
        units=UNITS,
    )


@supplier.get("/freight/new", may=EDIT)
def freight_new(work: Work) -> Page:
    """An empty form; the first template begins as the default."""
    unit, known = asked_one(Unit, "unit") or Unit.WEIGHT, queries.templates(work)
    form = FreightForm(formdata=None, data={"unit": unit.value, "default": not known})
    return _form(work, form, None)


@supplier.post("/freight/new", may=EDIT)
def freight_create(work: Work) -> Answer:
    """Keep a new template."""
    form = FreightForm()
    if form.validate():
        with form.tries(work):
            draft = form.draft(queries.places(work))
            actions.create(work, draft=draft, default=bool(form.default.data))
            return see_other("supplier.freight_list", flash=gettext("运费模板已保存。"))
    return _form(work, form, None, status=422)


@supplier.get("/freight/<uuid:template>/edit", may=EDIT)
def freight_edit(work: Work, template: UUID) -> Page:
    """The form with a template in it."""
    shown = queries.template(work, template)
    values = template_values(shown, queries.places(work))
    return _form(work, FreightForm(formdata=None, data=values), shown)


@supplier.post("/freight/<uuid:template>/edit", may=EDIT)
def freight_save(work: Work, template: UUID) -> Answer:
    """Change it; what was ordered keeps its fee."""
    form, shown = FreightForm(), queries.template(work, template)
    form.unit.data = shown.draft.unit.value
    if form.validate():
        with form.tries(work):
            text = form.version.data or ""
            version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
            actions.edit(work, template, draft=form.draft(queries.places(work)), version=version)
            if form.default.data:
                actions.make_default(work, template)
            return see_other("supplier.freight_list", flash=gettext("运费模板已保存，新下的订单按新运费。"))
    return _form(work, form, shown, status=422)


@supplier.post("/freight/shape", may=EDIT, repeats=SHOWS)
def freight_shape(work: Work) -> Page:
    """A region more or less."""
    form, shown = FreightForm(), _subject(work)
    if shown is not None:
        form.unit.data = shown.draft.unit.value
    form.shape(request.form.get("act", ""))
    return _form(work, form, shown)


@supplier.post("/freight/<uuid:template>/copy", may=EDIT)
def freight_copy(work: Work, template: UUID) -> Answer:
    """The same again, to be changed."""
    form = Form()
    if form.validate():
        with form.tries(work):
            tail = gettext(" 副本")
            name = queries.template(work, template).draft.name[: NAME_MOST - len(tail)] + tail
            copied = actions.copy(work, template, name=name)
            return see_other("supplier.freight_edit", template=copied, flash=gettext("已复制，改好名称和价格再保存。"))
    return _show(work, form, template)


@supplier.post("/freight/<uuid:template>/default", may=EDIT)
def freight_default(work: Work, template: UUID) -> Answer:
    """Goods that name no template follow this one."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.make_default(work, template)
            return see_other("supplier.freight_list", flash=gettext("已设为默认模板。"))
    return _show(work, form, template)


@supplier.post("/freight/<uuid:template>/remove", may=EDIT)
def freight_remove(work: Work, template: UUID) -> Answer:
    """Delete it; its goods follow another."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.remove(work, template, instead=_instead())
            return see_other("supplier.freight_list", flash=gettext("运费模板已删除。"))
    return _show(work, form, template)


def _instead() -> UUID | None:
    try:
        return UUID(request.form.get("instead", ""))
    except ValueError:
        return None


def _show(work: Work, refused: Form, template: UUID) -> Page:
    """The template's page with what was refused."""
    shown = queries.template(work, template)
    form = FreightForm(formdata=None, data=template_values(shown, queries.places(work)))
    form.form_errors = [*refused.form_errors]
    return _form(work, form, shown, status=422)


def _subject(work: Work) -> Template | None:
    """The template that is being edited, from the form; nothing for a new one."""
    text = request.form.get("template", "")
    try:
        return queries.template(work, UUID(text)) if text else None
    except ValueError:
        raise NotFound from None


def _form(work: Work, form: FreightForm, shown: Template | None, *, status: int = 200) -> Page:
    names = queries.places(work)
    others = [one for one in queries.templates(work) if shown and one.id != shown.id] if shown else []
    return page(
        "supplier/freight/edit.html",
        form=form.offer(names),
        shown=shown,
        others=others,
        areas=places.AREAS,
        units=UNITS,
        full=len(form.zones.entries) >= MOST_ZONES,
        status=status,
    )
